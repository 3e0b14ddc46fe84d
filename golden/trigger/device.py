"""A device as a cycle model: how `hw.trigger.device` joins its units, cycle by cycle."""

from collections import deque
from typing import NamedTuple

from golden.trigger.digit_serial import NEVER
from golden.trigger.engines import EngineTiming
from golden.trigger.program import Action, Chunk, Config, Incoming
from golden.trigger.units import (
    DMA,
    LOAD,
    OPERAND,
    OPERATIONS,
    RECEIVE,
    STORE,
    UPDATE,
    Access,
    Arbiter,
    Gate,
    Link,
    Machine,
    Memory,
    Tracker,
    Turns,
    Walk,
    Word,
)

BEGIN = 1
"""Cycles from taking a configuration to the start of the units."""
TRIGGER = 2
"""Cycles from a tile's last update to the DMA engine's knowing of it."""

COUNTERS = (
    "produced",
    "received",
    "sent",
    "loads",
    "stores",
    "updates",
    "operands",
    "computing",
    "peak",
    "operand_stalls",
    "memory_stalls",
    "tracker_stalls",
    "link_stalls",
    "incoming_stalls",
)
"""Counters of a device.

Words produced by the engine, received and sent over the link; accesses of each kind; cycles in
which the engine takes operands; most tiles in the tracker; cycles in which the engine waits for
operands, or its results for the memory, the tracker or the link, and in which a word from the link
waits.
"""


OPERANDS, RESULT, ARRIVAL, COMMAND = range(4)
"""Who asks for the memory, in the order of the arbiter's streams."""


class Own(NamedTuple):
    """What becomes of the engine's result in this cycle.

    Parameters
    ----------
    word : Word
    chunk : Chunk
    remote : bool
        It goes to the neighbour.
    ready : bool
        If not: the tracker lets it pass.
    """

    word: Word
    chunk: Chunk
    remote: bool
    ready: bool


class Arrival(NamedTuple):
    """What the receiver does in this cycle.

    Parameters
    ----------
    offered : bool
        There is a word on the link.
    word : Word or None
        That of an access, if it asks for one.
    op : int
    final : bool
        The access is the word's last.
    taken : bool
        The link's word goes with it.
    """

    offered: bool
    word: Word | None = None
    op: int = LOAD
    final: bool = False
    taken: bool = False


