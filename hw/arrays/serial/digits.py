"""The digits of a number, of which one is taken in a cycle."""

from dataclasses import dataclass

from amaranth.hdl import Cat, Const, Value
from amaranth.lib import data

from hw.arith.booth import DIGIT
from hw.serial import SerialElement


def digits_layout(element: SerialElement) -> data.StructLayout:
    """Digits of a number of A, a bit each: `left`, still to be taken; not zero; of 2; negative."""
    count = element.recoding.count(element.a)
    return data.StructLayout(dict.fromkeys(("left", "some", "two", "neg"), count))


def untaken(element: SerialElement, code: Value) -> Value:
    """All digits that a recoder gave as `code`, as a `digits_layout`."""
    digits = [DIGIT(code[at : at + DIGIT.size]) for at in range(0, len(code), DIGIT.size)]
    some = Cat(digit.one | digit.two for digit in digits)
    left = some if element.skips_zeros else Const(-1, len(digits))
    return Cat(left, some, Cat(digit.two for digit in digits), Cat(digit.neg for digit in digits))


def without_lowest(left: Value) -> Value:
    """`left` but for the lowest bit that is set."""
    return Cat(bit & left[:index].any() for index, bit in enumerate(left))


@dataclass(frozen=True)
class Taken:
    """The lowest digit that is left, and what is left without it.

    Parameters
    ----------
    valid : Value
        There is one, and it is not zero.
    place, neg : Value
        By how many places it shifts, and whether it is negative.
    rest : Value
        What becomes of `left`.
    """

    valid: Value
    place: Value
    neg: Value
    rest: Value


def take(element: SerialElement, digits: data.View) -> Taken:
    """Take the lowest digit of a `digits_layout`."""
    left = digits.left
    indices = range(len(left))
    lowest = Cat(left[i] & ~left[:i].any() for i in indices)
    place = [
        Cat(lowest[i] for i in indices if i >> bit & 1).any()
        for bit in range((len(left) - 1).bit_length())
    ]
    if element.recoding.radix == 4:
        place.insert(0, (lowest & digits.two).any())
    return Taken(
        valid=left.any() if element.skips_zeros else (lowest & digits.some).any(),
        place=Cat(place),
        neg=(lowest & digits.neg).any(),
        rest=without_lowest(left),
    )
