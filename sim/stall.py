"""When the host makes a stream wait: a pattern per stream, the same in every backend."""

import numpy as np
from numpy.typing import NDArray

PERIODS = {"a": 30011, "b": 40009, "c": 50021}
"""Cycles after which each stream's pattern repeats: primes, so that they never repeat together."""


def stall_patterns(probability: float, seed: int) -> dict[str, NDArray[np.bool_]]:
    """For every stream, whether the host stalls in cycle t: element t modulo the pattern's length.

    On `a` and `b` it then offers no new beat (one on offer stays until taken), on `c` it takes no
    row.
    """
    if probability == 0:
        return {stream: np.zeros(1, np.bool_) for stream in PERIODS}
    random = np.random.default_rng(seed)
    return {stream: random.random(period) < probability for stream, period in PERIODS.items()}


def longest_stall(pattern: NDArray[np.bool_]) -> int:
    """The most cycles in a row in which `pattern` stalls."""
    twice = np.concatenate([pattern, pattern])
    goes = np.flatnonzero(~twice)
    return int(np.diff(goes, prepend=-1).max()) - 1
