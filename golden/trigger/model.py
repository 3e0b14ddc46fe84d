"""A ring of devices as a cycle model: when things happen, not what the numbers are.

Unit by unit what `hw.trigger` does, with the same rules: engine, operand gates, tracker, DMA engine,
receiver, arbiter, memory with its queue and banks, links with credits. It follows every word, but
skips the cycles in which nothing happens.

The same units also serve machines that no RTL is made of (`golden.trigger.layers`): a word then is
some kilobytes and a cycle the time that the memory takes for it. There all devices do the same, so
one stands for all: what it sends comes back to it, as its neighbour's, a link's latency later.
"""

import math
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from golden.spec import EngineSpec
from golden.trigger.engines import NEVER, Engine, EngineTiming
from golden.trigger.partial import Partial
from golden.trigger.program import Action, Chunk, Config, Incoming, Program
from golden.trigger.spec import RingSpec

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
"""What is counted of a device, as in `hw.trigger.layouts`."""

CHANGE = 2
"""Cycles from a chunk's last tile to the first of the next chunk, if that is the next in line."""
PASSED_OVER = 1
"""Cycles more for a chunk that is passed over."""
BEGIN = 1
"""Cycles from taking a configuration to the start of the units."""
TRIGGER = 2
"""Cycles from a tile's last update to the DMA engine's knowing of it."""
QUEUED = 1
"""Cycles that an access waits in the memory at least."""
RECEIVED = 1
"""Cycles that a word spends at the receiver of a link at least."""
CREDIT = 1
"""Cycles that a credit takes in addition to the link's latency."""
HOST = 1
"""Cycles from the one in which all devices are done to their taking the next configuration."""

LOAD, STORE, UPDATE, OPERAND = range(4)
OPERATIONS = ("loads", "stores", "updates", "operands")
DMA, RECEIVE = "dma", "receive"
"""Whom the memory answers, beside the streams of operands."""


class ModelError(RuntimeError):
    """A ring that waits for itself."""


