"""Operand matrices from files.

A file is read without unpickling anything and checked before its data is used. For integer formats,
floating-point numbers are taken if every one is whole: they then mean exactly one integer, and
nothing is rounded. For floating-point formats any numbers will do: `rounded` rounds them.
"""

from pathlib import Path
from typing import Any, BinaryIO
from zipfile import is_zipfile

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from golden.floats import FloatFormat
from golden.formats import Format
from golden.places import first_of
from golden.quantize import QuantizedWeights
from golden.spec import EngineSpec
from tpe.problems import InputError, Problems


def read_pair(a: Path, b: Path, *, whole: bool = True) -> tuple[NDArray, NDArray]:
    """A (M, K) and B (K, N) from two `.npy` files: integers if `whole`, else any numbers.

    Raises
    ------
    InputError
        If a file holds no matrix of such numbers, or the shapes do not multiply.
    """
    problems = Problems()
    matrices = []
    for path in (a, b):
        with problems:
            matrices.append(read_matrix(path, whole=whole))
    problems.check()
    left, right = matrices
    if left.shape[1] != right.shape[0]:
        raise InputError(
            [
                f"{a} {left.shape} x {b} {right.shape}: do not multiply,"
                f" A has {left.shape[1]} columns and B has {right.shape[0]} rows"
            ]
        )
    return left, right


def read_matrix(path: Path, *, whole: bool = True) -> NDArray:
    """The matrix in the `.npy` file `path`: of integers if `whole`, else of any numbers.

    Raises
    ------
    InputError
        One line with the file's name.
    """
    values = _load(path)
    if values.ndim != 2 or values.size == 0:
        what = "empty" if values.size == 0 else f"{values.ndim}-dimensional"
        raise InputError([f"{path}: shape {values.shape} is {what}, use a matrix, M x K or K x N"])
    if values.dtype.kind != "f" or not whole:
        return values
    values = values.astype(np.result_type(values, np.float64))
    fractions = ~np.isfinite(values) | (values != np.rint(values)) | (np.abs(values) >= 2.0**63)
    if fractions.any():
        raise InputError(
            [f"{path}: {first_of(values, fractions)} is no whole number of 64 bits: quantise first"]
        )
    return values.astype(np.int64)


def fit(path: Path, values: NDArray, number: Format) -> NDArray:
    """`values` as they are for a floating-point format, else in the dtype of the format `number`.

    Raises
    ------
    InputError
        If one is out of range, or NaN and the format has none: one line with the file's name.
    """
    if isinstance(number, FloatFormat):
        missing = np.isnan(values) & (number.nan_code is None)
        if missing.any():
            raise InputError([f"{path}: {first_of(values, missing)}: {number.name} has no NaN"])
        return values
    outside = (values < number.min) | (values > number.max)
    if outside.any():
        raise InputError(
            [
                f"{path}: {first_of(values, outside)} is outside {number.name},"
                f" {number.min} to {number.max}"
            ]
        )
    return values.astype(number.dtype)


def rounded(spec: EngineSpec, a: NDArray, b: Any) -> tuple[NDArray, Any]:
    """A and B in the formats of `spec`.

    Numbers for floating-point formats are rounded to nearest even, and what is too large to the
    largest number; real weights for an engine that takes them in groups are quantised. Integers are
    left alone, and so are weights in groups.
    """
    left, right = (
        number.round(values, saturate=True) if isinstance(number, FloatFormat) else values
        for number, values in zip(spec.formats, (a, b), strict=False)
    )
    groups = spec.groups
    if groups and not isinstance(b, QuantizedWeights) and b.dtype.kind == "f":
        right = groups.quantized(b)
    return left, right


def _load(path: Path) -> NDArray:
    try:
        with path.open("rb") as file:
            shape, column_major, dtype = _header(path, file)
            data = file.read()
    except OSError as error:
        raise InputError([f"{path}: cannot be read: {error.strerror}"]) from None
    wanted = int(np.prod(shape, dtype=object)) * dtype.itemsize
    if len(data) != wanted:
        what = "truncated" if len(data) < wanted else "too long"
        raise InputError([f"{path}: {what}, {len(data)} bytes of data where {wanted} belong"])
    return np.frombuffer(data, dtype).reshape(shape, order="F" if column_major else "C")


def _header(path: Path, file: BinaryIO) -> tuple[tuple[int, ...], bool, np.dtype]:
    """Shape, whether the data is in column-major order, and dtype."""
    try:
        version = npy.read_magic(file)
        read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
        shape, column_major, dtype = read(file)
    except ValueError:
        archive = is_zipfile(path)
        what = (
            "an archive of arrays (.npz)"
            if archive
            else "not a .npy file, or cut off in its header"
        )
        raise InputError([f"{path}: {what}: save one matrix with numpy.save"]) from None
    if dtype.kind not in "iuf":
        raise InputError([f"{path}: dtype {dtype} is not a number's: use an integer dtype"])
    return shape, column_major, dtype
