"""The control of one row of digit-serial elements: from a number of A to a digit a cycle."""

from amaranth.hdl import Cat, Const, Module, Mux, Signal, Value
from amaranth.lib import data, wiring
from amaranth.lib.wiring import In, Out

from golden.arrays.column import FRONT
from hw.arith.booth import DIGIT
from hw.arrays.digits import digits_layout, take, untaken
from hw.serial import SerialElement, pick_port


def slot_bits(window: int) -> int:
    """Bits of the number of a place in a window."""
    return (window - 1).bit_length()


def own_digits(element: SerialElement, flow: wiring.Flow) -> dict[str, wiring.Member]:
    """The port on which elements that recode A themselves get their numbers."""
    return {} if element.shares_digits else {"number": flow(element.a.bits)}


def pick_layout(element: SerialElement) -> dict[str, int]:
    """The field that says which term of B is next, if it has several."""
    return {"pick": (element.b_terms - 1).bit_length()} if element.b_terms > 1 else {}


def number_layout(element: SerialElement) -> dict[str, int]:
    """What elements that recode A themselves are told: a number, and whether it is a new one."""
    return {} if element.shares_digits else {"number": element.a.bits, "renew": 1}


def terms_port(element: SerialElement, flow: wiring.Flow) -> dict[str, wiring.Member]:
    """The port that says which terms numbers of B have, if they are kept as terms."""
    return {"terms": flow(element.b_terms)} if element.b_terms > 1 else {}


def issue_layout(element: SerialElement, window: int) -> data.StructLayout:
    """What a lane tells the elements of its row in a cycle.

    `valid`: there is a digit that is not zero, of weight 2**`place` and negative if `neg`, for the
    operand B in `slot` of the lane's window, or the term `pick` of it. Elements that recode A
    themselves are told the `number` instead, and whether to `renew` the digits that they have left.
    """
    digit = {"place": element.lanes.place, "neg": 1} if element.shares_digits else {}
    return data.StructLayout(
        {
            "valid": 1,
            **digit,
            **number_layout(element),
            **pick_layout(element),
            "slot": slot_bits(window),
        }
    )


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


class FrontB(wiring.Component):
    """The same for one number of B that is kept as terms.

    Members
    -------
    en : In(FRONT)
    b : In(b.bits)
    soon : Out(1)
        The second register holds a number that is not zero.
    terms : Out(b_terms)
        Which terms there are in the last register.
    o : Out(lanes.b)
    """

    def __init__(self, element: SerialElement) -> None:
        self._element = element
        super().__init__(
            {
                "en": In(FRONT),
                "b": In(element.b.bits),
                "soon": Out(1),
                "terms": Out(element.b_terms),
                "o": Out(element.lanes.b),
            }
        )

    def elaborate(self, platform: object) -> Module:
        m = Module()
        assert self._element.encode_b and self._element.list_b
        m.submodules.encode_b = encode = self._element.encode_b()
        m.submodules.list_b = make_list = self._element.list_b()
        number, digits = (
            Signal.like(self.b, reset_less=True),
            Signal.like(encode.o, reset_less=True),
        )
        terms, kept = Signal.like(self.terms, reset_less=True), Signal.like(self.o, reset_less=True)
        m.d.comb += [
            encode.i.eq(number),
            make_list.i.eq(digits),
            self.soon.eq(make_list.terms.any()),
            self.terms.eq(terms),
            self.o.eq(kept),
        ]
        with m.If(self.en[0]):
            m.d.sync += number.eq(self.b)
        with m.If(self.en[1]):
            m.d.sync += digits.eq(encode.o)
        with m.If(self.en[2]):
            m.d.sync += [terms.eq(make_list.terms), kept.eq(make_list.o)]
        return m


