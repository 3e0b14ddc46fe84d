"""Weight-stationary systolic array.

B comes down the columns into a shadow register per element while the weights loaded before are at
work. A `swap` mark enters with the first row of A of a fold and takes the shadow weights into use
one diagonal after the other; a row of elements opens for new shadow weights as the mark passes it,
so that loading R weights and using R rows of A overlap completely.

Partial sums move down. In the first fold of a tile they start at zero, in the others the sums that
leave the bottom enter the top again: R rows of C circulate, one in each row of elements, and no
memory is needed. As their places are fixed, the array waits (frozen) for a late row of A within
such a tile, and lets the sums go round with zeros on A while it waits for late weights.
"""

from functools import partial

from amaranth.hdl import Cat, Module, Mux, Signal, Value
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from hw.arrays.stream import Departures, engine_signature
from hw.distinct import Distinct
from hw.element import Element, counted
from hw.structure import Structure, Wire

SHARE = 16
"""Bits at the top of a column that one register clears."""


class Cell(wiring.Component):
    """An element with its operand, its two weights and its partial sum.

    Members
    -------
    en : In(1)
    a, swap : In
        Operand, and whether it is the first to meet the shadow weight.
    b, load : In
        Next shadow weight, and whether to take it.
    state : In(state)
        Partial sum from above.
    a_next, swap_next, load_next : Out
        The same one cycle later, for the element to the right.
    b_next, state_next : Out
        Shadow weight and partial sum, for the element below.
    """

    def __init__(self, element: Element) -> None:
        self._element = element
        lanes = element.lanes
        super().__init__(
            {
                "en": In(1),
                "a": In(lanes.a),
                "swap": In(1),
                "b": In(lanes.b),
                "load": In(1),
                "state": In(lanes.state),
                "a_next": Out(lanes.a),
                "swap_next": Out(1),
                "b_next": Out(lanes.b),
                "load_next": Out(1),
                "state_next": Out(lanes.state),
            }
        )

    def elaborate(self, platform: object) -> Module:
        m = Module()
        step = Distinct("step", self._element.step).place(m, "step")
        high = self._element.lanes.high
        a, state = Signal.like(self.a, reset_less=True), Signal.like(self.state, reset_less=True)
        weight, shadow = Signal.like(self.b, reset_less=True), Signal.like(self.b, reset_less=True)
        swap, load = Signal(reset_less=True), Signal(reset_less=True)
        total = Cat(step.o, counted(m, self.state, high))
        m.d.comb += [
            step.a.eq(a),
            step.b.eq(weight),
            step.state.eq(self.state[: len(step.state)]),
            self.a_next.eq(a),
            self.swap_next.eq(swap),
            self.b_next.eq(shadow),
            self.load_next.eq(load),
            self.state_next.eq(state),
        ]
        with m.If(self.en):
            m.d.sync += [a.eq(self.a), swap.eq(self.swap), load.eq(self.load), state.eq(total)]
            with m.If(self.swap):
                m.d.sync += weight.eq(shadow)
            with m.If(self.load):
                m.d.sync += shadow.eq(self.b)
        return m


class Row(Structure):
    """One row of cells behind its recoder of A.

    Members
    -------
    en : In(1)
    a : In(a.bits)
    swap, load : In(1)
    b, b_next : In/Out(cols * lanes.b)
    state, state_next : In/Out(cols * lanes.state)
    """

    def __init__(self, element: Element, cols: int) -> None:
        lanes = element.lanes
        super().__init__(
            {
                "en": In(1),
                "a": In(element.a.bits),
                "swap": In(1),
                "load": In(1),
                "b": In(cols * lanes.b),
                "state": In(cols * lanes.state),
                "b_next": Out(cols * lanes.b),
                "state_next": Out(cols * lanes.state),
            }
        )
        a = self.through(element.encode_a, "encode_a", self.port("a"), element.a.bits)
        swap, load = self.port("swap"), self.port("load")
        pe = Distinct("pe", partial(Cell, element))
        for j in range(cols):
            a_next = self.wire(f"a_{j}", lanes.a)
            swap_next, load_next = self.wire(f"swap_{j}", 1), self.wire(f"load_{j}", 1)
            self.place(
                pe,
                f"pe_{j}",
                en=self.port("en"),
                a=a,
                swap=swap,
                load=load,
                b=self.port("b").lane(j, lanes.b),
                state=self.port("state").lane(j, lanes.state),
                a_next=a_next,
                swap_next=swap_next,
                load_next=load_next,
                b_next=self.port("b_next").lane(j, lanes.b),
                state_next=self.port("state_next").lane(j, lanes.state),
            )
            a, swap, load = a_next, swap_next, load_next


