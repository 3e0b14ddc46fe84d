"""The streams every engine has, and what stands between them and an array."""

from typing import Any

from amaranth.hdl import Cat, Module, Signal, Value
from amaranth.lib import data, stream, wiring
from amaranth.lib.wiring import In, Out

from hw.element import Formats


def beat(lanes: int, width: int) -> data.StructLayout:
    """A payload: `lanes` numbers of `width` bits, lane 0 lowest, then the first and last marks."""
    return data.StructLayout({"data": lanes * width, "first": 1, "last": 1})


def engine_signature(element: Formats, rows: int, cols: int, depth: int = 1) -> wiring.Signature:
    """Streams `a` (`depth` numbers a row) and `b` (so many a column) in, `c` (a row of C) out."""
    return wiring.Signature(
        {
            "a": In(stream.Signature(beat(rows * depth, element.a.bits))),
            "b": In(stream.Signature(beat(depth * cols, element.b.bits))),
            "c": Out(stream.Signature(beat(cols, element.acc.bits))),
        }
    )


class Departures(wiring.Component):
    """Carries the marks of result rows beside an array: `latency` cycles from `row` to `valid`.

    Members
    -------
    en : In(1)
    row, tile_end : In(1)
        A row of results is under way; it is its tile's last.
    valid, first, last : Out(1)
        The row has arrived, with its marks.
    """

    def __init__(self, latency: int) -> None:
        self._latency = latency
        super().__init__(
            {
                "en": In(1),
                "row": In(1),
                "tile_end": In(1),
                "valid": Out(1),
                "first": Out(1),
                "last": Out(1),
            }
        )

    def offer(self, c: Any, data: Value) -> list[Any]:
        """Statements that offer a row of C, `data`, with its marks on stream `c`."""
        return [
            c.p.data.eq(data),
            c.p.first.eq(self.first),
            c.p.last.eq(self.last),
            c.valid.eq(self.valid),
        ]

    def elaborate(self, platform: object) -> Module:
        m = Module()
        rows = Signal(self._latency)
        ends = Signal(self._latency, reset_less=True)
        fresh = Signal(init=1)
        m.d.comb += [
            self.valid.eq(rows[-1]),
            self.first.eq(fresh),
            self.last.eq(ends[-1]),
        ]
        with m.If(self.en):
            m.d.sync += [
                rows.eq(Cat(self.row, rows)),
                ends.eq(Cat(self.tile_end, ends)),
            ]
            with m.If(self.valid):
                m.d.sync += fresh.eq(self.last)
        return m
