"""What `tpe` can do, as functions with typed results."""