@dataclass(frozen=True, kw_only=True)
class Machine:
    """A ring. Fields as in `golden.trigger.spec.RingSpec`, times in cycles, without its limits.

    Parameters
    ----------
    operands : dict of str to int
        Words of memory that a beat of each operand stream fills.
    engines : tuple of EngineTiming
        One a device; or only one, which stands for all: they do the same, a chunk further on each.
    """

    devices: int
    memory_latency: int
    memory_interval: int
    banks: int
    queue: int
    threshold: int
    starvation: int
    prefetch: int
    sets: int
    ways: int
    link_latency: int
    link_interval: float
    credits: int
    operands: Mapping[str, int]
    engines: tuple[EngineTiming, ...]

    @classmethod
    def of(cls, spec: EngineSpec, ring: RingSpec, program: Program) -> "Machine":
        """What runs `program` on engines of `spec`."""
        word = spec.cols * Partial(spec).bits
        return cls(
            **ring.model_dump(exclude={"words"}),
            operands={
                name: -(-beats.data.shape[1] * spec.lane_bits[name] // word)
                for name, beats in program.schedule.operands.items()
            },
            engines=tuple(
                EngineTiming.of(spec, a.shape[1], program.schedule.tiles[0].rows)
                for a, _ in program.slices
            ),
        )


@dataclass(frozen=True, kw_only=True)
class PhaseCycles:
    """What happened in a phase.

    Parameters
    ----------
    name : str
    begin, end : int
        Cycle in which the host offers the configurations, and in which all devices are done.
    counters : tuple of dict of str to int
        Of each device, at the end, counted from the beginning of the run.
    """

    name: str
    begin: int
    end: int
    counters: tuple[dict[str, int], ...]

    @property
    def cycles(self) -> int:
        return self.end - self.begin


@dataclass(frozen=True, kw_only=True)
class Run:
    """A run of the model.

    Parameters
    ----------
    phases : tuple of PhaseCycles
    samples : list of list of tuple of int
        Counters, in the order of `COUNTERS`, of every device every `period` cycles.
    period : int
    """

    phases: tuple[PhaseCycles, ...]
    samples: list[list[tuple[int, ...]]]
    period: int

    @property
    def cycles(self) -> int:
        """Of all phases, barriers included."""
        return self.phases[-1].end - self.phases[0].begin

    @property
    def counters(self) -> tuple[dict[str, int], ...]:
        return self.phases[-1].counters


class Word(NamedTuple):
    """A word on its way: where it belongs."""

    chunk: int
    tile: int
    address: int


class Access(NamedTuple):
    """A memory access that waits since a cycle."""

    since: int
    op: int
    tag: str
    address: int


class Link:
    """See `hw.trigger.link`."""

    def __init__(self, machine: Machine) -> None:
        self.interval, self.credit = machine.link_interval, machine.credits
        self.there = machine.link_latency + RECEIVED
        self.back = machine.link_latency + CREDIT
        self.words: deque[tuple[int, Word]] = deque()
        self.returned: deque[int] = deque()
        self.free: float = 0

    def ready(self, cycle: int) -> bool:
        while self.returned and self.returned[0] <= cycle:
            self.returned.popleft()
            self.credit += 1
        return self.credit > 0 and self.free <= cycle

    def send(self, cycle: int, word: Word) -> None:
        self.credit -= 1
        # An interval may be a fraction: what a cycle is too late for is made up for.
        self.free = (self.free if self.free > cycle - 1 else cycle) + self.interval
        self.words.append((cycle + self.there, word))

    def head(self, cycle: int) -> Word | None:
        return self.words[0][1] if self.words and self.words[0][0] <= cycle else None

    def take(self, cycle: int) -> None:
        self.words.popleft()
        self.returned.append(cycle + self.back)

    def wake(self) -> Iterator[float]:
        yield math.ceil(self.free)
        if self.words:
            yield self.words[0][0]
        if self.returned:
            yield self.returned[0]


class Memory:
    """See `hw.trigger.memory`."""

    def __init__(self, machine: Machine) -> None:
        self.interval, self.latency, self.room = (
            machine.memory_interval,
            machine.memory_latency,
            machine.queue,
        )
        self.queue: deque[Access] = deque()
        self.banks = [0] * machine.banks
        self.turn = 0
        self.answers: deque[tuple[int, str]] = deque()

    def start(self, cycle: int) -> bool:
        """Start the access that waits longest, if its bank is free."""
        if not self.queue or self.queue[0].since >= cycle:
            return False
        head = self.queue[0]
        bank = self.turn if head.op == OPERAND else head.address % len(self.banks)
        if self.banks[bank] > cycle:
            return False
        self.queue.popleft()
        self.banks[bank] = cycle + self.interval
        if head.op == OPERAND:
            self.turn = (self.turn + 1) % len(self.banks)
        if head.op in (LOAD, OPERAND):
            self.answers.append((cycle + self.latency, head.tag))
        return True

    def answer(self, cycle: int) -> str | None:
        """Whom it answers in this cycle."""
        if self.answers and self.answers[0][0] <= cycle:
            return self.answers.popleft()[1]
        return None

    def wake(self) -> Iterator[float]:
        if self.answers:
            yield self.answers[0][0]
        if self.queue:
            head = self.queue[0]
            bank = self.turn if head.op == OPERAND else head.address % len(self.banks)
            yield max(self.banks[bank], head.since + QUEUED)


class Gate:
    """See `hw.trigger.gate`."""

    def __init__(self, accesses: int, prefetch: int) -> None:
        self.accesses, self.most = accesses, accesses * prefetch
        self.left, self.ahead, self.arrived, self.fresh = 0, 0, 0, 0

    def begin(self, beats: int) -> None:
        self.left = beats * self.accesses

    def asks(self) -> bool:
        return self.left > 0 and self.ahead < self.most


class Walk:
    """See `hw.trigger.walk`: the words of some chunks, one after the other."""

    def __init__(self) -> None:
        self.words: Iterator[tuple[int, Word, Chunk, bool]] = iter(())
        self.due: tuple[Word, Chunk, bool] | None = None
        self.since: float = NEVER

    def begin(self, cycle: int, config: Config, wanted: Any) -> None:
        """Begin a phase whose units start in `cycle`."""
        self.words = self._walk(config, wanted)
        self._next(cycle)

    def valid(self, cycle: int) -> bool:
        return self.since <= cycle

    def take(self, cycle: int) -> None:
        """On to the next word."""
        self._next(cycle)

    def _next(self, cycle: int) -> None:
        following = next(self.words, None)
        if following is None:
            self.due, self.since = None, NEVER
        else:
            wait, *due = following
            self.due = (due[0], due[1], due[2])
            self.since = cycle + wait

    @staticmethod
    def _walk(config: Config, wanted: Any) -> Iterator[tuple[int, Word, Chunk, bool]]:
        """Cycles from the word before, the word, its chunk, and whether its tile ends."""
        wait, rows = CHANGE, config.rows
        for step, chunk in enumerate(config.walk):
            if not chunk.tiles or not wanted(chunk):
                wait += PASSED_OVER
                continue
            number = (config.origin + step) % len(config.chunks)
            for index in range(chunk.tiles * rows):
                tile, row = divmod(index, rows)
                word = Word(number, chunk.first + tile, chunk.address + index)
                yield wait, word, chunk, row == rows - 1
                wait = 1
            wait = CHANGE


class Tracker:
    """See `hw.trigger.tracker`."""

    def __init__(self, sets: int, ways: int) -> None:
        self.sets, self.ways = sets, ways
        self.entries: dict[int, list[int]] = {}
        self.taken: dict[int, int] = {}
        self.rows = [0, 0]
        """Of tiles with one update a word: they take no entry."""
        self.peak = 0

    def ready(self, tile: int, expected: int) -> bool:
        return (
            expected == 1 or tile in self.entries or self.taken.get(tile % self.sets, 0) < self.ways
        )

    def first(self, tile: int, side: int) -> bool:
        """Whether the next word of a side, 0 own and 1 incoming, has had no update yet."""
        entry = self.entries.get(tile)
        return entry is None or entry[1 - side] <= entry[side]

    def count(self, tile: int, side: int, expected: int, rows: int) -> bool:
        """Count an update; whether it was the tile's last."""
        if expected == 1:
            self.rows[side] = (self.rows[side] + 1) % rows
            return self.rows[side] == 0
        entry = self.entries.get(tile)
        group = tile % self.sets
        if entry is None:
            entry = self.entries[tile] = [0, 0]
            self.taken[group] = self.taken.get(group, 0) + 1
            self.peak = max(self.peak, len(self.entries))
        entry[side] += 1
        if sum(entry) < expected * rows:
            return False
        del self.entries[tile]
        self.taken[group] -= 1
        return True


class Turns:
    """Who is served among those who ask: the next one in line after the one served last."""

    def __init__(self, ways: int) -> None:
        self.ways, self.last = ways, 0

    def chosen(self, asks: Sequence[bool]) -> int:
        for step in range(1, self.ways + 1):
            way = (self.last + step) % self.ways
            if asks[way]:
                return way
        return self.last


class Arbiter:
    """See `hw.trigger.arbiter`."""

    def __init__(self, machine: Machine) -> None:
        self.threshold, self.starvation = machine.threshold, machine.starvation
        self.compute, self.communicate = Turns(2), Turns(2)
        self.last = False
        self.waited = 0
        self.waits = False

    def grant(self, asks: Sequence[bool], level: int, ready: bool, mca: bool) -> int | None:
        """Who of operand, result, incoming and dma enters the memory in this cycle."""
        compute, communicate = asks[0] or asks[1], asks[2] or asks[3]
        turn = communicate and not (compute and self.last)
        if mca:
            late = turn and self.waited == self.starvation
            second = late or (communicate and not compute and level < self.threshold)
        else:
            second = turn
        served = ready and (communicate if second else compute)
        self.waits = communicate and not (served and second)
        if served and second:
            self.waited = 0
        elif communicate:
            self.waited = min(self.waited + 1, self.starvation)
        if not served:
            return None
        self.last = second
        turns, base = (self.communicate, 2) if second else (self.compute, 0)
        way = turns.chosen(asks[base : base + 2])
        turns.last = way
        return base + way

    def skip(self, cycles: int) -> None:
        if self.waits:
            self.waited = min(self.waited + cycles, self.starvation)


@dataclass
class Receiver:
    """Words on their way through read-add-write, see `hw.trigger.receive`."""

    loading: deque[Word] = field(default_factory=deque)
    loaded: deque[int] = field(default_factory=deque)
    """Cycles from which loaded words can be added to."""


class Device:
    """See `hw.trigger.device`."""

    def __init__(self, machine: Machine, timing: EngineTiming, link_i: Link, link_o: Link) -> None:
        self.machine, self.link_i, self.link_o = machine, link_i, link_o
        self.memory, self.arbiter = Memory(machine), Arbiter(machine)
        self.tracker = Tracker(machine.sets, machine.ways)
        self.engine: Engine = timing.engine()
        self.gates = {
            name: Gate(machine.operands[name], machine.prefetch) for name in timing.streams
        }
        self.names = tuple(self.gates)
        self.turns = Turns(len(self.gates))
        self.map, self.commands = Walk(), Walk()
        self.receiver = Receiver()
        self.config: Config | None = None
        self.started = 0
        self.counters = dict.fromkeys(COUNTERS, 0)
        self.left: dict[str, int] = {}
        self.complete: deque[int] = deque()
        """Cycles from which the DMA engine knows of complete tiles."""
        self.places: deque[tuple[bool, Word]] = deque()
        self.words: deque[int] = deque()
        """Cycles from which loaded words can be sent."""
        self.triggered = 0
        self.stalls: tuple[str, ...] = ()

    def begin(self, cycle: int, config: Config) -> None:
        """Take a configuration."""
        self.config = config
        self.started = start = cycle + BEGIN
        for name, gate in self.gates.items():
            gate.begin(config.beats.get(name, 0))
        self.map.begin(start, config, lambda chunk: chunk.made)
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
        config, memory = self.config, self.memory
        assert config
        counters = self.counters
        level = len(memory.queue)
        room = level < memory.room
        begun = cycle > self.started
        moved = memory.start(cycle)
        answered = memory.answer(cycle)

        offers = self.engine.offers(cycle)
        place = self.map.due if offers and begun and self.map.valid(cycle) else None
        link_ready = self.link_o.ready(cycle)
        remote = tracked = own_ready = False
        if place:
            word, chunk, _ = place
            remote, tracked = chunk.remote, chunk.expected > 0
            own_ready = not tracked or self.tracker.ready(word.tile, chunk.expected)
        result = place is not None and not remote and own_ready

        way = self._operand() if begun else None
        incoming, final, head = self._incoming(cycle, begun, config)
        command = self._command(cycle, begun)
        asks = (way is not None, result, incoming is not None, command)
        grant = self.arbiter.grant(asks, level, room, config.mca) if room or any(asks) else None

        # The link: results that go to the neighbour come before what the DMA engine has read.
        taken = grant == 1 or (remote and link_ready)
        dma_goes = False
        if self.words and self.words[0] <= cycle:
            to_host, sent = self.places[0]
            dma_goes = to_host or (link_ready and not remote)
            if dma_goes:
                self.places.popleft()
                self.words.popleft()
                self.left["sent"] -= 1
                if not to_host:
                    self.link_o.send(cycle, sent)
                    counters["sent"] += 1
        if remote and link_ready:
            assert place
            self.link_o.send(cycle, place[0])
            counters["sent"] += 1

        if grant is not None:
            moved = True
            self._access(cycle, grant, way, place, incoming, final)
        if head and (grant == 2) and (incoming is not None) and (not final or not self._twice):
            self.link_i.take(cycle)
        moved |= self._compute(cycle, offers, taken, place)
        if answered is not None:
            self._answer(cycle, answered)

        stalls = []
        if result and grant != 1:
            stalls.append("memory_stalls")
        if place and not remote and not own_ready:
            stalls.append("tracker_stalls")
        if remote and not link_ready:
            stalls.append("link_stalls")
        if head and not (grant == 2 and (not final or not self._twice)):
            stalls.append("incoming_stalls")
        if any(self.left[name] for name in self.engine.lacks):
            stalls.append("operand_stalls")
        for name in stalls:
            counters[name] += 1
        self.stalls = tuple(stalls)
        counters["peak"] = self.tracker.peak
        return moved or taken or dma_goes or answered is not None

    _twice = False

    def _operand(self) -> str | None:
        """The operand stream whose access is next."""
        asks = [gate.asks() for gate in self.gates.values()]
        if not any(asks):
            return None
        return self.names[self.turns.chosen(asks)]

    def _incoming(
        self, cycle: int, begun: bool, config: Config
    ) -> tuple[Access | None, bool, Word | None]:
        """The access of a word from the link, whether it is its last, and the word on offer."""
        self._twice = config.incoming == Incoming.READ_ADD_WRITE
        head = self.link_i.head(cycle) if begun and self.left["received"] else None
        receiver = self.receiver
        if self._twice:
            if receiver.loaded and receiver.loaded[0] <= cycle:
                word = receiver.loading[0]
                op = STORE
            else:
                full = len(receiver.loading) >= self.machine.prefetch
                if head is None or full:
                    return None, False, head
                return Access(cycle, LOAD, RECEIVE, head.address), False, head
        elif head is None:
            return None, True, None
        else:
            word = head
            op = STORE if config.incoming == Incoming.STORE else UPDATE
        expected = config.chunks[word.chunk].expected
        if expected and not self.tracker.ready(word.tile, expected):
            return None, True, head
        if op == UPDATE and expected > 1 and self.tracker.first(word.tile, 1):
            op = STORE
        self._final = word
        return Access(cycle, op, RECEIVE, word.address), True, head

    _final: Word

    def _command(self, cycle: int, begun: bool) -> bool:
        """Whether the DMA engine asks for a word."""
        if not (begun and self.commands.valid(cycle)) or len(self.places) >= self.machine.prefetch:
            return False
        assert self.commands.due
        known = bool(self.complete) and self.complete[0] <= cycle
        return self.commands.due[1].ready or known

    def _access(
        self,
        cycle: int,
        grant: int,
        way: str | None,
        place: tuple[Word, Chunk, bool] | None,
        incoming: Access | None,
        final: bool,
    ) -> None:
        """The memory accepts an access."""
        config = self.config
        assert config
        if grant == 0:
            assert way
            gate = self.gates[way]
            self.turns.last = self.names.index(way)
            gate.left -= 1
            gate.ahead += 1
            access = Access(cycle, OPERAND, way, 0)
        elif grant == 1:
            assert place
            word, chunk, _ = place
            stores = chunk.expected == 0 or self.tracker.first(word.tile, 0)
            access = Access(cycle, STORE if stores else UPDATE, "", word.address)
            if chunk.expected:
                self._count(cycle, word, 0, chunk)
        elif grant == 2:
            assert incoming
            access = incoming
            receiver = self.receiver
            if final:
                word = self._final
                if self._twice:
                    receiver.loading.popleft()
                    receiver.loaded.popleft()
                self.left["received"] -= 1
                self.counters["received"] += 1
                chunk = config.chunks[word.chunk]
                if chunk.expected:
                    self._count(cycle, word, 1, chunk)
            else:
                head = self.link_i.head(cycle)
                assert head
                receiver.loading.append(head)
        else:
            assert self.commands.due
            word, chunk, last = self.commands.due
            self.places.append((chunk.action == Action.HOST, word))
            if last and not chunk.ready:
                self.complete.popleft()
            self.commands.take(cycle)
            access = Access(cycle, LOAD, DMA, word.address)
        self.memory.queue.append(access)
        self.counters[OPERATIONS[access.op]] += 1

    def _count(self, cycle: int, word: Word, side: int, chunk: Chunk) -> None:
        config = self.config
        assert config
        if self.tracker.count(word.tile, side, chunk.expected, config.rows):
            self.triggered = cycle + 1
            if chunk.action != Action.KEEP:
                self.complete.append(cycle + TRIGGER)

    def _compute(
        self, cycle: int, offers: bool, taken: bool, place: tuple[Word, Chunk, bool] | None
    ) -> bool:
        """The engine's cycle."""
        valid = {
            name: self.left[name] > 0 and gate.arrived >= gate.accesses
            for name, gate in self.gates.items()
        }
        moved = self.engine.step(cycle, offers, taken, valid)
        if taken:
            self.map.take(cycle)
            self.left["produced"] -= 1
            self.counters["produced"] += 1
        passed = self.engine.passed
        for name in passed:
            gate = self.gates[name]
            gate.ahead -= gate.accesses
            gate.arrived -= gate.accesses
            self.left[name] -= 1
        if passed:
            self.counters["computing"] += 1
        return moved

    def _answer(self, cycle: int, whom: str) -> None:
        """The memory answers; what hangs on it can be used in the next cycle."""
        if whom == DMA:
            self.words.append(cycle + 1)
        elif whom == RECEIVE:
            self.receiver.loaded.append(cycle + 1)
        else:
            self.gates[whom].arrived += 1

    def wake(self, cycle: int) -> float:
        """The next cycle in which something may happen though nothing does in this one."""
        times: list[float] = [
            self.started + 1,
            self.engine.wake(cycle),
            self.map.since,
            self.commands.since,
            *self.memory.wake(),
            *self.link_i.wake(),
            *self.link_o.wake(),
        ]
        if self.complete:
            times.append(self.complete[0])
        if self.words:
            times.append(self.words[0])
        if self.receiver.loaded:
            times.append(self.receiver.loaded[0])
        if self.arbiter.waits:
            times.append(cycle + self.arbiter.starvation - self.arbiter.waited + 1)
        times.append(self.triggered + 1)
        return min(time for time in times if time > cycle)

    def skip(self, cycles: int) -> None:
        """So many cycles like the last one, in which nothing happened."""
        self.engine.skip(cycles)
        self.arbiter.skip(cycles)
        for name in self.stalls:
            self.counters[name] += cycles


class Shifted(Link):
    """The link of a device that stands for all: what leaves as the neighbour's work comes in.

    Parameters
    ----------
    tiles, rows : int
        Tiles of a chunk, which are as many for all, and their rows.
    """

    def __init__(self, machine: Machine, tiles: int, rows: int) -> None:
        super().__init__(machine)
        self.devices, self.tiles, self.rows = machine.devices, tiles, rows

    def send(self, cycle: int, word: Word) -> None:
        tiles = self.tiles * self.devices
        super().send(
            cycle,
            Word(
                (word.chunk + 1) % self.devices,
                (word.tile + self.tiles) % tiles,
                (word.address + self.tiles * self.rows) % (tiles * self.rows),
            ),
        )


def run(
    machine: Machine,
    phases: Iterable[tuple[str, Sequence[Config]]],
    *,
    period: int = 0,
    patience: int = 100_000_000,
) -> Run:
    """Run phases one after the other.

    Parameters
    ----------
    phases : iterable of (name, sequence of Config)
        One configuration a device; one in all if one stands for all.
    period : int
        Cycles from one sample of the counters to the next; 0 takes none.
    patience : int
        Cycles after which a run is given up.

    Raises
    ------
    ModelError
        If the ring waits for itself, or patience ends.
    """
    planned = list(phases)
    if len(machine.engines) == 1:
        config = planned[0][1][0]
        links: list[Link] = [Shifted(machine, config.chunks[0].tiles, config.rows)]
    else:
        links = [Link(machine) for _ in machine.engines]
    # What device i sends goes to device i - 1.
    devices = [
        Device(machine, timing, links[(i + 1) % len(links)], links[i])
        for i, timing in enumerate(machine.engines)
    ]
    samples: list[list[tuple[int, ...]]] = []
    cycle, found = 0, []
    for name, configs in planned:
        begin = cycle
        cycle += HOST
        for device, config in zip(devices, configs, strict=True):
            device.begin(cycle, config)
        cycle += 1
        while not all([device.done(cycle) for device in devices]):
            moved = [device.step(cycle) for device in devices]
            following = cycle + 1
            if not any(moved):
                wake = min(device.wake(cycle) for device in devices)
                if wake == math.inf or cycle > patience:
                    raise ModelError(f"the ring waits for itself in cycle {cycle} of {name}")
                following = int(wake)
                for device in devices:
                    device.skip(following - cycle - 1)
            while period and len(samples) * period < following:
                samples.append([tuple(device.counters.values()) for device in devices])
            cycle = following
        found.append(
            PhaseCycles(
                name=name,
                begin=begin,
                end=cycle,
                counters=tuple(dict(device.counters) for device in devices),
            )
        )
    return Run(phases=tuple(found), samples=samples, period=period)


def bound(machine: Machine, configs: Sequence[Config]) -> float:
    """Cycles that a phase takes at least: those of the busiest engine, memory or link by itself."""
    least = 0.0
    for config, timing in zip(configs, machine.engines, strict=True):
        beats, incoming = config.beats, config.received
        tiles = beats.get(timing.streams[0], 0) / sum(timing.beats)
        computing = tiles * max(sum(timing.beats) * timing.pace, timing.rows)
        stays = sum(chunk.tiles for chunk in config.chunks if chunk.made and not chunk.remote)
        accesses = (
            sum(beats.get(name, 0) * words for name, words in machine.operands.items())
            + stays * config.rows
            + incoming * (2 if config.incoming == Incoming.READ_ADD_WRITE else 1)
            + config.sent
        )
        memory = accesses * max(1.0, machine.memory_interval / machine.banks)
        least = max(least, computing, memory, config.to_link * machine.link_interval)
    return least


def run_program(
    spec: EngineSpec, ring: RingSpec, program: Program, *, read_out: bool = False, period: int = 0
) -> Run:
    """Run a program on a ring of engines of `spec`, as `sim.ring.simulate_ring` does.

    Parameters
    ----------
    read_out : bool
        Whether the host fetches the result in the end.
    """
    phases = program.phases if read_out else program.phases[:-1]
    return run(
        Machine.of(spec, ring, program),
        [(phase.name, phase.configs) for phase in phases],
        period=period,
    )
