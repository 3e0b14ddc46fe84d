"""Matrices from files: what is taken, and the one line that says what is wrong with the rest."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from golden.formats import IntFormat, parse_format
from tpe.operands import fit, read_matrix, read_pair
from tpe.problems import InputError

pytestmark = pytest.mark.fast

Save = Callable[[str, NDArray], Path]


def problem(read: Callable[[], object]) -> str:
    with pytest.raises(InputError) as caught:
        read()
    (line,) = caught.value.problems
    assert "\n" not in line
    return line


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("dtype", ["int8", "uint8", ">i4", "int64", "float16", "float32", "<f8"])
def test_integers_of_any_dtype_and_order(matrix: Save, dtype: str, order: str) -> None:
    values = np.arange(12).reshape(3, 4)
    path = matrix("a.npy", np.asarray(values, dtype=dtype, order=order))
    read = read_matrix(path)
    assert read.dtype.kind in "iu"
    np.testing.assert_array_equal(read, values)


def test_whole_floats_are_exactly_integers(matrix: Save) -> None:
    path = matrix("a.npy", np.array([[-128.0, 127.0], [-0.0, 2.0**40]]))
    assert read_matrix(path).tolist() == [[-128, 127], [0, 2**40]]


@pytest.mark.parametrize("bad", [0.5, np.nan, np.inf, -np.inf, 1e300])
def test_other_floats_are_refused_with_their_place(matrix: Save, bad: float) -> None:
    values = np.zeros((3, 4))
    values[2, 1] = bad
    line = problem(lambda: read_matrix(matrix("a.npy", values)))
    assert "a.npy" in line
    assert f"{bad} in row 2, column 1" in line


@pytest.mark.parametrize("values", [np.zeros(3, int), np.zeros((1, 2, 3), int), np.array(5)])
def test_other_dimensions_are_refused(matrix: Save, values: NDArray) -> None:
    line = problem(lambda: read_matrix(matrix("a.npy", values)))
    assert f"{values.shape} is {values.ndim}-dimensional" in line


@pytest.mark.parametrize("shape", [(0, 3), (3, 0), (0, 0), (0,)])
def test_empty_is_refused(matrix: Save, shape: tuple[int, ...]) -> None:
    assert "is empty" in problem(lambda: read_matrix(matrix("a.npy", np.zeros(shape, int))))


@pytest.mark.parametrize(
    "values",
    [np.array([["x"]]), np.array([[True]]), np.array([[1j]]), np.array([[1]], dtype="m8[s]")],
    ids=lambda values: values.dtype.name,
)
def test_dtypes_that_are_no_numbers_are_refused(matrix: Save, values: NDArray) -> None:
    line = problem(lambda: read_matrix(matrix("a.npy", values)))
    assert f"dtype {values.dtype}" in line


def test_pickles_are_never_opened(tmp_path: Path) -> None:
    path = tmp_path / "a.npy"
    np.save(path, np.array([[Unpickled()]]), allow_pickle=True)
    assert "dtype object" in problem(lambda: read_matrix(path))


class Unpickled:
    def __reduce__(self) -> tuple:
        return (pytest.fail, ("the pickle was opened",))


@pytest.mark.parametrize("kept", [0, 1, 5, 8, 20, 60, 127, 128, 129, 170])
def test_every_truncation_is_seen(matrix: Save, kept: int) -> None:
    path = matrix("a.npy", np.arange(12).reshape(3, 4))
    path.write_bytes(path.read_bytes()[:kept])
    line = problem(lambda: read_matrix(path))
    assert "truncated" in line or "cut off" in line


def test_more_data_than_the_shape_is_seen(matrix: Save) -> None:
    path = matrix("a.npy", np.arange(12).reshape(3, 4))
    path.write_bytes(path.read_bytes() + b"\0")
    assert "too long, 97 bytes of data where 96 belong" in problem(lambda: read_matrix(path))


def test_files_of_another_kind(tmp_path: Path) -> None:
    (tmp_path / "text.npy").write_text("1 2\n3 4\n")
    np.savez(tmp_path / "archive.npz", a=np.eye(2))
    assert "not a .npy file" in problem(lambda: read_matrix(tmp_path / "text.npy"))
    assert "archive of arrays" in problem(lambda: read_matrix(tmp_path / "archive.npz"))
    assert "No such file" in problem(lambda: read_matrix(tmp_path / "missing.npy"))
    assert "Is a directory" in problem(lambda: read_matrix(tmp_path))


def test_both_files_are_checked_before_either_is_refused(matrix: Save, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_pair(matrix("a.npy", np.zeros(3)), tmp_path / "b.npy")
    assert ["a.npy" in caught.value.problems[0], "b.npy" in caught.value.problems[1]] == [True] * 2


def test_shapes_that_do_not_multiply(matrix: Save) -> None:
    a, b = matrix("a.npy", np.zeros((3, 4), int)), matrix("b.npy", np.zeros((3, 4), int))
    line = problem(lambda: read_pair(a, b))
    assert "(3, 4)" in line
    assert "A has 4 columns and B has 3 rows" in line


NUMBERS = st.builds(IntFormat, bits=st.integers(2, 32), signed=st.booleans())


@given(
    number=NUMBERS,
    values=arrays.arrays(np.int64, (2, 3), elements=st.integers(-(2**33), 2**33)),
)
def test_fit_keeps_values_or_names_one_outside(number: IntFormat, values: NDArray) -> None:
    outside = [v for v in values.ravel().tolist() if not number.min <= v <= number.max]
    if outside:
        line = problem(lambda: fit(Path("a.npy"), values, number))
        assert f"a.npy: {outside[0]} in row" in line
        assert f"outside {number.name}, {number.min} to {number.max}" in line
        assert ("more)" in line) == (len(outside) > 1)
    else:
        fitting = fit(Path("a.npy"), values, number)
        assert fitting.dtype == number.dtype
        np.testing.assert_array_equal(fitting, values)


def test_uint64_beyond_int64_is_outside(matrix: Save) -> None:
    path = matrix("a.npy", np.array([[2**64 - 1]], np.uint64))
    values = read_matrix(path)
    assert f"{2**64 - 1} in row 0" in problem(lambda: fit(path, values, parse_format("int32")))
