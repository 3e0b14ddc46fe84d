"""L-Mul: floating-point products by adding exponents and mantissas as one integer.

H. Luo and W. Sun, "Addition is All You Need for Energy-efficient Language Models", arXiv
2410.00907; without an offset it is J. N. Mitchell's multiplication by logarithms (IRE Trans.
Electronic Computers EC-11(4), 1962). With mantissas x and y in [0, 1) and an offset c:

- bit form: 2**ex (1 + x) times 2**ey (1 + y) is about 2**(ex + ey + n) (1 + f), where n and f are
  the whole and the fractional part of s = x + y + c: one addition of exponents and mantissas;
- value form: 2**(ex + ey) (1 + s) for any s, as the paper writes it. Another function.

Offsets are counted in units of the last place of a mantissa of M bits, the longer of the two.
"""

import math
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from golden.floats import FloatFormat
from golden.products import Fields, Products

Form = Literal["bit", "value"]
Subnormals = Literal["flush", "linear"]
Overflow = Literal["saturate", "infinity"]
Specials = Literal["propagate", "ignore"]

BEST_OFFSETS = (0, 0, 0, 0, 1, 1, 3, 6, 12, 24, 47)
"""For equal mantissas of 0, 1, ... bits: what `best_offset` finds for the bit form."""

CARRY_PLACES = {1: 2, 2: 1, 3: 1}
"""Places below the last one at which a correcting carry is appended, for mantissas of M bits."""


def paper_offset(mantissa_bits: int) -> int:
    """The paper's 2**-l(M) in units of the last place, where l(M) = M up to 3, 3 for 4, else 4."""
    places = mantissa_bits if mantissa_bits <= 3 else 3 if mantissa_bits == 4 else 4
    return 1 << (mantissa_bits - places)


def relative_errors(
    a_bits: int, b_bits: int, offset: int, *, form: Form = "bit", carry: bool = False
) -> NDArray[np.float64]:
    """Relative errors of all pairs of mantissas, (2**a_bits, 2**b_bits), whatever the exponents."""
    a, b = (FloatFormat(8, bits) for bits in (a_bits, b_bits))
    one = (a.bias << a_bits, b.bias << b_bits)
    x, y = one[0] + np.arange(1 << a_bits), one[1] + np.arange(1 << b_bits)
    product = LMul(a, b, offset=offset, form=form, carry=carry).multiply(x[:, None], y[None, :])
    return product.values() / np.multiply.outer(a.decode(x).astype(float), b.decode(y)) - 1


@cache
def best_offset(a_bits: int, b_bits: int) -> int:
    """The integer offset with the least mean relative error of the bit form, found by trying.

    Mantissas longer than 10 bits take the scaled offset of 10 bits.
    """
    longest = max(a_bits, b_bits)
    if longest > 10:
        return best_offset(min(a_bits, 10), min(b_bits, 10)) << (longest - 10)
    # Beyond an eighth the least product is wrong by more than without any offset.
    offsets = range(max(1, 1 << longest >> 3) + 1)
    errors = [np.abs(relative_errors(a_bits, b_bits, offset)).mean() for offset in offsets]
    return int(np.argmin(errors))


