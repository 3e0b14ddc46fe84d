"""What cells of arrays with K in space have in common."""

from functools import partial

from amaranth.hdl import Module, Mux, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from hw.distinct import Distinct
from hw.element import Total


def accumulators(total: Total) -> tuple[Distinct, Distinct]:
    """The accumulator of a cell, and of one of the bottom row."""
    return (
        Distinct("accumulator", partial(Accumulator, total, False)),
        Distinct("accumulator_bottom", partial(Accumulator, total, True)),
    )


class Accumulator(wiring.Component):
    """Adds up sums of products, and is a place in the drain of rows of C.

    Members
    -------
    en : In(1)
    i : In
        A sum of products.
    clear : In(1)
        In the next cycle the accumulator is complete: it leaves, and `i` starts the next one.
    leave : In(1)
        In the next cycle rows of C move up.
    below, o : In/Out(state)
        Sums on their way up. The bottom row has nothing to hold.
    """

    def __init__(self, total: Total, bottom: bool) -> None:
        self._total, self._bottom = total, bottom
        self._accumulate = total.accumulate()
        super().__init__(
            {
                "en": In(1),
                "i": self._accumulate.signature.members["i"],
                "clear": In(1),
                "leave": In(1),
                "below": In(total.state),
                "o": Out(total.state),
            }
        )

    def elaborate(self, platform: object) -> Module:
        m = Module()
        m.submodules.accumulate = accumulate = self._accumulate
        state = Signal(self._total.state, reset_less=True)
        held = Signal(self._total.state, reset_less=True)
        clear, leave = Signal(reset_less=True), Signal(reset_less=True)
        m.d.comb += [
            accumulate.i.eq(self.i),
            accumulate.state.eq(Mux(clear, 0, state)),
            self.o.eq(Mux(clear, state, 0 if self._bottom else held)),
        ]
        with m.If(self.en):
            m.d.sync += [
                state.eq(accumulate.o),
                clear.eq(self.clear),
                leave.eq(self.leave),
            ]
            with m.If(leave):
                m.d.sync += held.eq(self.below)
        return m
