"""Digit-serial array: every row shares one recoder and one sequence of digits.

A beat of A is recoded on its way in and waits for its beat of B. Both enter together: the numbers
of B into a place of a window, a few registers per column from which all elements of the column
select, and the digits of A into a queue of each row. A row issues one digit a cycle to all its
elements and moves on to the next number without a gap; a number that is zero is never queued. A
place of the window is free when no row's queue refers to it.

Where the elements add several digits at a time there are as many lanes in a row, each with its
queue and its window. They take turns with the beats, and wait for each other at the end of a tile.

When the last digit of a tile is issued the row is finished: it waits for its turn, puts its sums on
the columns' drain buses, and starts over in the same cycle. A consumer that does not take a row of
C freezes the whole array.
"""

from functools import partial

from amaranth.hdl import Cat, Const, Module, Mux, ResetSignal, Signal, Value
from amaranth.lib import wiring

from golden.arrays.column import FRONT
from golden.arrays.systolic_os import drain_registers
from hw.arrays.serial.grid import Grid
from hw.arrays.serial.ports import slot_bits
from hw.arrays.stream import Departures, engine_signature
from hw.distinct import Distinct
from hw.serial import SerialElement


class Column(wiring.Component):
    """R x N digit-serial elements: C[R, N] += A[R, K] B[K, N], R rows of C.

    Cycles: `golden.arrays.column.cycles_on`.
    """

    def __init__(self, element: SerialElement, rows: int, cols: int, *, window: str) -> None:
        self._element, self._rows, self._cols = element, rows, cols
        self._window = int(window)
        super().__init__(engine_signature(element, rows, cols))

    def elaborate(self, platform: object) -> Module:
        m = Module()
        en = Signal()
        m.d.comb += en.eq(~self.c.valid | self.c.ready)
        make = partial(Grid, self._element, self._rows, self._cols, self._window)
        grid = Distinct("grid", make).place(m, "grid")
        m.d.comb += [
            grid.en.eq(en),
            grid.clear.eq(ResetSignal()),
            grid.a.eq(self.a.p.data),
            grid.b.eq(self.b.p.data),
        ]
        self._accept(m, en, grid)
        self._drain(m, en, grid)
        return m

    def _accept(self, m: Module, en: Signal, grid: wiring.PureInterface) -> None:
        """Take beats of A as registers get free, and a beat of B with the oldest of them.

        B that is kept as terms comes with A, as it has to be recoded, too.

        A beat of zeros only needs no place in a window, unless it ends its tile. The end of a tile
        takes a place in the windows of all lanes.
        """
        ways, pairs = self._element.ways, self._element.encode_b is not None
        full, ends = Signal(FRONT), Signal(FRONT, reset_less=True)
        needs_place, may_enter, enter = Signal(reset_less=True), Signal(), Signal()
        lane, takes, loads = Signal(ways, init=1), Signal(ways), Signal(FRONT)
        m.d.comb += [
            takes.eq(Mux(ends[-1], Const(-1, ways), Mux(needs_place, lane, 0))),
            may_enter.eq(full[-1] & ~(takes & self._taken(m, en, grid, takes, enter)).any()),
            enter.eq(may_enter & (1 if pairs else self.b.valid)),
            self.b.ready.eq(loads[0] & self.a.valid if pairs else en & may_enter),
            self.a.ready.eq(loads[0] & (self.b.valid if pairs else 1)),
            grid.front.eq(loads),
            grid.enter.eq(Mux(enter, lane, 0)),
            grid.keep.eq(Mux(enter & needs_place, lane, 0)),
            grid.last.eq(enter & ends[-1]),
        ]
        arrives = self.a.valid & self.b.valid if pairs else self.a.valid
        soon = grid.soon.any() & grid.soon_b if pairs else grid.soon.any()
        for level in range(FRONT):
            moves_on = loads[level + 1] if level + 1 < FRONT else enter
            m.d.comb += loads[level].eq(en & (~full[level] | moves_on))
            with m.If(loads[level]):
                m.d.sync += [
                    full[level].eq(full[level - 1] if level else arrives),
                    ends[level].eq(ends[level - 1] if level else self.a.p.last),
                ]
        with m.If(loads[-1]):
            m.d.sync += needs_place.eq(soon | ends[-2])
        with m.If(en & enter & needs_place):
            m.d.sync += lane.eq(lane.rotate_left(1))

    def _taken(
        self, m: Module, en: Signal, grid: wiring.PureInterface, takes: Value, enter: Value
    ) -> Value:
        """For every lane whether the next place of its window is taken.

        That is looked up a cycle ahead, for both places that may be the next one then: which it is,
        is known late.
        """
        ways = self._element.ways
        slots = [Signal(slot_bits(self._window), name=f"slot_{way}") for way in range(ways)]
        taken = Signal(ways)
        m.d.comb += grid.slot.eq(Cat(slots))
        for way, slot in enumerate(slots):
            moves = enter & takes[way]
            stays_taken, next_taken = (
                grid.blocks[2 * way + place :: 2 * ways].any() for place in range(2)
            )
            with m.If(en):
                m.d.sync += taken[way].eq(Mux(moves, next_taken, stays_taken))
            with m.If(en & moves):
                m.d.sync += slot.eq(slot + 1)
        return taken

    def _drain(self, m: Module, en: Signal, grid: wiring.PureInterface) -> None:
        """Let the rows of C leave in their order, and carry their marks beside them."""
        turn, turns = Signal(self._rows, init=1), Signal(self._rows)
        leaves = Signal()
        latency = 2 + drain_registers(self._rows, True)
        m.submodules.departures = departures = Departures(latency)
        under_way = Signal(latency - 1)
        m.d.comb += [
            turns.eq(Mux(leaves, turn.rotate_left(1), turn)),
            grid.turns.eq(turns),
            grid.arrives.eq(en & under_way[-1]),
            leaves.eq(grid.grant.any()),
            departures.en.eq(en),
            departures.row.eq(leaves),
            departures.tile_end.eq(turn[-1]),
            *departures.offer(self.c, grid.c),
        ]
        with m.If(en):
            m.d.sync += [under_way.eq(Cat(leaves, under_way)), turn.eq(turns)]
