"""How products of floating-point numbers are added up.

In fixed point sums are exact (`golden.fixed`). In floating point every addition rounds, in
ascending k; a product that is zero leaves the sum as it is, so that a negative zero, which only
underflow makes, stays one.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from golden.fixed import (
    DEPTH,
    FP32,
    Accumulator,
    FixedNumber,
    FixedPoint,
    UnroundedFixedPoint,
)
from golden.floats import FloatFormat
from golden.gemm import NEVER, GemmResult
from golden.products import Multiplier, Products


def accumulate_reference(products: Sequence[float], acc: Accumulator) -> float:
    """Specification of `accumulate`: one sum of exact products."""
    if isinstance(acc, FixedPoint):
        if not np.isfinite(products).all():
            return float("nan")
        nearest = isinstance(acc, FixedNumber)
        # int() rounds toward zero.
        whole: Callable[[Fraction], int] = _nearest if nearest else int
        units = sum(whole(Fraction(product) * 2**acc.fraction) for product in products)
        exact = Fraction(acc.wrap(units)) / 2**acc.fraction
        if nearest:
            return float(exact)
        return FP32.decode_reference(FP32.encode_reference(exact))
    total = 0.0
    for product in products:
        if product == 0:
            continue
        finite = bool(np.isfinite([total, product]).all())
        added = Fraction(total) + Fraction(product) if finite else total + product
        total = acc.decode_reference(acc.encode_reference(added))
    return math.nan if math.isnan(total) else total


def _nearest(size: Fraction) -> int:
    """Ties up."""
    return math.floor(size + Fraction(1, 2))


def accumulate(products: Iterable[Products], acc: Accumulator) -> GemmResult:
    """Sums over arrays of products of one shape, the first array first.

    `first_overflow` of the result is where a sum first leaves the range of a fixed-point
    accumulator, or becomes infinite in a floating-point one.
    """
    sums = _FixedSums(acc) if isinstance(acc, FixedPoint) else _FloatSums(acc)
    for each in products:
        sums.add(each)
    return GemmResult(sums.results(), sums.first_overflow)


def float_gemm(a: NDArray, b: NDArray, multiplier: Multiplier, acc: Accumulator) -> GemmResult:
    """C = A B for codes A (M, K) and B (K, N), with products by `multiplier`, sums by `acc`."""
    columns = (multiplier.multiply(a[:, k, None], b[None, k, :]) for k in range(a.shape[1]))
    return accumulate(columns, acc)


class _Sums:
    """What both kinds of accumulators have in common: when they first overflowed."""

    def __init__(self) -> None:
        self.count = 0
        self.first_overflow: NDArray[np.int64] = np.zeros((), np.int64)

    def note(self, overflowing: NDArray[np.bool_]) -> None:
        """One more product was added, and took these sums out of their range."""
        if self.count == 0:
            self.first_overflow = np.full(overflowing.shape, NEVER, np.int64)
        self.first_overflow[(self.first_overflow == NEVER) & overflowing] = self.count
        self.count += 1


class _FixedSums(_Sums):
    """Exact sums of products in units of the last place, wrapped only in the end."""

    def __init__(self, acc: FixedPoint) -> None:
        super().__init__()
        self._acc = acc
        self._units: Any = np.int64(0)
        self._invalid: Any = np.False_

    def add(self, products: Products) -> None:
        half = 1 << (self._acc.width - 1)
        self._units = self._units + _units(products, self._acc)
        self._invalid = self._invalid | products.nan | products.infinite
        self.note(((self._units >= half) | (self._units < -half)).astype(bool))

    def results(self) -> NDArray:
        acc = self._acc
        code = np.frompyfunc(lambda units: int(units) % (1 << acc.width), 1, 1)
        if isinstance(acc, FixedNumber):
            return acc.decode(code(self._units))
        if not isinstance(acc, UnroundedFixedPoint):
            return acc.leaving(self._units, self._invalid)
        return acc.encode(np.where(self._invalid, 1 << acc.width, code(self._units)))


class _FloatSums(_Sums):
    """Sums rounded after every addition."""

    def __init__(self, acc: FloatFormat) -> None:
        super().__init__()
        self._acc = acc
        self._total: Any = np.float64(0)

    def add(self, products: Products) -> None:
        values = products.values()
        total = add_rounded(self._total, values, self._acc)
        self.note(~np.isfinite(total) & np.isfinite(self._total) & np.isfinite(values))
        self._total = np.where(values == 0, self._total, total)

    def results(self) -> NDArray[np.float32]:
        return self._total.astype(np.float32)


def _units(products: Products, acc: FixedPoint) -> NDArray:
    """Products in units of the last place: int64, or integers if 2**16 of them do not fit."""
    shift = np.where(products.significand == 0, 0, products.exponent + acc.fraction)
    size = products.significand
    if int(shift.max(initial=0)) + 48 > 63 - DEPTH.bit_length():
        peak = np.max(np.where(size == 0, 0, np.frexp(size.astype(float))[1] + shift), initial=0)
        if peak > 63 - DEPTH.bit_length():
            size = size.astype(object)
    left, right = np.maximum(shift, 0), np.clip(-shift, 0, 63)
    size = size << (left if size.dtype != object else left.astype(object))
    if not isinstance(acc, FixedNumber):
        return np.where(products.negative, -(size >> right), size >> right)
    half = np.where(right > 0, np.int64(1) << np.maximum(right - 1, 0), 0)
    return (np.where(products.negative, -size, size) + half) >> right


def add_rounded(x: NDArray, y: NDArray, number: FloatFormat) -> NDArray[np.float64]:
    """x + y for values in float64, rounded once to nearest even as `number`."""
    total = number.round(_odd_sum(x, y)).astype(np.float64)
    # The sign of a NaN means nothing: there is one NaN.
    return np.where(np.isnan(total), np.nan, total)


def _odd_sum(x: NDArray, y: NDArray) -> NDArray[np.float64]:
    """x + y rounded to odd: a double that rounds to any shorter format as the exact sum would.

    S. Boldo and G. Melquiond, "Emulation of FMA and Correctly Rounded Sums: Proved Algorithms Using
    Rounding to Odd", IEEE Trans. Computers 57(4), 2008.
    """
    with np.errstate(invalid="ignore"):
        total = np.array(x + y)
        other = total - x
        # Knuth's two-sum: what the rounded sum leaves out.
        rest = (x - (total - other)) + (y - other)
    inexact = np.isfinite(total) & (rest != 0) & (total.view(np.int64) & 1 == 0)
    inward = (rest > 0) != (total > 0)
    steps = np.where(inexact, np.where(inward, -1, 1), 0)
    return (total.view(np.int64) + steps).view(np.float64)
