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

from functools import partial, reduce
from operator import or_

from amaranth.hdl import Cat, Const, Module, Mux, ResetSignal, Signal, Value
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from golden.arrays.column import FRONT
from golden.arrays.systolic_os import SEGMENT, drain_registers
from hw.arith.booth import DIGIT
from hw.arrays.drain import joined
from hw.arrays.lane import (
    Finish,
    Front,
    FrontB,
    Issue,
    Lane,
    RecodingIssue,
    issue_layout,
    own_digits,
    pick_layout,
    slot_bits,
    terms_port,
)
from hw.arrays.stream import Departures, engine_signature
from hw.distinct import Distinct
from hw.serial import SerialElement, pick_port
from hw.structure import Structure, Wire

REACH = 8
"""Elements that one set of registers for shared digits serves."""


def told_by(element: SerialElement) -> list[str]:
    """What these registers say."""
    said = ["take", "near", "neg", "slot", "used", "far", "add_neg", "add", "start_add"]
    return said + list(pick_layout(element))


def reach(element: SerialElement) -> int:
    """How many elements are told of a digit by the same registers."""
    return REACH if element.shares_digits else 1


class Cell(wiring.Component):
    """An element with the registers behind its terms and its accumulator.

    Members
    -------
    b : In(ways * window * lanes.b)
        The column's windows, one for every lane.
    take : In(ways)
        Load the term of the digit with the place `near`, negative if `neg`, and operand `slot`, or
        the term `pick` of it.
    en : In(1)
        A cycle later: add the terms to the accumulator `state`.
    used, far, add_neg : In(ways)
        A cycle later, too: which terms are to be added; the highest bit of the place; `neg`.
    start_add : In(1)
        The sum starts over.
    state : Out(state)
    """

    def __init__(self, element: SerialElement, window: int) -> None:
        self._element, self._window = element, window
        lanes, ways = element.lanes, element.ways
        super().__init__(
            {
                "en": In(1),
                "b": In(ways * window * lanes.b),
                "take": In(ways),
                **pick_port(element.b_terms, In, ways),
                "near": In(ways * (lanes.place - 1)),
                "neg": In(ways),
                "slot": In(ways * slot_bits(window)),
                "used": In(ways),
                "far": In(ways),
                "add_neg": In(ways),
                "start_add": In(1),
                "state": Out(lanes.state),
            }
        )

    def elaborate(self, platform: object) -> Module:
        m = Module()
        element = self._element
        add = Distinct("add", element.add).place(m, "add")
        state = Signal(element.lanes.state, reset_less=True)
        m.d.comb += [
            add.term.eq(Cat(self._term(m, way) for way in range(element.ways))),
            add.used.eq(self.used),
            add.far.eq(self.far),
            add.neg.eq(self.add_neg),
            add.state.eq(Mux(self.start_add, 0, state)),
            self.state.eq(state),
        ]
        with m.If(self.en):
            m.d.sync += state.eq(add.o)
        return m

    def _term(self, m: Module, way: int) -> Signal:
        """The register behind the first half of a lane."""
        element, bits = self._element, slot_bits(self._window)
        m.submodules[f"select_{way}"] = select = element.select()
        term = Signal(element.lanes.term, name=f"term_{way}", reset_less=True)
        window = self.b.word_select(way, self._window * element.lanes.b)
        m.d.comb += [
            select.b.eq(window.word_select(self.slot.word_select(way, bits), element.lanes.b)),
            select.near.eq(self.near.word_select(way, element.lanes.place - 1)),
            select.neg.eq(self.neg[way]),
        ]
        if element.b_terms > 1:
            bits = (element.b_terms - 1).bit_length()
            m.d.comb += select.pick.eq(self.pick.word_select(way, bits))
        with m.If(self.take[way]):
            m.d.sync += term.eq(select.o)
        return term


class Window(wiring.Component):
    """The numbers of B that one column keeps.

    Members
    -------
    en, load : In(1)
    b : In(width)
        Goes to place `slot` with a `load`.
    o : Out(window * width)
    """

    def __init__(self, width: int, window: int) -> None:
        self._window = window
        super().__init__(
            {
                "en": In(1),
                "load": In(1),
                "b": In(width),
                "slot": In(slot_bits(window)),
                "o": Out(window * width),
            }
        )

    def elaborate(self, platform: object) -> Module:
        m = Module()
        kept = [Signal.like(self.b, name=f"kept_{i}", reset_less=True) for i in range(self._window)]
        m.d.comb += self.o.eq(Cat(kept))
        for index, number in enumerate(kept):
            with m.If(self.en & self.load & (self.slot == index)):
                m.d.sync += number.eq(self.b)
        return m


