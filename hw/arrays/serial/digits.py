"""The digits of a number, of which one is taken in a cycle."""

from dataclasses import dataclass
from functools import reduce
from operator import or_

from amaranth.hdl import Cat, Const, Value
from amaranth.lib import data

from hw.arith.recode import digit_layout
from hw.serial import SerialElement


def recoded_bits(element: SerialElement) -> int:
    """Of a number of A as its recoder gives it."""
    return digit_layout(element.recoding).size * element.recoding.count(element.a)


def digits_layout(element: SerialElement) -> data.StructLayout:
    """Digits of a number of A: which are `left`, still to be taken, and more of each digit.

    `some`: not zero; `two`: of 2; `neg`: negative; `pick`: of which odd multiple, if of several.
    """
    count = element.recoding.count(element.a)
    of_digit = digit_layout(element.recoding).members
    picks = {"pick": data.ArrayLayout(of_digit["pick"], count)} if "pick" in of_digit else {}
    return data.StructLayout(dict.fromkeys(("left", "some", "two", "neg"), count) | picks)


def untaken(element: SerialElement, code: Value) -> Value:
    """All digits that a recoder gave as `code`, as a `digits_layout`."""
    layout = digit_layout(element.recoding)
    digits = [layout(code[at : at + layout.size]) for at in range(0, len(code), layout.size)]
    some = Cat(digit.one | digit.two for digit in digits)
    left = some if element.skips_zeros else Const(-1, len(digits))
    fields = [Cat(digit[name] for digit in digits) for name in layout.members if name != "one"]
    return Cat(left, some, *fields)


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
    fields : dict of str to Value
        `place`: by how many places it shifts; `neg`: whether it is negative; `pick`: which odd
        multiple of B it takes, if there are several.
    rest : Value
        What becomes of `left`.
    """

    valid: Value
    fields: dict[str, Value]
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
    unused = Const(0, element.lanes.place - len(place))
    fields = {"place": Cat(place, unused), "neg": (lowest & digits.neg).any()}
    if element.recoding.multiples > 1:
        picks = (digits.pick[i] & lowest[i].replicate(len(digits.pick[i])) for i in indices)
        fields["pick"] = reduce(or_, picks)
    return Taken(
        valid=left.any() if element.skips_zeros else (lowest & digits.some).any(),
        fields=fields,
        rest=without_lowest(left),
    )
