"""When the host makes a stream wait: a pattern per stream, the same in every backend."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

PERIODS = {"a": 30011, "b": 40009, "c": 50021, "s": 60013}
"""Cycles after which each stream's pattern repeats: primes, so that they never repeat together."""

MOST_STALLS = 0.95
"""The highest probability of a stall: a run has to end."""


def stall_patterns(
    streams: Iterable[str], probability: float, seed: int
) -> dict[str, NDArray[np.bool_]]:
    """For each of `streams`, whether the host stalls in cycle t modulo the pattern's length.

    On operand streams it then offers no new beat (one on offer stays until taken), on `c` it takes
    no row.
    """
    if probability == 0:
        return {stream: np.zeros(1, np.bool_) for stream in streams}
    random = np.random.default_rng(seed)
    drawn = {stream: random.random(period) < probability for stream, period in PERIODS.items()}
    return {stream: drawn[stream] for stream in streams}


def longest_stall(pattern: NDArray[np.bool_]) -> int:
    """The most cycles in a row in which `pattern` stalls."""
    twice = np.concatenate([pattern, pattern])
    goes = np.flatnonzero(~twice)
    return int(np.diff(goes, prepend=-1).max()) - 1