class Row(Structure):
    """One row: its numbers of A on the way in, its control, and its elements.

    Members
    -------
    en, clear, front, a, enter, last, slot, next_slot, turn : In
        As for `Front` (`front` is its `en`), `Lane` (`enter`, `slot`, `next_slot` for every lane)
        and `Finish`.
    soon, blocks, finished : Out
        `blocks` for every lane.
    terms : In(b_terms)
        As for `Lane`.
    b : In(cols * ways * window * lanes.b)
    state : Out(cols * state)
    dump : Out(ceil(cols / reach))
        To the drain buses with the states of the next `reach` elements.
    """

    def __init__(self, element: SerialElement, cols: int, window: int) -> None:
        self._element, self._window = element, window
        ways, slot = element.ways, slot_bits(window)
        super().__init__(
            {
                "en": In(1),
                "clear": In(1),
                "front": In(FRONT),
                "a": In(element.a.bits),
                "enter": In(ways),
                "last": In(1),
                "slot": In(ways * slot),
                "next_slot": In(ways * slot),
                "turn": In(1),
                "soon": Out(1),
                "blocks": Out(ways),
                "finished": Out(1),
                **terms_port(element, In),
                "b": In(cols * ways * window * element.lanes.b),
                "state": Out(cols * element.lanes.state),
                "dump": Out(-(-cols // reach(element))),
            }
        )
        said = self._place_control()
        kept = ways * window * element.lanes.b
        pe = Distinct("pe", partial(Cell, element, window))
        kind = Issue if element.shares_digits else RecodingIssue
        registers = Distinct("issue", partial(kind, element, window))
        told: dict[str, Wire] = {}
        for j in range(cols):
            if j % reach(element) == 0:
                told = {
                    name: self.wire(f"{name}_{j}", len(getattr(registers.component, name)))
                    for name in told_by(element)
                }
                dump = self.port("dump").lane(j // reach(element), 1)
                self.place(
                    registers, f"issue_{j}", en=self.port("en"), **said, **told, dump_add=dump
                )
            self.place(
                pe,
                f"pe_{j}",
                en=told["add"],
                b=self.port("b").lane(j, kept),
                state=self.port("state").lane(j, element.lanes.state),
                **{name: wire for name, wire in told.items() if name != "add"},
            )

    def _place_control(self) -> dict[str, Wire]:
        """What leads to the registers for digits; returns their inputs."""
        element, window, ways = self._element, self._window, self._element.ways
        some, grant = self.wire("some", 1), self.wire("grant", 1)
        digits = self.wire("digits", DIGIT.size * element.recoding.count(element.a))
        own = {name: self.wire(name, element.a.bits) for name in own_digits(element, In)}
        number = {"some": some, "digits": digits, **own}
        terms = {name: self.port(name) for name in terms_port(element, In)}
        steady = {name: self.port(name) for name in ("en", "clear")}
        self.place(
            Distinct("front", partial(Front, element)),
            "front_a",
            en=self.port("front"),
            a=self.port("a"),
            soon=self.port("soon"),
            **number,
        )
        lane = Distinct("lane", partial(Lane, element, window))
        said = self.wire("said", ways * issue_layout(element, window).size)
        finished, valid = self.wire("lanes_finished", ways), self.wire("valid", ways)
        for way in range(ways):
            issue = said.lane(way, said.width // ways)
            # `valid` is the lowest bit of the layout.
            self.join(valid.lane(way, 1), issue.lane(0, 1))
            self.place(
                lane,
                f"lane_{way}",
                **steady,
                **number,
                **terms,
                enter=self.port("enter").lane(way, 1),
                last=self.port("last"),
                slot=self.port("slot").lane(way, slot_bits(window)),
                next_slot=self.port("next_slot").lane(way, slot_bits(window)),
                grant=grant,
                issue=issue,
                blocks=self.port("blocks").lane(way, 1),
                finished=finished.lane(way, 1),
            )
        marks = {"start": self.wire("start", 1), "dump": self.wire("dumping", 1)}
        self.place(
            Distinct("finish", partial(Finish, ways)),
            "finish_row",
            **steady,
            lanes=finished,
            valid=valid,
            turn=self.port("turn"),
            finished=self.port("finished"),
            grant=grant,
            **marks,
        )
        return {"i": said, **marks}


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
    en, clear, enter, last, slot, next_slot : In
        For all rows, `enter`, `slot` and `next_slot` for every lane.
    keep : In(ways)
        The beat of B goes to the window of a lane.
    front : In(FRONT)
        Loads of the registers of A.
    a, b : In(rows * a.bits), In(cols * b.bits)
    turn : In(rows)
    arrives : In(1)
        A row of C is at the end of the drain buses.
    soon, finished : Out(rows)
    soon_b : Out(1)
        A number of B in the second registers is not zero, if B is kept as terms.
    blocks : Out(rows * ways)
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
                "next_slot": In(ways * slot_bits(window)),
                "a": In(rows * element.a.bits),
                "b": In(cols * element.b.bits),
                "turn": In(rows),
                "arrives": In(1),
                "soon": Out(rows),
                **({"soon_b": Out(1)} if element.encode_b else {}),
                "finished": Out(rows),
                "blocks": Out(rows * ways),
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
        self.join(self.port("c"), self.through(element.resolve, "resolve", held, state))

    def _place_windows(self) -> Wire:
        """The windows; returns all they hold, column after column, lane after lane."""
        width, ways, bits = self._element.lanes.b, self._element.ways, slot_bits(self._window)
        # A place is read two cycles after its beat has entered at the earliest: one to spare.
        numbers = self.delayed("b_entered", self._numbers_of_b(), 1)
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
                **{name: self.port(name) for name in ("enter", "last", "slot", "next_slot")},
                **{name: self.port(name).lane(i, 1) for name in ("turn", "soon", "finished")},
                a=self.port("a").lane(i, element.a.bits),
                **{name: Wire(name, 0, element.b_terms) for name in terms_port(element, In)},
                blocks=self.port("blocks").lane(i, element.ways),
                b=kept,
                state=self.wire(f"state_{i}", self._cols * element.lanes.state),
                dump=self.wire(f"dump_{i}", len(row.component.dump)),
            )

    def _gather(self) -> list[Wire]:
        """A drain bus, all columns side by side, for every segment of rows."""
        state, cols = self._element.lanes.state, self._cols
        buses = []
        for start in range(0, self._rows, SEGMENT):
            segment = range(start, min(start + SEGMENT, self._rows))
            gather = Distinct(f"gather_{len(segment)}", partial(Gather, len(segment), state))
            bus = self.wire(f"bus_{start}", cols * state)
            for j in range(cols):
                dump = self.wire(f"dump_{start}_{j}", len(segment))
                for n, i in enumerate(segment):
                    self.join(dump.lane(n, 1), Wire(f"dump_{i}", j // reach(self._element), 1))
                sums = {
                    f"i_{n}": Wire(f"state_{i}", j * state, state) for n, i in enumerate(segment)
                }
                o = bus.lane(j, state)
                self.place(gather, f"gather_{start}_{j}", dump=dump, **sums, o=o)
            buses.append(bus)
        return buses


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
            may_enter.eq(en & full[-1] & ~(takes & self._taken(m, en, grid, takes, enter)).any()),
            enter.eq(may_enter & (1 if pairs else self.b.valid)),
            self.b.ready.eq(loads[0] & self.a.valid if pairs else may_enter),
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
        with m.If(enter & needs_place):
            m.d.sync += lane.eq(lane.rotate_left(1))

    def _taken(
        self, m: Module, en: Signal, grid: wiring.PureInterface, takes: Value, enter: Value
    ) -> Value:
        """For every lane whether the next place of its window is taken.

        That is looked up a cycle ahead, for the place that is the next one then.
        """
        ways = self._element.ways
        slots = [Signal(slot_bits(self._window), name=f"slot_{way}") for way in range(ways)]
        following = [
            Mux(enter & takes[way], (slot + 1)[: len(slot)], slot) for way, slot in enumerate(slots)
        ]
        taken = Signal(ways)
        rows = range(0, len(grid.blocks), ways)
        m.d.comb += [grid.slot.eq(Cat(slots)), grid.next_slot.eq(Cat(following))]
        with m.If(en):
            m.d.sync += [
                Cat(slots).eq(Cat(following)),
                taken.eq(reduce(or_, (grid.blocks[at : at + ways] for at in rows))),
            ]
        return taken

    def _drain(self, m: Module, en: Signal, grid: wiring.PureInterface) -> None:
        """Let the rows of C leave in their order, and carry their marks beside them."""
        turn = Signal(self._rows, init=1)
        leaves = Signal()
        latency = 2 + drain_registers(self._rows, True)
        m.submodules.departures = departures = Departures(latency)
        under_way = Signal(latency - 1)
        m.d.comb += [
            grid.turn.eq(turn),
            grid.arrives.eq(en & under_way[-1]),
            leaves.eq((grid.finished & turn).any()),
            departures.en.eq(en),
            departures.row.eq(leaves),
            departures.tile_end.eq(turn[-1]),
            *departures.offer(self.c, grid.c),
        ]
        with m.If(en):
            m.d.sync += under_way.eq(Cat(leaves, under_way))
            with m.If(leaves):
                m.d.sync += turn.eq(turn.rotate_left(1))