@dataclass(frozen=True)
class LMul:
    """L-Mul products of numbers of formats `a` and `b`.

    A product is zero exactly where an operand is, `a` even beside infinity and NaN.

    Parameters
    ----------
    a, b : FloatFormat
        The shorter mantissa gets zeros behind it.
    offset : int or str
        Units of the last place to add: `paper`, `none`, `best`, or a number.
    form : str
        `bit` or `value`.
    carry : bool
        For mantissas of 1 to 3 bits, which no integer offset helps: where the mantissas' sum falls
        short of the product, between a carry and the next half, append a 1 behind the last bit.
    cut : int or None
        Leave only so many bits of each mantissa, rounding toward zero.
    subnormals : str
        `flush`: an operand whose exponent field is 0 is zero. `linear`: it has a hidden 1 as all
        others have, and only the code 0 is zero.
    specials : str
        `propagate`: infinity and NaN give infinity and NaN. `ignore`: their codes are numbers.

    Raises
    ------
    ValueError
        If there is no carry rule for these mantissas or this form, or nothing to cut.
    """

    a: FloatFormat
    b: FloatFormat
    offset: int | str = "best"
    form: Form = "bit"
    carry: bool = False
    cut: int | None = None
    subnormals: Subnormals = "flush"
    specials: Specials = "propagate"

    def __post_init__(self) -> None:
        if self.carry and (self.mantissa_bits not in CARRY_PLACES or self.form != "bit"):
            raise ValueError(
                f"carry: on given for the {self.form} form and {self.mantissa_bits} mantissa bits,"
                " use it for the bit form and 1 to 3 bits"
            )

    @property
    def mantissa_bits(self) -> int:
        """M: of the longer mantissa, after the cut."""
        return max(self._kept(self.a), self._kept(self.b))

    @cached_property
    def units(self) -> int:
        """The offset as a number."""
        bits = self.mantissa_bits
        named = {"paper": lambda: paper_offset(bits), "none": lambda: 0, "best": self._best}
        return int(self.offset) if self.offset not in named else named[str(self.offset)]()

    @property
    def extra_places(self) -> int:
        """Bits of the significand behind its M bits."""
        return CARRY_PLACES[self.mantissa_bits] if self.carry else 0

    def reference(self, x: int, y: int) -> float:
        """Specification of `multiply`, from the formulas at the top."""
        bits = self.mantissa_bits
        sign, size, absent = 1.0, 1.0, False
        fractions: list[float] = []
        values = [number.decode_reference(code) for code, number in ((x, self.a), (y, self.b))]
        for code, number in ((x, self.a), (y, self.b)):
            magnitude = code & ((1 << number.magnitude_bits) - 1)
            field, mantissa = divmod(magnitude, 1 << number.mantissa_bits)
            sign = -sign if code >> number.magnitude_bits & 1 else sign
            dropped = number.mantissa_bits - self._kept(number)
            mantissa = mantissa >> dropped << dropped
            zero = field == 0 and (self.subnormals == "flush" or magnitude == 0)
            absent = absent or (zero and not fractions)
            size *= 0.0 if zero else 2.0 ** (field - number.bias)
            fractions.append(mantissa / (1 << number.mantissa_bits))
        if absent:
            return sign * 0.0
        if self.specials == "propagate" and not np.isfinite(values).all():
            return float("nan") if np.isnan(values).any() or size == 0 else sign * float("inf")
        total = sum(fractions) + self.units / (1 << bits)
        top = max(fractions) >= 0.5
        if self.form == "value":
            return sign * size * (1 + total)
        significand = 1 + total % 1
        if self.carry and top and total % 1 < 0.5:
            significand += 2.0 ** -(bits + self.extra_places)
        return sign * size * 2.0 ** math.floor(total) * significand

    def multiply(self, x: ArrayLike, y: ArrayLike) -> Products:
        """Products of codes of formats `a` and `b`."""
        left, right = Fields.of(x, self.a), Fields.of(y, self.b)
        x_sum, y_sum = self._linear(left, self.a), self._linear(right, self.b)
        bits, mask = self.mantissa_bits, (1 << self.mantissa_bits) - 1
        zero = (x_sum == 0) | (y_sum == 0)
        if self.form == "bit":
            total = x_sum + y_sum + self.units
            field, significand = total >> bits, (total & mask) + (1 << bits)
        else:
            field = (x_sum >> bits) + (y_sum >> bits)
            significand = (1 << bits) + (x_sum & mask) + (y_sum & mask) + self.units
        if self.carry:
            halves = (x_sum | y_sum) & ~significand
            significand = significand << self.extra_places | (halves >> (bits - 1) & 1)
        infinite = (left.infinite | right.infinite) & (x_sum > 0)
        nan = left.nan | (right.nan & (x_sum > 0)) | (infinite & (y_sum == 0))
        if self.specials == "ignore":
            infinite, nan = np.zeros_like(infinite), np.zeros_like(nan)
        return Products(
            negative=left.negative ^ right.negative,
            significand=np.where(zero, 0, significand),
            exponent=field - (self.a.bias + self.b.bias + bits + self.extra_places),
            infinite=infinite & ~nan,
            nan=nan,
        )

    def _linear(self, fields: Fields, number: FloatFormat) -> NDArray[np.int64]:
        """Exponent and mantissa as one integer with M mantissa bits; 0 is the number zero."""
        kept = self._kept(number)
        mantissa = fields.mantissa >> (number.mantissa_bits - kept) << (self.mantissa_bits - kept)
        linear = (fields.field << self.mantissa_bits) + mantissa
        return linear if self.subnormals == "linear" else linear * (fields.field > 0)

    def _kept(self, number: FloatFormat) -> int:
        return number.mantissa_bits if self.cut is None else min(self.cut, number.mantissa_bits)

    def _best(self) -> int:
        a_bits, b_bits = self._kept(self.a), self._kept(self.b)
        if a_bits == b_bits and a_bits < len(BEST_OFFSETS):
            return BEST_OFFSETS[a_bits]
        return best_offset(a_bits, b_bits)
