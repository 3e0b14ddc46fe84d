"""A line of the table of figures."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, kw_only=True)
class Row:
    """One figure beside the one it is compared with.

    Parameters
    ----------
    name : str
        What was measured.
    ours, other : float
        In `unit`.
    against : str
        What `other` is.
    unit : str
    better : str
        `more` or `less` is better.
    bound : float
        What the ratio has to reach at least: of ours over the other where more is better, of the
        other over ours where less is. So a ratio above 1 is a win in either case.
    """

    name: str
    ours: float
    other: float
    against: str
    unit: str
    better: Literal["more", "less"]
    bound: float

    @property
    def key(self) -> str:
        """What tells this row from all others."""
        return f"{self.name}, {self.against}"

    @property
    def ratio(self) -> float:
        return self.ours / self.other if self.better == "more" else self.other / self.ours

    @property
    def holds(self) -> bool:
        return self.ratio >= self.bound


def seconds(work: Callable[[], object], *, least: float = 0.5) -> float:
    """Seconds that `work` takes: the best of at least two times, more until `least` have passed."""
    best, spent, times = float("inf"), 0.0, 0
    while times < 2 or spent < least:
        start = time.perf_counter()
        work()
        took = time.perf_counter() - start
        best, spent, times = min(best, took), spent + took, times + 1
    return best
