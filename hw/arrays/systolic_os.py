"""Output-stationary systolic array.

Operands move one element a cycle, A to the right and B down, each lane one cycle behind the last.
A `clear` mark follows the last operands of a tile through the array: in the cycle in which it is in
an element, the accumulator there is finished, stands on the column's drain bus and starts over. In
a column one element finishes a cycle, so the next tile follows without a gap unless K < R, when the
R rows of C need the bus for R cycles. Bubbles are zeros on A: nothing inside has an enable of its
own, and a consumer that does not take a row freezes the whole array.

Two rows share a stage of the drain bus, which changes its polarity from stage to stage, so that two
gates a bit are enough.
"""

from collections.abc import Callable
from functools import cache, partial, reduce
from operator import or_

from amaranth.hdl import Cat, Module, Mux, Signal, Value
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from golden.arrays.systolic_os import SEGMENT, drain_registers
from hw.arrays.drain import joined
from hw.arrays.stream import Departures, engine_signature
from hw.distinct import Distinct
from hw.element import Element, accumulate
from hw.structure import Structure, Wire

STAGE = 2
"""Rows that share a stage of the drain bus."""


class Cell(wiring.Component):
    """An element with its operand registers and its accumulator.

    Members
    -------
    en : In(1)
    a, b, clear : In
        Operands, and whether the sum of the operands before them is complete.
    a_next, b_next, clear_next : Out
        The same one cycle later, for the neighbours.
    state : Out(state)
        The accumulator, finished while `clear_next` is set.
    """

    def __init__(self, element: Element) -> None:
        self._element = element
        lanes = element.lanes
        super().__init__(
            {
                "en": In(1),
                "a": In(lanes.a),
                "b": In(lanes.b),
                "clear": In(1),
                "a_next": Out(lanes.a),
                "b_next": Out(lanes.b),
                "clear_next": Out(1),
                "state": Out(lanes.state),
            }
        )

    def elaborate(self, platform: object) -> Module:
        m = Module()
        step = Distinct("step", self._element.step).place(m, "step")
        a, b = Signal.like(self.a, reset_less=True), Signal.like(self.b, reset_less=True)
        clear = Signal(reset_less=True)
        high = self._element.lanes.high
        m.d.comb += [
            step.a.eq(a),
            step.b.eq(b),
            self.a_next.eq(a),
            self.b_next.eq(b),
            self.clear_next.eq(clear),
            self.state.eq(accumulate(m, step, high, en=self.en, start=clear)),
        ]
        with m.If(self.en):
            m.d.sync += [a.eq(self.a), b.eq(self.b), clear.eq(self.clear)]
        return m


class Drain(wiring.Component):
    """A stage of a column's drain bus: it takes the accumulator that is finished.

    Parameters
    ----------
    width, rows : int
    inverted : bool
        `bus` is active low and `bus_next` active high; else the other way round.

    Members
    -------
    finished : In(rows)
    state_0, state_1, ... : In(width)
    bus, bus_next : In/Out(width)
        Inactive unless one of these rows or one above has finished.
    """

    def __init__(self, width: int, rows: int, inverted: bool) -> None:
        self._inverted = inverted
        super().__init__(
            {
                "finished": In(rows),
                **{f"state_{row}": In(width) for row in range(rows)},
                "bus": In(width),
                "bus_next": Out(width),
            }
        )

    def elaborate(self, platform: object) -> Module:
        m = Module()
        states = [getattr(self, f"state_{row}") for row, _ in enumerate(self.finished)]
        taken = reduce(
            or_,
            (
                state & one.replicate(len(state))
                for state, one in zip(states, self.finished, strict=True)
            ),
        )
        joined = ~(self.bus & ~taken) if self._inverted else ~(self.bus | taken)
        m.d.comb += self.bus_next.eq(joined)
        return m


