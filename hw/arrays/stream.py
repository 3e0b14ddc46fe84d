"""The streams every engine has, and what stands between them and an array."""

from amaranth.hdl import Cat, Module, Signal, Value
from amaranth.lib import data, stream, wiring
from amaranth.lib.wiring import In, Out

from hw.distinct import Distinct, Make
from hw.element import Element


def beat(lanes: int, width: int) -> data.StructLayout:
    """A payload: `lanes` numbers of `width` bits, lane 0 lowest, then the first and last marks."""
    return data.StructLayout({"data": lanes * width, "first": 1, "last": 1})


def engine_signature(element: Element, rows: int, cols: int) -> wiring.Signature:
    """Streams `a` (one number a row) and `b` (one a column) in, `c` (a row of C) out."""
    return wiring.Signature(
        {
            "a": In(stream.Signature(beat(rows, element.a.bits))),
            "b": In(stream.Signature(beat(cols, element.b.bits))),
            "c": Out(stream.Signature(beat(cols, element.acc.bits))),
        }
    )


def encode_lanes(m: Module, make: Make | None, lanes: Value, name: str) -> Value:
    """`lanes` with a component that `make` builds on each, or as they are if it is None."""
    if make is None:
        return lanes
    module = Distinct(name, make)
    width = len(module.component.i)
    places = []
    for lane in range(len(lanes) // width):
        place = module.place(m, f"{name}_{lane}")
        m.d.comb += place.i.eq(lanes[lane * width : (lane + 1) * width])
        places.append(place.o)
    return Cat(places)


class Skew(wiring.Component):
    """Delays lane i by i cycles.

    Members
    -------
    en : In(1)
    i, o : In/Out(lanes * width)
        Lane 0 passes through.
    """

    def __init__(self, lanes: int, width: int) -> None:
        self._lanes, self._width = lanes, width
        super().__init__({"en": In(1), "i": In(lanes * width), "o": Out(lanes * width)})

    def elaborate(self, platform: object) -> Module:
        m = Module()
        waiting = self.i
        ready = [self.i[: self._width]]
        for lane in range(1, self._lanes):
            stage = Signal(len(waiting) - self._width, name=f"delayed_{lane}", reset_less=True)
            with m.If(self.en):
                m.d.sync += stage.eq(waiting[self._width :])
            ready.append(stage[: self._width])
            waiting = stage
        m.d.comb += self.o.eq(Cat(ready))
        return m


class Deskew(wiring.Component):
    """Delays lane i of n by n - i cycles: what a skewed array returns becomes aligned rows.

    Members
    -------
    en : In(1)
    i, o : In/Out(lanes * width)
        The last lane waits one cycle, so the output comes from registers.
    """

    def __init__(self, lanes: int, width: int) -> None:
        self._lanes, self._width = lanes, width
        super().__init__({"en": In(1), "i": In(lanes * width), "o": Out(lanes * width)})

    def elaborate(self, platform: object) -> Module:
        m = Module()
        early = Signal(0)
        for lane in range(self._lanes):
            stage = Signal((lane + 1) * self._width, name=f"aligned_{lane}", reset_less=True)
            arrived = self.i[lane * self._width : (lane + 1) * self._width]
            with m.If(self.en):
                m.d.sync += stage.eq(Cat(early, arrived))
            early = stage
        m.d.comb += self.o.eq(early)
        return m


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
