"""A link between two devices: latency, bandwidth, and credits so that nothing is ever lost."""

from amaranth.hdl import Module, Signal
from amaranth.lib import fifo, stream, wiring
from amaranth.lib.wiring import In, Out

from hw.trigger.delay import Delay
from hw.trigger.layouts import below


class Link(wiring.Component):
    """Carries words to the next device.

    A word is taken at `i` once in `interval` cycles at most, and offered at `o` `latency` + 1
    cycles later, or when those before it are gone. The receiver has room for `credits` words. A
    word leaves only with a credit, which may be used again `latency` + 1 cycles after its word was
    taken at `o`; so at most that many words leave in a round trip of 2 `latency` + 2 cycles.

    Parameters
    ----------
    width : int
    latency, interval, credits : int
        At least 1 each.

    Members
    -------
    i : In(stream of width)
    o : Out(stream of width)
    """

    def __init__(self, width: int, latency: int, interval: int, credits: int) -> None:
        self._width, self._latency = width, latency
        self._interval, self._credits = interval, credits
        super().__init__({"i": In(stream.Signature(width)), "o": Out(stream.Signature(width))})

    def elaborate(self, platform: object) -> Module:
        m = Module()
        m.submodules.wire = wire = Delay(self._width, self._latency)
        m.submodules.back = back = Delay(1, self._latency)
        m.submodules.room = room = fifo.SyncFIFO(width=self._width, depth=max(2, self._credits))
        credit = Signal(range(self._credits + 1), init=self._credits)
        pause = Signal(below(self._interval))
        sent = self.i.valid & self.i.ready
        m.d.comb += [
            self.i.ready.eq((credit != 0) & (pause == 0)),
            wire.i.eq(self.i.payload),
            wire.i_valid.eq(sent),
            room.w_data.eq(wire.o),
            room.w_en.eq(wire.o_valid),
            self.o.payload.eq(room.r_data),
            self.o.valid.eq(room.r_rdy),
            room.r_en.eq(self.o.ready),
            back.i_valid.eq(self.o.valid & self.o.ready),
        ]
        m.d.sync += credit.eq(credit - sent + back.o_valid)
        with m.If(sent):
            m.d.sync += pause.eq(self._interval - 1)
        with m.Elif(pause != 0):
            m.d.sync += pause.eq(pause - 1)
        return m
