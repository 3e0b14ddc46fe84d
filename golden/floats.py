"""Floating-point formats `eXmY`: a sign, X bits of exponent, Y bits of mantissa.

A number is (-1)**sign * significand * 2**(exponent - bias - Y). The significand is 2**Y + mantissa,
or only the mantissa where the exponent field is 0 (zeros and subnormals, which have exponent 1).
What the topmost codes mean differs by standard:

- `ieee`: the largest exponent field is infinity (mantissa 0) and NaN (IEEE 754-2019, section 3.4);
- `ocp`: only all ones is NaN, and there is no infinity (OCP 8-bit Floating Point, section 5.2.2);
- `finite`: every code is a number (OCP Microscaling Formats, sections 5.3.2 and 5.3.3).
"""

import math
import re
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Rounding = Literal["nearest-even", "toward-zero", "stochastic"]

EXPONENT_BITS = range(2, 9)
MANTISSA_BITS = range(24)


@dataclass(frozen=True)
class FloatFormat:
    """A binary floating-point format of 3 to 32 bits.

    Every number of every format is a float32, in which values are held.

    Parameters
    ----------
    exponent_bits : int
        2 to 8. The bias is 2**(exponent_bits - 1) - 1.
    mantissa_bits : int
        0 to 23.
    top : str
        What the topmost codes are: `ieee`, `ocp` or `finite`.
    """

    exponent_bits: int
    mantissa_bits: int
    top: Literal["ieee", "ocp", "finite"] = "ieee"

    @property
    def name(self) -> str:
        return _NAMES.get(self, f"e{self.exponent_bits}m{self.mantissa_bits}")

    @property
    def bits(self) -> int:
        """Width, sign included."""
        return 1 + self.magnitude_bits

    @property
    def magnitude_bits(self) -> int:
        """Width without the sign. Magnitudes are ordered as their codes are."""
        return self.exponent_bits + self.mantissa_bits

    @property
    def bias(self) -> int:
        return (1 << (self.exponent_bits - 1)) - 1

    @property
    def least_exponent(self) -> int:
        """Exponent of the last mantissa bit of the smallest numbers."""
        return 1 - self.bias - self.mantissa_bits

    @property
    def max_code(self) -> int:
        """Code of the largest finite number."""
        all_ones = (1 << self.magnitude_bits) - 1
        specials = {"ieee": 1 << self.mantissa_bits, "ocp": 1, "finite": 0}
        return all_ones - specials[self.top]

    @property
    def inf_code(self) -> int | None:
        """Code of positive infinity, if there is one."""
        return self.max_code + 1 if self.top == "ieee" else None

    @property
    def nan_code(self) -> int | None:
        """Code of the positive quiet NaN that conversions give, if there is one."""
        if self.top == "ieee":
            return self.max_code + 1 + (1 << (self.mantissa_bits - 1))
        return self.max_code + 1 if self.top == "ocp" else None

    @property
    def beyond_code(self) -> int:
        """Code of what is too large: infinity, else NaN, else the largest number."""
        codes = (self.inf_code, self.nan_code, self.max_code)
        return next(code for code in codes if code is not None)

    @cached_property
    def max(self) -> float:
        """Largest finite value."""
        return self.decode_reference(self.max_code)

    @property
    def min(self) -> float:
        """Smallest finite value, -`max`."""
        return -self.max

    @property
    def dtype(self) -> np.dtype:
        """Of values: float32 holds all of them."""
        return np.dtype(np.float32)

    def decode_reference(self, code: int) -> float:
        """Specification of `decode`: the value of one code."""
        magnitude = code & ((1 << self.magnitude_bits) - 1)
        if magnitude > self.max_code:
            value = float("inf") if magnitude == self.inf_code else float("nan")
        else:
            field, mantissa = divmod(magnitude, 1 << self.mantissa_bits)
            significand = mantissa + ((1 << self.mantissa_bits) if field else 0)
            value = float(significand * Fraction(2) ** (self.least_exponent + max(field, 1) - 1))
        return -value if code >> self.magnitude_bits & 1 else value

    def encode_reference(
        self,
        value: float | Fraction,
        rounding: Rounding = "nearest-even",
        *,
        saturate: bool = False,
        draw: float = 0.0,
    ) -> int:
        """Specification of `encode`: the code of one value.

        `draw`, from 0 to 1, decides a stochastic rounding.
        """
        sign = int(math.copysign(1, value) < 0) << self.magnitude_bits
        if math.isnan(value):
            return sign | self._nan()
        if math.isinf(value):
            return sign | (self.max_code if saturate else self.beyond_code)
        exact, code, exponent = abs(Fraction(value)), 0, self.least_exponent
        while exact >= Fraction(2) ** (exponent + self.mantissa_bits + 1):
            code, exponent = code + (1 << self.mantissa_bits), exponent + 1
        units, rest = divmod(exact, Fraction(2) ** exponent)
        rest /= Fraction(2) ** exponent
        if rounding == "nearest-even":
            units += rest > Fraction(1, 2) or (rest == Fraction(1, 2) and units % 2)
        elif rounding == "stochastic":
            units += rest > draw
        code += units
        if code > self.max_code:
            code = self.max_code if saturate or rounding == "toward-zero" else self.beyond_code
        return sign | code

    def decode(self, codes: ArrayLike) -> NDArray[np.float32]:
        """Values of codes; bits above the width are ignored."""
        codes = np.asarray(codes).astype(np.int64)
        magnitude = codes & ((1 << self.magnitude_bits) - 1)
        field = magnitude >> self.mantissa_bits
        significand = magnitude & ((1 << self.mantissa_bits) - 1)
        significand |= np.where(field > 0, 1 << self.mantissa_bits, 0)
        exponent = np.maximum(field, 1) + (self.least_exponent - 1)
        values = np.array(np.ldexp(significand.astype(np.float64), exponent))
        if self.top != "finite":
            values[magnitude > self.max_code] = np.nan
        if self.inf_code is not None:
            values[magnitude == self.inf_code] = np.inf
        values = np.where(codes >> self.magnitude_bits & 1, -values, values)
        return values.astype(np.float32)

    def encode(
        self,
        values: ArrayLike,
        rounding: Rounding = "nearest-even",
        *,
        saturate: bool = False,
        seed: int = 0,
    ) -> NDArray[np.uint64]:
        """Codes of numbers of any floating-point dtype up to float64, zero-extended to 64 bits.

        Parameters
        ----------
        rounding : str
            `nearest-even`; `toward-zero`; `stochastic`: away from zero with a probability that is
            the distance from the number nearer to zero, in units of the last place.
        saturate : bool
            Whether what is too large, infinity included, becomes the largest finite number. If not,
            it becomes infinity, or NaN where there is only that, or the largest where there is
            neither; rounding toward zero leaves only infinities themselves infinite.
        seed : int
            Of stochastic rounding.

        Raises
        ------
        ValueError
            If one is NaN and the format has none.
        """
        values = np.asarray(values, np.float64)
        is_nan = np.isnan(values)
        size = np.where(np.isfinite(values), np.abs(values), 0.0)
        top = np.where(size > 0, np.frexp(size)[1].astype(np.int64) - 1, -(1 << 11))
        exponent = np.maximum(top - self.mantissa_bits, self.least_exponent)
        scaled = np.ldexp(size, -exponent)
        units = np.rint(scaled) if rounding == "nearest-even" else np.floor(scaled)
        if rounding == "stochastic":
            units += scaled - units > np.random.default_rng(seed).random(scaled.shape)
        # A carry out of the significand lands in the exponent field, where it belongs.
        codes = units.astype(np.int64) + ((exponent - self.least_exponent) << self.mantissa_bits)
        capped = saturate or rounding == "toward-zero"
        codes = np.array(codes)
        codes[codes > self.max_code] = self.max_code if capped else self.beyond_code
        codes[np.isinf(values)] = self.max_code if saturate else self.beyond_code
        if is_nan.any():
            codes[is_nan] = self._nan()
        codes |= np.signbit(values).astype(np.int64) << self.magnitude_bits
        return codes.astype(np.uint64)

    def round(
        self, values: ArrayLike, rounding: Rounding = "nearest-even", *, saturate: bool = False
    ) -> NDArray[np.float32]:
        """The representable values that `encode` chooses."""
        return self.decode(self.encode(values, rounding, saturate=saturate))

    def contains(self, values: ArrayLike) -> bool:
        """Whether every value is representable; the sign and payload of a NaN do not matter."""
        return bool(self.holds(values).all())

    def holds(self, values: ArrayLike) -> NDArray[np.bool_]:
        """Which values are representable."""
        values = np.asarray(values, np.float64)
        nan = np.isnan(values)
        rounded = self.round(np.where(nan, 0, values))
        return np.where(nan, self.nan_code is not None, rounded == values)

    def _nan(self) -> int:
        if self.nan_code is None:
            raise ValueError(f"{self.name} has no NaN")
        return self.nan_code


