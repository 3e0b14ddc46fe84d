"""How many partial products a number takes, and how many cycles a digit-serial engine takes for it.

The table that digit-serial elements are compared by (HPCA 2025): operands round(normal(0, sigma)).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from golden.formats import IntFormat, parse_format
from golden.recodings import RECODINGS
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
    steps : float
        Cycles that a number of A takes by itself: digits that are not zero, if those are skipped.
    cycles : float
        Cycles that the engine takes for a number of each of its rows: waiting included, lanes that
        work side by side, too.
    lock_step : float
        The same if all rows waited for the slowest with every beat, and for nothing else.
    """

    sigma: int
    k: int
    steps: float
    cycles: float
    lock_step: float


def averages(
    spec: EngineSpec, sigmas: Iterable[int] = SIGMAS, depths: Iterable[int] = DEPTHS
) -> Iterator[Average]:
    """The table for a digit-serial engine.

    Where there is a recoding of A, `steps` is the exact expectation, and `cycles` is corrected by
    as much as the sample differs from it.
    """
    steps = spec.element_info.steps
    if steps is None:
        raise ValueError(f"{spec.element} takes one cycle for every product, whatever its digits")
    number, other = parse_format(spec.a), parse_format(spec.b)
    recoding = RECODINGS.get(spec.element_options.get("recoding", ""))
    for k in depths:
        for sigma in sigmas:
            random = np.random.default_rng(sigma)
            a = _normal(random, sigma, (SAMPLE // k // spec.rows * spec.rows, k), number)
            b = _normal(random, sigma, (k, spec.cols), other)
            beats = spec.schedule(a, b)
            taken = steps.of(beats.a.data, beats.b.data, number, other, **spec.element_options)
            mean = float(taken.mean())
            expected = recoding.expected_nonzero(number, sigma) if recoding else mean
            cycles = spec.rows * spec.cols / spec.pace(a, b)
            yield Average(
                sigma=sigma,
                k=k,
                steps=expected,
                cycles=cycles + expected - mean,
                lock_step=float(taken.max(axis=1).mean()),
            )


def _normal(
    random: np.random.Generator, sigma: float, shape: tuple[int, int], number: IntFormat
) -> NDArray:
    drawn = np.rint(random.normal(0, sigma, shape))
    return np.clip(drawn, number.min, number.max).astype(number.dtype)
