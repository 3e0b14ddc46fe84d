"""Cube: `depth` elements in a chain for each element of C, one for each value of k of a beat.

Sums move from element to element in whatever form the element likes, so plane z meets its operands
z cycles after plane 0. What leaves the last plane is accumulated, and rows of C move up to the
ports while the next tile is added up.
"""

from collections.abc import Sequence
from functools import partial

from amaranth.lib.wiring import In

from hw.arrays.broadcast import BroadcastArray, Cells, Registered, Size
from hw.arrays.spatial import accumulators
from hw.distinct import Distinct
from hw.element import Spatial
from hw.structure import Structure, Wire


class Column(Structure):
    """A chain of elements and its accumulator. Members as in `hw.arrays.broadcast.Cells`."""

    def __init__(self, elements: Sequence[Distinct], accumulator: Distinct) -> None:
        first, depth = elements[0].component, len(elements)
        lanes = {name: len(getattr(first, name)) for name in ("a", "b")}
        sums = accumulator.component.signature.members
        rest = {name: sums[name] for name in ("en", "clear", "leave", "below", "o")}
        super().__init__({**{name: In(depth * width) for name, width in lanes.items()}, **rest})
        inputs: dict[str, Wire] = {}
        for z, element in enumerate(elements):
            o = self.wire(f"sum_{z}", len(first.o))
            operands = {name: self.port(name).lane(z, width) for name, width in lanes.items()}
            self.place(element, f"element_{z}", en=self.port("en"), **operands, **inputs, o=o)
            inputs = {"i": o}
        self.place(accumulator, "sum", **{name: self.port(name) for name in rest}, **inputs)


class Cube(BroadcastArray):
    """R x N chains of `depth` elements: C[R, N] += A[R, K] B[K, N], R rows of C.

    Latency: `golden.arrays.cube.latency`. Throughput: R N depth products a cycle while a tile has
    R beats or more.
    """

    def __init__(self, element: Spatial, rows: int, cols: int, depth: int) -> None:
        chain = element.chain(depth)
        first = Distinct("first", partial(Registered, chain.first))
        link = Distinct("link", partial(Registered, chain.link))
        elements = [first, *[link] * (depth - 1)]
        accumulator, bottom = accumulators(chain.total)
        cells = Cells(
            one=Distinct("pe", partial(Column, elements, accumulator)),
            bottom=Distinct("pe_bottom", partial(Column, elements, bottom)),
            marks=("clear", "leave"),
            delay=depth,
            state=chain.total.state,
            resolve=chain.total.resolve,
        )
        super().__init__(
            element, cells, Size(rows=rows, cols=cols, depth=depth), skew=True, waits=False
        )