class Entry(wiring.Component):
    """Top of a column: `o` = `returned`, or zero for a row of A that starts new sums.

    It keeps the mark in a register of its own, since it is wanted in many places at once.

    Members
    -------
    en : In(1)
    fresh : In(1)
        The mark, a cycle ahead.
    returned, o : In/Out(width)
    """

    def __init__(self, width: int) -> None:
        super().__init__({"en": In(1), "fresh": In(1), "returned": In(width), "o": Out(width)})

    def elaborate(self, platform: object) -> Module:
        m = Module()
        fresh = Signal(reset_less=True)
        with m.If(self.en):
            m.d.sync += fresh.eq(self.fresh)
        m.d.comb += self.o.eq(Mux(fresh, 0, self.returned))
        return m


class Grid(Structure):
    """All rows with the skew before and the alignment behind them.

    Members
    -------
    en : In(1)
    a, b : In(rows * a.bits), In(cols * b.bits)
        A beat of each, not skewed.
    swap, load : In(rows)
        Marks of the first column.
    fresh : In(1)
        The row of A starts new sums.
    c : Out(cols * acc.bits)
        A row of C, rows + cols + 1 cycles after its last row of A.
    """

    def __init__(self, element: Element, rows: int, cols: int) -> None:
        super().__init__(
            {
                "en": In(1),
                "a": In(rows * element.a.bits),
                "b": In(cols * element.b.bits),
                "swap": In(rows),
                "load": In(rows),
                "fresh": In(1),
                "c": Out(cols * element.acc.bits),
            }
        )
        self._element, self._rows, self._cols = element, rows, cols
        a = self.skewed("skew_a", self.port("a"), range(rows))
        b = self.skewed("skew_b", self.port("b"), range(cols))
        sums = self.wire("sums", cols * element.lanes.state)
        top = self._enter(sums)
        self._place_rows(
            a, self.through(element.encode_b, "encode_b", b, element.b.bits), top, sums
        )
        numbers = self.through(element.resolve, "resolve", sums, element.lanes.state)
        self.join(self.port("c"), self.skewed("aligned_c", numbers, range(cols, 0, -1)))

    def _enter(self, sums: Wire) -> Wire:
        """What the top row adds to: `sums` from the bottom row, or zeros, a column at a time."""
        width = self._element.lanes.state
        top = self.wire("top", sums.width)
        fresh = self.port("fresh")
        for j in range(self._cols):
            for start in range(0, width, SHARE):
                bits = min(SHARE, width - start)
                self.place(
                    Distinct(f"entry_{bits}", partial(Entry, bits)),
                    f"entry_{j}_{start}",
                    en=self.port("en"),
                    fresh=fresh,
                    returned=Wire(sums.name, sums.start + j * width + start, bits),
                    o=Wire(top.name, top.start + j * width + start, bits),
                )
            fresh = self.delayed(f"fresh_{j}", fresh, 1)
        return top

    def _place_rows(self, a: Wire, b: Wire, state: Wire, sums: Wire) -> None:
        row = Distinct("row", partial(Row, self._element, self._cols))
        for i in range(self._rows):
            b_next = self.wire(f"b_{i}", b.width)
            state_next = self.wire(f"state_{i}", sums.width) if i < self._rows - 1 else sums
            self.place(
                row,
                f"row_{i}",
                en=self.port("en"),
                a=a.lane(i, self._element.a.bits),
                swap=self.port("swap").lane(i, 1),
                load=self.port("load").lane(i, 1),
                b=b,
                state=state,
                b_next=b_next,
                state_next=state_next,
            )
            b, state = b_next, state_next


