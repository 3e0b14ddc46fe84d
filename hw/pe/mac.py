"""The baseline: a fused multiply-accumulate.

The Booth rows of the product and the accumulator go through one compressor tree and one adder; no
structure that we tried has a smaller area-delay product in this flow (`docs/cost.md`). That adder
need not be as long as the accumulator: its high part may count overflows instead.
"""

from amaranth.hdl import Module, Mux, Value
from amaranth.lib import wiring

from golden.formats import IntFormat
from golden.gemm import Overflow
from hw.arith.booth import add_booth_rows
from hw.arith.heap import Heap
from hw.arith.kept import Resolved
from hw.element import step_signature
from hw.pe.booth_element import BoothElement


class Mac(BoothElement):
    """A multiply-accumulate element with a two's complement or unsigned accumulator.

    Parameters
    ----------
    a, b, acc : IntFormat
        Operands and accumulator.
    overflow : str
        "wrap": sums are modulo 2**acc.bits. "saturate": they are clamped to the range of `acc`.
    accumulator : str
        "whole": one number. "split": in two parts, but whole if it saturates; its high part counts.
    """

    last = 2

    def __init__(
        self,
        a: IntFormat,
        b: IntFormat,
        acc: IntFormat,
        *,
        overflow: Overflow = "wrap",
        accumulator: str = "split",
    ) -> None:
        self.saturates = overflow == "saturate"
        kept = "whole" if self.saturates else accumulator
        super().__init__(a, b, acc, keeping=Resolved(), accumulator=kept)
        # Registers behind the array are there by the option alone.
        if accumulator == "split":
            self.resolve = self.kept.resolve

    def step(self) -> wiring.Component:
        return SaturatingStep(self) if self.saturates else super().step()


class SaturatingStep(wiring.Component):
    """`o` = `state` + `a` * `b` in the accumulator's range, for Booth digits `a`."""

    def __init__(self, element: Mac) -> None:
        self._element = element
        super().__init__(step_signature(element.lanes))

    def elaborate(self, platform: object) -> Module:
        m = Module()
        element = self._element
        heap = Heap(_exact_bits(element))
        add_booth_rows(heap, self.a, self.b, element.a, element.b)
        heap.add_word(self.state, signed=element.acc.signed)
        x, y = heap.add_up(m)
        m.d.comb += self.o.eq(_clamped((x + y)[: heap.width].as_signed(), element.acc))
        return m


def _exact_bits(element: Mac) -> int:
    """Bits of a two's complement number that holds any accumulator plus any product."""
    product = element.a.bits + element.b.bits + (not element.a.signed) + (not element.b.signed)
    return max(element.acc.bits + (not element.acc.signed), product) + 1


def _clamped(total: Value, acc: IntFormat) -> Value:
    """The number in the range of `acc` next to a signed one that is wider."""
    above = total[acc.bits - acc.signed : -1]
    negative = total[-1]
    if acc.signed:
        fits = (negative & above.all()) | (~negative & ~above.any())
        return Mux(fits, total[: acc.bits], Mux(negative, acc.min, acc.max))
    return Mux(negative, 0, Mux(above.any(), acc.max, total[: acc.bits]))
