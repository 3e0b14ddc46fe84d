"""Papers whose tables `tpe reproduce` makes again, one module each.

A module has a `SUMMARY`, a line, and `TABLES`: by name, what makes the rows of each.
"""

PAPERS: dict[str, str] = {
    "hpca25": "tpe.papers.hpca25",
    "lmul": "tpe.papers.lmul",
    "mixpe": "tpe.papers.mixpe",
    "t3": "tpe.papers.t3",
}
"""Module of every paper by the name that `tpe reproduce` takes."""
