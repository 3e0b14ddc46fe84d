"""A device of a ring: an engine, and what lets it communicate while it computes."""

from collections.abc import Mapping
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
        ring, widths = self._ring, self._widths
        m.submodules.engine = engine = self._engine
        m.submodules.map = where = AddressMap(widths)
        m.submodules.tracker = tracker = Tracker(widths, ring.sets, ring.ways)
        m.submodules.dma = dma = Dma(widths, ring.prefetch)
        m.submodules.memory = memory = ComputeMemory(
            widths,
            self._place_adder,
            ring.memory_latency,
            ring.memory_interval,
            ring.banks,
            queue=ring.queue,
        )
        m.submodules.arbiter = arbiter = Arbiter(
            widths, ring.queue, ring.threshold, ring.starvation
        )
        m.submodules.receive = receive = Receive(widths, self._place_adder, ring.prefetch)

        phase = Signal(widths.config)
        start, begin = Signal(), Signal()
        m.d.comb += [
            self.config.ready.eq(self.done & ~start),
            begin.eq(self.config.valid & self.config.ready),
            where.config.eq(phase),
            where.start.eq(start),
            tracker.rows.eq(phase.rows),
            dma.config.eq(phase),
            dma.start.eq(start),
            arbiter.mca.eq(phase.mca),
            arbiter.level.eq(memory.level),
            receive.incoming.eq(phase.incoming),
        ]
        m.d.sync += start.eq(begin)
        with m.If(begin):
            m.d.sync += phase.eq(self.config.payload)
        due = _Due(m, begin, self.config.payload.due)
        counters = _Counters(m, self.counters)

        self._connect_operands(m, engine, arbiter, memory, start, phase, due, counters)

        # Own results.
        tracked, stores = Signal(), Signal()
        to_link, to_memory = Signal(), Signal()
        m.d.comb += [
            tracker.own_tile.eq(where.tile),
            tracker.own_chunk.eq(where.chunk),
            tracker.own_expected.eq(where.expected),
            tracked.eq(where.expected != 0),
            stores.eq(~tracked | tracker.own_first),
            to_link.eq(where.valid & where.remote & ~start),
            to_memory.eq(where.valid & ~where.remote & (tracker.own_ready | ~tracked) & ~start),
            arbiter.result.valid.eq(engine.c.valid & to_memory),
            arbiter.result.payload.op.eq(Mux(stores, Op.STORE, Op.UPDATE)),
            arbiter.result.payload.address.eq(where.address),
            arbiter.result.payload.data.eq(engine.c.payload.data),
            engine.c.ready.eq(to_memory & arbiter.result.ready | to_link & self.link_o.ready),
            where.take.eq(engine.c.valid & engine.c.ready),
            tracker.own_count.eq(arbiter.result.valid & arbiter.result.ready & tracked),
        ]

        # Words from the link.
        expected = phase.chunks[receive.chunk].expected
        awaited, received = Signal(), Signal()
        m.d.comb += [
            awaited.eq(due.left["received"].any() & ~start),
            receive.i.payload.eq(self.link_i.payload),
            receive.i.valid.eq(self.link_i.valid & awaited),
            self.link_i.ready.eq(receive.i.ready & awaited),
            tracker.incoming_tile.eq(receive.tile),
            tracker.incoming_chunk.eq(receive.chunk),
            tracker.incoming_expected.eq(expected),
            # The only update of a word adds to what an earlier phase left there.
            receive.first.eq(tracker.incoming_first & (expected > 1)),
            receive.allowed.eq(tracker.incoming_ready | (expected == 0)),
            received.eq(arbiter.incoming.valid & arbiter.incoming.ready & receive.final),
            tracker.incoming_count.eq(received & (expected != 0)),
        ]
        wiring.connect(m, receive.request, arbiter.incoming)

        # Complete tiles.
        wiring.connect(m, tracker.trigger, dma.trigger)
        wiring.connect(m, dma.request, arbiter.dma)
        wiring.connect(m, arbiter.o, memory.request)
        from_dma = Signal()
        remote = engine.c.valid & to_link
        m.d.comb += [
            from_dma.eq(dma.o.valid & ~dma.o.payload.host & ~remote),
            self.link_o.valid.eq(remote | from_dma),
            self.link_o.payload.eq(dma.o.payload.word),
            self.c.valid.eq(dma.o.valid & dma.o.payload.host),
            self.c.payload.eq(dma.o.payload.word),
            dma.o.ready.eq(Mux(dma.o.payload.host, self.c.ready, self.link_o.ready & ~remote)),
            dma.answer_data.eq(memory.answer.data),
            dma.answer_valid.eq(memory.answer_valid & (memory.answer.tag == Tag.DMA)),
            receive.answer_data.eq(memory.answer.data),
            receive.answer_valid.eq(memory.answer_valid & (memory.answer.tag == Tag.RECEIVE)),
        ]
        with m.If(remote):
            m.d.comb += [
                self.link_o.payload.chunk.eq(where.chunk),
                self.link_o.payload.tile.eq(where.tile),
                self.link_o.payload.address.eq(where.address),
                self.link_o.payload.data.eq(engine.c.payload.data),
            ]

        due.count("produced", where.take)
        due.count("received", received)
        due.count("sent", dma.o.valid & dma.o.ready)
        m.d.comb += self.done.eq(due.none & tracker.empty & (memory.level == 0) & ~start)

        issued = memory.request.valid & memory.request.ready
        op = memory.request.payload.op
        counters.add("produced", where.take)
        counters.add("received", received)
        counters.add("sent", self.link_o.valid & self.link_o.ready)
        counters.add("loads", issued & (op == Op.LOAD))
        counters.add("stores", issued & (op == Op.STORE))
        counters.add("updates", issued & (op == Op.UPDATE))
        counters.add("operands", issued & (op == Op.OPERAND))
        waits = engine.c.valid & where.valid & ~start
        own_ready = tracker.own_ready | ~tracked
        counters.add("memory_stalls", arbiter.result.valid & ~arbiter.result.ready)
        counters.add("tracker_stalls", waits & ~where.remote & ~own_ready)
        counters.add("link_stalls", waits & where.remote & ~self.link_o.ready)
        counters.add("incoming_stalls", receive.i.valid & ~receive.i.ready)
        m.d.comb += self.counters.peak.eq(tracker.peak)
        return m

    def _connect_operands(
        self,
        m: Module,
        engine: Any,
        arbiter: Any,
        memory: Any,
        start: Value,
        phase: Any,
        due: "_Due",
        counters: "_Counters",
    ) -> None:
        """Each operand stream through a gate; the gates take turns at the memory."""
        widths = self._widths
        gates: dict[str, Any] = {}
        taken, waiting = [], []
        for name in self._operands:
            outer, inner = getattr(self, name), getattr(engine, name)
            bits = len(Value.cast(outer.payload))
            accesses = -(-(bits - 2) // widths.word)
            gate = OperandGate(bits, accesses, self._ring.prefetch, TAGS[name], widths)
            m.submodules[f"gate_{name}"] = gates[name] = gate
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
            due.count(name, passed)
            taken.append(passed)
            waiting.append(inner.ready & ~inner.valid & due.left[name].any())
        m.submodules.turns = turns = Turns(widths.request, len(gates))
        for index, gate in enumerate(gates.values()):
            wiring.connect(m, gate.request, getattr(turns, f"i_{index}"))
        wiring.connect(m, turns.o, arbiter.operand)
        counters.add("computing", Cat(taken).any())
        counters.add("operand_stalls", Cat(waiting).any())

    def _place_adder(self) -> wiring.Component:
        """An adder as a submodule of its own: one module for all lanes of all users."""
        return Placed(self._adder, "adder")


class _Due:
    """What a phase still waits for."""

    def __init__(self, m: Module, begin: Value, due: Any) -> None:
        self._m, self._begin, self._due = m, begin, due
        self.left: Mapping[str, Signal] = {
            name: Signal(COUNTER, name=f"{name}_left") for name in due.shape().members
        }

    def count(self, name: str, event: Value) -> None:
        """One of them has come."""
        left = self.left[name]
        with self._m.If(self._begin):
            self._m.d.sync += left.eq(self._due[name])
        with self._m.Elif(event):
            self._m.d.sync += left.eq(left - 1)

    @property
    def none(self) -> Value:
        return ~Cat(*self.left.values()).any()


class _Counters:
    """Counts cycles in which something is so."""

    def __init__(self, m: Module, counters: Any) -> None:
        self._m, self._counters = m, counters

    def add(self, name: str, event: Value) -> None:
        counter = Signal(COUNTER, name=f"{name}_count")
        self._m.d.comb += getattr(self._counters, name).eq(counter)
        with self._m.If(event):
            self._m.d.sync += counter.eq(counter + 1)
