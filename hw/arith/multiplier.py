"""A multiplier by itself, to compare with what else multiplies."""

from typing import Literal

from amaranth.hdl import Module
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from golden.formats import IntFormat
from hw.arith.booth import BoothEncoder, add_booth_rows
from hw.arith.heap import AND_DELAY, Heap


class Multiplier(wiring.Component):
    """The exact product of two integers, combinational.

    Parameters
    ----------
    a, b : IntFormat
    rows : str
        "booth": a row for every radix-4 digit of a. "bits": one for every bit of a, with the signs
        handled as by C. R. Baugh and B. A. Wooley, IEEE Trans. Computers C-22(12), 1973.

    Members
    -------
    a, b : In(a.bits), In(b.bits)
    o : Out(a.bits + b.bits)
    """

    def __init__(self, a: IntFormat, b: IntFormat, *, rows: Literal["booth", "bits"]) -> None:
        self._a, self._b, self._rows = a, b, rows
        super().__init__({"a": In(a.bits), "b": In(b.bits), "o": Out(a.bits + b.bits)})

    def elaborate(self, platform: object) -> Module:
        m = Module()
        heap = Heap(len(self.o))
        if self._rows == "booth":
            m.submodules.encode = encoder = BoothEncoder(self._a)
            m.d.comb += encoder.i.eq(self.a)
            add_booth_rows(heap, encoder.o, self.b, self._a, self._b)
        else:
            self._add_bit_rows(heap)
        x, y = heap.add_up(m)
        m.d.comb += self.o.eq(x + y)
        return m

    def _add_bit_rows(self, heap: Heap) -> None:
        for i, a_bit in enumerate(self.a):
            for j, b_bit in enumerate(self.b):
                a_sign = self._a.signed and i == self._a.bits - 1
                b_sign = self._b.signed and j == self._b.bits - 1
                add = heap.add_bit if a_sign == b_sign else heap.subtract_bit
                add(a_bit & b_bit, i + j, AND_DELAY)
