"""Sums of several products, for elements that multiply by Booth digits.

What an element brings is how it keeps a sum: with an adder or in carry-save form.
"""

import math
from functools import partial

from hw.arith.booth import SELECT_DELAY
from hw.arith.heap import heights_by
from hw.arith.kept import Keeping
from hw.arith.sums import Inputs, Layout, Products, Sum, early, example, layout_of
from hw.distinct import Make
from hw.element import Chain, DotProduct, Total

STEP = 0.2
"""By which a stage's time is found, in delays of an XOR gate."""


def dot_product(
    products: Products, width: int, registers: int, *, keeping: Keeping, last: int
) -> DotProduct:
    """All `products` in one compressor tree, accumulated modulo 2**`width`.

    Parameters
    ----------
    products : Products
        If they are inverted, what they lack is made once for a row, and added in the second stage.
    width : int
    registers : int
        Stages, at least one, or two for inverted products.
    keeping : Keeping
    last : int
        Bits in a column that the last stage may leave for the accumulation.
    """
    heap = example(products, width)
    constant, largest = heap.take_constant(), heap.largest
    words: dict[str, Layout] = {}
    of_row: Make | None = None
    if products.inverted:
        of_row = partial(Sum, width, Inputs(products=products.negations), early(math.inf))
        words = {"row": of_row().layout}
        largest += example(products.negations, width).largest
    reach = min(width, largest.bit_length())
    deadline = _deadline(heap.times[:reach], words.get("row", ()), registers, last)
    inputs = Inputs(products=products)
    stages: list[Make] = []
    for _ in range(registers):
        make = partial(Sum, reach, inputs, early(deadline))
        inputs = Inputs(words={"i": make().layout, **words})
        words = {}
        stages.append(make)
    return DotProduct(
        stages=tuple(stages),
        of_row=of_row,
        total=_total(inputs.words["i"], constant, width, keeping),
    )


def chain(one: Products, depth: int, width: int, *, keeping: Keeping) -> Chain:
    """`depth` times the product of `one`, accumulated modulo 2**`width`."""
    heap = example(one, width)
    constant = heap.take_constant()
    reach = min(width, (depth * heap.largest).bit_length())
    heap = example(one, reach)
    heap.take_constant()
    heights = keeping.heights(heap)
    layout, finish = layout_of(heights), keeping.finish(heights)
    return Chain(
        first=partial(Sum, reach, Inputs(products=one), finish),
        link=partial(Sum, reach, Inputs(products=one, words={"i": layout}), finish),
        total=_total(layout, depth * constant, width, keeping),
    )


def _total(layout: Layout, constant: int, width: int, keeping: Keeping) -> Total:
    """Accumulates sums of this layout and `constant`."""
    inputs = Inputs(words={"i": layout}, constant=constant)
    kept = keeping.whole(inputs, width)
    return Total(
        state=kept.state,
        accumulate=kept.accumulate(inputs),
        resolve=kept.resolve if keeping.resolves else None,
    )


def _deadline(columns: list[list[float]], second: Layout, registers: int, last: int) -> float:
    """The least time a stage in which as many leave at most `last` bits in a column.

    `second` are the columns of bits that join in the second stage.
    """
    joining = [second.count(column) for column in range(len(columns))]
    deadline = SELECT_DELAY
    while True:
        heights = heights_by(columns, deadline)
        late = joining
        for _ in range(registers - 1):
            heights = [height + more for height, more in zip(heights, late, strict=True)]
            heights = heights_by([[0.0] * height for height in heights], deadline)
            late = [0] * len(columns)
        if max(heights) <= last:
            return deadline
        deadline += STEP
