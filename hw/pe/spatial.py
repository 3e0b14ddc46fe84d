"""Sums of several products, for elements that multiply by Booth digits.

What an element brings is how it keeps a sum: with an adder or in carry-save form.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from amaranth.hdl import Signal

from hw.arith.heap import Heap
from hw.arith.sums import Finish, Inputs, Layout, Products, Sum, squeezed
from hw.distinct import Make
from hw.element import Chain, DotProduct, Total

SELECT_LEVELS = 1.5
"""What the selection of a partial product takes, in levels of a compressor tree."""


@dataclass(frozen=True, kw_only=True)
class Kept:
    """How a sum is kept.

    Parameters
    ----------
    heights : sequence of int
        Bits in each column.
    finish : Finish
        Makes them.
    resolve : callable () -> Component, or None
        As for `hw.element.Element`.
    """

    heights: Sequence[int]
    finish: Finish
    resolve: Make | None

    @property
    def layout(self) -> Layout:
        return tuple(column for column, bits in enumerate(self.heights) for _ in range(bits))


Keep = Callable[[Heap], Kept]
"""How to keep a sum to which a heap is added again and again."""


def dot_product(
    products: Products, width: int, registers: int, *, keep: Keep, last: int
) -> DotProduct:
    """All `products` in one compressor tree, accumulated modulo 2**`width`.

    Parameters
    ----------
    registers : int
        Stages, at least one.
    keep : Keep
    last : int
        Bits in a column that the last stage leaves for the accumulation.
    """
    heap = products.heap(width)
    constant, reach = heap.take_constant(), min(width, heap.reach)
    heights = _heights(heap.tallest, registers, last)
    inputs = Inputs(products=products)
    stages: list[Make] = []
    for height in heights:
        make = partial(Sum, reach, inputs, squeezed(height))
        inputs = Inputs(words={"i": make().layout})
        stages.append(make)
    return DotProduct(stages=tuple(stages), total=_total(inputs.words["i"], constant, width, keep))


def chain(one: Products, depth: int, width: int, *, keep: Keep) -> Chain:
    """`depth` times the product of `one`, accumulated modulo 2**`width`."""
    heap = one.heap(width)
    constant = heap.take_constant()
    reach = min(width, (depth * (2**heap.reach - 1)).bit_length())
    heap = one.heap(reach)
    heap.take_constant()
    kept = keep(heap)
    return Chain(
        first=partial(Sum, reach, Inputs(products=one), kept.finish),
        link=partial(Sum, reach, Inputs(products=one, words={"i": kept.layout}), kept.finish),
        total=_total(kept.layout, depth * constant, width, keep),
    )


def _total(layout: Layout, constant: int, width: int, keep: Keep) -> Total:
    """Accumulates sums of this layout and `constant`."""
    heap = Heap(width)
    heap.add_bits(Signal(len(layout)), layout)
    heap.add_constant(constant)
    kept = keep(heap)
    words = {"i": layout, "state": kept.layout}
    return Total(
        state=len(kept.layout),
        accumulate=partial(Sum, width, Inputs(words=words, constant=constant), kept.finish),
        resolve=kept.resolve,
    )


def _heights(rows: int, registers: int, last: int) -> list[int]:
    """Heights at which to cut a tree that starts with `rows` bits in a column, each stage taking
    about as many levels of adders; the heights of a tree's levels are Dadda's."""
    dadda = [last]
    while dadda[-1] < rows:
        dadda.append(dadda[-1] * 3 // 2 if dadda[-1] > 1 else 2)
    levels = len(dadda) - 1
    each = (levels + SELECT_LEVELS) / registers
    ends = [levels + SELECT_LEVELS - each * stage for stage in range(1, registers + 1)]
    return [dadda[max(0, min(levels, round(end)))] for end in ends]
