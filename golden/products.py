"""Products of floating-point numbers before anything is rounded.

A multiplier turns codes into signs, significands and exponents; an accumulator adds those up, in
fixed point or in floating point (`golden.accumulators`). So a rounding happens once, or never.

A first operand of zero gives zero even if the second is infinite or NaN: arrays fill gaps with
zeros on A, whatever stands on B.
"""

import math
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from golden.floats import FloatFormat

Subnormals = Literal["keep", "flush"]


@dataclass(frozen=True, kw_only=True)
class Products:
    """(-1)**negative * significand * 2**exponent, arrays of one shape.

    Parameters
    ----------
    negative : bool array
        Also of zeros, infinities and NaNs.
    significand, exponent : int64 arrays
        The significand has at most 48 bits.
    infinite, nan : bool arrays
        Where it is no number.
    """

    negative: NDArray[np.bool_]
    significand: NDArray[np.int64]
    exponent: NDArray[np.int64]
    infinite: NDArray[np.bool_]
    nan: NDArray[np.bool_]

    def values(self) -> NDArray[np.float64]:
        """The same as float64, which holds every product exactly."""
        sizes = np.ldexp(self.significand.astype(np.float64), self.exponent)
        sizes = np.where(self.nan, np.nan, np.where(self.infinite, np.inf, sizes))
        return np.where(self.negative, -sizes, sizes)


class Multiplier(Protocol):
    """What an element multiplies with."""

    def multiply(self, x: ArrayLike, y: ArrayLike) -> Products:
        """Products of codes of formats a and b."""

    def reference(self, x: int, y: int) -> float:
        """Specification of `multiply`: the product of two codes, exactly."""


@dataclass(frozen=True)
class Fields:
    """Codes of one format taken apart.

    Parameters
    ----------
    negative : bool array
    field, mantissa : int64 arrays
        Bits of the exponent and of the mantissa.
    infinite, nan : bool arrays
    """

    negative: NDArray[np.bool_]
    field: NDArray[np.int64]
    mantissa: NDArray[np.int64]
    infinite: NDArray[np.bool_]
    nan: NDArray[np.bool_]

    @classmethod
    def of(cls, codes: ArrayLike, number: FloatFormat) -> "Fields":
        """The fields of `codes`."""
        codes = np.asarray(codes).astype(np.int64)
        magnitude = codes & ((1 << number.magnitude_bits) - 1)
        infinite = np.zeros(codes.shape, bool)
        if number.inf_code is not None:
            infinite = magnitude == number.inf_code
        return cls(
            negative=codes >> number.magnitude_bits & 1 != 0,
            field=magnitude >> number.mantissa_bits,
            mantissa=magnitude & ((1 << number.mantissa_bits) - 1),
            infinite=infinite,
            nan=(magnitude > number.max_code) & ~infinite,
        )


@dataclass(frozen=True)
class ExactMultiplier:
    """The product of two numbers as it is.

    Parameters
    ----------
    a, b : FloatFormat
    subnormals : str
        `keep`, or `flush`: operands whose exponent field is 0 count as zeros.
    """

    a: FloatFormat
    b: FloatFormat
    subnormals: Subnormals = "keep"

    def multiply(self, x: ArrayLike, y: ArrayLike) -> Products:
        """Products of codes of formats `a` and `b`."""
        left, right = Fields.of(x, self.a), Fields.of(y, self.b)
        x_size, y_size = self._significand(left, self.a), self._significand(right, self.b)
        infinite = (left.infinite | right.infinite) & (x_size > 0)
        nan = left.nan | (right.nan & (x_size > 0)) | (infinite & (y_size == 0))
        return Products(
            negative=left.negative ^ right.negative,
            significand=x_size * y_size,
            exponent=np.maximum(left.field, 1)
            + np.maximum(right.field, 1)
            + (self.a.least_exponent + self.b.least_exponent - 2),
            infinite=infinite & ~nan,
            nan=nan,
        )

    def reference(self, x: int, y: int) -> float:
        """Specification of `multiply`: the product of two codes."""
        left, right = self._value(x, self.a), self._value(y, self.b)
        return math.copysign(1, right) * left if left == 0 else left * right

    def _value(self, code: int, number: FloatFormat) -> float:
        value = number.decode_reference(code)
        smallest_normal = 2.0 ** (1 - number.bias)
        flushed = self.subnormals == "flush" and abs(value) < smallest_normal
        return 0.0 * value if flushed else value

    def _significand(self, fields: Fields, number: FloatFormat) -> NDArray[np.int64]:
        normal = fields.field > 0
        hidden = np.where(normal, 1 << number.mantissa_bits, 0)
        kept = fields.mantissa if self.subnormals == "keep" else fields.mantissa * normal
        return kept + hidden
