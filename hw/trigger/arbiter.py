"""Who is next at the memory: computing, or communicating."""

from amaranth.hdl import Module, Mux, Signal, Value
from amaranth.lib import stream, wiring
from amaranth.lib.wiring import In, Out

from golden.trigger.program import Priority
from hw.trigger.layouts import Widths
from hw.trigger.turns import Turns


class Arbiter(wiring.Component):
    """Joins the accesses of computing (operands, results) and of communicating (incoming, dma).

    By `priority` the two classes take turns; or computing comes first (T3, section 4.5, memory
    controller arbitration), and communicating only while fewer than `threshold` accesses wait in
    the memory; or communicating comes first. The other one, once it has waited for `starvation`
    cycles since its last turn, comes next, unless the first one has had none since. In a class the
    two streams take turns. Combinational from request to grant; who asks may do so no longer in the
    next cycle, and another one be served before it.

    Parameters
    ----------
    widths : Widths
    queue : int
        Most accesses that wait in the memory.
    threshold, starvation : int

    Members
    -------
    operand, result, incoming, dma : In(stream of widths.request)
    o : Out(stream of widths.request)
    level : In(range(queue + 1))
        How many accesses wait in the memory.
    priority : In(Priority)
    """

    def __init__(self, widths: Widths, queue: int, threshold: int, starvation: int) -> None:
        self._widths, self._threshold, self._starvation = widths, threshold, starvation
        request = stream.Signature(widths.request)
        super().__init__(
            {
                "operand": In(request),
                "result": In(request),
                "incoming": In(request),
                "dma": In(request),
                "o": Out(request),
                "level": In(range(queue + 1)),
                "priority": In(Priority),
            }
        )

    def elaborate(self, platform: object) -> Module:
        m = Module()
        compute = m.submodules.compute = Turns(self._widths.request, 2)
        communication = m.submodules.communication = Turns(self._widths.request, 2)
        wiring.connect(m, wiring.flipped(self.operand), compute.i_0)
        wiring.connect(m, wiring.flipped(self.result), compute.i_1)
        wiring.connect(m, wiring.flipped(self.incoming), communication.i_0)
        wiring.connect(m, wiring.flipped(self.dma), communication.i_1)
        waited = Signal(range(self._starvation + 1))
        last, turn, chosen = Signal(), Signal(), Signal()
        late, welcome, served = Signal(), Signal(), Signal()
        link_first, waits = Signal(), Signal()
        m.d.comb += [
            turn.eq(communication.o.valid & ~(compute.o.valid & last)),
            late.eq(waited == self._starvation),
            link_first.eq(self.priority == Priority.COMMUNICATING),
            waits.eq(Mux(link_first, compute.o.valid, communication.o.valid)),
            welcome.eq(communication.o.valid & ~compute.o.valid & (self.level < self._threshold)),
            self.o.valid.eq(Mux(chosen, communication.o.valid, compute.o.valid)),
            Value.cast(self.o.payload).eq(
                Value.cast(Mux(chosen, communication.o.payload, compute.o.payload))
            ),
            compute.o.ready.eq(~chosen & self.o.ready),
            communication.o.ready.eq(chosen & self.o.ready),
            served.eq(self.o.valid & self.o.ready),
        ]
        with m.If(self.priority == Priority.COMPUTING):
            m.d.comb += chosen.eq(late & turn | welcome)
        with m.Elif(link_first):
            m.d.comb += chosen.eq(communication.o.valid & ~(late & compute.o.valid & last))
        with m.Else():
            m.d.comb += chosen.eq(turn)
        with m.If(served):
            m.d.sync += last.eq(chosen)
        with m.If(served & (chosen != link_first)):
            m.d.sync += waited.eq(0)
        with m.Elif(waits & ~late):
            m.d.sync += waited.eq(waited + 1)
        return m
