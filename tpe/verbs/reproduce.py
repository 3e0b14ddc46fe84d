"""`tpe reproduce`: a paper's tables made again with open tools."""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from time import perf_counter

from tpe.papers import PAPERS
from tpe.papers.row import Progress, Row, Table
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


def reproduce(
    paper: str, tables: Sequence[str] = (), progress: Progress | None = None
) -> Reproduction:
    """Tables of `paper`, a key of `tpe.papers.PAPERS`: those named, or all.

    Raises
    ------
    InputError
        If there is no such paper or table.
    """
    if paper not in PAPERS:
        raise InputError([f"{paper!r} is no paper that can be reproduced: use {', '.join(PAPERS)}"])
    module = import_module(PAPERS[paper])
    known: dict[str, Table] = module.TABLES
    unknown = [name for name in tables if name not in known]
    if unknown:
        raise InputError(
            f"--table {name}: {paper} has no such table, use {', '.join(known)}" for name in unknown
        )
    report = progress or (lambda share: None)
    start = perf_counter()
    rows: list[Row] = []
    wanted = list(tables or known)
    for done, name in enumerate(wanted):

        def part(share: float, done: int = done) -> None:
            report((done + share) / len(wanted))

        rows += known[name](part)
        part(1.0)
    return Reproduction(
        paper=paper,
        summary=module.SUMMARY,
        rows=tuple(rows),
        seconds=perf_counter() - start,
    )
