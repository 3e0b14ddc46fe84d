"""The baseline: a fused multiply-accumulate."""

from amaranth.hdl import Cat, Module
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from golden.formats import IntFormat
from hw.arith.booth import BoothEncoder, add_booth_rows, digit_count
from hw.arith.heap import Bit, Heap, compress_column
from hw.element import Lanes


class Mac:
    def __init__(self, a: IntFormat, b: IntFormat, acc: IntFormat, *, overflow: str = "wrap") -> None:
        self.a, self.b, self.acc = a, b, acc
        self.overflow = overflow
        self.lanes = Lanes(a=3 * digit_count(a), b=b.bits, state=acc.bits)

    def encode_a(self) -> wiring.Component | None:
        return BoothEncoder(self.a)

    def encode_b(self) -> wiring.Component | None:
        return None

    def step(self) -> wiring.Component:
        return MacStep(self)

    def resolve(self) -> wiring.Component | None:
        return None


class MacStep(wiring.Component):
    def __init__(self, e: Mac) -> None:
        self._e = e
        super().__init__(
            {
                "a": In(e.lanes.a),
                "b": In(e.lanes.b),
                "state": In(e.lanes.state),
                "o": Out(e.lanes.state),
            }
        )

    def elaborate(self, platform: object) -> Module:
        e = self._e
        m = Module()
        heap = Heap(e.acc.bits)
        add_booth_rows(heap, self.a, self.b, e.a, e.b)
        heap.add_word(self.state, signed=False)
        rows = [[], []]
        for c in range(heap.width):
            column = compress_column(heap.column(c), 2, f"c{c}")
            heap.replace(c, column)
            for k in range(2):
                rows[k].append(column.bits[k].value if k < len(column.bits) else 0)
        m.d.comb += heap.statements
        from amaranth.hdl import Const
        rows = [[Const(0, 1) if isinstance(v, int) else v for v in r] for r in rows]
        m.d.comb += self.o.eq(Cat(rows[0]) + Cat(rows[1]))
        return m
