"""Many prices at once."""

from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor

from golden.spec import EngineSpec
from synth.cost import Cost, estimate
from tpe.papers.row import Progress

AT_ONCE = 2
"""Engines that are priced side by side: what one does alone leaves a core idle now and then."""


def all_priced(
    price: Callable[[EngineSpec], Cost], specs: Iterable[EngineSpec], progress: Progress
) -> list[Cost]:
    """What each of `specs` costs, by `price`, a function of a module."""
    specs = list(specs)
    found = []
    with ProcessPoolExecutor(AT_ONCE) as pool:
        for cost in pool.map(price, specs):
            found.append(cost)
            progress(len(found) / len(specs))
    return found


def best_cost(spec: EngineSpec) -> Cost:
    """The price at the clock with the least area x period, on the usual operands."""
    return estimate(spec, clock="best")
