"""The column array's cycles: the fast model is the cycle-by-cycle one, and what it says of data."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from golden.arrays import column
from golden.formats import parse_format
from golden.partial_products import averages
from golden.recodings import RECODINGS
from golden.spec import EngineSpec

pytestmark = pytest.mark.fast


@given(
    size=st.tuples(st.integers(1, 6), st.integers(1, 20), st.integers(1, 8)),
    depth=st.tuples(st.integers(1, 4), st.sampled_from([2, 4, 8])),
    chunk=st.integers(1, 50),
    density=st.floats(0, 1),
    seed=st.integers(0, 2**32 - 1),
)
def test_twins_agree(
    size: tuple[int, int, int], depth: tuple[int, int], chunk: int, density: float, seed: int
) -> None:
    ways, window = depth
    rows, k, tiles = size
    random = np.random.default_rng(seed)
    steps = random.integers(0, 5, (k * tiles, rows)) * (random.random((k * tiles, rows)) < density)
    last = np.arange(k * tiles) % k == k - 1
    shape = column.Shape(rows=rows, ways=ways, window=window, resolves=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(column, "CHUNK", chunk)
        assert column.cycles_on(steps, last, shape) == column.cycles_reference(steps, last, shape)


def _spec(**fields: Any) -> EngineSpec:
    return EngineSpec.make(element="opt4c", array="column", **fields)


def _normal(sigma: float, m: int, k: int) -> np.ndarray:
    drawn = np.rint(np.random.default_rng(5).normal(0, sigma, (m, k)))
    return np.clip(drawn, -128, 127).astype(np.int8)


@pytest.mark.parametrize(
    ("recoding", "saved", "more"),
    [("naf", 0, 0.008), ("wnaf3", 0.17, 0.013), ("wnaf4", 0.29, 0.04)],
)
def test_a_row_hardly_takes_more_cycles_than_there_are_digits(
    recoding: str, saved: float, more: float
) -> None:
    """The goals are the fewest signed binary digits there can be, rounded."""
    goals = {10: 1.74, 20: 2.07, 30: 2.26, 40: 2.40, 50: 2.49}
    for average in averages(_spec(rows=1, cols=32, options={"recoding": recoding})):
        assert average.steps <= average.cycles <= average.steps + more
        assert round(average.cycles, 2) <= goals[average.sigma] * (1 - saved)


def test_a_wider_window_lets_rows_wait_less() -> None:
    a, b = _normal(20, 8 * 512, 32), np.zeros((32, 8), np.int8)
    options = [{"window": window, "recoding": "naf"} for window in ("2", "4", "8", "16")]
    waits = [64 / _spec(options=one).pace(a, b) for one in options]
    assert waits == sorted(waits, reverse=True)
    assert waits[0] > 2.6
    assert waits[-1] < 2.2


def test_rows_in_lock_step_wait_for_the_most_digits_of_all() -> None:
    (average,) = averages(_spec(rows=8, cols=32), sigmas=[20], depths=[32])
    number = parse_format("int8")
    digits = RECODINGS["wnaf3"].nonzero_digits(np.arange(-128, 128), number)
    weights = number.normal_probabilities(20)
    below = np.array([weights[digits <= count].sum() for count in range(9)])
    assert average.lock_step == pytest.approx((1 - below**8).sum(), rel=0.01)
    assert average.cycles < average.lock_step


def test_cycles_without_operands_are_refused() -> None:
    with pytest.raises(ValueError, match=r"opt4c depend on the operands: use cycles_on"):
        _spec().cycles(8, 8, 8)


def test_several_lanes_share_the_digits() -> None:
    """Two lanes take little more than half the cycles; pairs of terms take digits times digits."""
    a, b = _normal(30, 8 * 256, 128), _normal(30, 128, 8)
    one, two = (
        EngineSpec.make(element=element, array="column", options={"window": "16"}).pace(a, b)
        for element in ("opt4c", "opt4e")
    )
    assert 1.8 < two / one < 2
    laconic = EngineSpec.make(element="laconic", array="column", rows=1, cols=1)
    (average,) = averages(laconic, sigmas=[30], depths=[128])
    assert average.steps == pytest.approx(2.2588**2, rel=0.05)
