"""The baseline: a fused multiply-accumulate.

The Booth rows of the product and the accumulator go through one compressor tree and one adder; no
structure that we tried has a smaller area-delay product in this flow (`docs/cost.md`).
"""

from functools import partial

from amaranth.hdl import Module, Mux
from amaranth.lib import wiring

from golden.formats import IntFormat
from golden.gemm import Overflow
from hw.arith.booth import BoothEncoder, add_booth_rows, recoded_bits
from hw.arith.heap import Heap
from hw.arith.sums import Products, added
from hw.element import Chain, DotProduct, Lanes, step_signature
from hw.pe.spatial import Kept, chain, dot_product


class Mac:
    """A multiply-accumulate element with a two's complement or unsigned accumulator.

    Parameters
    ----------
    a, b, acc : IntFormat
        Operands and accumulator.
    overflow : str
        "wrap": sums are modulo 2**acc.bits. "saturate": they are clamped to the range of `acc`.
    """

    encode_b = None
    resolve = None

    def __init__(
        self, a: IntFormat, b: IntFormat, acc: IntFormat, *, overflow: Overflow = "wrap"
    ) -> None:
        self.a, self.b, self.acc = a, b, acc
        self.overflow = overflow
        self.lanes = Lanes(a=recoded_bits(a), b=b.bits, state=acc.bits)
        self.encode_a = partial(BoothEncoder, a)

    def step(self) -> wiring.Component:
        return MacStep(self)

    def dot_product(self, depth: int, registers: int) -> DotProduct:
        products = Products(a=self.a, b=self.b, depth=depth)
        return dot_product(products, self.acc.bits, registers, keep=_resolved, last=2)

    def chain(self, depth: int) -> Chain:
        return chain(Products(a=self.a, b=self.b, depth=1), depth, self.acc.bits, keep=_resolved)


class MacStep(wiring.Component):
    """`o` = `state` + `a` * `b`, for Booth digits `a`."""

    def __init__(self, element: Mac) -> None:
        self._element = element
        super().__init__(step_signature(element.lanes))

    def elaborate(self, platform: object) -> Module:
        m = Module()
        element = self._element
        saturate = element.overflow == "saturate"
        heap = Heap(_exact_bits(element) if saturate else element.acc.bits)
        add_booth_rows(heap, self.a, self.b, element.a, element.b)
        heap.add_word(self.state, signed=saturate and element.acc.signed)
        x, y = heap.add_up(m)
        total = (x + y)[: heap.width]
        m.d.comb += self.o.eq(_clamped(total.as_signed(), element.acc) if saturate else total)
        return m


def _resolved(heap: Heap) -> Kept:
    return Kept(heights=[1] * heap.width, finish=added, resolve=None)


def _exact_bits(element: Mac) -> int:
    """Bits of a two's complement number that holds any accumulator plus any product."""
    product = element.a.bits + element.b.bits + (not element.a.signed) + (not element.b.signed)
    return max(element.acc.bits + (not element.acc.signed), product) + 1


def _clamped(total, acc: IntFormat):
    """The number in the range of `acc` next to a signed one that is wider."""
    above = total[acc.bits - acc.signed : -1]
    negative = total[-1]
    if acc.signed:
        fits = (negative & above.all()) | (~negative & ~above.any())
        return Mux(fits, total[: acc.bits], Mux(negative, acc.min, acc.max))
    return Mux(negative, 0, Mux(above.any(), acc.max, total[: acc.bits]))
