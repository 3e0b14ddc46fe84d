"""ANT's numbers of 4 bits, as a decoder makes integers and shifts of them.

C. Guo et al., "ANT: Exploiting Adaptive Numerical Data Type for Low-bit Deep Neural Network
Quantization", MICRO 2022. A tensor has one of three types: integers, powers of two, or flint, whose
first 1 says how many bits are exponent and how many are mantissa. All of them are a short integer,
the base, shifted to the left: numbers here have a sign, in front of 3 bits of magnitude (`int4` is
in two's complement).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from golden.formats import IntFormat

CODE = IntFormat(4, signed=False)
BASE = IntFormat(4, signed=True)
"""Of a base: that of `int4`; powers of two and flint have 1, 2 and 3."""

LARGEST_SHIFT = 6

ACC = IntFormat(32, signed=True)

TYPES = ("int4", "pot4", "flint4")

POWERS = ((0, 0), *((1, shift) for shift in range(LARGEST_SHIFT + 1)))
FLINT = ((0, 0), (1, 0), (2, 0), (3, 0), (1, 4), (1, 3), (2, 1), (3, 1))
"""Base and shift of magnitudes 0 to 7: of flint 0, 1, 2, 3, 16, 8, 4 and 6."""


@dataclass(frozen=True)
class AntFormat:
    """What codes of 4 bits are in one of the `TYPES`.

    Parameters
    ----------
    name : str

    Raises
    ------
    ValueError
        If there is no such type.
    """

    name: str

    def __post_init__(self) -> None:
        if self.name not in TYPES:
            raise ValueError(f"{self.name!r} given, use one of {', '.join(TYPES)}")

    def decoded(self, code: int) -> tuple[int, int]:
        """Base and shift of a code."""
        if self.name == "int4":
            return BASE.wrap(code), 0
        base, shift = (POWERS if self.name == "pot4" else FLINT)[code & 7]
        return (-base if code & 8 else base), shift

    @property
    def values(self) -> NDArray[np.int64]:
        """Of all codes."""
        decoded = [self.decoded(code) for code in range(1 << CODE.bits)]
        return np.array([base << shift for base, shift in decoded])

    def decode(self, codes: ArrayLike) -> NDArray[np.int64]:
        """Values of codes."""
        return self.values[np.asarray(codes, np.int64)]

    def encode(self, values: ArrayLike) -> NDArray[np.uint64]:
        """Codes of the values nearest to `values`, which are real; of two, the smaller one."""
        distance = np.abs(np.asarray(values, np.float64)[..., None] - self.values)
        return distance.argmin(axis=-1).astype(np.uint64)


def step(
    state: NDArray, a: NDArray, b: NDArray, a_format: AntFormat | IntFormat, b_format: AntFormat
) -> NDArray[np.int64]:
    """Accumulators after the products of codes `a` and `b`, modulo 2**32, with a sign.

    `a` are codes as well, or integers as they are.
    """
    left = a_format.decode(a).astype(np.int64)
    total = state + left * b_format.decode(b)
    return ACC.decode(total.astype(np.uint64)).astype(np.int64)
