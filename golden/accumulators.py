"""How products of floating-point numbers are added up.

In fixed point a sum depends on no order, and a wide enough accumulator rounds nothing (U. Kulisch,
"Computer Arithmetic and Validity", 2nd ed., chapter 8) until the sum leaves, as fp32. In floating
point every addition rounds, in ascending k; a product that is zero leaves the sum as it is, so that
a negative zero, which only underflow makes, stays one.
"""

import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from golden.floats import NAMED_FLOATS, FloatFormat, parse_float
from golden.formats import IntFormat
from golden.gemm import NEVER, GemmResult
from golden.products import Multiplier, Products

FP32 = NAMED_FLOATS["fp32"]
DEPTH = 1 << 16
"""The K up to which an `exact` accumulator is exact."""

WIDEST = 640
"""Bits of a fixed-point accumulator; the exact one of bf16 takes 540."""


@dataclass(frozen=True)
class FixedPoint:
    """A two's complement accumulator `qI.F` whose sums leave as fp32, rounded once to nearest even.

    Bits of a product below the last place are dropped: every product is rounded toward zero, and a
    sum of K is off by less than K 2**-F. Sums are modulo 2**I, so that only the final one has to
    be within -2**(I-1) <= sum < 2**(I-1). A product that is infinite or NaN makes the sum NaN.

    Seen as a format, it is that of the results: fp32.

    Parameters
    ----------
    integer, fraction : int
        Bits before the point, sign included, and behind it.
    """

    integer: int
    fraction: int

    @property
    def name(self) -> str:
        return f"q{self.integer}.{self.fraction}"

    @property
    def width(self) -> int:
        """Bits of the accumulator."""
        return self.integer + self.fraction

    @property
    def bits(self) -> int:
        return FP32.bits

    @property
    def dtype(self) -> np.dtype:
        return FP32.dtype

    @property
    def min(self) -> float:
        return FP32.min

    @property
    def max(self) -> float:
        return FP32.max

    def contains(self, values: ArrayLike) -> bool:
        """Whether every value may be a result."""
        return FP32.contains(values)

    def encode(self, values: ArrayLike) -> NDArray[np.uint64]:
        """Codes of results."""
        return FP32.encode(values)

    def decode(self, codes: ArrayLike) -> NDArray[np.float32]:
        """Results of codes."""
        return FP32.decode(codes)

    def wrap(self, units: int) -> int:
        """`units` of the last place modulo 2**width, with a sign."""
        half = 1 << (self.width - 1)
        return (units + half) % (2 * half) - half


@dataclass(frozen=True)
class UnroundedFixedPoint(FixedPoint):
    """The same accumulator whose sums leave as they are, to be added up further.

    Seen as a format, it is that of their codes: the sum modulo 2**width in units of the last place,
    and above it a bit that says that the sum is NaN; it is 0 then.
    """

    @property
    def name(self) -> str:
        return f"{super().name} unrounded"

    @property
    def bits(self) -> int:
        return self.width + 1

    @property
    def dtype(self) -> np.dtype:
        """Python integers where 64 bits are too few."""
        return np.dtype(np.uint64 if self.bits <= 64 else object)

    @property
    def min(self) -> int:
        return 0

    @property
    def max(self) -> int:
        return (1 << self.bits) - 1

    def contains(self, values: ArrayLike) -> bool:
        """Whether every value may be a code."""
        values = np.asarray(values)
        return values.size == 0 or (values.min() >= self.min and values.max() <= self.max)

    def encode(self, values: ArrayLike) -> NDArray:
        """Codes are what they are."""
        return np.asarray(values).astype(self.dtype)

    def decode(self, codes: ArrayLike) -> NDArray:
        """Codes are what they are."""
        return np.asarray(codes).astype(self.dtype)

    def rounded(self, codes: ArrayLike) -> NDArray[np.float32]:
        """What codes leave as in the end."""
        whole = self.decode(codes).astype(object)
        return _rounded(whole, (whole >> self.width).astype(bool), self)


EXACT_BITS = 53
"""The most bits of a `FixedNumber`."""


