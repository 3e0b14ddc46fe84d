"""What sums of floating-point products are kept in: formats of accumulators, and their names.

In fixed point a sum depends on no order, and a wide enough accumulator rounds nothing (U. Kulisch,
"Computer Arithmetic and Validity", 2nd ed., chapter 8) until the sum leaves, as fp32.
"""

import math
import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from golden.floats import NAMED_FLOATS, FloatFormat, parse_float
from golden.formats import IntFormat

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

    def leaving(self, units: NDArray, invalid: NDArray[np.bool_]) -> NDArray[np.float32]:
        """Sums in units of the last place as they leave: modulo the range, rounded to fp32.

        NaN where they are `invalid`.
        """
        wrap = np.frompyfunc(lambda one: _short(self.wrap(int(one))), 1, 1)
        sums = np.ldexp(wrap(units).astype(np.float64), -self.fraction)
        return FP32.round(np.where(invalid, np.nan, sums))


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
        return self.leaving(whole, (whole >> self.width).astype(bool))


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


def _short(units: int) -> float:
    """An integer as float64, rounded to odd: as good as the integer for rounding to fp32."""
    excess = max(abs(units).bit_length() - 53, 0)
    size = abs(units) >> excess
    size |= size << excess != abs(units)
    return math.ldexp(-size if units < 0 else size, excess)