class DrainStage(Structure):
    """The drain buses of all columns where they pass one row or two.

    Marks of its own follow those in the elements, which would be slow if they drove this, too. A
    mark is in an element of the second row when it is in the next element of the first.

    Parameters
    ----------
    width, rows, cols : int
    inverted : bool
        As for `Drain`.

    Members
    -------
    en : In(1)
    clear : In(1)
        As for the first row.
    state_0, state_1, ... : In(cols * width)
    bus, bus_next : In/Out(cols * width)
    """

    def __init__(self, width: int, rows: int, cols: int, inverted: bool) -> None:
        states = {f"state_{row}": In(cols * width) for row in range(rows)}
        super().__init__(
            {
                "en": In(1),
                "clear": In(1),
                **states,
                "bus": In(cols * width),
                "bus_next": Out(cols * width),
            }
        )
        count = cols + rows - 1
        self.delayed("finished", self.port("clear"), count)
        marks = Wire("finished", 0, count)
        name = drain_name("drain", rows, inverted)
        drain = Distinct(name, partial(Drain, width, rows, inverted))
        for j in range(cols):
            self.place(
                drain,
                f"drain_{j}",
                finished=marks.part(j, rows),
                **{state: self.port(state).lane(j, width) for state in states},
                bus=self.port("bus").lane(j, width),
                bus_next=self.port("bus_next").lane(j, width),
            )


def drain_name(kind: str, rows: int, inverted: bool) -> str:
    """Of a module that is different for so many rows, and by what is active low."""
    return f"{kind}_{rows}{'_low' if inverted else ''}"


class Row(Structure):
    """One row of cells behind its recoder of A.

    Members
    -------
    en : In(1)
    a : In(a.bits)
    clear : In(1)
    b, b_next : In/Out(cols * lanes.b)
    state : Out(cols * lanes.state)
    """

    def __init__(self, element: Element, cols: int) -> None:
        lanes = element.lanes
        super().__init__(
            {
                "en": In(1),
                "a": In(element.a.bits),
                "clear": In(1),
                "b": In(cols * lanes.b),
                "b_next": Out(cols * lanes.b),
                "state": Out(cols * lanes.state),
            }
        )
        a = self.through(element.encode_a, "encode_a", self.port("a"), element.a.bits)
        clear = self.port("clear")
        pe = Distinct("pe", partial(Cell, element))
        for j in range(cols):
            a_next, clear_next = self.wire(f"a_{j}", lanes.a), self.wire(f"clear_{j}", 1)
            self.place(
                pe,
                f"pe_{j}",
                en=self.port("en"),
                a=a,
                clear=clear,
                b=self.port("b").lane(j, lanes.b),
                a_next=a_next,
                clear_next=clear_next,
                b_next=self.port("b_next").lane(j, lanes.b),
                state=self.port("state").lane(j, lanes.state),
            )
            a, clear = a_next, clear_next


