"""Look-up tables: bilinear inside, the last segment continued outside, whatever their sizes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.tables import Table, Tables

pytestmark = pytest.mark.fast


def plane(xs: list[float], ys: list[float], a: float, b: float, c: float) -> Table:
    """Values a x + b y + c x y: a bilinear look-up gives them back everywhere."""
    x, y = np.array(xs), np.array(ys)
    return Table(x, y, a * x[:, None] + b * y + c * x[:, None] * y)


@given(st.floats(-5, 20), st.floats(-5, 20))
def test_tables_of_different_sizes_side_by_side(x: float, y: float) -> None:
    tables = Tables(
        [
            plane([0, 1, 4], [0, 2], 1, 2, 3),
            plane([0, 5], [1, 2, 3, 8], -1, 0.5, 0.25),
            Table(np.zeros(1), np.zeros(1), np.full((1, 1), 7.0)),
        ]
    )
    found = tables(np.array([0, 1, 2]), np.full(3, x), np.full(3, y))
    assert found == pytest.approx([x + 2 * y + 3 * x * y, -x + 0.5 * y + 0.25 * x * y, 7.0])


def test_each_segment_has_its_own_slope() -> None:
    table = Table(np.array([0.0, 1.0, 2.0]), np.zeros(1), np.array([[0.0], [1.0], [5.0]]))
    at = np.array([0.5, 1.5, 3.0, -1.0])
    assert Tables([table])(np.zeros(4, int), at, 0.0) == pytest.approx([0.5, 3.0, 9.0, -1.0])
