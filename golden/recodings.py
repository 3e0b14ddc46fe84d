"""Recodings: how a multiplier operand becomes digits, each of which costs one partial product.

A number is the sum of its digits times `radix` to the power of their index, the lowest first. Every
digit is 0, 1, 2, -1 or -2, so that its product with the other operand is a shifted copy or its
negative; or such a digit times an odd number, so that it is one of an odd multiple. Each recoding
exists twice: `digits_reference` says in plain Python what a digit is, `digits` does whole arrays.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import ArrayLike, NDArray

from golden.formats import IntFormat

Digits = NDArray[np.int8]


@dataclass(frozen=True, kw_only=True)
class Recoding:
    """A way to write numbers as signed digits.

    Parameters
    ----------
    name, summary : str
    radix : int
        4, or 2.
    multiples : int
        Digits are 0, 1, 2 or their negatives times one of so many odd numbers, 1, 3, 5...
    reference : callable (value, count, number) -> list of int
        The `count` digits of one number of format `number`.
    vectorised : callable (int64 values, count, number) -> int8 array (..., count)
    """

    name: str
    summary: str
    radix: int
    reference: Callable[[int, int, IntFormat], list[int]]
    vectorised: Callable[[NDArray[np.int64], int, IntFormat], Digits]
    multiples: int = 1

    def count(self, number: IntFormat) -> int:
        """How many digits a number of format `number` has."""
        if self.radix == 2:
            return number.bits
        return (number.bits + (not number.signed) + 1) // 2

    def digits_reference(self, value: int, number: IntFormat) -> list[int]:
        """Specification of `digits`, for one number."""
        return self.reference(value, self.count(number), number)

    def digits(self, values: ArrayLike, number: IntFormat) -> Digits:
        """The digits of every value of format `number`, in a new last axis, the lowest first."""
        return self.vectorised(np.asarray(values).astype(np.int64), self.count(number), number)

    def nonzero_digits(self, values: ArrayLike, number: IntFormat) -> NDArray[np.int64]:
        """How many digits of each value are not zero: the partial products that it takes."""
        given = np.asarray(values).astype(np.int64)
        if given.size <= 1 << number.bits:
            return np.count_nonzero(self.digits(given, number), axis=-1)
        table = self.nonzero_digits(np.arange(number.min, number.max + 1), number)
        return table[given - number.min]

    def average_nonzero(self, values: ArrayLike, number: IntFormat) -> float:
        """Mean number of non-zero digits of all values."""
        return float(self.nonzero_digits(values, number).mean())

    def expected_nonzero(self, number: IntFormat, sigma: float) -> float:
        """What `average_nonzero` tends to on numbers round(normal(0, sigma)), exactly."""
        values = np.arange(number.min, number.max + 1)
        return float(number.normal_probabilities(sigma) @ self.nonzero_digits(values, number))


def _booth4_reference(value: int, count: int, number: IntFormat) -> list[int]:
    """A. D. Booth 1951, O. L. MacSorley 1961: bits 2i - 1, 2i and 2i + 1 weigh 1, 1 and -2."""

    def bit(index: int) -> int:
        return value >> index & 1 if index >= 0 else 0

    return [bit(2 * i - 1) + bit(2 * i) - 2 * bit(2 * i + 1) for i in range(count)]


def _booth4(values: NDArray[np.int64], count: int, number: IntFormat) -> Digits:
    place = 2 * np.arange(count)
    doubled = values[..., None] << 1
    low, middle, high = (doubled >> (place + offset) & 1 for offset in range(3))
    return (low + middle - 2 * high).astype(np.int8)


def _ent_reference(value: int, count: int, number: IntFormat) -> list[int]:
    """EN-T (HPCA 2025, section IV): radix-4 digits of the magnitude with 3 = 4 - 1; one sign."""
    sign, rest = (-1 if value < 0 else 1), abs(value)
    digits = []
    for _ in range(count):
        digit = -1 if rest % 4 == 3 else rest % 4
        digits.append(sign * digit)
        rest = (rest - digit) // 4
    return digits


def _ent(values: NDArray[np.int64], count: int, number: IntFormat) -> Digits:
    rest = np.abs(values)
    digits = np.empty((*values.shape, count), np.int8)
    for index in range(count):
        digit = (rest + 1 & 3) - 1
        digits[..., index] = digit
        rest = (rest - digit) >> 2
    return digits * np.sign(values)[..., None].astype(np.int8)


def _naf_reference(value: int, count: int, number: IntFormat) -> list[int]:
    """G. W. Reitwiesner 1960: of two neighbouring binary digits at most one is not zero.

    No signed binary digits are fewer. A pair of them is one radix-4 digit.
    """
    binary = []
    for _ in range(2 * count):
        digit = 2 - value % 4 if value % 2 else 0
        binary.append(digit)
        value = (value - digit) // 2
    return [low + 2 * high for low, high in zip(binary[::2], binary[1::2], strict=True)]


def _naf(values: NDArray[np.int64], count: int, number: IntFormat) -> Digits:
    # In 3 v = v + 2 v a bit differs from that of v where a digit of v is not zero.
    tripled = 3 * values
    place = 1 + 2 * np.arange(count)
    positive, negative = tripled & ~values, values & ~tripled

    def digit(offset: int) -> NDArray[np.int64]:
        at = place + offset
        return (positive[..., None] >> at & 1) - (negative[..., None] >> at & 1)

    return (digit(0) + 2 * digit(1)).astype(np.int8)


def _wnaf_reference(value: int, count: int, number: IntFormat, *, width: int) -> list[int]:
    """J. A. Solinas 2000: of `width` neighbouring binary digits at most one is not zero.

    It is odd and less than 2**(width - 1). No digits of that size are fewer. With a width of 2 this
    is the non-adjacent form.
    """
    half = 1 << (width - 1)
    binary = []
    for _ in range(2 * count):
        digit = (value + half) % (2 * half) - half if value % 2 else 0
        binary.append(digit)
        value = (value - digit) // 2
    return [low + 2 * high for low, high in zip(binary[::2], binary[1::2], strict=True)]


def _wnaf(values: NDArray[np.int64], count: int, number: IntFormat, *, width: int) -> Digits:
    # What is carried into a place behind no digit is the bit below. So a digit starts where two
    # neighbouring bits differ, unless one that started below covers the place.
    digits = np.zeros((*values.shape, count), np.int8)
    free = np.zeros_like(values)
    for place in range(2 * count):
        window = values << 1 >> place
        starts = ((window ^ window >> 1) & 1 > 0) & (free <= place)
        free = np.where(starts, place + width, free)
        size = 1 << width
        # The bit below the window is the carry into it; its highest bit weighs negative.
        digit = ((window >> 1) + window % 2 + size // 2) % size - size // 2
        digits[..., place // 2] += np.where(starts, digit << place % 2, 0).astype(np.int8)
    return digits


def _bits_reference(value: int, count: int, number: IntFormat) -> list[int]:
    """Two's complement: the highest bit of a signed number weighs negative."""
    digits = [value >> index & 1 for index in range(count)]
    return [*digits[:-1], -digits[-1] if number.signed else digits[-1]]