class Device:
    """See `hw.trigger.device`: `step` for a cycle, `skip` for many in which nothing happens."""

    def __init__(self, machine: Machine, timing: EngineTiming, link_i: Link, link_o: Link) -> None:
        self.prefetch, self.link_i, self.link_o = machine.prefetch, link_i, link_o
        self.memory, self.arbiter = Memory(machine), Arbiter(machine)
        self.tracker = Tracker(machine.sets, machine.ways)
        self.engine = timing.engine()
        self.gates = {
            name: Gate(machine.operands[name], machine.prefetch) for name in timing.streams
        }
        self.names = tuple(self.gates)
        self.turns = Turns(len(self.gates))
        self.results, self.commands = Walk(), Walk()
        self.config: Config
        self.started = 0
        self.counters = dict.fromkeys(COUNTERS, 0)
        self.left: dict[str, int] = {}
        """What the phase still waits for."""
        self.triggered = 0
        """Cycle of the last trigger."""
        self.complete: deque[int] = deque()
        """Cycles from which the DMA engine knows of complete tiles."""
        self.places: deque[tuple[bool, Word]] = deque()
        self.words: deque[int] = deque()
        """Where words belong that the DMA engine asked for, whether that is the host, and from when
        on they can be sent."""
        self.loading: deque[Word] = deque()
        self.loaded: deque[int] = deque()
        """Words that the receiver asked for, and from when on it can add to them."""
        self.stalls: list[str] = []

    def begin(self, cycle: int, config: Config) -> None:
        """Take a configuration."""
        self.config = config
        self.started = start = cycle + BEGIN
        for name, gate in self.gates.items():
            gate.begin(config.beats.get(name, 0))
        made = [chunk for chunk in config.walk if chunk.made]
        self.engine.begin(
            tile for chunk in made for tile in range(chunk.first, chunk.first + chunk.tiles)
        )
        self.results.begin(start, config, lambda chunk: chunk.made)
        self.commands.begin(start, config, lambda chunk: chunk.action != Action.KEEP)
        self.left = {
            "produced": config.produced,
            "received": config.received,
            "sent": config.sent,
            **{name: config.beats.get(name, 0) for name in self.names},
        }
        self.complete.clear()

    def done(self, cycle: int) -> bool:
        """Whether no phase is under way."""
        return (
            cycle > self.started
            and not any(self.left.values())
            and not self.memory.queue
            and not self.tracker.entries
            and self.triggered < cycle
        )

    def step(self, cycle: int) -> bool:
        """A cycle; whether anything happened in it."""
        room = len(self.memory.queue) < self.memory.room
        level = len(self.memory.queue)
        moved = self.memory.start(cycle)
        answered = self.memory.answer(cycle)
        offers = self.engine.offers(cycle)
        own = self._own(cycle) if offers else None
        link_ready = self.link_o.ready(cycle)
        operand, arrival = self._operand(cycle), self._arrival(cycle)
        asks = (
            operand is not None,
            own is not None and own.ready and not own.remote,
            arrival.word is not None,
            self._commands(cycle),
        )
        grant = self.arbiter.grant(asks, level, room, self.config.priority)

        taken = grant == RESULT
        if own and own.remote:
            taken = link_ready
            if taken:
                self._send(cycle, own.word)
        moved |= self._sends(cycle, link_ready and not (own and own.remote))
        self._count_stalls(own, arrival, grant, taken)
        if grant == OPERANDS and operand is not None:
            self._accept(cycle, OPERAND, operand, 0)
            self._ask(operand)
        elif grant == RESULT and own:
            self._store(cycle, own)
        elif grant == ARRIVAL:
            self._receive(cycle, arrival)
        elif grant == COMMAND:
            self._load(cycle)
        moved |= self._compute(cycle, offers, taken)
        if answered is not None:
            self._answer(cycle, answered)
        return moved or grant is not None or taken or answered is not None

    def _own(self, cycle: int) -> Own | None:
        if cycle <= self.started or not self.results.valid(cycle):
            return None
        assert self.results.due
        word, chunk, _ = self.results.due
        ready = not chunk.expected or self.tracker.ready(word.tile, chunk.expected)
        return Own(word, chunk, chunk.remote, ready)

    def _operand(self, cycle: int) -> str | None:
        """The operand stream whose access is next."""
        asks = [gate.asks() for gate in self.gates.values()]
        if cycle <= self.started or not any(asks):
            return None
        return self.names[self.turns.chosen(asks)]

    def _arrival(self, cycle: int) -> Arrival:
        """What the receiver does: an update or a store, or a load and then a store."""
        waits = cycle > self.started and self.left["received"]
        head = self.link_i.head(cycle) if waits else None
        incoming = self.config.incoming
        if incoming == Incoming.READ_ADD_WRITE:
            if self.loaded and self.loaded[0] <= cycle:
                return self._final(self.loading[0], STORE, Arrival(head is not None))
            if head is None or len(self.loading) >= self.prefetch:
                return Arrival(head is not None)
            return Arrival(True, head, taken=True)
        if head is None:
            return Arrival(False)
        op = STORE if incoming == Incoming.STORE else UPDATE
        return self._final(head, op, Arrival(True, taken=True))

    def _final(self, word: Word, op: int, arrival: Arrival) -> Arrival:
        """The last access of a word, if the tracker lets it pass."""
        expected = self.config.chunks[word.chunk].expected
        if expected and not self.tracker.ready(word.tile, expected):
            return Arrival(arrival.offered)
        if op == UPDATE and expected > 1 and self.tracker.first(word.tile, 1):
            op = STORE
        return arrival._replace(word=word, op=op, final=True)

    def _commands(self, cycle: int) -> bool:
        """Whether the DMA engine asks for a word."""
        if cycle <= self.started or not self.commands.valid(cycle):
            return False
        assert self.commands.due
        complete = self.commands.due[1].ready or (self.complete and self.complete[0] <= cycle)
        return bool(complete) and len(self.places) < self.prefetch

    def _sends(self, cycle: int, free: bool) -> bool:
        """Send what the DMA engine has read, to the link if it is free; whether something went."""
        if not self.words or self.words[0] > cycle:
            return False
        to_host, word = self.places[0]
        if not (to_host or free):
            return False
        self.places.popleft()
        self.words.popleft()
        self.left["sent"] -= 1
        if not to_host:
            self._send(cycle, word)
        return True

    def _send(self, cycle: int, word: Word) -> None:
        self.link_o.send(cycle, word)
        self.counters["sent"] += 1

    def _accept(self, cycle: int, op: int, tag: str, address: int) -> None:
        """The memory accepts an access."""
        self.memory.queue.append(Access(cycle, op, tag, address))
        self.counters[OPERATIONS[op]] += 1

    def _ask(self, name: str) -> None:
        gate = self.gates[name]
        self.turns.last = self.names.index(name)
        gate.left -= 1
        gate.ahead += 1

    def _store(self, cycle: int, own: Own) -> None:
        """A result enters the memory."""
        word, chunk = own.word, own.chunk
        first = not chunk.expected or self.tracker.first(word.tile, 0)
        self._accept(cycle, STORE if first else UPDATE, "", word.address)
        self._count(cycle, word, 0)

    def _receive(self, cycle: int, arrival: Arrival) -> None:
        """An access of a word from the link enters the memory."""
        assert arrival.word
        self._accept(cycle, arrival.op, RECEIVE, arrival.word.address)
        if arrival.taken:
            self.link_i.take(cycle)
        if not arrival.final:
            self.loading.append(arrival.word)
            return
        if not arrival.taken:
            self.loading.popleft()
            self.loaded.popleft()
        self.left["received"] -= 1
        self.counters["received"] += 1
        self._count(cycle, arrival.word, 1)

    def _load(self, cycle: int) -> None:
        """A word of a complete tile is asked for."""
        assert self.commands.due
        word, chunk, last = self.commands.due
        self.places.append((chunk.action == Action.HOST, word))
        if last and not chunk.ready:
            self.complete.popleft()
        self.commands.take(cycle)
        self._accept(cycle, LOAD, DMA, word.address)

    def _count(self, cycle: int, word: Word, side: int) -> None:
        """The tracker counts an update."""
        chunk = self.config.chunks[word.chunk]
        if chunk.expected and self.tracker.count(word.tile, side, chunk.expected, self.config.rows):
            self.triggered = cycle + 1
            if chunk.action != Action.KEEP:
                self.complete.append(cycle + TRIGGER)

    def _compute(self, cycle: int, offers: bool, taken: bool) -> bool:
        """The engine's cycle; whether anything happened in it."""
        left, counters = self.left, self.counters
        valid = {
            name: left[name] > 0 and gate.arrived >= gate.accesses
            for name, gate in self.gates.items()
        }
        moved = self.engine.step(cycle, offers, taken, valid)
        if any(left[name] for name in self.engine.lacks):
            self.stalls.append("operand_stalls")
            counters["operand_stalls"] += 1
        if taken:
            self.results.take(cycle)
            left["produced"] -= 1
            counters["produced"] += 1
        for name in self.engine.passed:
            gate = self.gates[name]
            gate.ahead -= gate.accesses
            gate.arrived -= gate.accesses
            left[name] -= 1
        counters["computing"] += bool(self.engine.passed)
        return moved

    def _answer(self, cycle: int, whom: str) -> None:
        """The memory answers; what hangs on it can be used in the next cycle."""
        if whom == DMA:
            self.words.append(cycle + 1)
        elif whom == RECEIVE:
            self.loaded.append(cycle + 1)
        else:
            self.gates[whom].arrived += 1

    def _count_stalls(
        self, own: Own | None, arrival: Arrival, grant: int | None, taken: bool
    ) -> None:
        """What waits in this cycle, but for operands."""
        stalls = self.stalls = []
        if own and not taken:
            if own.remote:
                stalls.append("link_stalls")
            else:
                stalls.append("memory_stalls" if own.ready else "tracker_stalls")
        if arrival.offered and not (grant == ARRIVAL and arrival.taken):
            stalls.append("incoming_stalls")
        for name in stalls:
            self.counters[name] += 1

    def totals(self) -> dict[str, int]:
        """Counters so far."""
        return {**self.counters, "peak": self.tracker.peak}

    def wake(self, cycle: int) -> float:
        """The next cycle in which something may happen though nothing does in this one."""
        times: list[float] = [
            self.started + 1,
            self.triggered + 1,
            self.engine.wake(cycle),
            self.results.since,
            self.commands.since,
            *self.memory.wake(),
            *self.link_i.wake(),
            *self.link_o.wake(),
            *(queue[0] for queue in (self.complete, self.words, self.loaded) if queue),
            self.arbiter.wake(cycle),
        ]
        return min((time for time in times if time > cycle), default=NEVER)

    def skip(self, cycles: int) -> None:
        """So many cycles like the last one, in which nothing happened."""
        self.engine.skip(cycles)
        self.arbiter.skip(cycles)
        for name in self.stalls:
            self.counters[name] += cycles
