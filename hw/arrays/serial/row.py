"""One row of a digit-serial array: its control, and its elements."""

from functools import partial

from amaranth.lib.wiring import In, Out

from golden.arrays.column import FRONT
from hw.arrays.serial.cell import TOLD, Cell
from hw.arrays.serial.digits import recoded_bits
from hw.arrays.serial.front import Front
from hw.arrays.serial.issue import Finish, Issue, RecodingIssue
from hw.arrays.serial.lane import Lane
from hw.arrays.serial.ports import issue_layout, own_digits, slot_bits, terms_port
from hw.distinct import Distinct
from hw.serial import SerialElement
from hw.structure import Structure, Wire


class Row(Structure):
    """One row: its numbers of A on the way in, its control, and its elements.

    Members
    -------
    en, clear, front, a, enter, last, slot, turns : In
        As for `Front` (`front` is its `en`), `Lane` (`enter`, `slot` for every lane)
        and `Finish`.
    soon, blocks, grant : Out
        `blocks` for every lane.
    terms : In(b_terms)
        As for `Lane`.
    b : In(cols * ways * window * lanes.b)
    state : Out(cols * state)
    dump : Out(ceil(cols / reach))
        To the drain buses with the states of the next `reach` elements.
    leaving : Out(excess)
        As for `Finish`, two cycles before `dump`.
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
                "turns": In(1),
                "soon": Out(1),
                "blocks": Out(ways * 2),
                "grant": Out(1),
                **terms_port(element, In),
                "b": In(cols * ways * window * element.lanes.b),
                "state": Out(cols * element.lanes.state),
                "dump": Out(-(-cols // element.reach)),
                "leaving": Out(element.lanes.excess),
            }
        )
        said = self._place_control()
        kept = ways * window * element.lanes.b
        pe = Distinct("pe", partial(Cell, element, window))
        kind = Issue if element.shares_digits else RecodingIssue
        registers = Distinct("issue", partial(kind, element, window))
        told: dict[str, Wire] = {}
        for j in range(cols):
            if j % element.reach == 0:
                told = {
                    name: self.wire(f"{name}_{j}", len(getattr(registers.component, name)))
                    for name in TOLD
                }
                dump = self.port("dump").lane(j // element.reach, 1)
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
        some, grants = self.wire("some", 1), self.wire("grants", 1)
        digits = self.wire("digits", recoded_bits(element))
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
        finishes, valid = self.wire("finishes", ways), self.wire("valid", ways)
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
                grant=self.port("grant"),
                grants=grants,
                issue=issue,
                blocks=self.port("blocks").lane(way, 2),
                finishes=finishes.lane(way, 1),
            )
        marks = {"start": self.wire("start", 1), "dump": self.wire("dumping", 1)}
        self.place(
            Distinct("finish", partial(Finish, ways, element.lanes.excess)),
            "finish_row",
            **steady,
            finishes=finishes,
            valid=valid,
            turns=self.port("turns"),
            grant=self.port("grant"),
            grants=grants,
            leaving=self.port("leaving"),
            **marks,
        )
        return {"i": said, **marks}
