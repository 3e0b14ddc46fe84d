"""Booth digits of every number up to 8 bits, and the products that they make."""

import pytest
from amaranth.hdl import Module
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from golden.formats import IntFormat, parse_format
from hw.arith.booth import BoothEncoder, add_booth_rows, digit_count, recoded_bits
from hw.arith.heap import Heap
from hw.combinational import evaluate

pytestmark = pytest.mark.fast


def _value(code: int, digits: int) -> int:
    """The number that the fields one, two and neg of each digit mean."""
    total = 0
    for index in range(digits):
        one, two, neg = (code >> (3 * index + bit) & 1 for bit in range(3))
        assert not (one and two)
        total += (-1 if neg else 1) * (one + 2 * two) * 4**index
    return total


@pytest.mark.parametrize("bits", [2, 3, 5, 8])
@pytest.mark.parametrize("signed", [True, False])
def test_digits_of_every_number(bits: int, signed: bool) -> None:
    operand = IntFormat(bits, signed)
    numbers = range(operand.min, operand.max + 1)
    inputs = [{"i": int(operand.encode(number))} for number in numbers]
    recoded = evaluate(BoothEncoder(operand), inputs)
    assert [_value(code, digit_count(operand)) for code in recoded] == list(numbers)


def test_zero_is_all_zeros() -> None:
    # Arrays fill gaps between operands with zeros behind the recoder.
    for bits in range(2, 9):
        for signed in (True, False):
            assert evaluate(BoothEncoder(IntFormat(bits, signed)), [{"i": 0}]) == [0]


class _Product(wiring.Component):
    """`o` = `i` * `b` modulo 2**width."""

    def __init__(self, a: IntFormat, b: IntFormat, width: int) -> None:
        self._a, self._b = a, b
        super().__init__({"i": In(a.bits), "b": In(b.bits), "o": Out(width)})

    def elaborate(self, platform: object) -> Module:
        m = Module()
        m.submodules.encoder = encoder = BoothEncoder(self._a)
        assert len(encoder.o) == recoded_bits(self._a)
        heap = Heap(len(self.o))
        add_booth_rows(heap, encoder.o, self.b, self._a, self._b)
        x, y = heap.add_up(m)
        m.d.comb += [encoder.i.eq(self.i), self.o.eq(x + y)]
        return m


@pytest.mark.parametrize("width", [5, 9, 20])
@pytest.mark.parametrize(
    ("a", "b"), [("int4", "int4"), ("uint4", "int5"), ("int5", "uint3"), ("uint3", "uint2")]
)
def test_products_of_all_pairs(a: str, b: str, width: int) -> None:
    a_format, b_format = parse_format(a), parse_format(b)
    pairs = [
        (x, y)
        for x in range(a_format.min, a_format.max + 1)
        for y in range(b_format.min, b_format.max + 1)
    ]
    inputs = [{"i": int(a_format.encode(x)), "b": int(b_format.encode(y))} for x, y in pairs]
    got = evaluate(_Product(a_format, b_format, width), inputs)
    assert got == [x * y % 2**width for x, y in pairs]