@dataclass(frozen=True)
class FixedNumber(FixedPoint):
    """A two's complement accumulator `qI.F` of scaled integers, which is its own result.

    Every product is rounded to the nearest unit of the last place, ties up: a sum of K is off by
    at most K 2**-(F + 1). Seen as a format, it is that of sums, which float64 holds exactly.
    """

    @property
    def units(self) -> IntFormat:
        """What a sum is in units of the last place."""
        return IntFormat(self.width, signed=True)

    @property
    def bits(self) -> int:
        return self.width

    @property
    def dtype(self) -> np.dtype:
        return np.dtype(np.float64)

    @property
    def min(self) -> float:
        return math.ldexp(self.units.min, -self.fraction)

    @property
    def max(self) -> float:
        return math.ldexp(self.units.max, -self.fraction)

    def contains(self, values: ArrayLike) -> bool:
        """Whether every value is a whole number of units within the range."""
        units = np.ldexp(np.asarray(values, np.float64), self.fraction)
        whole = bool((np.isfinite(units) & (units == np.rint(units))).all())
        return whole and self.units.contains(units)

    def encode(self, values: ArrayLike) -> NDArray[np.uint64]:
        """Codes of sums: units of the last place modulo 2**width."""
        return self.units.encode(np.ldexp(np.asarray(values, np.float64), self.fraction))

    def decode(self, codes: ArrayLike) -> NDArray:
        """Sums of codes."""
        return np.ldexp(self.units.decode(codes).astype(np.float64), -self.fraction)


Accumulator = FloatFormat | FixedPoint


def exact_fixed_point(a: FloatFormat, b: FloatFormat) -> FixedPoint:
    """The accumulator that holds any sum of up to 2**16 products of `a` and `b` exactly.

    Of L-Mul products as well, whose largest may be twice the exact one.
    """
    largest = (number.bias + 2 if number.top != "ieee" else number.bias + 1 for number in (a, b))
    integer = sum(largest) + DEPTH.bit_length() + 1
    return FixedPoint(integer, -(a.least_exponent + b.least_exponent))


_NAME = re.compile(r"q([1-9]\d{0,2})\.(0|[1-9]\d{0,2})")


def parse_fixed_point(name: str) -> FixedPoint | None:
    """The accumulator called `name`, such as `q12.20`, or None if that is no such name."""
    match = _NAME.fullmatch(name)
    if match is None or int(match[1]) + int(match[2]) not in range(2, WIDEST + 1):
        return None
    return FixedPoint(int(match[1]), int(match[2]))


def parse_accumulator(name: str, a: FloatFormat, b: FloatFormat) -> Accumulator:
    """The accumulator called `name` for products of `a` and `b`.

    Raises
    ------
    ValueError
        If there is no such accumulator, or it has neither infinity nor NaN to overflow to.
    """
    if name == "exact":
        return exact_fixed_point(a, b)
    return _known(name, "exact, qI.F")


def parse_scaled(name: str, *, integers: bool) -> Accumulator:
    """The accumulator called `name` for scaled sums, of integers or of floating-point numbers.

    Raises
    ------
    ValueError
        If there is no such accumulator, it has neither infinity nor NaN to overflow to, or its
        results would be no float64.
    """
    found = _known(name, "qI.F")
    if not (integers and isinstance(found, FixedPoint)):
        return found
    if found.width > EXACT_BITS:
        raise ValueError(
            f"{name!r} has {found.width} bits: sums of scaled integers are results as they are, use"
            f" at most {EXACT_BITS}"
        )
    return FixedNumber(found.integer, found.fraction)


def _known(name: str, fixed: str) -> Accumulator:
    """The accumulator called `name`; `fixed` is what else than a float format that may be."""
    found = parse_fixed_point(name) or parse_float(name)
    if found is None or (isinstance(found, FloatFormat) and found.top == "finite"):
        raise ValueError(
            f"{name!r} is not an accumulator: use {fixed} (I bits before the point, F behind,"
            f" at most {WIDEST}), or a float format with NaN, such as fp32, bf16 or fp16"
        )
    return found


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
            return _rounded(self._units, self._invalid, acc)
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


def _rounded(units: NDArray, invalid: NDArray[np.bool_], acc: FixedPoint) -> NDArray[np.float32]:
    """Sums in units of the last place as they leave an accumulator: modulo its range, as fp32."""
    wrap = np.frompyfunc(lambda one: _short(acc.wrap(int(one))), 1, 1)
    sums = np.ldexp(wrap(units).astype(np.float64), -acc.fraction)
    return FP32.round(np.where(invalid, np.nan, sums))


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


def _short(units: int) -> float:
    """An integer as float64, rounded to odd: as good as the integer for rounding to fp32."""
    excess = max(abs(units).bit_length() - 53, 0)
    size = abs(units) >> excess
    size |= size << excess != abs(units)
    return math.ldexp(-size if units < 0 else size, excess)


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
