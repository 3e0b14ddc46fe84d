"""A digit a cycle for the elements of a row, from all its lanes."""

from amaranth.hdl import Cat, Const, Module, Mux, Signal, Value
from amaranth.lib import data, wiring
from amaranth.lib.wiring import In, Out

from hw.arrays.serial.digits import digits_layout, take, untaken
from hw.arrays.serial.ports import digit_fields, issue_layout
from hw.serial import SerialElement


class Finish(wiring.Component):
    """When the sums of a row leave and start over.

    Members
    -------
    en, clear : In(1)
    finishes : In(ways)
        Which lanes will have issued all digits of a tile in the next cycle.
    valid : In(ways)
        Which lanes issue a digit.
    turns : In(1)
        It is this row's turn in the next cycle.
    grant, grants : Out(1)
        The sums, complete, leave in this cycle; in the next one.
    dump : Out(1)
        They leave and are not zero for want of any digit.
    start : Out(1)
        Digits that are issued now are the first of their sums.
    leaving : Out(excess)
        With `dump`, minus the number of additions in the sums that leave; else 0.
    """

    def __init__(self, ways: int, excess: int) -> None:
        super().__init__(
            {
                "en": In(1),
                "clear": In(1),
                "finishes": In(ways),
                "valid": In(ways),
                "turns": In(1),
                "grant": Out(1),
                "grants": Out(1),
                "dump": Out(1),
                "start": Out(1),
                "leaving": Out(excess),
            }
        )

    def elaborate(self, platform: object) -> Module:
        m = Module()
        grant, empty = Signal(), Signal(init=1)
        excess = Signal.like(self.leaving, reset_less=True)
        m.d.comb += [
            self.leaving.eq(Mux(self.dump, excess, 0)),
            self.grants.eq(self.finishes.all() & self.turns),
            self.grant.eq(grant),
            self.dump.eq(grant & ~empty),
            self.start.eq(grant | empty),
        ]
        with m.If(self.en):
            m.d.sync += [grant.eq(self.grants), empty.eq(self.start & ~self.valid.any())]
        with m.If(self.en & self.valid.any()):
            m.d.sync += excess.eq(Mux(self.start, 0, excess) - 1)
        with m.If(self.clear):
            m.d.sync += [grant.eq(0), empty.eq(1)]
        return m


class Issue(wiring.Component):
    """Registers between a row's control and some of its cells, all lanes side by side.

    Members
    -------
    en : In(1)
    i : In(ways * bits of `issue_layout`)
    start, dump : In(1)
    take, which, near, neg : Out
        For every lane, one cycle later.
    as_is, far, add_neg : Out(ways)
        For every lane, two cycles later.
    add : Out(1)
        Two cycles later: there is a digit.
    start_add, dump_add : Out(1)
        Two cycles later: `start` and `dump`.
    """

    def __init__(self, element: SerialElement, window: int) -> None:
        self._element, self._window = element, window
        self._layout = issue_layout(element, window)
        ways, near, which = element.ways, element.lanes.near, window * element.picks
        self._first = data.StructLayout(
            {"valid": 1, "which": which, "near": near, "far": 1, "neg": 1}
        )
        super().__init__(
            {
                "en": In(1),
                "i": In(ways * self._layout.size),
                "start": In(1),
                "dump": In(1),
                "take": Out(ways),
                "which": Out(ways * which),
                "near": Out(ways * near),
                "neg": Out(ways),
                "as_is": Out(ways),
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
        as_is, far, neg = (
            Signal(len(lanes), name=name, reset_less=True) for name in ("as_is", "far", "add_neg")
        )
        add = Signal(reset_less=True)
        marks, marks_add = Signal(2, reset_less=True), Signal(2, reset_less=True)
        # What a single lane says stays until it adds again; of several, others may add meanwhile.
        counts = [lane.valid if len(lanes) > 1 else Const(1, 1) for lane in lanes]
        m.d.comb += [
            self.take.eq(Cat(lane.valid & self.en for lane in lanes)),
            self.which.eq(Cat(lane.which for lane in lanes)),
            self.near.eq(Cat(lane.near for lane in lanes)),
            self.neg.eq(Cat(lane.neg for lane in lanes)),
            self.as_is.eq(as_is),
            self.far.eq(far),
            self.add_neg.eq(neg),
            self.add.eq(self.en & add),
            Cat(self.start_add, self.dump_add).eq(marks_add),
        ]
        with m.If(self.en):
            m.d.sync += [
                marks.eq(Cat(self.start, self.dump)),
                marks_add.eq(marks),
                add.eq(Cat(lane.valid for lane in lanes).any()),
                as_is.eq(Cat(counts) & ~Cat(lane.far for lane in lanes)),
                far.eq(Cat(counts) & Cat(lane.far for lane in lanes)),
                neg.eq(Cat(counts) & Cat(lane.neg for lane in lanes)),
            ]
        return m

    def _lane(self, m: Module, way: int) -> data.View:
        """The register for what lane `way` issues."""
        told = self._layout(self.i.word_select(way, self._layout.size))
        digit = self._digit(m, way, told)
        picked = Cat(told.slot, digit["pick"]) if "pick" in digit else told.slot
        numbers = Cat(
            picked == (pick << len(told.slot) | slot)
            for slot in range(self._window)
            for pick in range(self._element.picks)
        )
        first = Signal(self._first, name=f"first_{way}", reset_less=True)
        with m.If(self.en):
            m.d.sync += first.valid.eq(told.valid)
            # What is not to be taken stays, so that nothing moves in the elements.
            with m.If(told.valid):
                m.d.sync += [
                    first.which.eq(numbers),
                    first.near.eq(1 << digit["place"][:-1]),
                    first.far.eq(digit["place"][-1]),
                    first.neg.eq(digit["neg"]),
                ]
        return first

    def _digit(self, m: Module, way: int, told: data.View) -> dict[str, Value]:
        """The `digit_fields` of the digit that a lane is at."""
        return {name: told[name] for name in digit_fields(self._element)}


class RecodingIssue(Issue):
    """The same, with recoders of its own and the digits that are left of its numbers."""

    def _digit(self, m: Module, way: int, told: data.View) -> dict[str, Value]:
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
        return taken.fields
