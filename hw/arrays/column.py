"""Digit-serial array: every row shares one recoder and one sequence of digits.

A beat of A is recoded on its way in and waits for its beat of B. Both enter together: the numbers
of B into a place of the window, a few registers per column from which all elements of the column
select, and the digits of A into the queue of each row. A row issues one digit a cycle to all its
elements and moves on to the next number without a gap; a number that is zero is never queued. A
place of the window is free when no row's queue refers to it.

When the last digit of a tile is issued the row is finished: it waits for its turn, puts its sums on
the columns' drain buses, and starts over in the same cycle. A consumer that does not take a row of
C freezes the whole array.
"""

from functools import partial, reduce
from operator import or_

from amaranth.hdl import Cat, Module, Mux, ResetSignal, Signal, Value
from amaranth.lib import data, wiring
from amaranth.lib.wiring import In, Out

from golden.arrays.column import FRONT
from golden.arrays.systolic_os import SEGMENT, drain_registers
from hw.arith.booth import DIGIT
from hw.arrays.digits import digits_layout, take, untaken
from hw.arrays.drain import joined
from hw.arrays.stream import Departures, engine_signature
from hw.distinct import Distinct
from hw.serial import SerialElement
from hw.structure import Structure, Wire

REACH = 8
"""Elements that one set of registers for shared digits serves."""


TOLD = ("take", "near", "neg", "slot", "add", "far", "add_neg", "start")
"""What these registers say."""


def slot_bits(window: int) -> int:
    """Bits of the number of a place in the window."""
    return (window - 1).bit_length()


def reach(element: SerialElement) -> int:
    """How many elements are told of a digit by the same registers."""
    return REACH if element.shares_digits else 1


def own_digits(element: SerialElement, flow: wiring.Flow) -> dict[str, wiring.Member]:
    """The port on which elements that recode A themselves get their numbers."""
    return {} if element.shares_digits else {"number": flow(element.a.bits)}


def issue_layout(element: SerialElement, window: int) -> data.StructLayout:
    """What a row tells its elements in a cycle.

    `valid`: there is a digit that is not zero, of weight 2**`place` and negative if `neg`, for the
    operand B in `slot` of the window; `start`: it is the first of a sum. `dump`: the sum before it
    goes to the drain bus. Elements that recode A themselves are told the `number` instead, and
    whether to `renew` the digits that they have left.
    """
    digit: dict[str, int] = {"place": element.lanes.place, "neg": 1}
    number: dict[str, int] = {"number": element.a.bits, "renew": 1}
    return data.StructLayout(
        {
            "valid": 1,
            **(digit if element.shares_digits else number),
            "slot": slot_bits(window),
            "start": 1,
            "dump": 1,
        }
    )


class Cell(wiring.Component):
    """An element with the register behind its term and its accumulator.

    Members
    -------
    take : In(1)
        Load the term of the digit with the place `near`, negative if `neg`, and operand `slot` of
        the window `b`.
    en : In(1)
        A cycle later: add that term to the accumulator `state`.
    far, add_neg, start : In(1)
        A cycle later, too: the highest bit of the place; `neg`; the sum starts over.
    state : Out(state)
    """

    def __init__(self, element: SerialElement, window: int) -> None:
        self._element = element
        lanes = element.lanes
        super().__init__(
            {
                "en": In(1),
                "b": In(window * element.b.bits),
                "take": In(1),
                "near": In(lanes.place - 1),
                "neg": In(1),
                "slot": In(slot_bits(window)),
                "far": In(1),
                "add_neg": In(1),
                "start": In(1),
                "state": Out(lanes.state),
            }
        )

    def elaborate(self, platform: object) -> Module:
        m = Module()
        element = self._element
        select = Distinct("select", element.select).place(m, "select")
        add = Distinct("add", element.add).place(m, "add")
        term = Signal(element.lanes.term, reset_less=True)
        state = Signal(element.lanes.state, reset_less=True)
        m.d.comb += [
            select.b.eq(self.b.word_select(self.slot, element.b.bits)),
            select.near.eq(self.near),
            select.neg.eq(self.neg),
            add.term.eq(term),
            add.far.eq(self.far),
            add.neg.eq(self.add_neg),
            add.state.eq(Mux(self.start, 0, state)),
            self.state.eq(state),
        ]
        with m.If(self.take):
            m.d.sync += term.eq(select.o)
        with m.If(self.en):
            m.d.sync += state.eq(add.o)
        return m


