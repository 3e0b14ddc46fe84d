"""What stands behind an array whose weights come in groups: scaling, and adding up groups."""
