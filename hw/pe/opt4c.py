"""OPT4C: digit-serial, the digits come from a recoder that a whole row of elements shares.

Only digits that are not zero reach the element, one a cycle. It keeps a shifter for its operand and
a carry-save accumulator ("Exploring the Performance Improvement of Tensor Processing Engines
through Transformation in the Bit-weight Dimension of MACs", HPCA 2025, OPT3 and OPT4).

Beyond the paper: the digits of one number follow each other, so that nothing has to be kept or sent
again for each bit weight, and zeros take no time at all.
"""

from functools import partial

from amaranth.hdl import Cat, Module, Signal, Value
from amaranth.lib import wiring

from golden.formats import IntFormat
from golden.recodings import RECODINGS
from hw.arith.heap import Heap
from hw.arith.recode import recoder
from hw.pe.opt1 import Resolve, columns_of
from hw.serial import SerialLanes, add_signature, select_signature

DEADLINE = 3.0
"""Until when a column's sum has to be there to be kept in one bit, in delays of an XOR gate."""


class Opt4c:
    """A digit-serial element with a carry-save accumulator. Sums are modulo 2**acc.bits.

    Parameters
    ----------
    a, b, acc : IntFormat
        Operands and accumulator.
    recoding : str
        How A becomes digits, a name of `golden.recodings.RECODINGS`.

    Attributes
    ----------
    heights : list of int
        Bits of each column of the accumulator, 1 or 2, the lowest first.
    """

    skips_zeros = True
    shares_digits = True

    def __init__(self, a: IntFormat, b: IntFormat, acc: IntFormat, *, recoding: str) -> None:
        self.a, self.b, self.acc = a, b, acc
        self.recoding = RECODINGS[recoding]
        positions = self.recoding.count(a) * (self.recoding.radix // 2)
        term = b.bits + positions - 1
        heap = Heap(acc.bits)
        add_term(heap, Signal(term), Signal(), b)
        self.heights = heap.carry_save_heights(DEADLINE)
        self.lanes = SerialLanes(
            place=(positions - 1).bit_length(), term=term, state=sum(self.heights)
        )
        self.encode_a = recoder(recoding, a)
        self.resolve = partial(Resolve, self.heights)

    def select(self) -> wiring.Component:
        return Select(self)

    def add(self) -> wiring.Component:
        return Add(self)


def add_term(heap: Heap, term: Value, neg: Value, b: IntFormat) -> None:
    """Add a term that is inverted if `neg`: two's complement needs 1 more then."""
    heap.add_word(term, signed=b.signed)
    heap.add_bit(neg, 0)
    if not b.signed:
        heap.subtract_bit(neg, len(term))


class Select(wiring.Component):
    """`o` = `b` shifted by `place`, sign extended, every bit inverted if `neg`."""

    def __init__(self, element: Opt4c) -> None:
        self._element = element
        super().__init__(select_signature(element.b, element.lanes))

    def elaborate(self, platform: object) -> Module:
        m = Module()
        operand = self.b.as_signed() if self._element.b.signed else self.b
        shifted = (operand << self.place)[: len(self.o)]
        m.d.comb += self.o.eq(shifted ^ self.neg.replicate(len(self.o)))
        return m


class Add(wiring.Component):
    """`o` = `state` + `term` for carry-save sums, plus 1 if `neg`."""

    def __init__(self, element: Opt4c) -> None:
        self._element = element
        super().__init__(add_signature(element.lanes))

    def elaborate(self, platform: object) -> Module:
        m = Module()
        element = self._element
        heap = Heap(element.acc.bits)
        add_term(heap, self.term, self.neg, element.b)
        for index, bits in enumerate(columns_of(self.state, element.heights)):
            for bit in bits:
                heap.add_bit(bit, index)
        columns = heap.compress(element.heights)
        m.d.comb += [*heap.statements, self.o.eq(Cat(columns))]
        return m
