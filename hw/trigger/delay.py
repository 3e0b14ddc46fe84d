"""A fixed delay whose price hardly grows with its length."""

from amaranth.hdl import Module, Mux, Signal
from amaranth.lib import memory, wiring
from amaranth.lib.wiring import In, Out

from hw.trigger.layouts import below


class Delay(wiring.Component):
    """`o` = `i` of `cycles` cycles ago, in a circular buffer.

    Parameters
    ----------
    width : int
    cycles : int
        At least 1.

    Members
    -------
    i_valid, o_valid : In(1), Out(1)
        Whether there is anything; after a reset nothing is under way.
    i, o : In(width), Out(width)
    """

    def __init__(self, width: int, cycles: int) -> None:
        self._width, self._cycles = width, cycles
        super().__init__({"i_valid": In(1), "i": In(width), "o_valid": Out(1), "o": Out(width)})

    def elaborate(self, platform: object) -> Module:
        m = Module()
        valid = Signal(self._cycles)
        m.d.sync += valid.eq(valid << 1 | self.i_valid)
        m.d.comb += self.o_valid.eq(valid[-1])
        if self._cycles == 1:
            m.d.sync += self.o.eq(self.i)
            return m
        # What is written now is read when its place comes round again, and leaves a cycle later.
        depth = self._cycles - 1
        m.submodules.buffer = buffer = memory.Memory(shape=self._width, depth=depth, init=[])
        write, read = buffer.write_port(), buffer.read_port()
        place = Signal(below(depth))
        m.d.sync += place.eq(Mux(place == depth - 1, 0, place + 1))
        m.d.comb += [
            write.addr.eq(place),
            write.data.eq(self.i),
            write.en.eq(1),
            read.addr.eq(place),
            self.o.eq(read.data),
        ]
        return m