class Issue(wiring.Component):
    """Registers between a row's control and some of its cells.

    Members
    -------
    en : In(1)
    i : In(bits of `issue_layout`)
    take, near, neg, slot : Out
        One cycle later.
    add, far, add_neg, start, dump : Out(1)
        Two cycles later.
    """

    def __init__(self, element: SerialElement, window: int) -> None:
        self._element = element
        self._layout = issue_layout(element, window)
        place, flags = element.lanes.place, ("valid", "neg", "start", "dump")
        self._first = {**dict.fromkeys(flags, 1), "place": place, "slot": slot_bits(window)}
        self._second = {**dict.fromkeys(flags, 1), "far": 1}
        super().__init__(
            {
                "en": In(1),
                "i": In(self._layout.size),
                "take": Out(1),
                "near": Out(place - 1),
                "neg": Out(1),
                "slot": Out(slot_bits(window)),
                "add": Out(1),
                "far": Out(1),
                "add_neg": Out(1),
                "start": Out(1),
                "dump": Out(1),
            }
        )

    def elaborate(self, platform: object) -> Module:
        m = Module()
        told = self._layout(self.i)
        place, neg = self._digit(m, told)
        first = Signal(data.StructLayout(self._first), reset_less=True)
        second = Signal(data.StructLayout(self._second), reset_less=True)
        m.d.comb += [
            self.take.eq(self.en & first.valid),
            self.near.eq(first.place),
            self.neg.eq(first.neg),
            self.slot.eq(first.slot),
            self.add.eq(self.en & second.valid),
            self.far.eq(second.far),
            self.add_neg.eq(second.neg),
            self.start.eq(second.start),
            self.dump.eq(second.dump),
        ]
        with m.If(self.en):
            m.d.sync += [first.place.eq(place), first.neg.eq(neg)]
            m.d.sync += [first[name].eq(told[name]) for name in ("valid", "slot", "start", "dump")]
            m.d.sync += [second.far.eq(first.place[-1])]
            m.d.sync += [second[name].eq(first[name]) for name in ("valid", "neg", "start", "dump")]
        return m

    def _digit(self, m: Module, told: data.View) -> tuple[Value, Value]:
        """Place and sign of the digit that the row is at."""
        return told.place, told.neg


class RecodingIssue(Issue):
    """The same, with a recoder of its own and the digits that are left of its number."""

    def _digit(self, m: Module, told: data.View) -> tuple[Value, Value]:
        m.submodules.encode_a = encode = self._element.encode_a()
        digits = Signal(digits_layout(self._element))
        left = Signal(digits_layout(self._element), reset_less=True)
        taken = take(self._element, digits)
        m.d.comb += [
            encode.i.eq(told.number),
            digits.eq(Mux(told.renew, untaken(self._element, encode.o), left)),
        ]
        with m.If(self.en & told.valid):
            m.d.sync += [left.eq(digits), left.left.eq(taken.rest)]
        return taken.place, taken.neg


class Front(wiring.Component):
    """The registers of one number of A before it waits for B: as it came, recoded, recoded.

    Members
    -------
    en : In(FRONT)
        Loads of the registers.
    a : In(a.bits)
    soon : Out(1)
        The second register holds a number that takes time.
    some, digits : Out
        The same of the last register, and its digits.
    number : Out(a.bits)
        As it came, for elements that recode themselves.
    """

    def __init__(self, element: SerialElement) -> None:
        self._element = element
        count = element.recoding.count(element.a)
        super().__init__(
            {
                "en": In(FRONT),
                "a": In(element.a.bits),
                "soon": Out(1),
                "some": Out(1),
                "digits": Out(DIGIT.size * count),
                **own_digits(element, Out),
            }
        )

    def elaborate(self, platform: object) -> Module:
        m = Module()
        m.submodules.encode_a = encode = self._element.encode_a()
        kept = 1 if self._element.shares_digits else FRONT
        numbers = [Signal.like(self.a, name=f"number_{i}", reset_less=True) for i in range(kept)]
        early, digits = (
            Signal.like(encode.o, name=name, reset_less=True) for name in ("early", "digits")
        )
        some = Signal(reset_less=True)
        m.d.comb += [
            encode.i.eq(numbers[0]),
            self.soon.eq(early.any() if self._element.skips_zeros else 1),
            self.some.eq(some),
            self.digits.eq(digits),
        ]
        if not self._element.shares_digits:
            m.d.comb += self.number.eq(numbers[-1])
        for level, number in enumerate(numbers):
            with m.If(self.en[level]):
                m.d.sync += number.eq(numbers[level - 1] if level else self.a)
        with m.If(self.en[1]):
            m.d.sync += early.eq(encode.o)
        with m.If(self.en[2]):
            m.d.sync += [digits.eq(early), some.eq(self.soon)]
        return m


