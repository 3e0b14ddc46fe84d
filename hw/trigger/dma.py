"""Sends complete tiles without the engine's help."""

from typing import Any

from amaranth.hdl import Module, Mux, Signal, Value
from amaranth.lib import data, fifo, stream, wiring
from amaranth.lib.wiring import In, Out

from hw.trigger.layouts import Action, Op, Tag, Widths
from hw.trigger.walk import Walk


class Dma(wiring.Component):
    """Reads complete tiles and sends them to the link or to the host.

    The chunks of a phase are its command table, programmed in advance (T3, section 4.2.2); a
    tile's command is ready with its trigger, or as the phase begins. Tiles go in the order of
    `Walk`, which is also that of the triggers: own results and incoming words share it. So a count
    of triggers stands for a ready bit a tile, and a trigger never waits.

    A tile's first word is asked for in the cycle after its trigger, the others follow a cycle
    each, as long as there is room for them: a place is free again a cycle after its word was taken
    at `o`, where it is offered a cycle after its answer. Behind a queue and a memory of `latency`
    cycles, `prefetch` of `latency` + 3 lets a word leave in every cycle.

    Parameters
    ----------
    widths : Widths
    prefetch : int
        Words under way, at least 1.

    Members
    -------
    config : In(widths.config)
    start : In(1)
        A phase begins with the next cycle.
    trigger : In(stream of chunk and tile)
    request : Out(stream of widths.request)
    answer_valid, answer_data : In(1), In(word)
    o : Out(stream of host and word)
        `word`, a widths.link_word, goes to the host or to the link.
    """

    def __init__(self, widths: Widths, prefetch: int) -> None:
        self._widths, self._prefetch = widths, prefetch
        trigger = data.StructLayout({"chunk": widths.chunk, "tile": widths.tile})
        sent = data.StructLayout({"host": 1, "word": widths.link_word})
        super().__init__(
            {
                "config": In(widths.config),
                "start": In(1),
                "trigger": In(stream.Signature(trigger)),
                "request": Out(stream.Signature(widths.request)),
                "answer_valid": In(1),
                "answer_data": In(widths.word),
                "o": Out(stream.Signature(sent)),
            }
        )

    def elaborate(self, platform: object) -> Module:
        m = Module()
        widths, config = self._widths, self.config
        m.submodules.walk = walk = Walk(widths, lambda chunk: chunk.action != Action.KEEP)
        place = data.StructLayout({"host": 1, **widths.place})
        m.submodules.places = places = fifo.SyncFIFO(width=place.size, depth=self._prefetch)
        m.submodules.words = words = fifo.SyncFIFO(width=widths.word, depth=self._prefetch)
        asked, going = Signal(place), Signal(place)
        complete = Signal(widths.count)
        row, last = Signal(widths.count), Signal()
        entry: Any = Signal(widths.chunk_layout)
        triggered: Any = Signal(widths.chunk_layout)
        ask, taken = Signal(), Signal()
        m.d.comb += [
            walk.config.eq(config),
            walk.start.eq(self.start),
            entry.eq(config.chunks[walk.chunk]),
            triggered.eq(config.chunks[self.trigger.payload.chunk]),
            self.trigger.ready.eq(1),
            self.request.valid.eq(walk.valid & (entry.ready | (complete != 0)) & places.w_rdy),
            self.request.payload.op.eq(Op.LOAD),
            self.request.payload.tag.eq(Tag.DMA),
            self.request.payload.address.eq(walk.address + row),
            ask.eq(self.request.valid & self.request.ready),
            last.eq(row == config.rows - 1),
            walk.take.eq(ask & last),
            asked.host.eq(entry.action == Action.HOST),
            asked.chunk.eq(walk.chunk),
            asked.tile.eq(walk.tile),
            asked.address.eq(self.request.payload.address),
            places.w_data.eq(Value.cast(asked)),
            places.w_en.eq(ask),
            words.w_data.eq(self.answer_data),
            words.w_en.eq(self.answer_valid),
            going.eq(places.r_data),
            self.o.valid.eq(words.r_rdy),
            self.o.payload.host.eq(going.host),
            self.o.payload.word.chunk.eq(going.chunk),
            self.o.payload.word.tile.eq(going.tile),
            self.o.payload.word.address.eq(going.address),
            self.o.payload.word.data.eq(words.r_data),
            taken.eq(self.o.valid & self.o.ready),
            places.r_en.eq(taken),
            words.r_en.eq(taken),
        ]
        with m.If(self.start):
            m.d.sync += [row.eq(0), complete.eq(0)]
        with m.Else():
            counts = self.trigger.valid & (triggered.action != Action.KEEP)
            m.d.sync += complete.eq(complete + counts - (walk.take & ~entry.ready))
            with m.If(ask):
                m.d.sync += row.eq(Mux(last, 0, row + 1))
        return m
