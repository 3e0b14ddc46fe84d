"""Adder trees: dot-product units in rows and columns, all lanes of a unit in one tree.

A unit has registers between the levels of its tree, an accumulator, and a register in which a row
of C moves up to the ports while the next tile is added up.
"""

from collections.abc import Sequence
from functools import partial

from amaranth.lib.wiring import In

from golden.arrays.adder_tree import tree_registers
from hw.arrays.broadcast import BroadcastArray, Cells, Registered, Size
from hw.arrays.spatial import accumulators
from hw.distinct import Distinct
from hw.element import Spatial
from hw.structure import Structure


class Unit(Structure):
    """A dot product and its accumulator. Members as in `hw.arrays.broadcast.Cells`."""

    def __init__(
        self, stages: Sequence[Distinct], row: Distinct | None, accumulator: Distinct
    ) -> None:
        lanes = stages[0].component.signature.members
        sums = accumulator.component.signature.members
        rest = {name: sums[name] for name in ("en", "clear", "leave", "below", "o")}
        shared = {} if row is None else {"row": In(len(row.component.o))}
        super().__init__({"a": lanes["a"], "b": lanes["b"], **shared, **rest})
        inputs = {name: self.port(name) for name in ("a", "b")}
        late = {name: self.port(name) for name in shared}
        for stage in stages:
            o = self.wire(f"{stage.name}_o", len(stage.component.o))
            self.place(stage, f"{stage.name}_stage", en=self.port("en"), **inputs, o=o)
            inputs, late = {"i": o, **late}, {}
        self.place(accumulator, "sum", **{name: self.port(name) for name in rest}, **inputs)


class AdderTree(BroadcastArray):
    """R x N dot products of `depth` lanes: C[R, N] += A[R, K] B[K, N], R rows of C.

    Latency: `golden.arrays.adder_tree.latency`. Throughput: R N depth products a cycle while a tile
    has R beats or more.
    """

    def __init__(
        self, element: Spatial, rows: int, cols: int, depth: int, *, registers: str
    ) -> None:
        stages_before = tree_registers(depth, registers)
        dot = element.dot_product(depth, stages_before)
        stages = [
            Distinct(f"dot_{index}", partial(Registered, make))
            for index, make in enumerate(dot.stages)
        ]
        accumulator, bottom = accumulators(dot.total)
        row = None if dot.of_row is None else Distinct("row", partial(Registered, dot.of_row))
        cells = Cells(
            one=Distinct("pe", partial(Unit, stages, row, accumulator)),
            bottom=Distinct("pe_bottom", partial(Unit, stages, row, bottom)),
            of_row=row,
            marks=("clear", "leave"),
            delay=stages_before,
            state=dot.total.state,
            resolve=dot.total.resolve,
        )
        super().__init__(
            element, cells, Size(rows=rows, cols=cols, depth=depth), skew=False, waits=False
        )