class Lane(wiring.Component):
    """A queue of numbers, whose digits are issued one a cycle.

    Members
    -------
    en, clear : In(1)
        Whether anything moves; empty the queue.
    enter : In(1)
        The row's number of a beat enters: `digits`, which take time if `some`.
    number : In(a.bits)
        The same for elements that recode themselves.
    terms : In(b_terms)
        Which terms the numbers of B have, the longest of them, if they are kept as terms.
    last : In(1)
        A beat enters that is its tile's last, be it this lane's or another's.
    slot, next_slot : In
        Its place in the lane's window, and the place that is the next one in the next cycle.
    grant : In(1)
        The sums of the row leave.
    issue : Out(bits of `issue_layout`)
    blocks : Out(1)
        The queue will still refer to `next_slot` in the next cycle.
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
                **terms_port(element, In),
                "last": In(1),
                "slot": In(slot_bits(window)),
                "next_slot": In(slot_bits(window)),
                "grant": In(1),
                "issue": Out(self._issue.size),
                "blocks": Out(1),
                "finished": Out(1),
            }
        )
        terms = {"terms": element.b_terms} if element.b_terms > 1 else {}
        self._entry = data.StructLayout(
            {
                "digits": digits_layout(element),
                **number_layout(element),
                **terms,
                "slot": slot_bits(window),
                "last": 1,
            }
        )

    def elaborate(self, platform: object) -> Module:
        m = Module()
        finished, go, pop, move = Signal(), Signal(), Signal(), Signal()
        valid = Signal(self._window)
        rest = Signal(self._element.recoding.count(self._element.a))
        head = self._queue(m, valid, move, pop, rest)
        issue = Signal(self._issue)
        taken = take(self._element, head.digits)
        m.d.comb += [
            go.eq(valid[0] & (~finished | self.grant)),
            rest.eq(taken.rest),
            move.eq(go & self._last_term(m, go, head, issue)),
            pop.eq(move & ~rest.any()),
            issue.valid.eq(go & taken.valid),
            issue.slot.eq(head.slot),
            self.issue.eq(issue),
            self.finished.eq(finished),
        ]
        if self._element.shares_digits:
            m.d.comb += [issue.place.eq(taken.place), issue.neg.eq(taken.neg)]
        else:
            m.d.comb += [issue.number.eq(head.number), issue.renew.eq(head.renew)]
        with m.If(self.en):
            m.d.sync += finished.eq((pop & head.last) | (finished & ~self.grant))
        with m.If(self.clear):
            m.d.sync += [valid.eq(0), finished.eq(0)]
        return m

    def _last_term(self, m: Module, go: Value, head: data.View, issue: data.View) -> Value:
        """Whether the digit has met all terms of B; if it has several, issue the next one."""
        count = self._element.b_terms
        if count == 1:
            return Const(1, 1)
        pick, last = Signal(range(count)), Signal()
        m.d.comb += [
            last.eq(~Cat(head.terms[1:], Const(0, 1)).bit_select(pick, 1)),
            issue.pick.eq(pick),
        ]
        with m.If(self.en & go):
            m.d.sync += pick.eq(Mux(last, 0, pick + 1))
        with m.If(self.clear):
            m.d.sync += pick.eq(0)
        return last

    def _queue(self, m: Module, valid: Signal, move: Value, pop: Value, rest: Value) -> data.View:
        """The numbers that wait; returns the oldest, of which `rest` is left after a `move`."""
        entries = [
            Signal(self._entry, name=f"entry_{i}", reset_less=True) for i in range(self._window)
        ]
        entering, enter, moved = Signal(self._entry), Signal(), Signal(self._window)
        refers = Cat(valid[i] & (e.slot == self.next_slot) for i, e in enumerate(entries))
        pairs = self._element.b_terms > 1
        some = self.some & self.terms[0] if pairs else self.some
        m.d.comb += [
            entering.digits.eq(untaken(self._element, self.digits)),
            entering.slot.eq(self.slot),
            entering.last.eq(self.last),
            enter.eq((self.enter & some) | self.last),
            moved.eq(Mux(pop, valid >> 1, valid)),
            self.blocks.eq((refers[0] & ~pop) | refers[1:].any()),
        ]
        if pairs:
            m.d.comb += entering.terms.eq(self.terms)
        if pairs or self._element.ways > 1:
            # The end of a tile reaches every lane, the digits of its last number only one.
            with m.If(~(self.enter & some)):
                m.d.comb += entering.digits.left.eq(0)
                if pairs:
                    m.d.comb += entering.terms.eq(0)
        if not self._element.shares_digits:
            m.d.comb += [entering.number.eq(self.number), entering.renew.eq(1)]
        with m.If(self.en):
            m.d.sync += valid.eq(moved | Mux(enter, moved + 1, 0))
            with m.If(move):
                m.d.sync += entries[0].digits.left.eq(rest)
                if not self._element.shares_digits:
                    m.d.sync += entries[0].renew.eq(0)
            for index, entry in enumerate(entries):
                if index + 1 < self._window:
                    with m.If(pop):
                        m.d.sync += entry.eq(entries[index + 1])
                with m.If(~moved[index] & (moved[index - 1] if index else 1)):
                    m.d.sync += entry.eq(entering)
        return entries[0]


class Finish(wiring.Component):
    """When the sums of a row leave and start over.

    Members
    -------
    en, clear : In(1)
    lanes : In(ways)
        Which lanes have issued all digits of a tile.
    valid : In(ways)
        Which lanes issue a digit.
    turn : In(1)
        The next row of C is this row's.
    finished : Out(1)
        All lanes are: the sums are complete and still to leave.
    grant : Out(1)
        They leave.
    dump : Out(1)
        They leave and are not zero for want of any digit.
    start : Out(1)
        Digits that are issued now are the first of their sums.
    """

    def __init__(self, ways: int) -> None:
        super().__init__(
            {
                "en": In(1),
                "clear": In(1),
                "lanes": In(ways),
                "valid": In(ways),
                "turn": In(1),
                "finished": Out(1),
                "grant": Out(1),
                "dump": Out(1),
                "start": Out(1),
            }
        )

    def elaborate(self, platform: object) -> Module:
        m = Module()
        empty = Signal(init=1)
        m.d.comb += [
            self.finished.eq(self.lanes.all()),
            self.grant.eq(self.finished & self.turn),
            self.dump.eq(self.grant & ~empty),
            self.start.eq(self.grant | empty),
        ]
        with m.If(self.en):
            m.d.sync += empty.eq(self.start & ~self.valid.any())
        with m.If(self.clear):
            m.d.sync += empty.eq(1)
        return m


class Issue(wiring.Component):
    """Registers between a row's control and some of its cells, all lanes side by side.

    Members
    -------
    en : In(1)
    i : In(ways * bits of `issue_layout`)
    start, dump : In(1)
    take, near, neg, pick, slot : Out
        For every lane, one cycle later.
    used, far, add_neg : Out(ways)
        For every lane, two cycles later.
    add : Out(1)
        Two cycles later: there is a digit.
    start_add, dump_add : Out(1)
        Two cycles later: `start` and `dump`.
    """

    def __init__(self, element: SerialElement, window: int) -> None:
        self._element = element
        self._layout = issue_layout(element, window)
        place, slot, ways = element.lanes.place, slot_bits(window), element.ways
        self._first = data.StructLayout(
            {"valid": 1, "place": place, "neg": 1, **pick_layout(element), "slot": slot}
        )
        super().__init__(
            {
                "en": In(1),
                "i": In(ways * self._layout.size),
                "start": In(1),
                "dump": In(1),
                "take": Out(ways),
                "near": Out(ways * (place - 1)),
                "neg": Out(ways),
                **pick_port(element.b_terms, Out, ways),
                "slot": Out(ways * slot),
                "used": Out(ways),
                "far": Out(ways),
                "add_neg": Out(ways),
                "add": Out(1),
                "start_add": Out(1),
                "dump_add": Out(1),
            }
        )

    def elaborate(self, platform: object) -> Module:
        m = Module()
        lanes = [self._lane(m, way) for way in range(self._element.ways)]
        second = Signal(len(lanes) * 3, reset_less=True)
        used, far, neg = (second[at::3] for at in range(3))
        marks, marks_add = Signal(2, reset_less=True), Signal(2, reset_less=True)
        m.d.comb += [
            self.take.eq(Cat(lane.valid & self.en for lane in lanes)),
            self.near.eq(Cat(lane.place[:-1] for lane in lanes)),
            self.neg.eq(Cat(lane.neg for lane in lanes)),
            self.slot.eq(Cat(lane.slot for lane in lanes)),
            self.used.eq(used),
            self.far.eq(far),
            self.add_neg.eq(neg),
            self.add.eq(self.en & used.any()),
            Cat(self.start_add, self.dump_add).eq(marks_add),
        ]
        if self._element.b_terms > 1:
            m.d.comb += self.pick.eq(Cat(lane.pick for lane in lanes))
        with m.If(self.en):
            m.d.sync += [
                marks.eq(Cat(self.start, self.dump)),
                marks_add.eq(marks),
                second.eq(Cat(Cat(lane.valid, lane.place[-1], lane.neg) for lane in lanes)),
            ]
        return m

    def _lane(self, m: Module, way: int) -> data.View:
        """The register for what lane `way` issues."""
        told = self._layout(self.i.word_select(way, self._layout.size))
        place, neg = self._digit(m, way, told)
        first = Signal(self._first, name=f"first_{way}", reset_less=True)
        with m.If(self.en):
            m.d.sync += [
                first.valid.eq(told.valid),
                first.place.eq(place),
                first.neg.eq(neg),
                first.slot.eq(told.slot),
            ]
            m.d.sync += [first[name].eq(told[name]) for name in pick_layout(self._element)]
        return first

    def _digit(self, m: Module, way: int, told: data.View) -> tuple[Value, Value]:
        """Place and sign of the digit that a lane is at."""
        return told.place, told.neg


class RecodingIssue(Issue):
    """The same, with recoders of its own and the digits that are left of its numbers."""

    def _digit(self, m: Module, way: int, told: data.View) -> tuple[Value, Value]:
        m.submodules[f"encode_a_{way}"] = encode = self._element.encode_a()
        layout = digits_layout(self._element)
        digits = Signal(layout, name=f"digits_{way}")
        left = Signal(layout, name=f"left_{way}", reset_less=True)
        taken = take(self._element, digits)
        m.d.comb += [
            encode.i.eq(told.number),
            digits.eq(Mux(told.renew, untaken(self._element, encode.o), left)),
        ]
        with m.If(self.en & told.valid):
            m.d.sync += [left.eq(digits), left.left.eq(taken.rest)]
        return taken.place, taken.neg
