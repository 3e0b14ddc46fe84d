"""Who is next at the memory: computing, or communicating."""

from amaranth.hdl import Module, Mux, Signal, Value
from amaranth.lib import stream, wiring
from amaranth.lib.wiring import In, Out

from hw.trigger.layouts import Widths
from hw.trigger.turns import Turns


class Arbiter(wiring.Component):
    """Joins the accesses of computing (operands, results) and of communicating (incoming, dma).

    Without `mca` the two classes take turns. With it (T3, section 4.5, memory controller
    arbitration) computing comes first, and communicating only while fewer than `threshold` accesses
    wait in the memory; but once it has waited for `starvation` cycles since its last turn it comes
    next, unless computing has had none since. In a class the two streams take turns. Combinational
    from request to grant; who asks may do so no longer in the next cycle, and another one be served
    before it.

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
    mca : In(1)
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
                "mca": In(1),
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
        m.d.comb += [
            turn.eq(communication.o.valid & ~(compute.o.valid & last)),
            late.eq(turn & (waited == self._starvation)),
            welcome.eq(communication.o.valid & ~compute.o.valid & (self.level < self._threshold)),
            chosen.eq(Mux(self.mca, late | welcome, turn)),
            self.o.valid.eq(Mux(chosen, communication.o.valid, compute.o.valid)),
            Value.cast(self.o.payload).eq(
                Value.cast(Mux(chosen, communication.o.payload, compute.o.payload))
            ),
            compute.o.ready.eq(~chosen & self.o.ready),
            communication.o.ready.eq(chosen & self.o.ready),
            served.eq(self.o.valid & self.o.ready),
        ]
        with m.If(served):
            m.d.sync += last.eq(chosen)
        with m.If(chosen & served):
            m.d.sync += waited.eq(0)
        with m.Elif(communication.o.valid & (waited != self._starvation)):
            m.d.sync += waited.eq(waited + 1)
        return m