class Lane(wiring.Component):
    """The control of one row: a queue of numbers, whose digits it issues one a cycle.

    Members
    -------
    en, clear : In(1)
        Whether anything moves; empty the queue.
    enter : In(1)
        A beat enters the array; this row's number of it is `digits`, it takes time if `some`.
    number : In(a.bits)
        The same for elements that recode themselves.
    last, slot : In
        The beat is its tile's last; its place in the window.
    turn : In(1)
        The next row of C is this row's.
    issue : Out(bits of `issue_layout`)
    waiting : Out(window)
        Which places of the window the queue refers to.
    finished : Out(1)
        All digits of a tile have been issued and its sums are still to leave.
    """

    def __init__(self, element: SerialElement, window: int) -> None:
        self._element, self._window = element, window
        self._issue = issue_layout(element, window)
        count = element.recoding.count(element.a)
        super().__init__(
            {
                "en": In(1),
                "clear": In(1),
                "enter": In(1),
                "some": In(1),
                "digits": In(DIGIT.size * count),
                **own_digits(element, In),
                "last": In(1),
                "slot": In(slot_bits(window)),
                "turn": In(1),
                "issue": Out(self._issue.size),
                "waiting": Out(window),
                "finished": Out(1),
            }
        )
        self._entry = data.StructLayout(
            {
                "digits": digits_layout(element),
                "number": element.a.bits,
                "renew": 1,
                "slot": slot_bits(window),
                "last": 1,
            }
        )

    def elaborate(self, platform: object) -> Module:
        m = Module()
        finished, fresh, empty = Signal(), Signal(init=1), Signal(reset_less=True)
        grant, go, pop, ends = Signal(), Signal(), Signal(), Signal()
        valid = Signal(self._window)
        rest = Signal(self._element.recoding.count(self._element.a))
        head = self._queue(m, valid, go, pop, rest)
        issue = Signal(self._issue)
        taken = take(self._element, head.digits)
        m.d.comb += [
            grant.eq(finished & self.turn),
            go.eq(valid[0] & (~finished | grant)),
            rest.eq(taken.rest),
            pop.eq(go & ~rest.any()),
            ends.eq(pop & head.last),
            issue.valid.eq(go & taken.valid),
            issue.slot.eq(head.slot),
            issue.start.eq(fresh),
            issue.dump.eq(grant & ~empty),
            self.issue.eq(issue),
            self.finished.eq(finished),
        ]
        if self._element.shares_digits:
            m.d.comb += [issue.place.eq(taken.place), issue.neg.eq(taken.neg)]
        else:
            m.d.comb += [issue.number.eq(head.number), issue.renew.eq(head.renew)]
        with m.If(self.en):
            m.d.sync += finished.eq(ends | (finished & ~grant))
            with m.If(ends):
                m.d.sync += [fresh.eq(1), empty.eq(fresh & ~issue.valid)]
            with m.Elif(issue.valid):
                m.d.sync += fresh.eq(0)
        with m.If(self.clear):
            m.d.sync += [valid.eq(0), finished.eq(0), fresh.eq(1)]
        return m

    def _queue(self, m: Module, valid: Signal, go: Value, pop: Value, rest: Value) -> data.View:
        """The numbers that wait; returns the oldest, of which `rest` is left after a `go`."""
        entries = [
            Signal(self._entry, name=f"entry_{i}", reset_less=True) for i in range(self._window)
        ]
        entering, enter, moved = Signal(self._entry), Signal(), Signal(self._window)
        m.d.comb += [
            entering.digits.eq(untaken(self._element, self.digits)),
            entering.renew.eq(1),
            entering.slot.eq(self.slot),
            entering.last.eq(self.last),
            enter.eq(self.enter & (self.some | self.last)),
            moved.eq(Mux(pop, valid >> 1, valid)),
            self.waiting.eq(
                reduce(
                    or_,
                    (Mux(valid[i], 1 << entry.slot, 0) for i, entry in enumerate(entries)),
                )
            ),
        ]
        if not self._element.shares_digits:
            m.d.comb += entering.number.eq(self.number)
        with m.If(self.en):
            m.d.sync += valid.eq(moved | Mux(enter, moved + 1, 0))
            with m.If(go):
                m.d.sync += [entries[0].digits.left.eq(rest), entries[0].renew.eq(0)]
            for index, entry in enumerate(entries):
                if index + 1 < self._window:
                    with m.If(pop):
                        m.d.sync += entry.eq(entries[index + 1])
                with m.If(~moved[index] & (moved[index - 1] if index else 1)):
                    m.d.sync += entry.eq(entering)
        return entries[0]


