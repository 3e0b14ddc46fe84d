"""How many partial products a number takes, and how many cycles a digit-serial engine takes for it.

The table that digit-serial elements are compared by (HPCA 2025): operands round(normal(0, sigma)).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from golden.spec import EngineSpec

SIGMAS = (10, 20, 30, 40, 50)
DEPTHS = (32, 128)

SAMPLE = 1 << 20
"""Numbers of A that an engine is timed on."""


@dataclass(frozen=True, kw_only=True)
class Average:
    """Averages over the numbers of A.

    Parameters
    ----------
    sigma, k : int
        Of the operands, and products that an element of C sums.
    digits : float
        Cycles that a number takes by itself: digits that are not zero, if those are skipped.
    cycles : float
        Cycles that the engine takes for a number of each of its rows, waiting included.
    """

    sigma: int
    k: int
    digits: float
    cycles: float


def averages(
    spec: EngineSpec, sigmas: Iterable[int] = SIGMAS, depths: Iterable[int] = DEPTHS
) -> Iterator[Average]:
    """The table for a digit-serial engine whose cycles depend on A.

    `digits` is the exact expectation. Cycles beyond it are those beyond the digits of a sample.
    """
    steps = spec.element_info.steps
    if steps is None:
        raise ValueError(f"{spec.element} takes one cycle for every product, whatever its digits")
    number, other = spec.formats[:2]
    values = np.arange(number.min, number.max + 1)
    taken = steps.of(values[:, None], values[:, None], number, other, **spec.element_options)[:, 0]
    for k in depths:
        for sigma in sigmas:
            random = np.random.default_rng(sigma)
            drawn = np.rint(random.normal(0, sigma, (SAMPLE // k // spec.rows * spec.rows, k)))
            a = np.clip(drawn, number.min, number.max).astype(number.dtype)
            cycles = spec.rows * spec.cols / spec.pace(a, np.zeros((k, spec.cols), other.dtype))
            digits = float(number.normal_probabilities(sigma) @ taken)
            waiting = cycles - float(taken[a.astype(np.int64) - number.min].mean())
            yield Average(sigma=sigma, k=k, digits=digits, cycles=digits + waiting)
