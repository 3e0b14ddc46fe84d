"""Many streams take turns at one."""

from amaranth.hdl import Array, Cat, Module, Signal, Value
from amaranth.lib import data, stream, wiring
from amaranth.lib.wiring import In, Out


class RoundRobin(wiring.Component):
    """Who is served among those who ask: the next one in line after the one served last.

    Combinational, but for who was last.

    Members
    -------
    asks : In(ways)
    served : In(1)
        The chosen one is served in this cycle.
    chosen : Out(range(ways))
    """

    def __init__(self, ways: int) -> None:
        self._ways = ways
        super().__init__({"asks": In(ways), "served": In(1), "chosen": Out(range(ways))})

    def elaborate(self, platform: object) -> Module:
        m = Module()
        last = Signal.like(self.chosen)
        with m.Switch(last):
            for turn in range(self._ways):
                with m.Case(turn):
                    # The last assignment wins: of the one who is first in line.
                    for step in range(self._ways, 0, -1):
                        way = (turn + step) % self._ways
                        with m.If(self.asks[way]):
                            m.d.comb += self.chosen.eq(way)
        with m.If(self.served):
            m.d.sync += last.eq(self.chosen)
        return m


class Turns(wiring.Component):
    """Joins streams, one word a cycle, in turns.

    Members
    -------
    i_0, i_1, ... : In(stream)
    o : Out(stream)
    """

    def __init__(self, shape: data.StructLayout, ways: int) -> None:
        self._ways = ways
        inputs = {f"i_{way}": In(stream.Signature(shape)) for way in range(ways)}
        super().__init__({**inputs, "o": Out(stream.Signature(shape))})

    def elaborate(self, platform: object) -> Module:
        m = Module()
        m.submodules.order = order = RoundRobin(self._ways)
        inputs = [getattr(self, f"i_{way}") for way in range(self._ways)]
        m.d.comb += [
            order.asks.eq(Cat(one.valid for one in inputs)),
            order.served.eq(self.o.valid & self.o.ready),
        ]
        valid, payload = (
            Array(one.valid for one in inputs),
            Array(Value.cast(one.payload) for one in inputs),
        )
        m.d.comb += [
            self.o.valid.eq(valid[order.chosen]),
            Value.cast(self.o.payload).eq(payload[order.chosen]),
            *(one.ready.eq(self.o.ready & (order.chosen == way)) for way, one in enumerate(inputs)),
        ]
        return m
