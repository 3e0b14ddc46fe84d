"""Where results of the engine belong."""

from amaranth.hdl import Const, Module, Mux, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from hw.trigger.layouts import Widths
from hw.trigger.walk import Walk


class AddressMap(wiring.Component):
    """Follows the engine's results through the chunks, tile by tile and row by row.

    The engine knows nothing of it (T3, section 4.4: only the output address space is configured).

    Parameters
    ----------
    widths : Widths

    Members
    -------
    config : In(widths.config)
    start : In(1)
        A phase begins with the next cycle.
    take : In(1)
        A result has gone where it belongs.
    valid : Out(1)
        What follows is known of the next result.
    chunk, tile, address, remote, expected : Out
        See `hw.trigger.layouts`.
    """

    def __init__(self, widths: Widths) -> None:
        self._widths = widths
        super().__init__(
            {
                "config": In(widths.config),
                "start": In(1),
                "take": In(1),
                "valid": Out(1),
                "chunk": Out(widths.chunk),
                "tile": Out(widths.tile),
                "address": Out(widths.tile),
                "remote": Out(1),
                "expected": Out(2),
            }
        )

    def elaborate(self, platform: object) -> Module:
        m = Module()
        config = self.config
        m.submodules.walk = walk = Walk(self._widths, lambda chunk: Const(1))
        row, last = Signal(self._widths.count), Signal()
        m.d.comb += [
            walk.config.eq(config),
            walk.start.eq(self.start),
            walk.take.eq(self.take & last),
            last.eq(row == config.rows - 1),
            self.valid.eq(walk.valid),
            self.chunk.eq(walk.chunk),
            self.tile.eq(walk.tile),
            self.address.eq(walk.address + row),
            self.remote.eq(config.chunks[walk.chunk].remote),
            self.expected.eq(config.chunks[walk.chunk].expected),
        ]
        with m.If(self.start):
            m.d.sync += row.eq(0)
        with m.Elif(self.take):
            m.d.sync += row.eq(Mux(last, 0, row + 1))
        return m