def _bits(values: NDArray[np.int64], count: int, number: IntFormat) -> Digits:
    digits = (values[..., None] >> np.arange(count) & 1).astype(np.int8)
    if number.signed:
        digits[..., -1] *= -1
    return digits


RECODINGS = {
    recoding.name: recoding
    for recoding in (
        Recoding(
            name="booth4",
            summary="radix-4 Booth digits -2 to 2, no carry: quick and small",
            radix=4,
            reference=_booth4_reference,
            vectorised=_booth4,
        ),
        Recoding(
            name="ent",
            summary="EN-T: radix-4 digits -1 to 2 of the magnitude, with carry, and one sign",
            radix=4,
            reference=_ent_reference,
            vectorised=_ent,
        ),
        Recoding(
            name="naf",
            summary="non-adjacent form in radix-4 digits -2 to 2: the fewest that are not zero",
            radix=4,
            reference=_naf_reference,
            vectorised=_naf,
        ),
        *(
            Recoding(
                name=f"wnaf{width}",
                summary=f"non-adjacent form of width {width}: digits of odd multiples up to"
                f" {(1 << (width - 1)) - 1}, fewer still",
                radix=4,
                reference=partial(_wnaf_reference, width=width),
                vectorised=partial(_wnaf, width=width),
                multiples=1 << (width - 2),
            )
            for width in (3, 4)
        ),
        Recoding(
            name="bits",
            summary="binary digits as they are, the highest of a signed number negative",
            radix=2,
            reference=_bits_reference,
            vectorised=_bits,
        ),
    )
}
