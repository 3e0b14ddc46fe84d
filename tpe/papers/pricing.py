"""Many prices at once."""

from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from typing import TypeVar

from golden.spec import EngineSpec
from synth.cost import Cost, estimate
from tpe.papers.row import Progress

Design = TypeVar("Design")
Price = TypeVar("Price")

AT_ONCE = 2
"""Engines that are priced side by side: what one does alone leaves a core idle now and then."""


def all_priced(
    price: Callable[[Design], Price], designs: Iterable[Design], progress: Progress
) -> list[Price]:
    """What each of `designs` costs, by `price`, a function of a module."""
    designs = list(designs)
    found = []
    with ProcessPoolExecutor(AT_ONCE) as pool:
        for cost in pool.map(price, designs):
            found.append(cost)
            progress(len(found) / len(designs))
    return found


def best_cost(spec: EngineSpec) -> Cost:
    """The price at the clock with the least area x period, on the usual operands."""
    return estimate(spec, clock="best")
