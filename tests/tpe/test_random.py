"""How many random products become one run."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from golden.loading import load_spec
from tpe.commands.operands import Choice, grid, operands

pytestmark = pytest.mark.fast


@given(st.integers(1, 10**6))
def test_grid_is_the_most_square_pair_of_factors(count: int) -> None:
    p, q = grid(count)
    assert p * q == count
    assert p >= q
    assert not any(count % other == 0 for other in range(q + 1, math.isqrt(count) + 1))


def test_blocks_of_one_product() -> None:
    spec = load_spec("mac-os", ["rows=2", "cols=3"])
    a, b = operands(Choice(random=12, m=5, k=7, n=2, seed=3), spec)
    assert (a.shape, b.shape) == ((4 * 5, 7), (7, 3 * 2))
    again, _ = operands(Choice(random=12, m=5, k=7, n=2, seed=3), spec)
    other, _ = operands(Choice(random=12, m=5, k=7, n=2, seed=4), spec)
    assert (a == again).all()
    assert (a != other).any()


def test_sizes_of_the_engine_are_the_default() -> None:
    a, b = operands(Choice(), load_spec("mac-os", ["rows=2", "cols=3"]))
    assert (a.shape, b.shape) == ((2, 8), (8, 3))
