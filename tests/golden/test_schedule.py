"""Schedules of every array: results come back to their place, and beats mean the right product."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from golden.catalog import ARRAYS, Array
from golden.schedule import marks, round_up
from golden.spec import EngineSpec
from tests.golden.specs import engines

pytestmark = pytest.mark.fast

SIZES = st.tuples(*[st.integers(1, 12)] * 3)
SIDES = st.tuples(*[st.integers(1, 5)] * 2)


def spec_of(array: Array, rows: int, cols: int) -> EngineSpec:
    return next(spec for spec in engines(rows, cols) if spec.array == array.name)


@pytest.mark.parametrize("array", ARRAYS.values(), ids=lambda array: array.name)
@settings(deadline=None)
@given(size=SIZES, sides=SIDES)
def test_cut_and_assemble_are_inverse(
    array: Array, size: tuple[int, int, int], sides: tuple[int, int]
) -> None:
    m, k, n = size
    schedule = spec_of(array, *sides).schedule(np.ones((m, k), int), np.ones((k, n), int))
    c = np.arange(1, m * n + 1).reshape(m, n)
    beats = schedule.cut(c)
    assert beats.shape == (schedule.outputs, sides[1])
    np.testing.assert_array_equal(schedule.assemble(beats), c)
    assert np.count_nonzero(beats) == m * n


@pytest.mark.parametrize("array", ARRAYS.values(), ids=lambda array: array.name)
@settings(deadline=None)
@given(size=SIZES, sides=SIDES)
def test_every_beat_of_c_can_be_located(
    array: Array, size: tuple[int, int, int], sides: tuple[int, int]
) -> None:
    m, k, n = size
    schedule = spec_of(array, *sides).schedule(np.ones((m, k), int), np.ones((k, n), int))
    rows_of_c = np.tile(np.arange(m)[:, None] + 1, (1, n))
    for beat, lanes in enumerate(schedule.cut(rows_of_c)):
        number, inside, (row, col) = schedule.locate(beat)
        tile = schedule.tiles[number]
        assert (row, col) == (tile.row + inside, tile.col)
        assert inside in range(tile.rows)
        assert lanes[0] == (row + 1 if row < m and col < n else 0)


@settings(deadline=None)
@given(size=SIZES, sides=SIDES, seed=st.integers(0, 999))
def test_output_stationary_beats_multiply_to_c(
    size: tuple[int, int, int], sides: tuple[int, int], seed: int
) -> None:
    """Outer products of the beats from a first mark to a last one add up to a tile."""
    a, b = operands(size, seed)
    schedule = spec_of(ARRAYS["systolic-os"], *sides).schedule(a, b)
    tiles = []
    for start, end in spans(schedule.a.first, schedule.a.last):
        tiles.append(schedule.a.data[start:end].T @ schedule.b.data[start:end])
    np.testing.assert_array_equal(schedule.b.first, schedule.a.first)
    np.testing.assert_array_equal(schedule.b.last, schedule.a.last)
    np.testing.assert_array_equal(schedule.assemble(np.concatenate(tiles)), a @ b)


@pytest.mark.parametrize("name", ["matrix2d", "adder-tree", "cube"])
@settings(deadline=None)
@given(size=SIZES, sides=SIDES, depth=st.integers(1, 5), seed=st.integers(0, 999))
def test_broadcast_beats_multiply_to_c(
    name: str, size: tuple[int, int, int], sides: tuple[int, int], depth: int, seed: int
) -> None:
    """A beat of A is R x depth numbers, one of B depth x C: their products add up to a tile."""
    a, b = operands(size, seed)
    (rows, cols), depth = sides, depth if ARRAYS[name].spatial else 1
    spec = EngineSpec.make(element="mac", array=name, rows=rows, cols=cols, depth=depth)
    schedule = spec.schedule(a, b)
    tiles = []
    for start, end in spans(schedule.a.first, schedule.a.last):
        assert end - start == -(-size[1] // depth)
        left = schedule.a.data[start:end].reshape(-1, rows, depth)
        right = schedule.b.data[start:end].reshape(-1, depth, cols)
        tiles.append((left @ right).sum(axis=0))
    np.testing.assert_array_equal(schedule.b.first, schedule.a.first)
    np.testing.assert_array_equal(schedule.b.last, schedule.a.last)
    np.testing.assert_array_equal(schedule.assemble(np.concatenate(tiles)), a @ b)


@settings(deadline=None)
@given(size=SIZES, sides=SIDES, seed=st.integers(0, 999))
def test_weight_stationary_beats_multiply_to_c(
    size: tuple[int, int, int], sides: tuple[int, int], seed: int
) -> None:
    """A fold is a span of A times R beats of B, the highest k first; a tile is a span of B."""
    a, b = operands(size, seed)
    rows = sides[0]
    schedule = spec_of(ARRAYS["systolic-ws"], *sides).schedule(a, b)
    folds = spans(schedule.a.first, schedule.a.last)
    tiles = []
    for start, end in spans(schedule.b.first, schedule.b.last):
        total = np.zeros((0, 0), int)
        for weights in range(start, end, rows):
            row_start, row_end = folds.pop(0)
            part = (
                schedule.a.data[row_start:row_end] @ schedule.b.data[weights : weights + rows][::-1]
            )
            total = part if weights == start else total + part
        tiles.append(total)
    assert not folds
    np.testing.assert_array_equal(schedule.assemble(np.concatenate(tiles)), a @ b)


def operands(size: tuple[int, int, int], seed: int) -> tuple[np.ndarray, np.ndarray]:
    (m, k, n), rng = size, np.random.default_rng(seed)
    return rng.integers(-9, 10, (m, k)), rng.integers(-9, 10, (k, n))


def spans(first: np.ndarray, last: np.ndarray) -> list[tuple[int, int]]:
    """Start and end of every run of beats from a first mark to a last one; all beats belong."""
    starts, ends = np.flatnonzero(first).tolist(), (np.flatnonzero(last) + 1).tolist()
    assert starts == [0, *ends[:-1]]
    assert ends[-1] == len(first)
    return list(zip(starts, ends, strict=True))


def test_marks_and_round_up() -> None:
    first, last = marks(6, 3)
    assert first.tolist() == [True, False, False] * 2
    assert last.tolist() == [False, False, True] * 2
    assert [round_up(value, 4) for value in (1, 4, 5, 8)] == [4, 4, 8, 8]