class Grid(Structure):
    """All rows with the skew before and the alignment behind them.

    Members
    -------
    en : In(1)
    a, b : In(rows * a.bits), In(cols * b.bits)
        A beat of each, not skewed.
    clear : In(rows)
        Skewed.
    c : Out(cols * acc.bits)
        A row of C. Counted from the cycle in which the first column's bus carries it it is there
        cols + `drain_registers` cycles later.
    """

    def __init__(self, element: Element, rows: int, cols: int) -> None:
        super().__init__(
            {
                "en": In(1),
                "a": In(rows * element.a.bits),
                "b": In(cols * element.b.bits),
                "clear": In(rows),
                "c": Out(cols * element.acc.bits),
            }
        )
        self._element, self._rows, self._cols = element, rows, cols
        a = self.skewed("skew_a", self.port("a"), range(rows))
        b = self.skewed("skew_b", self.port("b"), range(cols))
        buses = self._place_rows(a, self.through(element.encode_b, "encode_b", b, element.b.bits))
        sums = joined(self, buses, cols)
        if element.resolve is not None:
            sums = self.delayed("unresolved", sums, 1)
        numbers = self.through(element.resolve, "resolve", sums, element.lanes.state)
        self.join(self.port("c"), self.skewed("aligned_c", numbers, range(cols, 0, -1)))

    def _place_rows(self, a: Wire, b: Wire) -> list[Wire]:
        """The rows, and the drain bus behind every segment of them, there active high."""
        row = Distinct("row", partial(Row, self._element, self._cols))
        width = self._cols * self._element.lanes.state
        states = []
        for i in range(self._rows):
            b_next = self.wire(f"b_{i}", b.width)
            states.append(self.wire(f"state_{i}", width))
            self.place(
                row,
                f"row_{i}",
                en=self.port("en"),
                a=a.lane(i, self._element.a.bits),
                clear=self.port("clear").lane(i, 1),
                b=b,
                b_next=b_next,
                state=states[-1],
            )
            b = b_next
        stage = cache(partial(self._stage, width // self._cols))
        return [
            self._drained(start, states[start : start + SEGMENT], stage)
            for start in range(0, self._rows, SEGMENT)
        ]

    def _stage(self, width: int, rows: int, inverted: bool) -> Distinct:
        name = drain_name("drain_stage", rows, inverted)
        return Distinct(name, partial(DrainStage, width, rows, self._cols, inverted))

    def _drained(
        self, start: int, states: list[Wire], stage: Callable[[int, bool], Distinct]
    ) -> Wire:
        """The drain bus of a segment, whose first row is `start`."""
        width = states[0].width
        firsts = range(0, len(states), STAGE)
        bus: Wire | int = 2**width - 1 if len(firsts) % 2 else 0
        for left, first in zip(reversed(range(len(firsts))), firsts, strict=True):
            passed = states[first : first + STAGE]
            bus_next = self.wire(f"bus_{start + first}", width)
            self.place(
                stage(len(passed), left % 2 == 0),
                f"drain_{start + first}",
                en=self.port("en"),
                clear=self.port("clear").lane(start + first, 1),
                **{f"state_{index}": state for index, state in enumerate(passed)},
                bus=bus,
                bus_next=bus_next,
            )
            bus = bus_next
        assert isinstance(bus, Wire)
        return bus


class SystolicOS(wiring.Component):
    """R x N elements: C[R, N] += A[R, K] B[K, N], a beat of A and one of B a cycle, R rows of C.

    Latency: `golden.arrays.systolic_os.latency`. Throughput: R N products a cycle while K >= R.
    """

    def __init__(self, element: Element, rows: int, cols: int) -> None:
        self._element, self._rows, self._cols = element, rows, cols
        super().__init__(engine_signature(element, rows, cols))

    def elaborate(self, platform: object) -> Module:
        m = Module()
        en, accept = Signal(), Signal()
        clears = Signal(self._rows, init=1)
        m.d.comb += en.eq(~self.c.valid | self.c.ready)
        draining = self._accept(m, en, accept, clears)
        grid = Distinct("grid", partial(Grid, self._element, self._rows, self._cols))
        placed = grid.place(m, "grid")
        m.d.comb += [
            placed.en.eq(en),
            placed.a.eq(Mux(accept, self.a.p.data, 0)),
            placed.b.eq(self.b.p.data),
            placed.clear.eq(clears),
        ]
        self._deliver(m, en, placed.c, draining, clears[-1])
        return m

    def _accept(self, m: Module, en: Signal, accept: Signal, clears: Signal) -> Value:
        """Take beats of A and B together and send a clear mark down the rows after each tile.

        A tile may end once the mark before it has reached the last row. After a reset a mark clears
        the accumulators as if a tile had ended, and no beat is taken until it is through.
        Returns whether a mark is under way that a row of C belongs to.
        """
        marked, clearing = Signal(init=1), Signal(init=1)
        free, open_ = Signal(), Signal()
        m.d.comb += [
            free.eq(~marked | clears[-1]),
            open_.eq(en & (free | ~(self.a.p.last | clearing))),
            accept.eq(self.a.valid & self.b.valid & open_),
            self.a.ready.eq(self.b.valid & open_),
            self.b.ready.eq(self.a.valid & open_),
        ]
        with m.If(en):
            m.d.sync += [
                clears.eq(Cat(accept & self.a.p.last, clears)),
                marked.eq((accept & self.a.p.last) | ~free),
                clearing.eq(clearing & ~free),
            ]
        return marked & ~clearing

    def _deliver(self, m: Module, en: Signal, c: Value, row: Value, tile_end: Value) -> None:
        resolves = self._element.resolve is not None
        latency = self._cols + 1 + drain_registers(self._rows, resolves)
        m.submodules.departures = departures = Departures(latency)
        m.d.comb += [
            departures.en.eq(en),
            departures.row.eq(row),
            departures.tile_end.eq(tile_end),
            *departures.offer(self.c, c),
        ]
