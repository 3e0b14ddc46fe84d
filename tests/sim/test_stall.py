"""Stall patterns: as often as asked, per stream, and the same for the same seed."""

import numpy as np
import pytest

from sim.stall import PERIODS, longest_stall, stall_patterns

pytestmark = pytest.mark.fast


def test_no_stalls() -> None:
    patterns = stall_patterns(PERIODS, 0, seed=1)
    assert all(pattern.tolist() == [False] for pattern in patterns.values())


@pytest.mark.parametrize("probability", [0.1, 0.5, 0.95])
def test_as_often_as_asked(probability: float) -> None:
    for stream, pattern in stall_patterns(PERIODS, probability, seed=1).items():
        assert len(pattern) == PERIODS[stream]
        assert abs(pattern.mean() - probability) < 0.01


def test_streams_and_seeds_differ() -> None:
    one, same, other = (stall_patterns(PERIODS, 0.5, seed) for seed in (1, 1, 2))
    assert np.array_equal(one["a"], same["a"])
    assert not np.array_equal(one["a"], other["a"])
    assert not np.array_equal(one["a"], one["b"][: PERIODS["a"]])


def test_periods_are_primes() -> None:
    for period in PERIODS.values():
        assert all(period % divisor for divisor in range(2, int(period**0.5) + 1))


@pytest.mark.parametrize(
    ("pattern", "longest"), [("0", 0), ("010", 1), ("1101", 3), ("0110111", 3), ("1110110", 3)]
)
def test_the_longest_stall_may_run_over_the_end(pattern: str, longest: int) -> None:
    assert longest_stall(np.array([level == "1" for level in pattern])) == longest
