"""OPT1: multiply and accumulate without carry propagation.

The product's partial products and the accumulator go through one compressor tree, and the
accumulator stays a carry-save number ("Exploring the Performance Improvement of Tensor Processing
Engines through Transformation in the Bit-weight Dimension of MACs", HPCA 2025, OPT1).

Beyond the paper: nothing is sign-extended, and a column whose sum is early keeps one bit instead of
two, so that the low columns and most of those above the product have no carry register. How early,
is an option: from a sum that is all carry-save to one that is nearly resolved.
"""

from collections.abc import Sequence
from functools import partial

from amaranth.hdl import Cat, Const, Module, Signal, Value
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from golden.formats import IntFormat
from golden.gemm import Overflow
from hw.arith.booth import BoothEncoder, add_booth_rows, recoded_bits
from hw.arith.heap import Heap
from hw.arith.sums import Products, carry_save, layout_of
from hw.element import Chain, DotProduct, Lanes, step_signature
from hw.pe.spatial import Kept, chain, dot_product

LAST = 4
"""Bits in a column of a dot product that meet the accumulator's two."""


class Opt1:
    """A carry-save multiply-accumulate element. Sums are modulo 2**acc.bits.

    Parameters
    ----------
    a, b, acc : IntFormat
        Operands and accumulator.
    overflow : str
        "wrap".
    ripple : str
        Until when a column's sum has to be there to be kept in one bit, in delays of an XOR gate.

    Attributes
    ----------
    heights : list of int
        Bits of each column of the accumulator, 1 or 2, the lowest first. The state holds them in
        this order.
    """

    encode_b = None

    def __init__(
        self,
        a: IntFormat,
        b: IntFormat,
        acc: IntFormat,
        *,
        overflow: Overflow = "wrap",
        ripple: str = "5",
    ) -> None:
        self.a, self.b, self.acc = a, b, acc
        self.overflow = overflow
        self.keep = partial(keep_carry_save, float(ripple))
        digits = recoded_bits(a)
        heap = Heap(acc.bits)
        add_booth_rows(heap, Signal(digits), Signal(b.bits), a, b)
        self.heights = self.keep(heap).heights
        self.lanes = Lanes(a=digits, b=b.bits, state=sum(self.heights))
        self.encode_a = partial(BoothEncoder, a)
        self.resolve = partial(Resolve, self.heights)

    def step(self) -> wiring.Component:
        return Opt1Step(self)

    def dot_product(self, depth: int, registers: int) -> DotProduct:
        products = Products(a=self.a, b=self.b, depth=depth)
        return dot_product(products, self.acc.bits, registers, keep=self.keep, last=LAST)

    def chain(self, depth: int) -> Chain:
        return chain(Products(a=self.a, b=self.b, depth=1), depth, self.acc.bits, keep=self.keep)


def keep_carry_save(deadline: float, heap: Heap) -> Kept:
    """A sum to which `heap` is added again and again, in carry-save form.

    A column is kept in one bit if its sum is there by `deadline`, in delays of an XOR gate.
    """
    heights = heap.carry_save_heights(deadline)
    return Kept(heights=heights, finish=carry_save(heights), resolve=partial(Resolve, heights))


class Opt1Step(wiring.Component):
    """`o` = `state` + `a` * `b`, for Booth digits `a` and carry-save sums."""

    def __init__(self, element: Opt1) -> None:
        self._element = element
        super().__init__(step_signature(element.lanes))

    def elaborate(self, platform: object) -> Module:
        m = Module()
        element = self._element
        heap = Heap(element.acc.bits)
        add_booth_rows(heap, self.a, self.b, element.a, element.b)
        heap.add_bits(self.state, layout_of(element.heights))
        columns = heap.compress(element.heights)
        m.d.comb += [*heap.statements, self.o.eq(Cat(columns))]
        return m


class Resolve(wiring.Component):
    """A carry-save number as one word: `o` = the sum of the bits of `i`.

    Parameters
    ----------
    heights : sequence of int
        How many bits of `i` each column has, 1 or 2.
    """

    def __init__(self, heights: Sequence[int]) -> None:
        self._heights = heights
        super().__init__({"i": In(sum(heights)), "o": Out(len(heights))})

    def elaborate(self, platform: object) -> Module:
        m = Module()
        columns = columns_of(self.i, self._heights)
        sums = Cat(bits[0] for bits in columns)
        carries = Cat(bits[1] if len(bits) > 1 else Const(0, 1) for bits in columns)
        m.d.comb += self.o.eq(sums + carries)
        return m


def columns_of(state: Value, heights: Sequence[int]) -> list[Value]:
    """The bits of each column of a carry-save number."""
    ends = [sum(heights[: index + 1]) for index in range(len(heights))]
    return [state[end - height : end] for end, height in zip(ends, heights, strict=True)]