class Window(wiring.Component):
    """The numbers of B that one column keeps.

    Members
    -------
    en : In(1)
    b : In(width)
        Goes to place `slot`.
    o : Out(window * width)
    """

    def __init__(self, width: int, window: int) -> None:
        self._window = window
        super().__init__(
            {
                "en": In(1),
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
            with m.If(self.en & (self.slot == index)):
                m.d.sync += number.eq(self.b)
        return m


class Row(Structure):
    """One row: its number of A on the way in, its control, and its elements.

    Members
    -------
    en, clear, front, a, enter, last, slot, turn : In
        As for `Front` (`front` is its `en`) and `Lane`.
    soon, waiting, finished : Out
    b : In(cols * window * b.bits)
    state : Out(cols * state)
    dump : Out(ceil(cols / reach))
        To the drain buses with the states of the next `reach` elements.
    """

    def __init__(self, element: SerialElement, cols: int, window: int) -> None:
        state, kept = element.lanes.state, window * element.b.bits
        slot = slot_bits(window)
        super().__init__(
            {
                "en": In(1),
                "clear": In(1),
                "front": In(FRONT),
                "a": In(element.a.bits),
                "enter": In(1),
                "last": In(1),
                "slot": In(slot),
                "turn": In(1),
                "soon": Out(1),
                "waiting": Out(window),
                "finished": Out(1),
                "b": In(cols * kept),
                "state": Out(cols * state),
                "dump": Out(-(-cols // reach(element))),
            }
        )
        some = self.wire("some", 1)
        digits = self.wire("digits", DIGIT.size * element.recoding.count(element.a))
        own = {name: self.wire(name, element.a.bits) for name in own_digits(element, In)}
        said = self.wire("said", issue_layout(element, window).size)
        self.place(
            Distinct("front", partial(Front, element)),
            "front_a",
            en=self.port("front"),
            a=self.port("a"),
            soon=self.port("soon"),
            some=some,
            digits=digits,
            **own,
        )
        self.place(
            Distinct("lane", partial(Lane, element, window)),
            "lane_a",
            **{name: self.port(name) for name in ("en", "clear", "enter", "last", "slot", "turn")},
            some=some,
            digits=digits,
            **own,
            issue=said,
            waiting=self.port("waiting"),
            finished=self.port("finished"),
        )
        pe = Distinct("pe", partial(Cell, element, window))
        registers = Distinct(
            "issue", partial(Issue if element.shares_digits else RecodingIssue, element, window)
        )
        told: dict[str, Wire] = {}
        for j in range(cols):
            if j % reach(element) == 0:
                told = {
                    name: self.wire(f"{name}_{j}", len(getattr(registers.component, name)))
                    for name in TOLD
                }
                dump = self.port("dump").lane(j // reach(element), 1)
                self.place(registers, f"issue_{j}", en=self.port("en"), i=said, dump=dump, **told)
            self.place(
                pe,
                f"pe_{j}",
                en=told["add"],
                b=self.port("b").lane(j, kept),
                state=self.port("state").lane(j, state),
                **{name: wire for name, wire in told.items() if name != "add"},
            )


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
        For all rows.
    keep : In(1)
        The beat of B goes to the window.
    front : In(FRONT)
        Loads of the registers of A.
    a, b : In(rows * a.bits), In(cols * b.bits)
    turn : In(rows)
    arrives : In(1)
        A row of C is at the end of the drain buses.
    soon, finished : Out(rows)
    waiting : Out(rows * window)
    c : Out(cols * acc.bits)
    """

    def __init__(self, element: SerialElement, rows: int, cols: int, window: int) -> None:
        super().__init__(
            {
                "en": In(1),
                "clear": In(1),
                "front": In(FRONT),
                "enter": In(1),
                "keep": In(1),
                "last": In(1),
                "slot": In(slot_bits(window)),
                "a": In(rows * element.a.bits),
                "b": In(cols * element.b.bits),
                "turn": In(rows),
                "arrives": In(1),
                "soon": Out(rows),
                "finished": Out(rows),
                "waiting": Out(rows * window),
                "c": Out(cols * element.acc.bits),
            }
        )
        width, state = element.b.bits, element.lanes.state
        keeper = Distinct("window", partial(Window, width, window))
        kept = self.wire("kept", cols * window * width)
        for j in range(cols):
            self.place(
                keeper,
                f"window_{j}",
                en=self.port("keep"),
                b=self.port("b").lane(j, width),
                slot=self.port("slot"),
                o=kept.lane(j, window * width),
            )
        self._place_rows(element, rows, cols, window)
        sums = joined(self, self._gather(element, rows, cols), cols)
        held = self.wire("held", sums.width)
        hold = Distinct("hold", partial(Hold, state))
        for j in range(cols):
            i, o = sums.lane(j, state), held.lane(j, state)
            self.place(hold, f"hold_{j}", en=self.port("arrives"), i=i, o=o)
        self.join(self.port("c"), self.through(element.resolve, "resolve", held, state))

    def _place_rows(self, element: SerialElement, rows: int, cols: int, window: int) -> None:
        row = Distinct("row", partial(Row, element, cols, window))
        for i in range(rows):
            self.place(
                row,
                f"row_{i}",
                **{name: self.port(name) for name in ("en", "clear", "front")},
                **{name: self.port(name) for name in ("enter", "last", "slot")},
                **{name: self.port(name).lane(i, 1) for name in ("turn", "soon", "finished")},
                a=self.port("a").lane(i, element.a.bits),
                waiting=self.port("waiting").lane(i, window),
                b=Wire("kept", 0, cols * window * element.b.bits),
                state=self.wire(f"state_{i}", cols * element.lanes.state),
                dump=self.wire(f"dump_{i}", len(row.component.dump)),
            )

    def _gather(self, element: SerialElement, rows: int, cols: int) -> list[Wire]:
        """A drain bus, all columns side by side, for every segment of rows."""
        state = element.lanes.state
        buses = []
        for start in range(0, rows, SEGMENT):
            segment = range(start, min(start + SEGMENT, rows))
            gather = Distinct(f"gather_{len(segment)}", partial(Gather, len(segment), state))
            bus = self.wire(f"bus_{start}", cols * state)
            for j in range(cols):
                dump = self.wire(f"dump_{start}_{j}", len(segment))
                for n, i in enumerate(segment):
                    self.join(dump.lane(n, 1), Wire(f"dump_{i}", j // reach(element), 1))
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

        A beat of zeros only needs no place in the window, unless it ends its tile.
        """
        full, ends = Signal(FRONT), Signal(FRONT, reset_less=True)
        needs_place, may_enter, enter = Signal(reset_less=True), Signal(), Signal()
        keep, slot = Signal(), Signal(range(self._window))
        used = reduce(
            or_, (grid.waiting[self._window * i :][: self._window] for i in range(self._rows))
        )
        loads = Signal(FRONT)
        m.d.comb += [
            may_enter.eq(en & full[-1] & ~(needs_place & used.bit_select(slot, 1))),
            enter.eq(may_enter & self.b.valid),
            keep.eq(enter & needs_place),
            self.b.ready.eq(may_enter),
            self.a.ready.eq(loads[0]),
            grid.front.eq(loads),
            grid.enter.eq(enter),
            grid.keep.eq(keep),
            grid.last.eq(ends[-1]),
            grid.slot.eq(slot),
        ]
        for level in range(FRONT):
            moves_on = loads[level + 1] if level + 1 < FRONT else enter
            m.d.comb += loads[level].eq(en & (~full[level] | moves_on))
            with m.If(loads[level]):
                m.d.sync += [
                    full[level].eq(full[level - 1] if level else self.a.valid),
                    ends[level].eq(ends[level - 1] if level else self.a.p.last),
                ]
        with m.If(loads[-1]):
            m.d.sync += needs_place.eq(grid.soon.any() | ends[-2])
        with m.If(keep):
            m.d.sync += slot.eq(slot + 1)

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
            self.c.p.data.eq(grid.c),
            self.c.p.first.eq(departures.first),
            self.c.p.last.eq(departures.last),
            self.c.valid.eq(departures.valid),
        ]
        with m.If(en):
            m.d.sync += under_way.eq(Cat(leaves, under_way))
            with m.If(leaves):
                m.d.sync += turn.eq(turn.rotate_left(1))