class Control(wiring.Component):
    """Decides which beats enter, when weights are swapped and when the array stands still.

    Members
    -------
    c_free : In(1)
        The output can take a row.
    a_valid, a_last, a_ready, b_valid, b_first, b_last, b_ready : In/Out(1)
        Streams A and B.
    en : Out(1)
        The array moves.
    take : Out(1)
        A row of A enters.
    swap : Out(1)
        It is the first of its fold.
    fresh : Out(1)
        It belongs to its tile's first fold.
    finish : Out(1)
        It belongs to its tile's last fold, so that a row of C leaves.
    load : Out(rows)
        Which rows of elements take a shadow weight.
    """

    def __init__(self, rows: int) -> None:
        self._rows = rows
        super().__init__(
            {
                "c_free": In(1),
                "a_valid": In(1),
                "a_last": In(1),
                "a_ready": Out(1),
                "b_valid": In(1),
                "b_first": In(1),
                "b_last": In(1),
                "b_ready": Out(1),
                "en": Out(1),
                "take": Out(1),
                "swap": Out(1),
                "fresh": Out(1),
                "finish": Out(1),
                "load": Out(rows),
            }
        )

    def elaborate(self, platform: object) -> Module:
        m = Module()
        loaded = Signal()
        next_fresh, next_finish = Signal(init=1), Signal()
        self._weights(m, loaded, next_fresh, next_finish)
        self._operands(m, loaded, next_fresh, next_finish)
        return m

    def _weights(self, m: Module, loaded: Signal, fresh: Signal, finish: Signal) -> None:
        """Fill the shadow weights of the rows that the last swap has passed."""
        opened = Signal(self._rows, init=-1)
        open_ = Signal(self._rows)
        position = Signal(range(max(self._rows, 2)))
        take = Signal()
        m.d.comb += [
            open_.eq(opened | (self.swap & self.take)),
            self.b_ready.eq(self.en & open_[0]),
            take.eq(self.b_valid & self.b_ready),
            self.load.eq(open_ & take.replicate(self._rows)),
        ]
        with m.If(self.en):
            m.d.sync += opened.eq(Cat(open_[0], open_))
            with m.If(self.swap & self.take):
                m.d.sync += loaded.eq(0)
            with m.If(take):
                m.d.sync += position.eq(position + 1)
                with m.If(position == 0):
                    m.d.sync += fresh.eq(self.b_first)
                with m.If(position == self._rows - 1):
                    m.d.sync += [position.eq(0), opened.eq(0), loaded.eq(1), finish.eq(self.b_last)]

    def _operands(self, m: Module, loaded: Signal, next_fresh: Signal, next_finish: Signal) -> None:
        """Let rows of A in at the places of the partial sums that they belong to."""
        slot = Signal(range(max(self._rows, 2)))
        in_fold, circulating = Signal(), Signal()
        this_fresh, this_finish = Signal(), Signal()
        may_take, wanted = Signal(), Signal()
        m.d.comb += [
            self.swap.eq(~in_fold),
            self.fresh.eq(Mux(in_fold, this_fresh, next_fresh)),
            self.finish.eq(Mux(in_fold, this_finish, next_finish)),
            may_take.eq(in_fold | (loaded & (~circulating | (slot == 0)))),
            wanted.eq(may_take & circulating),
            self.en.eq(self.c_free & (self.a_valid | ~wanted)),
            self.a_ready.eq(self.c_free & may_take),
            self.take.eq(self.a_valid & self.a_ready),
        ]
        with m.If(self.en):
            m.d.sync += slot.eq(Mux(slot == self._rows - 1, 0, slot + 1))
            with m.If(self.take):
                m.d.sync += [
                    in_fold.eq(~self.a_last),
                    this_fresh.eq(self.fresh),
                    this_finish.eq(self.finish),
                    circulating.eq(~self.finish | (~self.fresh & ~self.a_last)),
                ]
                with m.If(self.swap & self.fresh):
                    m.d.sync += slot.eq(1 % self._rows)


class SystolicWS(wiring.Component):
    """R x N elements: C[T, N] += A[T, K] B[K, N] in folds of R values of k.

    Latency: `golden.arrays.systolic_ws.latency`. Throughput: R N products a cycle while T >= R.
    """

    def __init__(self, element: Element, rows: int, cols: int) -> None:
        self._element, self._rows, self._cols = element, rows, cols
        super().__init__(engine_signature(element, rows, cols))

    def elaborate(self, platform: object) -> Module:
        m = Module()
        m.submodules.control = control = Control(self._rows)
        m.d.comb += [
            control.c_free.eq(~self.c.valid | self.c.ready),
            control.a_valid.eq(self.a.valid),
            control.a_last.eq(self.a.p.last),
            self.a.ready.eq(control.a_ready),
            control.b_valid.eq(self.b.valid),
            control.b_first.eq(self.b.p.first),
            control.b_last.eq(self.b.p.last),
            self.b.ready.eq(control.b_ready),
        ]
        passed = Signal(self._rows, name="swap_passed", reset_less=True)
        swaps = Signal(self._rows)
        m.d.comb += swaps.eq(Cat(control.take & control.swap, passed))
        with m.If(control.en):
            m.d.sync += passed.eq(swaps)
        grid = Distinct("grid", partial(Grid, self._element, self._rows, self._cols))
        placed = grid.place(m, "grid")
        m.d.comb += [
            placed.en.eq(control.en),
            placed.a.eq(Mux(control.take, self.a.p.data, 0)),
            placed.b.eq(self.b.p.data),
            placed.swap.eq(swaps),
            placed.load.eq(control.load),
            placed.fresh.eq(control.take & control.fresh),
        ]
        self._deliver(m, control, placed.c)
        return m

    def _deliver(self, m: Module, control: Control, c: Value) -> None:
        """Offer each row of C once, even if the array stands still behind it for want of A."""
        m.submodules.departures = departures = Departures(self._rows + self._cols + 1)
        sent = Signal()
        m.d.comb += [
            departures.en.eq(control.en),
            departures.row.eq(control.take & control.finish),
            departures.tile_end.eq(self.a.p.last),
            self.c.p.data.eq(c),
            self.c.p.first.eq(departures.first),
            self.c.p.last.eq(departures.last),
            self.c.valid.eq(departures.valid & ~sent),
        ]
        with m.If(control.en):
            m.d.sync += sent.eq(0)
        with m.Elif(self.c.valid & self.c.ready):
            m.d.sync += sent.eq(1)
