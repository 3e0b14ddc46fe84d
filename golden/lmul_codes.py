"""Elementwise L-Mul within one format: codes in, codes out, as one small unit computes them.

The code of a product is the sum of the codes without their signs, less the bias, plus the offset of
`golden.lmul`. What does not fit becomes zero or the largest number. This is for whole arrays of
products; dot products use `golden.lmul.LMul`, which needs none of those rules.
"""

from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from golden.floats import FloatFormat
from golden.lmul import LMul, Overflow, Specials, Subnormals

BLOCK = 1 << 14
"""Products computed at once, so that all of it stays in the fastest cache."""


@dataclass(frozen=True)
class LMulCodes:
    """L-Mul, bit form, of two numbers of format `number`, in that format.

    Zero operands give zero; so do products whose exponent field falls below that of numbers. The
    sign is the product of the signs, of zeros, infinities and NaNs too.

    Parameters
    ----------
    number : FloatFormat
    offset : int or str
        As in `golden.lmul.LMul`.
    carry : bool
        For three mantissa bits: if those of the product are all 0 and the operands' are not, set
        the last one. (With fewer bits, no carry brings a sum nearer to the product.)
    subnormals : str
        `flush`: numbers whose exponent field is 0 are zero. `linear`: all but 0 have a hidden 1.
    overflow : str
        `saturate`: beyond the largest number comes that number. `infinity`: infinity, or NaN where
        there is none, or the largest number where there is neither.
    specials : str
        `propagate`: infinity and NaN give infinity and NaN. `ignore`: their codes are numbers.

    Raises
    ------
    ValueError
        If `carry` is asked for and there are not three mantissa bits.
    """

    number: FloatFormat
    offset: int | str = "best"
    carry: bool = False
    subnormals: Subnormals = "flush"
    overflow: Overflow = "saturate"
    specials: Specials = "propagate"

    def __post_init__(self) -> None:
        if self.carry and self.number.mantissa_bits != 3:
            raise ValueError(
                f"carry: on given for {self.number.mantissa_bits} mantissa bits, use it for 3"
            )

    @cached_property
    def constant(self) -> int:
        """What is added to the sum of two codes without their signs."""
        units = LMul(self.number, self.number, self.offset).units
        return units - (self.number.bias << self.number.mantissa_bits)

    @property
    def smallest(self) -> int:
        """The least magnitude that is not zero."""
        return 1 << self.number.mantissa_bits if self.subnormals == "flush" else 1

    @property
    def largest(self) -> int:
        """The greatest magnitude that is a number."""
        every = (1 << self.number.magnitude_bits) - 1
        return every if self.specials == "ignore" else self.number.max_code

    @property
    def beyond(self) -> int:
        """Magnitude of what is too large."""
        return self.largest if self.overflow == "saturate" else self.number.beyond_code

    def reference(self, x: int, y: int) -> int:
        """Specification of `multiply`: the code of one product."""
        number = self.number
        sign = (x ^ y) >> number.magnitude_bits << number.magnitude_bits
        first, second = (code & ((1 << number.magnitude_bits) - 1) for code in (x, y))
        zero = min(first, second) < self.smallest
        if max(first, second) > self.largest:
            infinite = max(first, second) == number.inf_code and not zero
            return sign | (max(first, second) if infinite else int(number.nan_code or 0))
        total = first + second + self.constant
        if self.carry and total % 8 == 0 and first % 8 > 0:
            total += 1
        if zero or total < self.smallest:
            return sign
        return sign | (total if total <= self.largest else self.beyond)

    def multiply(self, x: ArrayLike, y: ArrayLike) -> NDArray:
        """Codes of products of codes, in the smallest unsigned dtype; shapes broadcast."""
        dtype = np.min_scalar_type((1 << self.number.bits) - 1)
        left, right = np.broadcast_arrays(np.asarray(x, dtype), np.asarray(y, dtype))
        products = np.empty(left.shape, dtype)
        flat, first, second = products.reshape(-1), left.reshape(-1), right.reshape(-1)
        compute = self._look_up if self.number.bits <= 8 else self._add
        for start in range(0, flat.size, BLOCK):
            block = slice(start, start + BLOCK)
            compute(first[block], second[block], flat[block])
        return products

    def _look_up(self, x: NDArray, y: NDArray, out: NDArray) -> None:
        index = x.astype(np.uint16)
        index <<= self.number.bits
        index |= y
        np.take(_table(self), index, out=out, mode="wrap")

    def _add(self, x: NDArray, y: NDArray, out: NDArray) -> None:
        number = self.number
        mask = x.dtype.type((1 << number.magnitude_bits) - 1)
        first, second = x & mask, y & mask
        total = np.add(first, second, dtype=np.int32 if number.bits <= 16 else np.int64)
        total += self.constant
        if self.carry:
            total += (total & 7 == 0) & (first & 7 > 0)
        too_large = total > self.largest
        np.copyto(total, self.beyond, where=too_large)
        zero = np.minimum(first, second) < self.smallest
        total *= ~zero & (total >= self.smallest)
        special = np.maximum(first, second)
        if special.max(initial=0) > self.largest:
            infinite = (special == number.inf_code) & ~zero
            kind = np.where(infinite, special, number.nan_code)
            np.copyto(total, kind, where=special > self.largest, casting="unsafe")
        np.bitwise_xor(x, y, out=out)
        out &= ~mask & x.dtype.type((1 << number.bits) - 1)
        out |= total.astype(x.dtype)


@cache
def _table(rules: LMulCodes) -> NDArray[np.uint8]:
    """Products of all pairs of codes of at most 8 bits, at x * 2**bits + y."""
    codes = np.arange(1 << rules.number.bits, dtype=np.uint8)
    products = np.empty((codes.size, codes.size), np.uint8)
    x, y = np.broadcast_arrays(codes[:, None], codes)
    rules._add(x, y, products)
    return products.reshape(-1)
