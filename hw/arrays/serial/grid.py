"""All rows of a digit-serial array, the windows above them and the drain below."""

from collections.abc import Iterator
from functools import partial, reduce
from operator import or_

from amaranth.hdl import Cat, Module, Mux, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from golden.arrays.column import FRONT
from golden.arrays.systolic_os import SEGMENT
from hw.arrays.drain import joined
from hw.arrays.serial.cell import Window
from hw.arrays.serial.front import FrontB
from hw.arrays.serial.ports import slot_bits, terms_port
from hw.arrays.serial.row import Row
from hw.distinct import Distinct
from hw.serial import SerialElement
from hw.structure import Structure, Wire

SHARED = 4
"""Columns that one register for what is to be added to their sums serves."""


class Gather(wiring.Component):
    """The drain bus of one column: `o` is the sum of the row that is to `dump`, or zero.

    Members
    -------
    dump : In(rows)
    i_0, i_1, ... : In(state)
    o : Out(state)
    """

    def __init__(self, rows: int, state: int) -> None:
        self._rows = rows
        sums = {f"i_{row}": In(state) for row in range(rows)}
        super().__init__({"dump": In(rows), **sums, "o": Out(state)})

    def elaborate(self, platform: object) -> Module:
        m = Module()
        sums = [Mux(self.dump[row], getattr(self, f"i_{row}"), 0) for row in range(self._rows)]
        while len(sums) > 1:
            sums = [reduce(or_, sums[at : at + 2]) for at in range(0, len(sums), 2)]
        m.d.comb += self.o.eq(sums[0])
        return m


class AnyOf(wiring.Component):
    """`o` = which bits are set in any of the words of `i`."""

    def __init__(self, words: int, width: int) -> None:
        super().__init__({"i": In(words * width), "o": Out(width)})

    def elaborate(self, platform: object) -> Module:
        m = Module()
        width = len(self.o)
        words = range(0, len(self.i), width)
        m.d.comb += self.o.eq(
            Cat(Cat(self.i[at + bit] for at in words).any() for bit in range(width))
        )
        return m


class Hold(wiring.Component):
    """A register: `o` = the last `i` with `en`."""

    def __init__(self, width: int) -> None:
        super().__init__({"en": In(1), "i": In(width), "o": Out(width)})

    def elaborate(self, platform: object) -> Module:
        m = Module()
        held = Signal.like(self.i, reset_less=True)
        m.d.comb += self.o.eq(held)
        with m.If(self.en):
            m.d.sync += held.eq(self.i)
        return m


