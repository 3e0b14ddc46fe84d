"""Sums of several floating-point products in fixed point, for arrays that add in space.

Such sums depend on no order, so that all arrays return the same results.
"""

from functools import partial
from math import ceil

from amaranth.hdl import Cat, Module, Value
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from golden.fixed import FixedPoint
from hw.arith.heap import Heap
from hw.distinct import Distinct, Make
from hw.element import Chain, DotProduct, Total
from hw.floats.element import FloatElement, Resolve
from hw.floats.fixed import Align


class AlignedProduct(wiring.Component):
    """A product in fixed point: (`o` + `negative`) modulo 2**acc.bits.

    Members
    -------
    a, b : In(lanes)
    o : Out(acc.width)
    negative : Out(1)
    invalid : Out(1)
        It is infinite or NaN.
    """

    def __init__(self, element: FloatElement, acc: FixedPoint) -> None:
        self._element, self._acc = element, acc
        lanes = element.lanes
        super().__init__(
            {
                "a": In(lanes.a),
                "b": In(lanes.b),
                "o": Out(acc.width),
                "negative": Out(1),
                "invalid": Out(1),
            }
        )

    def elaborate(self, platform: object) -> Module:
        m = Module()
        m.submodules.product = product = self._element.product()
        m.submodules.align = align = Align(product.shape, self._acc)
        m.d.comb += [
            product.a.eq(self.a),
            product.b.eq(self.b),
            align.zero.eq(product.o.zero),
            align.exponent.eq(product.o.exponent),
            align.significand.eq(product.o.significand),
            self.negative.eq(product.o.negative),
            self.o.eq(align.o ^ self.negative.replicate(self._acc.width)),
            self.invalid.eq(product.o.infinite | product.o.nan),
        ]
        return m


class AlignedProducts(wiring.Component):
    """Sums of groups of products in fixed point.

    A sum has `acc.width` bits and above them a bit that says that a product was infinite or NaN.

    Members
    -------
    a, b : In(depth * lanes)
    o : Out(groups * (acc.width + 1))
    """

    def __init__(self, element: FloatElement, acc: FixedPoint, depth: int, group: int) -> None:
        self._element, self._acc, self._depth, self._group = element, acc, depth, group
        super().__init__(
            {
                "a": In(depth * element.lanes.a),
                "b": In(depth * element.lanes.b),
                "o": Out(ceil(depth / group) * (acc.width + 1)),
            }
        )

    def elaborate(self, platform: object) -> Module:
        m = Module()
        lanes, width = self._element.lanes, self._acc.width
        one = Distinct("product", partial(AlignedProduct, self._element, self._acc))
        products = [one.place(m, f"product_{lane}") for lane in range(self._depth)]
        for lane, product in enumerate(products):
            m.d.comb += [
                product.a.eq(self.a.word_select(lane, lanes.a)),
                product.b.eq(self.b.word_select(lane, lanes.b)),
            ]
        sums: list[Value] = []
        for start in range(0, self._depth, self._group):
            group = products[start : start + self._group]
            heap = Heap(width)
            for product in group:
                heap.add_word(product.o, signed=False)
                heap.add_bit(product.negative, 0)
            x, y = heap.add_up(m)
            sums.append(Cat((x + y)[:width], Cat(product.invalid for product in group).any()))
        m.d.comb += self.o.eq(Cat(*sums))
        return m


class ChainStep(wiring.Component):
    """`o` = `i` + `a` * `b`, or without `i` for the first."""

    def __init__(self, element: FloatElement, *, first: bool) -> None:
        self._element, self._first = element, first
        lanes = element.lanes
        before = {} if first else {"i": In(lanes.state)}
        super().__init__({"a": In(lanes.a), "b": In(lanes.b), **before, "o": Out(lanes.state)})

    def elaborate(self, platform: object) -> Module:
        m = Module()
        m.submodules.step = step = self._element.step()
        m.d.comb += [
            step.a.eq(self.a),
            step.b.eq(self.b),
            step.state.eq(0 if self._first else self.i),
            self.o.eq(step.o),
        ]
        return m


class GroupSums(wiring.Component):
    """Sums of groups of sums, as `AlignedProducts` makes them.

    Members
    -------
    i : In(count * (width + 1))
    o : Out(groups * (width + 1))
    """

    def __init__(self, width: int, count: int, group: int) -> None:
        self._width, self._count, self._group = width, count, group
        super().__init__(
            {"i": In(count * (width + 1)), "o": Out(ceil(count / group) * (width + 1))}
        )

    def elaborate(self, platform: object) -> Module:
        m = Module()
        words = [self.i.word_select(index, self._width + 1) for index in range(self._count)]
        sums: list[Value] = []
        for start in range(0, self._count, self._group):
            group = words[start : start + self._group]
            heap = Heap(self._width)
            for word in group:
                heap.add_word(word[: self._width], signed=False)
            x, y = heap.add_up(m)
            sums.append(Cat((x + y)[: self._width], Cat(*(word[-1] for word in group)).any()))
        m.d.comb += self.o.eq(Cat(*sums))
        return m


class Accumulate(wiring.Component):
    """`o` = `state` + `i`, both as `AlignedProducts` makes them."""

    def __init__(self, width: int) -> None:
        self._width = width
        super().__init__({"state": In(width + 1), "i": In(width + 1), "o": Out(width + 1)})

    def elaborate(self, platform: object) -> Module:
        m = Module()
        width = self._width
        total = (self.state[:width] + self.i[:width])[:width]
        m.d.comb += self.o.eq(Cat(total, self.state[width] | self.i[width]))
        return m


class SpatialFloatElement(FloatElement):
    """An element that also adds several products in a cycle, if its accumulator is fixed-point."""

    def dot_product(self, depth: int, registers: int) -> DotProduct:
        """`depth` products in `registers` stages, each of which adds groups of equal size."""
        acc = self._fixed
        group = next(size for size in range(1, depth + 1) if _left(depth, size, registers) == 1)
        stages: list[Make] = [partial(AlignedProducts, self, acc, depth, group)]
        count = ceil(depth / group)
        for _ in range(registers - 1):
            stages.append(partial(GroupSums, acc.width, count, group))
            count = ceil(count / group)
        return DotProduct(stages=tuple(stages), of_row=None, total=_total(acc))

    def chain(self, depth: int) -> Chain:
        """One product after the other."""
        return Chain(
            first=partial(ChainStep, self, first=True),
            link=partial(ChainStep, self, first=False),
            total=_total(self._fixed),
        )

    @property
    def _fixed(self) -> FixedPoint:
        if not isinstance(self.acc, FixedPoint):
            raise ValueError(f"acc: {self.acc.name} given, use exact or qI.F to add in space")
        return self.acc


def _total(acc: FixedPoint) -> Total:
    return Total(
        state=acc.width + 1,
        accumulate=partial(Accumulate, acc.width),
        resolve=partial(Resolve, acc),
    )


def _left(count: int, group: int, stages: int) -> int:
    """Sums that are left of `count` after some stages."""
    for _ in range(stages):
        count = ceil(count / group)
    return count
