"""The fusion unit of Bit Fusion: 16 bricks of 2 x 2 bits that fuse to wider products at run time.

H. Sharma et al., "Bit Fusion: Bit-Level Dynamically Composable Architecture for Accelerating Deep
Neural Networks", ISCA 2018. With operands of 2, 4 or 8 bits, signed or not, the bricks make 16 to 1
products at a time, whose sum goes to the accumulator.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from golden.formats import IntFormat

SIDE = 4
"""Bricks along a whole operand: as many digits of 2 bits as 8 bits have."""

WIDTHS = (2, 4, 8)

WORD = 2 * SIDE * SIDE
"""Bits of a word of operands, a digit for every brick."""

ACC = IntFormat(32, signed=True)


@dataclass(frozen=True, kw_only=True)
class Mode:
    """How bricks are fused.

    Brick (i, j) multiplies a digit of a number of A by one of a number of B: i, of 0 to 3, says
    which digit of which number of A, and j the same of B. A word holds the numbers one above the
    other, the lowest first, in an order (`pairs`) in which a brick gets few different digits of it.

    Parameters
    ----------
    a, b : IntFormat
        Of 2, 4 or 8 bits each.

    Raises
    ------
    ValueError
        If they are wider or narrower.
    """

    a: IntFormat
    b: IntFormat

    def __post_init__(self) -> None:
        for number in (self.a, self.b):
            if number.bits not in WIDTHS:
                raise ValueError(f"{number.name} given, use 2, 4 or 8 bits")

    @property
    def products(self) -> int:
        """How many products bricks make at a time."""
        return SIDE * SIDE * 4 // (self.a.bits * self.b.bits)

    def pairs(self) -> Iterator[tuple[int, int]]:
        """Of every product, which number of a word of A and which of one of B it multiplies."""
        of_a, of_b = (SIDE * 2 // number.bits for number in (self.a, self.b))
        for i, j in product(range(of_a), range(of_b)):
            yield of_a * _swapped(j, of_b) + i, of_b * _swapped(i, of_a) + j

    def words(self, a: NDArray, b: NDArray) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
        """Factors of products (..., products) as words of A and words of B (...)."""
        places_a, places_b = np.array(list(self.pairs())).T.astype(np.uint64)
        return (
            (self.a.encode(a) << places_a * np.uint64(self.a.bits)).sum(axis=-1, dtype=np.uint64),
            (self.b.encode(b) << places_b * np.uint64(self.b.bits)).sum(axis=-1, dtype=np.uint64),
        )

    def factors(self, a: NDArray, b: NDArray) -> tuple[NDArray, NDArray]:
        """What is in words of A and B (...): factors of products (..., products)."""
        places_a, places_b = np.array(list(self.pairs())).T.astype(np.uint64)
        return (
            self.a.decode(np.asarray(a, np.uint64)[..., None] >> places_a * np.uint64(self.a.bits)),
            self.b.decode(np.asarray(b, np.uint64)[..., None] >> places_b * np.uint64(self.b.bits)),
        )

    def step(self, state: NDArray, a: NDArray, b: NDArray) -> NDArray[np.int64]:
        """Accumulators after the products of words of A and B: modulo 2**32, with a sign."""
        left, right = (side.astype(np.int64) for side in self.factors(a, b))
        return ACC.decode((state + (left * right).sum(axis=-1)).astype(np.uint64)).astype(np.int64)

    def step_reference(self, state: int, a: int, b: int) -> int:
        """Specification of `step`: brick by brick, shifted by the places of its digits."""
        total = state
        for i, j in product(range(SIDE), repeat=2):
            x, y = self.digit_of_a(i, j), self.digit_of_b(i, j)
            left = _digit(a, x, top=_is_top(self.a, i))
            right = _digit(b, y, top=_is_top(self.b, j))
            place = 2 * (i % (self.a.bits // 2) + j % (self.b.bits // 2))
            total += left * right << place
        return ACC.wrap(total)

    def digit_of_a(self, i: int, j: int) -> int:
        """Which digit of a word of A brick (i, j) gets."""
        return SIDE * _swapped(j // (self.b.bits // 2), SIDE * 2 // self.b.bits) + i

    def digit_of_b(self, i: int, j: int) -> int:
        """Which digit of a word of B brick (i, j) gets."""
        return SIDE * _swapped(i // (self.a.bits // 2), SIDE * 2 // self.a.bits) + j


def modes() -> list[Mode]:
    """Every mode."""
    numbers = [IntFormat(bits, signed) for bits in WIDTHS for signed in (True, False)]
    return [Mode(a=a, b=b) for a, b in product(numbers, repeat=2)]


def _is_top(number: IntFormat, index: int) -> bool:
    """Whether digit `index` has the sign of its number."""
    return number.signed and index % (number.bits // 2) == number.bits // 2 - 1


def _digit(word: int, index: int, *, top: bool) -> int:
    return IntFormat(2, signed=top).wrap(word >> 2 * index)


def _swapped(index: int, count: int) -> int:
    """The bits of an index below `count` in reverse order: half a word then has half the digits."""
    return int(f"{index:02b}"[::-1], 2) if count == SIDE else index
