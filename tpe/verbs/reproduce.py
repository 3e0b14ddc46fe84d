"""`tpe reproduce`: a paper's tables made again with open tools."""

from dataclasses import dataclass
from importlib import import_module
from time import perf_counter

from tpe.papers import PAPERS
from tpe.papers.row import Progress, Row
from tpe.problems import InputError


@dataclass(frozen=True, kw_only=True)
class Reproduction:
    """What a paper says and what we find.

    Parameters
    ----------
    paper, summary : str
    rows : tuple of Row
    seconds : float
    """

    paper: str
    summary: str
    rows: tuple[Row, ...]
    seconds: float

    @property
    def holds(self) -> bool:
        """Whether every row that claims something holds."""
        return all(row.holds is not False for row in self.rows)


def reproduce(paper: str, progress: Progress | None = None) -> Reproduction:
    """The tables of `paper`, a key of `tpe.papers.PAPERS`.

    Raises
    ------
    InputError
        If there is no such paper.
    """
    if paper not in PAPERS:
        raise InputError([f"{paper!r} is no paper that can be reproduced: use {', '.join(PAPERS)}"])
    module = import_module(PAPERS[paper])
    start = perf_counter()
    rows = tuple(module.reproduce(progress or (lambda share: None)))
    return Reproduction(
        paper=paper, summary=module.SUMMARY, rows=rows, seconds=perf_counter() - start
    )
