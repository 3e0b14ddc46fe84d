"""The queue of one lane of digit-serial elements."""

from amaranth.hdl import Cat, Const, Module, Mux, Signal, Value
from amaranth.lib import data, wiring
from amaranth.lib.wiring import In, Out

from hw.arrays.serial.digits import (
    digits_layout,
    recoded_bits,
    take,
    untaken,
    without_lowest,
)
from hw.arrays.serial.ports import issue_layout, number_layout, own_digits, slot_bits, terms_port
from hw.serial import SerialElement


class Lane(wiring.Component):
    """A queue of numbers, whose digits are issued one a cycle.

    Members
    -------
    en, clear : In(1)
        Whether anything moves; empty the queue.
    enter : In(1)
        With `en`, the row's number of a beat enters: `digits`, which take time if `some`.
    number : In(a.bits)
        The same for elements that recode themselves.
    terms : In(b_terms)
        Which terms the numbers of B have, the longest of them, if they are kept as terms.
    last : In(1)
        A beat enters that is its tile's last, be it this lane's or another's.
    slot : In
        Its place in the lane's window.
    grant, grants : In(1)
        The sums of the row leave in this cycle; in the next one.
    issue : Out(bits of `issue_layout`)
    blocks : Out(2)
        The queue will still refer to `slot` in the next cycle; to the place behind it.
    finishes : Out(1)
        In the next cycle all digits of a tile have been issued and its sums are still to leave.
    """

    def __init__(self, element: SerialElement, window: int) -> None:
        self._element, self._window = element, window
        self._issue = issue_layout(element, window)
        super().__init__(
            {
                "en": In(1),
                "clear": In(1),
                "enter": In(1),
                "some": In(1),
                "digits": In(recoded_bits(element)),
                **own_digits(element, In),
                **terms_port(element, In),
                "last": In(1),
                "slot": In(slot_bits(window)),
                "grant": In(1),
                "grants": In(1),
                "issue": Out(self._issue.size),
                "blocks": Out(2),
                "finishes": Out(1),
            }
        )
        terms = {"terms": element.b_terms} if element.b_terms > 1 else {}
        self._entry = data.StructLayout(
            {
                "digits": digits_layout(element),
                "more": 1,
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
        head, valid_next = self._queue(m, valid, move, pop, rest)
        issue = Signal(self._issue)
        taken = take(self._element, head.digits)
        m.d.comb += [
            rest.eq(taken.rest),
            move.eq(go & self._last_term(m, go, head, issue)),
            pop.eq(move & ~head.more),
            issue.valid.eq(go & taken.valid),
            issue.slot.eq(head.slot),
            self.issue.eq(issue),
            self.finishes.eq((pop & head.last) | (finished & ~self.grant)),
        ]
        if self._element.shares_digits:
            m.d.comb += [issue[name].eq(value) for name, value in taken.fields.items()]
        else:
            m.d.comb += [issue.number.eq(head.number), issue.renew.eq(head.renew)]
        # Everything else waits for `go` and `pop`: whether a lane may go on, and whether digits are
        # left behind the one that is taken, are known a cycle ahead.
        goes = valid_next[0] & (~self.finishes | self.grants)
        with m.If(self.en | self.clear):
            for register, value in ((valid, valid_next), (finished, self.finishes), (go, goes)):
                m.d.sync += register.eq(Mux(self.clear, 0, value))
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

    def _queue(
        self, m: Module, valid: Signal, move: Value, pop: Value, rest: Value
    ) -> tuple[data.View, Value]:
        """The numbers that wait: the oldest, and `valid` in the next cycle.

        `rest` is left of the oldest after a `move`.
        """
        entries = [
            Signal(self._entry, name=f"entry_{i}", reset_less=True) for i in range(self._window)
        ]
        entering, enter = self._entering(m)
        moved = Signal(self._window)
        next_slot = (self.slot + 1)[: len(self.slot)]
        m.d.comb += [
            moved.eq(Mux(pop, valid >> 1, valid)),
            self.blocks.eq(
                Cat(self._refers(entries, valid, pop, to) for to in (self.slot, next_slot))
            ),
        ]
        with m.If(self.en):
            with m.If(move):
                m.d.sync += [
                    entries[0].digits.left.eq(rest),
                    entries[0].more.eq(without_lowest(rest).any()),
                ]
                if not self._element.shares_digits:
                    m.d.sync += entries[0].renew.eq(0)
            for index, entry in enumerate(entries):
                if index + 1 < self._window:
                    with m.If(pop):
                        m.d.sync += entry.eq(entries[index + 1])
                with m.If(~moved[index] & (moved[index - 1] if index else 1)):
                    m.d.sync += entry.eq(entering)
        return entries[0], (moved | Mux(enter, moved + 1, 0))[: len(valid)]

    def _entering(self, m: Module) -> tuple[data.View, Signal]:
        """The number of the beat that enters, and whether it is one that waits here."""
        entering, enter = Signal(self._entry), Signal()
        digits = Signal(digits_layout(self._element))
        pairs = self._element.b_terms > 1
        some = self.some & self.terms[0] if pairs else self.some
        m.d.comb += [
            digits.eq(untaken(self._element, self.digits)),
            entering.digits.eq(digits),
            entering.more.eq(without_lowest(digits.left).any()),
            entering.slot.eq(self.slot),
            entering.last.eq(self.last),
            enter.eq((self.enter & some) | self.last),
        ]
        if pairs:
            m.d.comb += entering.terms.eq(self.terms)
        if pairs or self._element.ways > 1:
            # The end of a tile reaches every lane, the digits of its last number only one.
            with m.If(~(self.enter & some)):
                m.d.comb += [entering.digits.left.eq(0), entering.more.eq(0)]
                if pairs:
                    m.d.comb += entering.terms.eq(0)
        if not self._element.shares_digits:
            m.d.comb += [entering.number.eq(self.number), entering.renew.eq(1)]
        return entering, enter

    @staticmethod
    def _refers(entries: list[data.View], valid: Signal, pop: Value, slot: Value) -> Value:
        """Whether a number that waits for `slot` is still there in the next cycle."""
        refers = Cat(valid[i] & (entry.slot == slot) for i, entry in enumerate(entries))
        return (refers[0] & ~pop) | refers[1:].any()