class Grid(Structure):
    """All rows, the windows above them and the drain below.

    Members
    -------
    en, clear, enter, last, slot : In
        For all rows, `enter` and `slot` for every lane.
    keep : In(ways)
        The beat of B goes to the window of a lane.
    front : In(FRONT)
        Loads of the registers of A.
    a, b : In(rows * a.bits), In(cols * b.bits)
    turns : In(rows)
        As for `Finish`, of every row.
    arrives : In(1)
        A row of C is at the end of the drain buses.
    soon, grant : Out(rows)
    soon_b : Out(1)
        A number of B in the second registers is not zero, if B is kept as terms.
    blocks : Out(rows * ways * 2)
        As for `Lane`.
    c : Out(cols * acc.bits)
    """

    def __init__(self, element: SerialElement, rows: int, cols: int, window: int) -> None:
        ways = element.ways
        super().__init__(
            {
                "en": In(1),
                "clear": In(1),
                "front": In(FRONT),
                "enter": In(ways),
                "keep": In(ways),
                "last": In(1),
                "slot": In(ways * slot_bits(window)),
                "a": In(rows * element.a.bits),
                "b": In(cols * element.b.bits),
                "turns": In(rows),
                "arrives": In(1),
                "soon": Out(rows),
                **({"soon_b": Out(1)} if element.encode_b else {}),
                "grant": Out(rows),
                "blocks": Out(rows * ways * 2),
                "c": Out(cols * element.acc.bits),
            }
        )
        self._element, self._rows, self._cols, self._window = element, rows, cols, window
        self._place_rows(self._place_windows())
        sums = joined(self, self._gather(), cols)
        held = self.wire("held", sums.width)
        state = element.lanes.state
        hold = Distinct("hold", partial(Hold, state))
        for j in range(cols):
            i, o = sums.lane(j, state), held.lane(j, state)
            self.place(hold, f"hold_{j}", en=self.port("arrives"), i=i, o=o)
        self._resolve(held, self._excess())

    def _place_windows(self) -> Wire:
        """The windows; returns all they hold, column after column, lane after lane."""
        width, ways, bits = self._element.lanes.b, self._element.ways, slot_bits(self._window)
        # A place is read two cycles after its beat has entered at the earliest: one to spare.
        numbers = self._as_kept(self.delayed("b_entered", self._numbers_of_b(), 1))
        keep = self.delayed("keep_entered", self.port("keep"), 1)
        slot = self.delayed("slot_entered", self.port("slot"), 1)
        window = Distinct("window", partial(Window, width, self._window))
        kept = self.wire("kept", self._cols * ways * self._window * width)
        for j in range(self._cols):
            for way in range(ways):
                self.place(
                    window,
                    f"window_{j}_{way}",
                    load=keep.lane(way, 1),
                    en=self.port("en"),
                    b=numbers.lane(j, width),
                    slot=slot.lane(way, bits),
                    o=kept.lane(j * ways + way, self._window * width),
                )
        return kept

    def _as_kept(self, numbers: Wire) -> Wire:
        """What the windows keep of numbers of B."""
        element, cols = self._element, self._cols
        if element.keep_b is None:
            return numbers
        keep = Distinct("keep_b", element.keep_b)
        kept = self.wire("as_kept", cols * element.lanes.b)
        for j in range(cols):
            i, o = numbers.lane(j, element.b.bits), kept.lane(j, element.lanes.b)
            self.place(keep, f"keep_b_{j}", i=i, o=o)
        return kept

    def _numbers_of_b(self) -> Wire:
        """Numbers of B as the windows keep them: as they come, or as lists of terms."""
        element, cols = self._element, self._cols
        if element.encode_b is None:
            return self.port("b")
        front = Distinct("front_b", partial(FrontB, element))
        lists = self.wire("lists", cols * element.lanes.b)
        soon, terms = (
            self.wire("soon_b_each", cols),
            self.wire("terms_each", cols * element.b_terms),
        )
        for j in range(cols):
            self.place(
                front,
                f"front_b_{j}",
                en=self.port("front"),
                b=self.port("b").lane(j, element.b.bits),
                soon=soon.lane(j, 1),
                terms=terms.lane(j, element.b_terms),
                o=lists.lane(j, element.lanes.b),
            )
        for each, width, o in (
            (soon, 1, self.port("soon_b")),
            (terms, element.b_terms, self.wire("terms", element.b_terms)),
        ):
            any_of = Distinct(f"any_of_{width}", partial(AnyOf, cols, width))
            self.place(any_of, f"any_{o.name}", i=each, o=o)
        return lists

    def _place_rows(self, kept: Wire) -> None:
        element = self._element
        row = Distinct("row", partial(Row, element, self._cols, self._window))
        for i in range(self._rows):
            self.place(
                row,
                f"row_{i}",
                **{name: self.port(name) for name in ("en", "clear", "front")},
                **{name: self.port(name) for name in ("enter", "last", "slot")},
                **{name: self.port(name).lane(i, 1) for name in ("turns", "soon", "grant")},
                a=self.port("a").lane(i, element.a.bits),
                **{name: Wire(name, 0, element.b_terms) for name in terms_port(element, In)},
                blocks=self.port("blocks").lane(i, element.ways * 2),
                b=kept,
                state=self.wire(f"state_{i}", self._cols * element.lanes.state),
                leaving=self.wire(f"leaving_{i}", element.lanes.excess),
                dump=self.wire(f"dump_{i}", len(row.component.dump)),
            )

    def _excess(self) -> Wire:
        """What is to be added to the sums of the row that is held, for every `SHARED` columns.

        Rows say it two cycles before they let their sums go: time to bring it to the columns.
        """
        width = self._element.lanes.excess
        buses = []
        for rows in self._segments():
            start = rows[0]
            leaving = self.wire(f"leaving_from_{start}", len(rows) * width)
            for n, i in enumerate(rows):
                self.join(leaving.lane(n, width), Wire(f"leaving_{i}", 0, width))
            any_of = Distinct(f"any_of_{len(rows)}_rows", partial(AnyOf, len(rows), width))
            buses.append(self.wire(f"excess_{start}", width))
            self.place(any_of, f"excess_of_{start}", i=leaving, o=buses[-1])
        arriving = self.delayed("arriving", joined(self, buses, 1, "merge_excess"), 2)
        hold = Distinct("hold_excess", partial(Hold, width))
        held = self.wire("held_excess", -(-self._cols // SHARED) * width)
        for n in range(held.width // width):
            o = held.lane(n, width)
            self.place(hold, f"hold_excess_{n}", en=self.port("arrives"), i=arriving, o=o)
        return held

    def _resolve(self, sums: Wire, excess: Wire) -> None:
        """The numbers that leave."""
        element, c = self._element, self.port("c")
        resolve = Distinct("resolve", element.resolve)
        for j in range(self._cols):
            self.place(
                resolve,
                f"resolve_{j}",
                i=sums.lane(j, element.lanes.state),
                excess=excess.lane(j // SHARED, element.lanes.excess),
                o=c.lane(j, element.acc.bits),
            )

    def _segments(self) -> Iterator[range]:
        """Rows that share a drain bus."""
        for start in range(0, self._rows, SEGMENT):
            yield range(start, min(start + SEGMENT, self._rows))

    def _gather(self) -> list[Wire]:
        """A drain bus, all columns side by side, for every segment of rows."""
        state, cols = self._element.lanes.state, self._cols
        buses = []
        for segment in self._segments():
            start = segment[0]
            gather = Distinct(f"gather_{len(segment)}", partial(Gather, len(segment), state))
            bus = self.wire(f"bus_{start}", cols * state)
            for j in range(cols):
                dump = self.wire(f"dump_{start}_{j}", len(segment))
                for n, i in enumerate(segment):
                    self.join(dump.lane(n, 1), Wire(f"dump_{i}", j // self._element.reach, 1))
                sums = {
                    f"i_{n}": Wire(f"state_{i}", j * state, state) for n, i in enumerate(segment)
                }
                o = bus.lane(j, state)
                self.place(gather, f"gather_{start}_{j}", dump=dump, **sums, o=o)
            buses.append(bus)
        return buses
