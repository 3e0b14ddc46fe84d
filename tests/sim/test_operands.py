"""Operands are checked completely, and random ones keep to their format."""

import numpy as np
import pytest

from golden.spec import EngineSpec
from sim.operands import OperandError, check_operands, random_operands

pytestmark = pytest.mark.fast

SPEC = EngineSpec.make(element="mac", array="systolic-os", a="int5", b="uint3")
GOOD = np.ones((2, 2), np.int64)


@pytest.mark.parametrize(
    ("a", "problem"),
    [
        (np.ones((2, 2)), "A: dtype float64 given, use an integer dtype such as int8"),
        (np.full((2, 2), np.nan), "A: dtype float64 given, use an integer dtype such as int8"),
        (np.ones((2, 2), bool), "A: dtype bool given, use an integer dtype such as int8"),
        (np.ones(4, np.int8), "A: 1 dimensions given, use a matrix with 2"),
        (np.ones((0, 2), np.int8), "A: a 0x2 matrix given, use at least 1x1"),
        (
            np.array([[0, 16], [-17, 15]]),
            "A: A[0, 1] = 16 is outside int5 (-16 to 15), 2 of 4 are",
        ),
        (
            np.ones((2, 3), np.int8),
            "A is 2x3 and B is 2x2: A needs as many columns as B has rows",
        ),
    ],
)
def test_what_is_wrong_with_a(a: np.ndarray, problem: str) -> None:
    with pytest.raises(OperandError) as error:
        check_operands(SPEC, a, GOOD)
    assert error.value.problems == [problem]


def test_all_problems_at_once() -> None:
    with pytest.raises(OperandError) as error:
        check_operands(SPEC, np.full((2, 3), 99), np.full((2, 2), -1))
    assert [problem.split(" ")[0] for problem in error.value.problems] == ["A:", "B:", "A"]


@pytest.mark.parametrize("dtype", [np.int64, np.uint64, np.int8, np.uint8])
def test_any_integer_dtype_is_taken(dtype: type) -> None:
    a, b = check_operands(SPEC, GOOD.astype(dtype), GOOD.astype(dtype).tolist())
    assert (a.dtype, b.dtype) == (np.int8, np.uint8)
    assert np.array_equal(a, GOOD)
    assert np.array_equal(b, GOOD)


def test_uniform_operands_fill_the_range() -> None:
    a, b = random_operands(SPEC, 40, 50, 60, seed=3)
    assert (a.shape, b.shape) == ((40, 50), (50, 60))
    assert set(np.unique(a)) == set(range(-16, 16))
    assert set(np.unique(b)) == set(range(8))


def test_the_seed_decides() -> None:
    one, same, other = (random_operands(SPEC, 5, 5, 5, seed=seed) for seed in (1, 1, 2))
    assert all(map(np.array_equal, one, same))
    assert not np.array_equal(one[0], other[0])


@pytest.mark.parametrize(
    ("dist", "values"), [("min", (-16, 0)), ("max", (15, 7)), ("zero", (0, 0))]
)
def test_constant_operands(dist: str, values: tuple[int, int]) -> None:
    a, b = random_operands(SPEC, 2, 3, 4, dist=dist)
    assert (set(a.flat), set(b.flat)) == ({values[0]}, {values[1]})


def test_normal_operands_are_rounded_and_clamped() -> None:
    a, b = random_operands(SPEC, 100, 100, 100, dist="normal:2:20")
    assert (a.min(), a.max(), b.min(), b.max()) == (-16, 15, 0, 7)
    narrow, _ = random_operands(SPEC, 100, 100, 1, dist="normal:-3:1.5")
    assert abs(narrow.mean() + 3) < 0.1
    assert abs(narrow.std() - 1.5) < 0.1


@pytest.mark.parametrize("dist", ["gauss", "normal", "normal:0", "normal:0:-1", "normal:x:1", ""])
def test_unknown_distributions(dist: str) -> None:
    with pytest.raises(OperandError, match=r"dist: .* given, use uniform, normal:MEAN:SIGMA, min"):
        random_operands(SPEC, 1, 1, 1, dist=dist)


def test_sizes_are_positive() -> None:
    with pytest.raises(OperandError) as error:
        random_operands(SPEC, 0, 1, -1)
    assert len(error.value.problems) == 2
