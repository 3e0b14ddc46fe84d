"""Lets operands pass at the rate at which the memory would deliver them."""

from amaranth.hdl import Module, Signal
from amaranth.lib import stream, wiring
from amaranth.lib.wiring import In, Out

from hw.trigger.layouts import COUNTER, Op, Tag, Widths, below


class OperandGate(wiring.Component):
    """A stream of operands of which each beat takes `accesses` memory accesses.

    Accesses are asked for ahead, for up to `prefetch` beats that have not passed yet; beats pass
    when the memory has answered for them.

    Parameters
    ----------
    width : int
        Bits of a beat.
    accesses, prefetch : int
        At least 1.
    tag : Tag
    widths : Widths

    Members
    -------
    i, o : In(stream of width), Out(stream of width)
    start : In(1)
        A phase begins with the next cycle; all beats of the one before have passed.
    due : In(COUNTER)
        Beats of the phase.
    request : Out(stream of widths.request)
    answered : In(1)
        The memory answers one of them.
    """

    def __init__(self, width: int, accesses: int, prefetch: int, tag: Tag, widths: Widths) -> None:
        self._accesses, self._ahead, self._tag = accesses, accesses * prefetch, tag
        super().__init__(
            {
                "i": In(stream.Signature(width)),
                "o": Out(stream.Signature(width)),
                "start": In(1),
                "due": In(COUNTER),
                "request": Out(stream.Signature(widths.request)),
                "answered": In(1),
            }
        )

    def elaborate(self, platform: object) -> Module:
        m = Module()
        beats = Signal(COUNTER)
        part = Signal(below(self._accesses))
        ahead = Signal(range(self._ahead + 1))
        arrived = Signal(range(self._ahead + 1))
        asked, passed = Signal(), Signal()
        m.d.comb += [
            self.request.valid.eq((beats != 0) & (ahead < self._ahead)),
            self.request.payload.op.eq(Op.OPERAND),
            self.request.payload.tag.eq(self._tag),
            asked.eq(self.request.valid & self.request.ready),
            self.o.payload.eq(self.i.payload),
            self.o.valid.eq(self.i.valid & (arrived >= self._accesses)),
            self.i.ready.eq(self.o.ready & (arrived >= self._accesses)),
            passed.eq(self.o.valid & self.o.ready),
        ]
        spent = passed * self._accesses
        m.d.sync += [
            ahead.eq(ahead + asked - spent),
            arrived.eq(arrived + self.answered - spent),
        ]
        with m.If(self.start):
            m.d.sync += [beats.eq(self.due), part.eq(0)]
        with m.Elif(asked):
            with m.If(part == self._accesses - 1):
                m.d.sync += [part.eq(0), beats.eq(beats - 1)]
            with m.Else():
                m.d.sync += part.eq(part + 1)
        return m
