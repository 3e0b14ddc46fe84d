"""`tpe explore`: the prices of many engines, and which of them no other one beats."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from synth.cost import Cost, estimate
from synth.errors import CostError
from synth.liberty import default_liberty, read_library
from synth.report import Progress
from tpe.pool import side_by_side
from tpe.sweep import LEAST, Candidate, Sweep


@dataclass(frozen=True, kw_only=True)
class Explored:
    """A candidate and its price, or the problem for which it has none."""

    candidate: Candidate
    cost: Cost | None
    problem: str | None = None


@dataclass(frozen=True, kw_only=True)
class Exploration:
    """What a sweep found.

    Parameters
    ----------
    rows : tuple of Explored
        In the order of the sweep.
    objectives : tuple of str
    pareto : tuple of int
        Places in `rows` of those that no other one beats: none is at least as good in every
        objective and better in one. Ordered by the first objective, the best first.
    """

    rows: tuple[Explored, ...]
    objectives: tuple[str, ...]
    pareto: tuple[int, ...]


def explore(
    sweep: Sweep, *, liberty: Path | None = None, progress: Progress | None = None
) -> Exploration:
    """Price all engines of a sweep, on all cores.

    Every price is kept as soon as it is found, so that a sweep that was interrupted, or has grown,
    goes on where it stopped.

    Raises
    ------
    InputError
        If an engine cannot be built.
    CostError
        If the library cannot be used. A clock that cannot be met is a `problem` of its row.
    """
    candidates = sweep.candidates()
    read_library(liberty or default_liberty())
    price = partial(_price, sweep, liberty)
    rows = side_by_side(price, candidates, progress or (lambda share: None))
    return Exploration(
        rows=tuple(rows), objectives=sweep.objectives, pareto=front(rows, sweep.objectives)
    )


def _price(sweep: Sweep, liberty: Path | None, candidate: Candidate) -> Explored:
    a, b = sweep.operands(candidate.spec, element_only=candidate.element_only)
    try:
        cost = estimate(
            candidate.spec,
            a,
            b,
            liberty=liberty,
            clock=candidate.wanted,
            activity=sweep.activity,
            element_only=candidate.element_only,
        )
    except CostError as error:
        return Explored(candidate=candidate, cost=None, problem="; ".join(error.problems))
    return Explored(candidate=candidate, cost=cost)


def front(rows: Sequence[Explored], objectives: Sequence[str]) -> tuple[int, ...]:
    """Places of the rows that no other one beats, the best in the first objective first."""
    figures = {
        place: tuple(getattr(row.cost, name) * (1 if name in LEAST else -1) for name in objectives)
        for place, row in enumerate(rows)
        if row.cost is not None
    }
    front = [
        place
        for place, own in figures.items()
        if not any(
            other != own and all(x <= y for x, y in zip(other, own, strict=True))
            for other in figures.values()
        )
    ]
    return tuple(sorted(front, key=lambda place: figures[place]))
