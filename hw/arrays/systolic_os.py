"""Output-stationary systolic array.

Operands move one element a cycle, A to the right and B down, each lane one cycle behind the last. A
`clear` mark follows the last operands of a tile through the array: in the cycle in which it is in an
element, the accumulator there is finished, stands on the column's drain bus and starts over. In a
column one element finishes a cycle, so the next tile follows without a gap unless K < R, when the R
rows of C need the bus for R cycles. Bubbles are zeros on A: nothing inside has an enable of its
own, and a consumer that does not take a row freezes the whole array.
"""

from functools import partial, reduce
from operator import or_

from amaranth.hdl import Cat, Const, Module, Mux, Signal, Value
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from golden.arrays.systolic_os import SEGMENT, drain_registers
from hw.arrays.stream import Departures, Deskew, Skew, encode_lanes, engine_signature
from hw.distinct import Distinct
from hw.element import Element


class Cell(wiring.Component):
    """An element with its operand registers and its accumulator.

    Members
    -------
    en : In(1)
    a, b, clear : In
        Operands, and whether the sum of the operands before them is complete.
    a_next, b_next, clear_next : Out
        The same one cycle later, for the neighbours.
    bus, bus_next : In/Out(state)
        The column's drain bus; all zeros unless an element above has finished.
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
                "bus": In(lanes.state),
                "a_next": Out(lanes.a),
                "b_next": Out(lanes.b),
                "clear_next": Out(1),
                "bus_next": Out(lanes.state),
            }
        )

    def elaborate(self, platform: object) -> Module:
        m = Module()
        step = Distinct("step", self._element.step).place(m, "step")
        state = Signal(self._element.lanes.state, reset_less=True)
        a, b = Signal.like(self.a, reset_less=True), Signal.like(self.b, reset_less=True)
        clear = Signal(reset_less=True)
        m.d.comb += [
            step.a.eq(a),
            step.b.eq(b),
            step.state.eq(Mux(clear, 0, state)),
            self.a_next.eq(a),
            self.b_next.eq(b),
            self.clear_next.eq(clear),
            self.bus_next.eq(self.bus | Mux(clear, state, 0)),
        ]
        with m.If(self.en):
            m.d.sync += [a.eq(self.a), b.eq(self.b), clear.eq(self.clear), state.eq(step.o)]
        return m


class Row(wiring.Component):
    """One row of cells behind its recoder of A.

    Members
    -------
    en : In(1)
    a : In(a.bits)
    clear : In(1)
    b, b_next : In/Out(cols * lanes.b)
    bus, bus_next : In/Out(cols * lanes.state)
    """

    def __init__(self, element: Element, cols: int) -> None:
        self._element, self._cols = element, cols
        lanes = element.lanes
        super().__init__(
            {
                "en": In(1),
                "a": In(element.a.bits),
                "clear": In(1),
                "b": In(cols * lanes.b),
                "bus": In(cols * lanes.state),
                "b_next": Out(cols * lanes.b),
                "bus_next": Out(cols * lanes.state),
            }
        )

    def elaborate(self, platform: object) -> Module:
        m = Module()
        a: Value = encode_lanes(m, self._element.encode_a, self.a, "encode_a")
        clear = self.clear
        lanes = self._element.lanes
        pe = Distinct("pe", partial(Cell, self._element))
        cells = [pe.place(m, f"pe_{j}") for j in range(self._cols)]
        for j, cell in enumerate(cells):
            m.d.comb += [
                cell.en.eq(self.en),
                cell.a.eq(a),
                cell.clear.eq(clear),
                cell.b.eq(self.b[j * lanes.b : (j + 1) * lanes.b]),
                cell.bus.eq(self.bus[j * lanes.state : (j + 1) * lanes.state]),
            ]
            a, clear = cell.a_next, cell.clear_next
        m.d.comb += [
            self.b_next.eq(Cat(cell.b_next for cell in cells)),
            self.bus_next.eq(Cat(cell.bus_next for cell in cells)),
        ]
        return m


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
        m.d.comb += en.eq(~self.c.valid | self.c.ready)
        row, tile_end = self._accept(m, en, accept)
        a, b = self._skewed_operands(m, en, accept)
        rows = self._place_rows(m, en, a, b, self._clears(m, en, accept))
        bus = self._collect(m, en, rows)
        self._deliver(m, en, bus, row, tile_end)
        return m

    def _accept(self, m: Module, en: Signal, accept: Signal) -> tuple[Value, Value]:
        """Take beats of A and B together; a tile may end once the last one has left the bus.

        Returns whether a row of C starts its way to the bus, and whether it is its tile's last.
        """
        left = Signal(range(self._rows + 1))
        open_ = Signal()
        m.d.comb += [
            open_.eq(en & (~self.a.p.last | (left <= 1))),
            accept.eq(self.a.valid & self.b.valid & open_),
            self.a.ready.eq(self.b.valid & open_),
            self.b.ready.eq(self.a.valid & open_),
        ]
        with m.If(en):
            with m.If(accept & self.a.p.last):
                m.d.sync += left.eq(self._rows)
            with m.Elif(left != 0):
                m.d.sync += left.eq(left - 1)
        return left != 0, left == 1

    def _skewed_operands(self, m: Module, en: Signal, accept: Signal) -> tuple[Value, Value]:
        m.submodules.skew_a = skew_a = Skew(self._rows, self._element.a.bits)
        m.submodules.skew_b = skew_b = Skew(self._cols, self._element.b.bits)
        m.d.comb += [
            skew_a.en.eq(en),
            skew_a.i.eq(Mux(accept, self.a.p.data, 0)),
            skew_b.en.eq(en),
            skew_b.i.eq(self.b.p.data),
        ]
        return skew_a.o, encode_lanes(m, self._element.encode_b, skew_b.o, "encode_b")

    def _clears(self, m: Module, en: Signal, accept: Signal) -> Signal:
        """The clear mark of every row. After a reset one mark runs ahead of the first tile."""
        ended = Signal(init=1)
        later = Signal(self._rows - 1, reset_less=True)
        clears = Signal(self._rows)
        m.d.comb += clears.eq(Cat(ended, later))
        with m.If(en):
            m.d.sync += [ended.eq(accept & self.a.p.last), later.eq(clears)]
        return clears

    def _place_rows(self, m: Module, en: Signal, a: Value, b: Value, clears: Signal) -> list:
        width = self._element.a.bits
        bus: Value = Const(0, self._cols * self._element.lanes.state)
        rows = []
        module = Distinct("row", partial(Row, self._element, self._cols))
        for i in range(self._rows):
            row = module.place(m, f"row_{i}")
            m.d.comb += [
                row.en.eq(en),
                row.a.eq(a[i * width : (i + 1) * width]),
                row.clear.eq(clears[i]),
                row.b.eq(b),
                row.bus.eq(0 if i % SEGMENT == 0 else bus),
            ]
            b, bus = row.b_next, row.bus_next
            rows.append(row)
        return rows

    def _collect(self, m: Module, en: Signal, rows: list) -> Value:
        """OR the drain buses of all segments, a register for every level of the tree."""
        ends = [min(start + SEGMENT, self._rows) - 1 for start in range(0, self._rows, SEGMENT)]
        buses = [rows[end].bus_next for end in ends]
        level = 0
        while len(buses) > 1:
            held = [
                Signal.like(bus, name=f"bus_{level}_{i}", reset_less=True)
                for i, bus in enumerate(buses)
            ]
            with m.If(en):
                m.d.sync += [to.eq(bus) for to, bus in zip(held, buses, strict=True)]
            buses = [reduce(or_, held[i : i + SEGMENT]) for i in range(0, len(held), SEGMENT)]
            level += 1
        return buses[0]

    def _deliver(self, m: Module, en: Signal, bus: Value, row: Value, tile_end: Value) -> None:
        resolves = self._element.resolve is not None
        if resolves:
            held = Signal.like(bus, name="unresolved", reset_less=True)
            with m.If(en):
                m.d.sync += held.eq(bus)
            bus = encode_lanes(m, self._element.resolve, held, "resolve")
        m.submodules.deskew = deskew = Deskew(self._cols, self._element.acc.bits)
        latency = self._cols + 1 + drain_registers(self._rows, resolves)
        m.submodules.departures = departures = Departures(latency)
        m.d.comb += [
            deskew.en.eq(en),
            deskew.i.eq(bus),
            departures.en.eq(en),
            departures.row.eq(row),
            departures.tile_end.eq(tile_end),
            self.c.p.data.eq(deskew.o),
            self.c.p.first.eq(departures.first),
            self.c.p.last.eq(departures.last),
            self.c.valid.eq(departures.valid),
        ]
