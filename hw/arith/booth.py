"""Radix-4 Booth recoding and the partial products of its digits.

A. D. Booth, "A Signed Binary Multiplication Technique", Q. J. Mech. Appl. Math. 4(2), 1951, in the
form of O. L. MacSorley, "High-Speed Arithmetic in Binary Computers", Proc. IRE 49(1), 1961: a
number is a sum of digits -2, -1, 0, 1, 2 of weight 4**i.
"""

from amaranth.hdl import Cat, Const, Module, Signal, Value
from amaranth.lib import data, wiring
from amaranth.lib.wiring import In, Out

from golden.formats import IntFormat
from hw.arith.heap import AND_DELAY, XOR_DELAY, Heap

SELECT_DELAY = XOR_DELAY + 2 * AND_DELAY


DIGIT = data.StructLayout({"one": 1, "two": 1, "neg": 1})
"""A digit: `neg` ? -(one + 2 two) : one + 2 two. Zero is all zeros."""


def digit_count(operand: IntFormat) -> int:
    """How many digits a number of format `operand` has."""
    return (operand.bits + (not operand.signed) + 1) // 2


def recoded_bits(operand: IntFormat) -> int:
    """Width of a recoded number, three bits a digit."""
    return 3 * digit_count(operand)


class BoothEncoder(wiring.Component):
    """Recode a number into radix-4 Booth digits, the least significant first.

    Members
    -------
    i : In(operand.bits)
    o : Out(recoded_bits(operand))
    """

    def __init__(self, operand: IntFormat) -> None:
        self._operand = operand
        super().__init__({"i": In(operand.bits), "o": Out(recoded_bits(operand))})

    def elaborate(self, platform: object) -> Module:
        m = Module()
        sign = self.i[-1] if self._operand.signed else Const(0, 1)
        bits = Cat(Const(0, 1), self.i, sign, sign)
        digits = []
        for index in range(digit_count(self._operand)):
            low, middle, high = bits[2 * index : 2 * index + 3]
            digit = Signal(DIGIT, name=f"digit_{index}")
            m.d.comb += [
                digit.one.eq(low ^ middle),
                digit.two.eq((middle == low) & (high != low)),
                digit.neg.eq(high & ~(low & middle)),
            ]
            digits.append(digit.as_value())
        m.d.comb += self.o.eq(Cat(digits))
        return m


def add_booth_rows(
    heap: Heap,
    digits: Value,
    b: Value,
    a_format: IntFormat,
    b_format: IntFormat,
    *,
    inverted: bool = False,
) -> None:
    """Add the product of recoded `digits` and `b`.

    A negative multiple is the inverted row plus 1. The 1 is added to the row's lowest bit at once:
    the sum bit is b[0] & one, the carry is `neg` unless that bit is set.

    With `inverted` it is not added: `add_negations` gives what is missing.

    Parameters
    ----------
    heap : Heap
        Takes the bits.
    digits : Value
        As a `BoothEncoder` for `a_format` makes them, there at once.
    b : Value
        The other factor.
    """
    sign = b[-1] if b_format.signed else Const(0, 1)
    multiples = Cat(Const(0, 1), b, sign)
    for index in range(digit_count(a_format)):
        digit = DIGIT(digits[3 * index : 3 * index + 3])
        row = Signal(b_format.bits + 1, name=f"row_{index}")
        carry = Signal(name=f"carry_{index}")
        selected = [
            (digit.one & multiples[j + 1]) | (digit.two & multiples[j]) for j in range(len(row))
        ]
        lowest = selected[0] ^ digit.neg if inverted else selected[0]
        heap.statements.append(row.eq(Cat(lowest, *(bit ^ digit.neg for bit in selected[1:]))))
        heap.add_word(row, signed=b_format.signed, column=2 * index, time=SELECT_DELAY)
        if not inverted:
            heap.statements.append(carry.eq(digit.neg & ~row[0]))
            heap.add_bit(carry, 2 * index + 1, 3 * AND_DELAY)
        if not b_format.signed:
            heap.subtract_bit(digit.neg, 2 * index + len(row))


def add_negations(heap: Heap, digits: Value, a_format: IntFormat) -> None:
    """Add what `add_booth_rows` leaves out of inverted rows: 1 for every negative digit."""
    for index in range(digit_count(a_format)):
        heap.add_bit(DIGIT(digits[3 * index : 3 * index + 3]).neg, 2 * index)
