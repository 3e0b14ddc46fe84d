"""The order in which a device goes through the tiles of a phase."""

from collections.abc import Callable
from typing import Any

from amaranth.hdl import Module, Mux, Signal, Value
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from hw.trigger.layouts import Widths


class Walk(wiring.Component):
    """Goes through the chunks, `origin` first, and through the tiles of each.

    A new chunk takes a cycle, and so does one that is passed over.

    Parameters
    ----------
    widths : Widths
    wanted : callable (chunk) -> Value
        Whether a chunk, a view of `widths.chunk_layout`, is not passed over.

    Members
    -------
    config : In(widths.config)
    start : In(1)
        A phase begins with the next cycle.
    take : In(1)
        On to the next tile.
    valid : Out(1)
        There is a tile.
    chunk, tile, address : Out
        It, and its first word.
    """

    def __init__(self, widths: Widths, wanted: Callable[[Any], Value]) -> None:
        self._widths, self._wanted = widths, wanted
        super().__init__(
            {
                "config": In(widths.config),
                "start": In(1),
                "take": In(1),
                "valid": Out(1),
                "chunk": Out(widths.chunk),
                "tile": Out(widths.tile),
                "address": Out(widths.tile),
            }
        )

    def elaborate(self, platform: object) -> Module:
        m = Module()
        devices = self._widths.devices
        chunks, tiles = Signal(range(devices + 1)), Signal(self._widths.count)
        entry = Signal(self._widths.chunk_layout)
        following = Mux(self.chunk == devices - 1, 0, self.chunk + 1)
        m.d.comb += entry.eq(self.config.chunks[self.chunk])
        with m.If(self.start):
            m.d.sync += [
                self.chunk.eq(self.config.origin),
                chunks.eq(devices),
                self.valid.eq(0),
            ]
        with m.Elif(self.take):
            m.d.sync += [
                self.tile.eq(self.tile + 1),
                self.address.eq(self.address + self.config.rows),
                tiles.eq(tiles - 1),
            ]
            with m.If(tiles == 1):
                m.d.sync += [self.valid.eq(0), self.chunk.eq(following), chunks.eq(chunks - 1)]
        with m.Elif(~self.valid & (chunks != 0)):
            with m.If((entry.tiles != 0) & self._wanted(entry)):
                m.d.sync += [
                    self.valid.eq(1),
                    self.tile.eq(entry.first),
                    self.address.eq(entry.address),
                    tiles.eq(entry.tiles),
                ]
            with m.Else():
                m.d.sync += [self.chunk.eq(following), chunks.eq(chunks - 1)]
        return m
