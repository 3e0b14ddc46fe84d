"""Partial sums: what devices exchange, each of which has added up its slice of K.

Integers are added modulo 2**bits, fixed-point sums as well, and only the last one is rounded: both
give what one engine gives for all of K. Floating-point sums are rounded to nearest even after every
addition (IEEE 754-2019, section 5.4.1; there is one NaN), so that their order matters, but not
which of two is added to which.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from golden.accumulators import add_rounded
from golden.fixed import FixedNumber, FixedPoint, UnroundedFixedPoint
from golden.floats import FloatFormat
from golden.formats import Format
from golden.spec import EngineSpec


def refusal(spec: EngineSpec) -> str | None:
    """Why the results of an engine are no partial sums, or None if they are."""
    if spec.options.get("overflow") == "saturate":
        return (
            "options.overflow: 'saturate' given, use 'wrap': clamped sums of slices of K do not add"
            " up to that of the whole"
        )
    recode = spec.options.get("recode", "a")
    if recode != "a":
        return (
            f"options.recode: {recode!r} given, use 'a': the ring's devices take rows of C, not of"
            " its transpose"
        )
    return None


@dataclass(frozen=True)
class Partial:
    """Partial sums of one kind of engine, as codes: uint64, or Python integers beyond 64 bits.

    Parameters
    ----------
    spec : EngineSpec

    Raises
    ------
    ValueError
        If its results are no partial sums.
    """

    spec: EngineSpec

    def __post_init__(self) -> None:
        reason = refusal(self.spec)
        if reason:
            raise ValueError(reason)

    @property
    def format(self) -> Format:
        """Of a partial sum: the accumulator's, of a fixed-point one as it is before rounding."""
        acc = self.spec.formats[2]
        if isinstance(acc, FixedPoint) and not isinstance(acc, FixedNumber):
            return UnroundedFixedPoint(acc.integer, acc.fraction)
        return acc

    @property
    def bits(self) -> int:
        """Width of a partial sum."""
        return self.format.bits

    def of(self, a: Any, b: Any) -> NDArray:
        """Partial sums (M, N) of values A (M, K) and B (K, N), as an engine returns them.

        B may be weights in groups. Slices of them that are to add up end where groups end.
        """
        x, y, _ = self.spec.formats
        integers = self.spec.element_info.operands == "integer"
        formats = self.format if integers else (x, y, self.format)
        result = self.spec.element_info.model(a, b, formats, **self.spec.element_options)
        return self.format.encode(result.c)

    def add(self, x: ArrayLike, y: ArrayLike) -> NDArray:
        """Sums of partial sums."""
        number = self.format
        if isinstance(number, FloatFormat):
            left, right = (number.decode(codes).astype(np.float64) for codes in (x, y))
            return number.encode(add_rounded(left, right, number))
        x, y = (np.asarray(codes).astype(self._dtype) for codes in (x, y))
        if isinstance(number, UnroundedFixedPoint):
            nan = (x | y) & self._code(1 << number.width)
            return (x + y) & self._code((1 << number.width) - 1) | nan
        return (x + y) & self._code((1 << self.bits) - 1)

    def finish(self, codes: ArrayLike) -> NDArray:
        """Values of C that finished sums stand for."""
        number = self.format
        if isinstance(number, UnroundedFixedPoint):
            return number.rounded(codes)
        return number.decode(codes)

    @property
    def _dtype(self) -> np.dtype:
        return np.dtype(np.uint64 if self.bits <= 64 else object)

    def _code(self, value: int) -> Any:
        return self._dtype.type(value) if self.bits <= 64 else value
