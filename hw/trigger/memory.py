"""A memory that adds in place (T3, section 4.3: near-memory compute)."""

from typing import Any

from amaranth.hdl import Array, Cat, Module, Mux, Signal, Value
from amaranth.lib import fifo, memory, stream, wiring
from amaranth.lib.wiring import In, Out

from hw.distinct import Make
from hw.trigger.delay import Delay
from hw.trigger.layouts import Op, Widths, below


class ComputeMemory(wiring.Component):
    """A banked memory of words with the operations load, store, update, and operand.

    Accesses wait in a queue and start in order, one a cycle at most, each when its bank, `address`
    modulo `banks`, is free; it then keeps the bank for `interval` cycles. An update adds to a word
    in its bank: one access like any other. LOAD and OPERAND are answered `latency` cycles after
    their start, in order; who asks has room for the answer. An OPERAND takes the banks in turn.

    Parameters
    ----------
    widths : Widths
    adder : callable () -> Component
        Adds two lanes: `x` and `y` In(lane), `o` Out(lane), combinationally.
    latency, interval, banks, queue : int
        At least 1 each.

    Members
    -------
    request : In(stream of widths.request)
    level : Out(range(queue + 1))
        Accesses that wait.
    answer_valid : Out(1)
    answer : Out(widths.answer)
    """

    def __init__(
        self, widths: Widths, adder: Make, latency: int, interval: int, banks: int, *, queue: int
    ) -> None:
        self._widths, self._adder = widths, adder
        self._latency, self._interval = latency, interval
        self._banks, self._queue = banks, queue
        super().__init__(
            {
                "request": In(stream.Signature(widths.request)),
                "level": Out(range(queue + 1)),
                "answer_valid": Out(1),
                "answer": Out(widths.answer),
            }
        )

    def elaborate(self, platform: object) -> Module:
        m = Module()
        widths = self._widths
        m.submodules.queue = queue = fifo.SyncFIFO(width=widths.request.size, depth=self._queue)
        head = Signal(widths.request)
        start = Signal()
        m.d.comb += [
            queue.w_data.eq(Value.cast(self.request.payload)),
            queue.w_en.eq(self.request.valid),
            self.request.ready.eq(queue.w_rdy),
            self.level.eq(queue.level),
            head.eq(queue.r_data),
            start.eq(queue.r_rdy & self._free(m, head, queue.r_rdy)),
            queue.r_en.eq(start),
        ]
        self._access(m, head, start)
        return m

    def _free(self, m: Module, head: Any, waiting: Value) -> Value:
        """Whether the bank of the access `head` is free."""
        turn, bank = Signal(below(self._banks)), Signal(below(self._banks))
        starts = Signal()
        m.d.comb += bank.eq(Mux(head.op == Op.OPERAND, turn, head.address % self._banks))
        with m.If(starts & (head.op == Op.OPERAND)):
            m.d.sync += turn.eq(Mux(turn == self._banks - 1, 0, turn + 1))
        busy = [Signal(below(self._interval), name=f"busy_{b}") for b in range(self._banks)]
        free = Signal()
        m.d.comb += [free.eq(Array(busy)[bank] == 0), starts.eq(waiting & free)]
        for own, counter in enumerate(busy):
            with m.If(starts & (bank == own)):
                m.d.sync += counter.eq(self._interval - 1)
            with m.Elif(counter != 0):
                m.d.sync += counter.eq(counter - 1)
        return free

    def _access(self, m: Module, head: Any, start: Value) -> None:
        """Reads in one cycle, adds, writes and answers in the next."""
        widths = self._widths
        m.submodules.words = words = memory.Memory(shape=widths.word, depth=widths.words, init=[])
        write = words.write_port()
        read = words.read_port(transparent_for=(write,))
        under_way = Signal()
        access = Signal(widths.request, reset_less=True)
        m.d.comb += [read.addr.eq(head.address), read.en.eq(start)]
        m.d.sync += [under_way.eq(start), access.eq(head)]
        sums = []
        for index in range(widths.lanes):
            m.submodules[f"add_{index}"] = add = self._adder()
            m.d.comb += [
                add.x.eq(read.data.word_select(index, widths.lane)),
                add.y.eq(access.data.word_select(index, widths.lane)),
            ]
            sums.append(add.o)
        answer = Signal(widths.answer)
        asked = Signal()
        m.d.comb += [
            write.addr.eq(access.address),
            write.data.eq(Mux(access.op == Op.UPDATE, Cat(sums), access.data)),
            write.en.eq(under_way & ((access.op == Op.STORE) | (access.op == Op.UPDATE))),
            asked.eq(under_way & ((access.op == Op.LOAD) | (access.op == Op.OPERAND))),
            answer.tag.eq(access.tag),
            answer.data.eq(read.data),
        ]
        if self._latency == 1:
            m.d.comb += [self.answer_valid.eq(asked), self.answer.eq(answer)]
            return
        m.submodules.answers = late = Delay(widths.answer.size, self._latency - 1)
        m.d.comb += [
            late.i_valid.eq(asked),
            late.i.eq(Value.cast(answer)),
            self.answer_valid.eq(late.o_valid),
            Value.cast(self.answer).eq(late.o),
        ]