NAMED_FLOATS = {
    "fp32": FloatFormat(8, 23),
    "tf32": FloatFormat(8, 10),
    "bf16": FloatFormat(8, 7),
    "fp16": FloatFormat(5, 10),
    "e5m2": FloatFormat(5, 2),
    "e4m3": FloatFormat(4, 3, "ocp"),
    "e3m4": FloatFormat(3, 4),
    "e3m2": FloatFormat(3, 2, "finite"),
    "e2m3": FloatFormat(2, 3, "finite"),
    "e2m1": FloatFormat(2, 1, "finite"),
}
"""Formats with a standard or a use of their own. Any other `eXmY` is as IEEE 754 would have it."""

_NAMES = {number: name for name, number in NAMED_FLOATS.items()}
_NAME = re.compile(r"e([1-9])m(0|[1-9]\d?)")


def parse_float(name: str) -> FloatFormat | None:
    """The floating-point format called `name`, or None if that is no such name.

    Without mantissa bits there is no room for both infinity and NaN: all codes are numbers then.
    """
    if name in NAMED_FLOATS:
        return NAMED_FLOATS[name]
    match = _NAME.fullmatch(name)
    if match is None:
        return None
    exponent_bits, mantissa_bits = int(match[1]), int(match[2])
    if exponent_bits not in EXPONENT_BITS or mantissa_bits not in MANTISSA_BITS:
        return None
    return FloatFormat(exponent_bits, mantissa_bits, "ieee" if mantissa_bits else "finite")


def parse_operand(name: str) -> FloatFormat:
    """The floating-point format called `name`.

    Raises
    ------
    ValueError
        If that is no such name.
    """
    found = parse_float(name)
    if found is None:
        raise ValueError(
            f"{name!r} is not a float format: use {', '.join(NAMED_FLOATS)} or eXmY with X = 2..8"
            " and Y = 0..23"
        )
    return found
