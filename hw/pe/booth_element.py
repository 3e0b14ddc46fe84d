"""Elements that multiply by Booth digits of A, whatever form their sums have."""

from functools import partial

from amaranth.lib import wiring

from golden.formats import IntFormat
from hw.arith.booth import BoothEncoder, recoded_bits
from hw.arith.kept import Keeping
from hw.arith.sums import Inputs, Products, example
from hw.distinct import Make
from hw.element import Chain, DotProduct, Lanes
from hw.pe.spatial import chain, dot_product


class BoothElement:
    """A multiply-accumulate element, also for several products in a cycle.

    Parameters
    ----------
    a, b, acc : IntFormat
        Operands and accumulator. Sums are modulo 2**acc.bits.
    keeping : Keeping
    accumulator : str
        "whole", or "split" where products are added one by one (`hw.arith.kept`).

    Attributes
    ----------
    last : int
        Bits in a column of a dot product that meet the accumulator's.
    """

    encode_b: Make | None = None
    last: int

    def __init__(
        self, a: IntFormat, b: IntFormat, acc: IntFormat, *, keeping: Keeping, accumulator: str
    ) -> None:
        self.a, self.b, self.acc = a, b, acc
        self.keeping = keeping
        self._product = Products(a=a, b=b, depth=1)
        constant = example(self._product, acc.bits).take_constant()
        self._inputs = Inputs(products=self._product, constant=constant)
        split = accumulator == "split"
        self.kept = (
            keeping.split(self._inputs, acc.bits, self._product.ends)
            if split
            else keeping.whole(self._inputs, acc.bits)
        )
        state, high = self.kept.state, self.kept.high
        self.lanes = Lanes(a=recoded_bits(a), b=b.bits, state=state, high=high)
        self.encode_a: Make | None = partial(BoothEncoder, a)
        self.resolve = self.kept.resolve if split or keeping.resolves else None

    def step(self) -> wiring.Component:
        return self.kept.accumulate(self._inputs)()

    def dot_product(self, depth: int, registers: int) -> DotProduct:
        products = self._products(depth, registers)
        return dot_product(products, self.acc.bits, registers, keeping=self.keeping, last=self.last)

    def chain(self, depth: int) -> Chain:
        return chain(self._product, depth, self.acc.bits, keeping=self.keeping)

    def _products(self, depth: int, registers: int) -> Products:
        """Those of a dot product in so many stages."""
        return Products(a=self.a, b=self.b, depth=depth)
