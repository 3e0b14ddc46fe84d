"""What becomes of words from the link."""

from amaranth.hdl import Cat, Const, Module, Mux, Signal, Value
from amaranth.lib import fifo, stream, wiring
from amaranth.lib.wiring import In, Out

from hw.distinct import Make
from hw.trigger.layouts import Incoming, Op, Tag, Widths


class Receive(wiring.Component):
    """Turns words from the link into memory accesses.

    UPDATE and STORE take one access, which is final, without delay. READ_ADD_WRITE is what a
    processor does whose memory cannot add: it loads the word that is there, adds, and stores the
    sum, which is the final access; up to `room` words are under way.

    Parameters
    ----------
    widths : Widths
    adder : callable () -> Component
        Adds two lanes: `x` and `y` In(lane), `o` Out(lane), combinationally.
    room : int
        At least 1.

    Members
    -------
    i : In(stream of widths.link_word)
    incoming : In(Incoming)
    chunk, tile, final : Out
        Of the word of the access that is due; whether the word is done with it.
    first, allowed : In(1)
        An update of this word has nothing to add to; its final access may be made. They may depend
        on `chunk` and `tile` combinationally.
    request : Out(stream of widths.request)
    answer_valid, answer_data : In(1), In(word)
    """

    def __init__(self, widths: Widths, adder: Make, room: int) -> None:
        self._widths, self._adder, self._room = widths, adder, room
        super().__init__(
            {
                "i": In(stream.Signature(widths.link_word)),
                "incoming": In(Incoming),
                "chunk": Out(widths.chunk),
                "tile": Out(widths.tile),
                "final": Out(1),
                "first": In(1),
                "allowed": In(1),
                "request": Out(stream.Signature(widths.request)),
                "answer_valid": In(1),
                "answer_data": In(widths.word),
            }
        )

    def elaborate(self, platform: object) -> Module:
        m = Module()
        widths = self._widths
        m.submodules.loading = loading = fifo.SyncFIFO(
            width=widths.link_word.size, depth=self._room
        )
        m.submodules.loaded = loaded = fifo.SyncFIFO(width=widths.word, depth=self._room)
        held = Signal(widths.link_word)
        sums = []
        for index in range(widths.lanes):
            m.submodules[f"add_{index}"] = add = self._adder()
            m.d.comb += [
                add.x.eq(loaded.r_data.word_select(index, widths.lane)),
                add.y.eq(held.data.word_select(index, widths.lane)),
            ]
            sums.append(add.o)
        twice, storing = Signal(), Signal()
        word = Signal(widths.link_word)
        op, ready = Signal(Op), self.request.ready
        m.d.comb += [
            held.eq(loading.r_data),
            loaded.w_data.eq(self.answer_data),
            loaded.w_en.eq(self.answer_valid),
            loading.w_data.eq(Value.cast(self.i.payload)),
            twice.eq(self.incoming == Incoming.READ_ADD_WRITE),
            storing.eq(twice & loaded.r_rdy),
            self.final.eq(storing | ~twice),
            word.eq(Mux(storing, held, self.i.payload)),
            self.chunk.eq(word.chunk),
            self.tile.eq(word.tile),
            # In one piece: a constant part of a signal becomes Verilog that nothing ever triggers.
            Value.cast(self.request.payload).eq(
                Cat(op, Const(Tag.RECEIVE, 3), word.address, Mux(storing, Cat(sums), word.data))
            ),
        ]
        with m.If(storing):
            m.d.comb += [
                op.eq(Op.STORE),
                self.request.valid.eq(self.allowed),
                loaded.r_en.eq(self.allowed & ready),
                loading.r_en.eq(self.allowed & ready),
            ]
        with m.Elif(twice):
            m.d.comb += [
                op.eq(Op.LOAD),
                self.request.valid.eq(self.i.valid & loading.w_rdy),
                self.i.ready.eq(ready & loading.w_rdy),
                loading.w_en.eq(self.i.valid & ready),
            ]
        with m.Else():
            stores = (self.incoming == Incoming.STORE) | self.first
            m.d.comb += [
                op.eq(Mux(stores, Op.STORE, Op.UPDATE)),
                self.request.valid.eq(self.i.valid & self.allowed),
                self.i.ready.eq(ready & self.allowed),
            ]
        return m
