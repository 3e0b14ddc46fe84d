"""Papers whose tables `tpe reproduce` makes again, one module each.

A module has a `SUMMARY`, a line, and `reproduce(progress)`, which returns its `Row`s.
"""

PAPERS: dict[str, str] = {}
"""Module of every paper by the name that `tpe reproduce` takes."""
