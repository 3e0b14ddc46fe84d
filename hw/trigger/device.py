"""A device of a ring: an engine, and what lets it communicate while it computes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from amaranth.hdl import Cat, Module, Mux, Signal, Value
from amaranth.lib import stream, wiring
from amaranth.lib.wiring import In, Out

from golden.trigger.spec import RingSpec
from hw.distinct import Distinct, Make, Placed
from hw.trigger.address_map import AddressMap
from hw.trigger.arbiter import Arbiter
from hw.trigger.dma import Dma
from hw.trigger.gate import OperandGate
from hw.trigger.layouts import COUNTER, COUNTERS_LAYOUT, Op, Tag, Widths
from hw.trigger.memory import ComputeMemory
from hw.trigger.receive import Receive
from hw.trigger.tracker import Tracker
from hw.trigger.turns import Turns

TAGS: dict[str, Any] = {"a": Tag.A, "b": Tag.B, "s": Tag.S}
"""Operand streams, and whom the memory answers for them."""

ACCESSES = {"loads": Op.LOAD, "stores": Op.STORE, "updates": Op.UPDATE, "operands": Op.OPERAND}
"""Counters of memory accesses."""


class Device(wiring.Component):
    """An engine with a memory that adds, a tracker, a DMA engine and a receiver (T3, section 4).

    Works in phases. A phase begins with a beat of `config`, which is taken when the phase before is
    done, and ends when all that is `due` has come about. Results of the engine go to the memory,
    or straight to the link; words from the link go to the memory; both are counted by the tracker,
    which tells the DMA engine what is complete; that goes to the link or to the host.

    Parameters
    ----------
    engine : callable () -> Component
        Builds the engine; its results are partial sums.
    adder : callable () -> Component
        Adds two of them: `x` and `y` In(lane), `o` Out(lane).
    ring : RingSpec
    widths : Widths

    Members
    -------
    a, b and, if the engine has it, s : In(stream)
        The engine's operands. A beat costs as many memory accesses as it fills words.
    config : In(stream of widths.config)
    link_i, link_o : In and Out(stream of widths.link_word)
        From and to the neighbours.
    c : Out(stream of widths.link_word)
        To the host.
    counters : Out(COUNTERS_LAYOUT)
        Since the reset.
    done : Out(1)
        No phase is under way.
    """

    def __init__(self, engine: Make, adder: Make, ring: RingSpec, widths: Widths) -> None:
        self._engine = engine()
        self._adder, self._ring, self._widths = Distinct("lane_adder", adder), ring, widths
        members = self._engine.signature.members
        self._operands = {name: members[name] for name in TAGS if name in members}
        word = stream.Signature(widths.link_word)
        super().__init__(
            {
                **self._operands,
                "config": In(stream.Signature(widths.config)),
                "link_i": In(word),
                "link_o": Out(word),
                "c": Out(word),
                "counters": Out(COUNTERS_LAYOUT),
                "done": Out(1),
            }
        )

    def elaborate(self, platform: object) -> Module:
        m = Module()
        parts = self._place(m)
        phase, start, begin = Signal(self._widths.config), Signal(), Signal()
        m.d.comb += [
            self.config.ready.eq(self.done & ~start),
            begin.eq(self.config.valid & self.config.ready),
            parts.map.config.eq(phase),
            parts.map.start.eq(start),
            parts.tracker.rows.eq(phase.rows),
            parts.dma.config.eq(phase),
            parts.dma.start.eq(start),
            parts.arbiter.priority.eq(phase.priority),
            parts.arbiter.level.eq(parts.memory.level),
            parts.receive.incoming.eq(phase.incoming),
        ]
        m.d.sync += start.eq(begin)
        with m.If(begin):
            m.d.sync += phase.eq(self.config.payload)
        account = _Account(m, begin, self.config.payload.due, self.counters)
        operands = self._connect_operands(m, parts, start, phase, account)
        account.count("computing", operands.taken)
        account.count("operand_stalls", operands.waiting)
        self._connect_results(m, parts, start, account)
        self._connect_incoming(m, parts, phase, start, account)
        self._connect_complete(m, parts, account)

        m.d.comb += [
            self.done.eq(
                account.settled & parts.tracker.empty & (parts.memory.level == 0) & ~start
            ),
            self.counters.peak.eq(parts.tracker.peak),
        ]
        account.count("sent", self.link_o.valid & self.link_o.ready)
        access = parts.memory.request
        for name, op in ACCESSES.items():
            account.count(name, access.valid & access.ready & (access.payload.op == op))
        return m

    def _place(self, m: Module) -> "_Parts":
        ring, widths = self._ring, self._widths
        parts = _Parts(
            engine=self._engine,
            map=AddressMap(widths),
            tracker=Tracker(widths, ring.sets, ring.ways),
            dma=Dma(widths, ring.prefetch),
            memory=ComputeMemory(
                widths,
                self._place_adder,
                ring.memory_latency,
                ring.memory_interval,
                ring.banks,
                queue=ring.queue,
            ),
            arbiter=Arbiter(widths, ring.queue, ring.threshold, ring.starvation),
            receive=Receive(widths, self._place_adder, ring.prefetch),
        )
        for name, part in vars(parts).items():
            m.submodules[name] = part
        return parts

    def _connect_results(
        self, m: Module, parts: "_Parts", start: Value, account: "_Account"
    ) -> None:
        """The engine's results to the memory, or to the link, where they come first."""
        c, where, tracker = parts.engine.c, parts.map, parts.tracker
        request = parts.arbiter.result
        known, tracked, welcome = Signal(), Signal(), Signal()
        to_memory, to_link = Signal(), Signal()
        m.d.comb += [
            tracker.own_tile.eq(where.tile),
            tracker.own_chunk.eq(where.chunk),
            tracker.own_expected.eq(where.expected),
            known.eq(c.valid & where.valid & ~start),
            tracked.eq(where.expected != 0),
            welcome.eq(tracker.own_ready | ~tracked),
            to_memory.eq(known & ~where.remote & welcome),
            to_link.eq(known & where.remote),
            request.valid.eq(to_memory),
            request.payload.op.eq(Mux(~tracked | tracker.own_first, Op.STORE, Op.UPDATE)),
            request.payload.address.eq(where.address),
            request.payload.data.eq(c.payload.data),
            c.ready.eq(to_memory & request.ready | to_link & self.link_o.ready),
            where.take.eq(c.ready),
            tracker.own_count.eq(request.valid & request.ready & tracked),
        ]
        sent = parts.dma.o
        m.d.comb += [
            self.link_o.valid.eq(to_link | sent.valid & ~sent.payload.host),
            self.link_o.payload.eq(sent.payload.word),
            self.c.valid.eq(sent.valid & sent.payload.host),
            self.c.payload.eq(sent.payload.word),
            sent.ready.eq(Mux(sent.payload.host, self.c.ready, self.link_o.ready & ~to_link)),
        ]
        with m.If(to_link):
            m.d.comb += [
                self.link_o.payload.chunk.eq(where.chunk),
                self.link_o.payload.tile.eq(where.tile),
                self.link_o.payload.address.eq(where.address),
                self.link_o.payload.data.eq(c.payload.data),
            ]
        account.pay("produced", where.take)
        account.count("produced", where.take)
        account.count("memory_stalls", to_memory & ~request.ready)
        account.count("tracker_stalls", known & ~where.remote & ~welcome)
        account.count("link_stalls", to_link & ~self.link_o.ready)

    def _connect_incoming(
        self,
        m: Module,
        parts: "_Parts",
        phase: Any,
        start: Value,
        account: "_Account",
    ) -> None:
        """Words from the link to the memory."""
        receive, tracker, memory = parts.receive, parts.tracker, parts.memory
        expected = phase.chunks[receive.chunk].expected
        awaited, received = Signal(), Signal()
        m.d.comb += [
            awaited.eq(account.left["received"].any() & ~start),
            receive.i.payload.eq(self.link_i.payload),
            receive.i.valid.eq(self.link_i.valid & awaited),
            self.link_i.ready.eq(receive.i.ready & awaited),
            tracker.incoming_tile.eq(receive.tile),
            tracker.incoming_chunk.eq(receive.chunk),
            tracker.incoming_expected.eq(expected),
            # The only update of a word adds to what an earlier phase left there.
            receive.first.eq(tracker.incoming_first & (expected > 1)),
            receive.allowed.eq(tracker.incoming_ready | (expected == 0)),
            receive.answer_data.eq(memory.answer.data),
            receive.answer_valid.eq(memory.answer_valid & (memory.answer.tag == Tag.RECEIVE)),
            received.eq(receive.request.valid & receive.request.ready & receive.final),
            tracker.incoming_count.eq(received & (expected != 0)),
        ]
        wiring.connect(m, receive.request, parts.arbiter.incoming)
        account.pay("received", received)
        account.count("received", received)
        account.count("incoming_stalls", receive.i.valid & ~receive.i.ready)

    def _connect_complete(self, m: Module, parts: "_Parts", account: "_Account") -> None:
        """Complete tiles to the DMA engine, and its accesses and all others to the memory."""
        dma, memory = parts.dma, parts.memory
        wiring.connect(m, parts.tracker.trigger, dma.trigger)
        wiring.connect(m, dma.request, parts.arbiter.dma)
        wiring.connect(m, parts.arbiter.o, memory.request)
        m.d.comb += [
            dma.answer_data.eq(memory.answer.data),
            dma.answer_valid.eq(memory.answer_valid & (memory.answer.tag == Tag.DMA)),
        ]
        account.pay("sent", dma.o.valid & dma.o.ready)

    def _connect_operands(
        self, m: Module, parts: "_Parts", start: Value, phase: Any, account: "_Account"
    ) -> "_Operands":
        """Each operand stream through a gate; the gates take turns at the memory."""
        widths, memory = self._widths, parts.memory
        m.submodules.turns = turns = Turns(widths.request, len(self._operands))
        taken, waiting = [], []
        for index, name in enumerate(self._operands):
            outer, inner = getattr(self, name), getattr(parts.engine, name)
            bits = len(Value.cast(outer.payload))
            accesses = -(-(bits - 2) // widths.word)
            gate = OperandGate(bits, accesses, self._ring.prefetch, TAGS[name], widths)
            m.submodules[f"gate_{name}"] = gate
            passed = inner.valid & inner.ready
            m.d.comb += [
                gate.i.payload.eq(outer.payload),
                gate.i.valid.eq(outer.valid),
                outer.ready.eq(gate.i.ready),
                Value.cast(inner.payload).eq(gate.o.payload),
                inner.valid.eq(gate.o.valid),
                gate.o.ready.eq(inner.ready),
                gate.start.eq(start),
                gate.due.eq(getattr(phase.due, name)),
                gate.answered.eq(memory.answer_valid & (memory.answer.tag == TAGS[name])),
            ]
            wiring.connect(m, gate.request, getattr(turns, f"i_{index}"))
            account.pay(name, passed)
            taken.append(passed)
            waiting.append(inner.ready & ~inner.valid & account.left[name].any())
        wiring.connect(m, turns.o, parts.arbiter.operand)
        return _Operands(taken=Cat(taken).any(), waiting=Cat(waiting).any())

    def _place_adder(self) -> wiring.Component:
        """An adder as a submodule of its own: one module for all lanes of all users."""
        return Placed(self._adder, "adder")


@dataclass(frozen=True, kw_only=True)
class _Parts:
    engine: Any
    map: Any
    tracker: Any
    dma: Any
    memory: Any
    arbiter: Any
    receive: Any


@dataclass(frozen=True, kw_only=True)
class _Operands:
    """Whether the engine takes any, and whether it waits for any."""

    taken: Value
    waiting: Value


class _Account:
    """What a phase still waits for, and counters since the reset."""

    def __init__(self, m: Module, begin: Value, due: Any, counters: Any) -> None:
        self._m, self._begin, self._due, self._counters = m, begin, due, counters
        self.left: Mapping[str, Signal] = {
            name: Signal(COUNTER, name=f"{name}_left") for name in due.shape().members
        }

    @property
    def settled(self) -> Value:
        """Nothing is due any more."""
        return ~Cat(*self.left.values()).any()

    def pay(self, name: str, event: Value) -> None:
        """One of what is due comes with `event`."""
        left = self.left[name]
        with self._m.If(self._begin):
            self._m.d.sync += left.eq(self._due[name])
        with self._m.Elif(event):
            self._m.d.sync += left.eq(left - 1)

    def count(self, name: str, event: Value) -> None:
        """Count the cycles of `event`."""
        counter = Signal(COUNTER, name=f"{name}_count")
        self._m.d.comb += getattr(self._counters, name).eq(counter)
        with self._m.If(event):
            self._m.d.sync += counter.eq(counter + 1)
