"""What surrounds an element of a digit-serial array: shared digits, and operands to select from."""

from collections.abc import Iterator

from amaranth.hdl import Cat, Module, Mux, Signal, Value
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from hw.arrays.serial.ports import slot_bits
from hw.distinct import Distinct
from hw.serial import SerialElement

TOLD = ("take", "which", "near", "neg", "as_is", "far", "add_neg", "add", "start_add")
"""What registers say that some elements share."""


class Cell(wiring.Component):
    """An element with the registers behind its terms and its accumulator.

    Members
    -------
    b : In(ways * window * lanes.b)
        The column's windows, one for every lane.
    take : In(ways)
        Load the term of what a line of `which` says of the window, at the place of which one of
        `near` says, negative if `neg`.
    en : In(1)
        A cycle later: add the terms to the accumulator.
    as_is, far, add_neg : In(ways)
        A cycle later, too: which terms are to be added as they are, and which shifted by the
        highest bit of the place; `neg` of those.
    start_add : In(1)
        The sum starts over.
    state : Out(state)
        The accumulator as `SerialLanes` has it.
    """

    def __init__(self, element: SerialElement, window: int) -> None:
        self._element, self._window = element, window
        lanes, ways = element.lanes, element.ways
        super().__init__(
            {
                "en": In(1),
                "b": In(ways * window * lanes.b),
                "take": In(ways),
                "which": In(ways * window * element.picks),
                "near": In(ways * lanes.near),
                "neg": In(ways),
                "as_is": In(ways),
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
        low = Signal(element.lanes.low, name="state_low", reset_less=True)
        high = list(self._high_part(m, add.carry)) if element.lanes.high else []
        m.d.comb += [
            add.term.eq(Cat(self._term(m, way) for way in range(element.ways))),
            add.as_is.eq(self.as_is),
            add.far.eq(self.far),
            add.neg.eq(self.add_neg),
            add.low.eq(Mux(self.start_add, 0, low)),
            self.state.eq(Cat(low, *high)),
        ]
        with m.If(self.en):
            m.d.sync += low.eq(add.o)
        return m

    def _high_part(self, m: Module, arrives: Value) -> Iterator[Signal]:
        """Counts carries that leave the low part, of which one `arrives`; clocked only for those.

        A carry waits for the next addition, and one between blocks for the next carry.
        """
        blocks = self._element.lanes.high
        carries = [
            Signal(name=f"state_carry_{index}", reset_less=True) for index in range(len(blocks))
        ]
        moves = self.en & (self.start_add | carries[0])
        with m.If(self.en):
            m.d.sync += carries[0].eq(arrives)
        for index, columns in enumerate(blocks):
            number = Signal(columns, name=f"state_high_{index}", reset_less=True)
            total = Mux(self.start_add, 0, number + carries[index])
            with m.If(moves):
                m.d.sync += Cat(number, *carries[index + 1 : index + 2]).eq(total)
            yield from (carries[index], number)

    def _term(self, m: Module, way: int) -> Signal:
        """The register behind the first half of a lane."""
        element = self._element
        m.submodules[f"select_{way}"] = select = element.select(self._window)
        term = Signal(element.lanes.term, name=f"term_{way}", reset_less=True)
        m.d.comb += [
            port.eq(own.word_select(way, len(port)))
            for port, own in (
                (select.b, self.b),
                (select.which, self.which),
                (select.near, self.near),
                (select.neg, self.neg),
            )
        ]
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
