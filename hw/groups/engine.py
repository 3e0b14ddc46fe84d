"""An array with what scales and adds up groups behind it."""

from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Protocol

from amaranth.hdl import Cat, Const, Module, Signal, Value
from amaranth.lib import data, stream, wiring
from amaranth.lib.wiring import In, Out

from golden.fixed import Accumulator, FixedNumber
from golden.groups import FloatGroups, IntegerGroups
from hw.arrays.stream import beat, engine_signature
from hw.distinct import Distinct
from hw.element import Element
from hw.groups.column import Column, Scaling
from hw.groups.fixed import FixedColumn
from hw.groups.floating import FloatColumn

MARKS = data.StructLayout({"first": 1, "last": 1, "begin": 1, "final": 1, "valid": 1})
"""Of a row: the first or last of its tile, of the tile's first or last group, and whether it is."""


class GroupElement(Element, Protocol):
    """An element for weights in groups: `acc` is its own accumulator, `total` what follows."""

    groups: IntegerGroups | FloatGroups
    total: Accumulator


class GroupedEngine(wiring.Component):
    """An engine whose weights come in groups: C[R, N] over groups of k, each with a scale.

    The array computes every group as a tile of its own. Its rows, one sum a column, are scaled and
    added to accumulators here; those of a tile's last group leave. With zero points the array has a
    column more, whose weights are 1.

    Latency: `golden.grouped.grouped_cycles`.

    Parameters
    ----------
    element : GroupElement
    array : callable (element, rows, cols) -> Component
        Builds the array.
    rows, cols : int

    Members
    -------
    a, b, c : streams
        See `hw.arrays.stream.engine_signature`. The marks of `a` and `b` are those of groups.
    s : In(stream)
        A beat a group: the scales of all columns, with their zero points. The marks are those of
        the tile's first and last group.
    """

    def __init__(
        self,
        element: GroupElement,
        array: Callable[[Element, int, int], wiring.Component],
        rows: int,
        cols: int,
    ) -> None:
        self._element, self._rows, self._cols = element, rows, cols
        self._groups = element.groups
        self._scaling = Scaling(groups=element.groups, acc=element.total, rows=rows)
        self._array = array(element, rows, cols + self._groups.zeros)
        inner = engine_signature(element, rows, cols).members
        super().__init__(
            {
                "a": inner["a"],
                "b": inner["b"],
                "s": In(stream.Signature(beat(cols, self._groups.scale_bits))),
                "c": Out(stream.Signature(beat(cols, element.total.bits))),
            }
        )

    def elaborate(self, platform: object) -> Module:
        m = Module()
        m.submodules.array = array = self._array
        wiring.connect(m, wiring.flipped(self.a), array.a)
        ones = [Const(1, self._element.b.bits)] if self._groups.zeros else []
        en, take = Signal(), Signal()
        m.d.comb += [
            array.b.p.data.eq(Cat(self.b.p.data, *ones)),
            array.b.p.first.eq(self.b.p.first),
            array.b.p.last.eq(self.b.p.last),
            array.b.valid.eq(self.b.valid),
            self.b.ready.eq(array.b.ready),
            en.eq(~self.c.valid | self.c.ready),
            array.c.ready.eq(en & self.s.valid),
            take.eq(array.c.valid & self.s.valid),
            self.s.ready.eq(en & array.c.valid & array.c.p.last),
        ]
        marks = Cat(array.c.p.first, array.c.p.last, self.s.p.first, self.s.p.last)
        passed = self._passed(m, en, take, marks)
        self._place_columns(m, en, passed)
        leaving = passed[-1]
        m.d.comb += [
            self.c.valid.eq(leaving.valid & leaving.final),
            self.c.p.first.eq(leaving.first),
            self.c.p.last.eq(leaving.last),
        ]
        return m

    def _passed(self, m: Module, en: Value, take: Value, marks: Value) -> list[Value]:
        """What the row is in each register behind the array, the first register first."""
        held = [
            Signal(MARKS, name=f"passed_{index}", init={"valid": 0})
            for index in range(self._scaling.stages)
        ]
        with m.If(en):
            m.d.sync += [
                held[0].eq(Cat(marks, take)),
                *(later.eq(sooner) for sooner, later in pairwise(held)),
            ]
        return held

    def _place_columns(self, m: Module, en: Value, passed: list[Value]) -> None:
        """All columns, and the row that they read and write."""
        reading = passed[self._scaling.reads]
        row, write = Signal(self._rows, init=1), Signal(self._rows)
        with m.If(en & reading.valid):
            m.d.sync += row.eq(Cat(row[-1], row[:-1]))
        written: Value = row
        if self._scaling.reads < self._scaling.writes:
            written = Signal(self._rows, name="row_read", reset_less=True)
            with m.If(en):
                m.d.sync += written.eq(row)
        m.d.comb += write.eq(written & passed[self._scaling.writes].valid.replicate(self._rows))
        every = Distinct("column", partial(column, self._scaling))
        sums = self._array.c.p.data
        width, scale_bits = self._element.acc.bits, self._groups.scale_bits
        results = []
        for index in range(self._cols):
            placed = every.place(m, f"column_{index}")
            m.d.comb += [
                placed.en.eq(en),
                placed.sum.eq(sums.word_select(index, width)),
                placed.scale.eq(self.s.p.data.word_select(index, scale_bits)),
                placed.begin.eq(reading.begin),
                placed.row.eq(row),
                placed.write.eq(write),
            ]
            if self._groups.zeros:
                m.d.comb += placed.of_row.eq(sums.word_select(self._cols, width))
            results.append(placed.o)
        m.d.comb += self.c.p.data.eq(Cat(results))


def column(scaling: Scaling) -> Column:
    """The column that scales and adds up as it should."""
    fixed = isinstance(scaling.acc, FixedNumber)
    return FixedColumn(scaling) if fixed else FloatColumn(scaling)
