"""Number formats: what the bits on a port mean.

A format has a name (`int8`, `uint4`), a width in bits and a range. It checks arrays and converts
between values and the bit patterns that travel over ports.
"""

import re
from dataclasses import dataclass
from functools import cached_property
from math import erf, sqrt
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

OPERAND_BITS = range(2, 33)
ACCUMULATOR_BITS = range(2, 65)


@dataclass(frozen=True)
class IntFormat:
    """A two's complement (`intN`) or unsigned (`uintN`) integer of `bits` bits.

    Parameters
    ----------
    bits : int
        Width, 2 to 64. Operands use at most 32.
    signed : bool
        Whether the most significant bit has negative weight.
    """

    bits: int
    signed: bool

    @property
    def name(self) -> str:
        return f"{'int' if self.signed else 'uint'}{self.bits}"

    @cached_property
    def min(self) -> int:
        """Smallest representable value."""
        return -(1 << (self.bits - 1)) if self.signed else 0

    @cached_property
    def max(self) -> int:
        """Largest representable value."""
        return (1 << (self.bits - self.signed)) - 1

    @property
    def dtype(self) -> np.dtype:
        """The smallest numpy integer type that holds every value."""
        width = next(w for w in (8, 16, 32, 64) if w >= self.bits)
        return np.dtype(f"{'int' if self.signed else 'uint'}{width}")

    def contains(self, values: ArrayLike) -> bool:
        """Whether every value is representable."""
        values = np.asarray(values)
        return values.size == 0 or (int(values.min()) >= self.min and int(values.max()) <= self.max)

    def wrap(self, value: int) -> int:
        """`value` modulo 2**bits, as a value of this format."""
        code = value & ((1 << self.bits) - 1)
        return code - (1 << self.bits) if self.signed and code >> (self.bits - 1) else code

    def clamp(self, value: int) -> int:
        """The representable value nearest to `value`."""
        return min(max(value, self.min), self.max)

    def normal_probabilities(self, sigma: float) -> NDArray[np.float64]:
        """How likely round(normal(0, sigma)), clamped, is each value from `min` to `max`."""
        steps = np.arange(self.min, self.max) + 0.5
        below = [0.5 * (1 + erf(step / (sigma * sqrt(2)))) for step in steps]
        return np.diff([0.0, *below, 1.0])

    def encode(self, values: ArrayLike) -> NDArray[np.uint64]:
        """Bit patterns of representable values, zero-extended to 64 bits."""
        codes = np.asarray(values).astype(self.dtype).astype(np.int64 if self.signed else np.uint64)
        return codes.astype(np.uint64) & np.uint64((1 << self.bits) - 1)

    def decode(self, codes: ArrayLike) -> NDArray:
        """Values of bit patterns; bits above the width are ignored. Result dtype is `dtype`."""
        unused = np.uint64(64 - self.bits)
        top = np.asarray(codes).astype(np.uint64) << unused
        return (top.view(np.int64) >> np.int64(unused) if self.signed else top >> unused).astype(
            self.dtype
        )


class Format(Protocol):
    """What integer and floating-point formats have in common."""

    @property
    def name(self) -> str: ...

    @property
    def bits(self) -> int:
        """Width in bits of a number on a port."""

    @property
    def dtype(self) -> np.dtype:
        """A numpy type that holds every value."""

    @property
    def min(self) -> float:
        """Smallest finite value."""

    @property
    def max(self) -> float:
        """Largest finite value."""

    def contains(self, values: ArrayLike) -> bool:
        """Whether every value is representable."""

    def encode(self, values: ArrayLike) -> NDArray[np.uint64]:
        """Bit patterns of representable values, zero-extended to 64 bits."""

    def decode(self, codes: ArrayLike) -> NDArray:
        """Values of bit patterns; bits above the width are ignored. Result dtype is `dtype`."""


_NAME = re.compile(r"(u?)int([1-9][0-9]?)")


def parse_format(name: str, allowed: range = OPERAND_BITS) -> IntFormat:
    """The format called `name`.

    Raises
    ------
    ValueError
        If the name is unknown or the width is not in `allowed`.
    """
    match = _NAME.fullmatch(name) if isinstance(name, str) else None
    if match is None or int(match[2]) not in allowed:
        raise ValueError(
            f"{name!r} is not a format: use intN or uintN"
            f" with N = {allowed.start}..{allowed.stop - 1}"
        )
    return IntFormat(bits=int(match[2]), signed=not match[1])
