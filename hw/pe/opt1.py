"""OPT1: multiply and accumulate without carry propagation.

The product's partial products and the accumulator go through one compressor tree, and the
accumulator stays a carry-save number ("Exploring the Performance Improvement of Tensor Processing
Engines through Transformation in the Bit-weight Dimension of MACs", HPCA 2025, OPT1).
"""

from amaranth.hdl import Cat, Module, Signal, Value
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from golden.formats import IntFormat
from hw.arith.booth import BoothEncoder, add_booth_rows, digit_count
from hw.arith.heap import Column, Heap, compress_column
from hw.arith.products import add_and_array
from hw.element import Lanes


class Opt1:
    """A carry-save multiply-accumulate element.

    The state has one bit a column, and a second one where the sum of the column comes later than
    `deadline`: short carry chains in the low columns and above the product stay inside the step, so
    the carry word has only a few bits there. Range: modulo 2**acc.bits.

    Parameters
    ----------
    a, b, acc : IntFormat
        Operands and accumulator.
    deadline : float
        When the new state has to be there, in delays of an XOR gate.
    """

    def __init__(
        self, a: IntFormat, b: IntFormat, acc: IntFormat, *, deadline: float = 7.0,
        booth: bool = False, max_height: int = 2, overflow: str = "wrap"
    ) -> None:
        self.a, self.b, self.acc = a, b, acc
        self.deadline = deadline
        self.booth = booth
        self.max_height = max_height
        self.lanes = Lanes(a=3 * digit_count(a) if booth else a.bits, b=b.bits, state=0)
        self.heights = Opt1Step(self).heights
        self.lanes = Lanes(a=self.lanes.a, b=b.bits, state=sum(self.heights))

    def encode_a(self) -> wiring.Component | None:
        return BoothEncoder(self.a) if self.booth else None

    def encode_b(self) -> wiring.Component | None:
        return None

    def step(self) -> wiring.Component:
        return Opt1Step(self)

    def resolve(self) -> wiring.Component | None:
        return Opt1Resolve(self.heights)


class Opt1Step(wiring.Component):
    def __init__(self, e: Opt1) -> None:
        super().__init__({"a": In(e.lanes.a), "b": In(e.lanes.b), "state": In(e.lanes.state or 2 * e.acc.bits), "o": Out(e.lanes.state or 2* e.acc.bits)})
        heap = Heap(e.acc.bits)
        if e.booth:
            add_booth_rows(heap, self.a, self.b, e.a, e.b)
        else:
            add_and_array(heap, self.a, self.b, e.a, e.b)
        self.heights = []
        offset = 0
        out = []
        self.times = []
        for c in range(heap.width):
            best = None
            for h in range(1, e.max_height + 1):
                bits = heap.column(c)
                from hw.arith.heap import Bit
                bits = bits + [Bit(self.state[offset + k]) for k in range(h)]
                col = compress_column(bits, h, f"c{c}")
                if best is None or col.time < best.time:
                    best = col
                if col.time <= e.deadline:
                    break
            heap.replace(c, best)
            h = len(best.bits)
            out += [b.value for b in best.bits]
            self.times.append(best.time)
            self.heights.append(h)
            offset += h
        self._m = m = Module()
        m.d.comb += heap.statements
        m.d.comb += self.o.eq(Cat(out))

    def elaborate(self, platform):
        return self._m


class Opt1Resolve(wiring.Component):
    def __init__(self, heights):
        self.heights = heights
        super().__init__({"i": In(sum(heights)), "o": Out(len(heights))})

    def elaborate(self, platform):
        m = Module()
        words = [0] * max(self.heights)
        offset = 0
        for c, h in enumerate(self.heights):
            for k in range(h):
                words[k] |= self.i[offset + k] << c
            offset += h
        m.d.comb += self.o.eq(sum(words))
        return m
