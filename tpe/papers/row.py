"""A line of a paper's table, beside ours."""

from collections.abc import Callable
from dataclasses import dataclass

Progress = Callable[[float], None]
"""Gets the share of the work that is done."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One figure.

    Parameters
    ----------
    table : str
        Heading of the table that it belongs to.
    metric : str
        What is measured, and on what.
    paper, ours : float or None
        None where the paper states none, or where ours has no such figure.
    holds : bool or None
        Whether ours is at least as good as the paper's, or equal to it where it is a matter of
        fact. None for a figure that nothing was claimed of.
    unit : str
    note : str
        How ours came about, or why it does not hold.
    """

    table: str
    metric: str
    paper: float | None
    ours: float | None
    holds: bool | None
    unit: str = ""
    note: str = ""


Table = Callable[[Progress], list[Row]]
"""Makes the rows of a table."""
