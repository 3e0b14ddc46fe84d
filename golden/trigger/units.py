"""The units of a device as cycle models: what `hw.trigger` does, word by word, without the words.

A unit says what it offers in a cycle and is told what is taken. What depends on time alone is kept
as the cycle from which it holds, so that a run can skip cycles in which nothing happens: `wake`
gives a unit's.
"""

import math
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from golden.spec import EngineSpec
from golden.trigger.digit_serial import NEVER
from golden.trigger.engines import EngineTiming
from golden.trigger.partial import Partial
from golden.trigger.program import Chunk, Config, Priority, Program
from golden.trigger.spec import RingSpec

CHANGE = 2
"""Cycles from a chunk's last tile to the first of the next chunk, if that is the next in line."""
PASSED_OVER = 1
"""Cycles more for a chunk that is passed over."""
QUEUED = 1
"""Cycles that an access waits in the memory at least."""
RECEIVED = 1
"""Cycles that a word spends at the receiver of a link at least."""
CREDIT = 1
"""Cycles that a credit takes in addition to the link's latency."""

LOAD, STORE, UPDATE, OPERAND = range(4)
OPERATIONS = ("loads", "stores", "updates", "operands")
DMA, RECEIVE = "dma", "receive"
"""Whom the memory answers, beside the streams of operands."""


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
                EngineTiming.of(spec, a, b, program.schedule.tiles[0].rows)
                for a, b in program.slices
            ),
        )


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

    def begin(self, cycle: int, config: Config, wanted: Callable[[Chunk], bool]) -> None:
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
            wait, word, chunk, last = following
            self.due = (word, chunk, last)
            self.since = cycle + wait

    @staticmethod
    def _walk(
        config: Config, wanted: Callable[[Chunk], bool]
    ) -> Iterator[tuple[int, Word, Chunk, bool]]:
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

    def grant(
        self, asks: Sequence[bool], level: int, ready: bool, priority: Priority
    ) -> int | None:
        """Who of operand, result, incoming and dma enters the memory in this cycle."""
        compute, communicate = asks[0] or asks[1], asks[2] or asks[3]
        late = self.waited == self.starvation
        turn = communicate and not (compute and self.last)
        second = turn
        if priority == Priority.COMPUTING:
            welcome = communicate and not compute and level < self.threshold
            second = (late and turn) or welcome
        elif priority == Priority.COMMUNICATING:
            second = communicate and not (late and compute and self.last)
        served = ready and (communicate if second else compute)
        first = priority == Priority.COMMUNICATING
        waits = compute if first else communicate
        self.waits = waits and not (served and second != first)
        if served and second != first:
            self.waited = 0
        elif waits:
            self.waited = min(self.waited + 1, self.starvation)
        if not served:
            return None
        self.last = second
        turns, base = (self.communicate, 2) if second else (self.compute, 0)
        way = turns.chosen(asks[base : base + 2])
        turns.last = way
        return base + way

    def wake(self, cycle: int) -> float:
        """When who waits has waited for long enough."""
        return cycle + self.starvation - self.waited + 1 if self.waits else NEVER

    def skip(self, cycles: int) -> None:
        if self.waits:
            self.waited = min(self.waited + cycles, self.starvation)
