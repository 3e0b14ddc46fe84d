"""The DMA engine: complete tiles leave, in order, no sooner and as soon as they can."""

import random
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import pytest
from amaranth.hdl import Fragment

from hw.trigger.dma import Dma
from hw.trigger.layouts import Action, Op, Tag, Widths
from tests.hw.clocked import Ports, clocked
from tests.hw.trigger.mutants import undetected
from tests.hw.trigger.phases import Chunk, Phase, random_phase

WIDTHS = [
    Widths(devices=devices, words=words, lanes=1, lane=8)
    for devices, words in ((2, 1), (2, 24), (3, 37), (5, 64))
]


class Run:
    """One phase, cycle by cycle: what the unit asks for and offers, by the rules of its page."""

    def __init__(self, phase: Phase, prefetch: int) -> None:
        self.phase, self.prefetch = phase, prefetch
        self.words = [
            (chunk, tile, row)
            for chunk, tile in phase.tiles(Action.SEND, Action.HOST)
            for row in range(phase.rows)
        ]
        # A chunk begins a cycle after the one before, and so does one that is passed over.
        self.pauses = {}
        position = 0
        for chunk in phase.order():
            one = phase.chunks[chunk]
            position += 1
            if one.tiles and one.action != Action.KEEP:
                self.pauses[chunk], position = position, 0
        self.free_from = 1
        self.asked = self.taken = self.triggered = 0
        self.answers: deque[tuple[int, int]] = deque()
        self.answered: list[int] = []

    def asks(self, cycle: int) -> tuple[int, int, int] | None:
        """The word that is asked for in a cycle; the phase's first cycle is 0."""
        if self.asked == len(self.words) or self.asked - self.taken == self.prefetch:
            return None
        chunk, tile, row = self.words[self.asked]
        new = self.asked == 0 or self.words[self.asked - 1][0] != chunk
        if new and cycle < self.free_from + self.pauses[chunk] - 1:
            return None
        before = [
            place
            for place in self.phase.tiles(Action.SEND, Action.HOST)
            if not self.phase.chunks[place[0]].ready
        ]
        waits = not self.phase.chunks[chunk].ready
        if waits and row == 0 and before.index((chunk, tile)) >= self.triggered:
            return None
        return chunk, tile, row

    def ask(self, cycle: int) -> None:
        """The word that is asked for is."""
        chunk = self.words[self.asked][0]
        self.asked += 1
        if self.asked < len(self.words) and self.words[self.asked][0] != chunk:
            self.free_from = cycle + 2


def triggers_of(phase: Phase) -> list[tuple[int, int]]:
    """Of all tiles that are not ready from the beginning, those that are kept as well."""
    return [place for place in phase.tiles() if not phase.chunks[place[0]].ready]


def check(
    widths: Widths, prefetch: int, dma: Dma | None = None, design: Fragment | None = None
) -> None:
    rng = random.Random(widths.words + prefetch)

    def bench(ports: Ports) -> Iterator[None]:
        for number in range(12):
            phase = random_phase(rng, widths)
            phase.apply(ports)
            ports["start"] = 1
            yield
            ports["start"] = 0
            yield from one_phase(ports, Run(phase, prefetch), rng, cut=number == 5)

    clocked(dma or Dma(widths, prefetch), bench, design=design)


def one_phase(ports: Ports, run: Run, rng: random.Random, *, cut: bool) -> Iterator[None]:
    """A phase before a memory that answers after 1 to 6 cycles; a reset ends it early."""
    phase, waiting = run.phase, deque(triggers_of(run.phase))
    eager = [rng.choice([0.1, 0.5, 1.0]) for _ in range(3)]
    idle = cycle = 0
    while idle < 8 and not (cut and cycle == 21):
        triggers, ready, takes = (rng.random() < often for often in eager)
        triggers = triggers and bool(waiting)
        ports["trigger.valid"] = triggers
        if triggers:
            ports["trigger.payload.chunk"], ports["trigger.payload.tile"] = waiting[0]
        answers = bool(run.answers) and run.answers[0][0] <= cycle
        ports["answer_valid"] = answers
        if answers:
            ports["answer_data"] = run.answers[0][1]
        ports["request.ready"], ports["o.ready"] = ready, takes
        ports["reset"] = cut and cycle == 20
        asks = run.asks(cycle)
        compare(ports, run, asks, cycle)
        run.taken += takes and run.taken < len(run.answered)
        if asks and ready:
            late = max([cycle + rng.randint(1, 6), *(one[0] + 1 for one in run.answers)])
            run.answers.append((late, rng.randrange(256)))
            run.ask(cycle)
        if answers:
            run.answered.append(run.answers.popleft()[1])
        if triggers:
            chunk, _ = waiting.popleft()
            run.triggered += phase.chunks[chunk].action != Action.KEEP
        yield
        cycle += 1
        assert cycle < 5000
        idle = 0 if waiting or run.taken < len(run.words) else idle + 1
    ports["reset"] = ports["trigger.valid"] = ports["answer_valid"] = 0


def compare(ports: Ports, run: Run, asks: tuple[int, int, int] | None, cycle: int) -> None:
    """All outputs of a cycle."""
    assert ports["trigger.ready"]
    assert ports["request.valid"] == (asks is not None), cycle
    if asks:
        assert ports["request.payload.op"] == Op.LOAD.value
        assert ports["request.payload.tag"] == Tag.DMA.value
        assert ports["request.payload.address"] == asks[1] * run.phase.rows + asks[2]
    offered = run.taken < len(run.answered)
    assert ports["o.valid"] == offered, cycle
    if offered:
        chunk, tile, row = run.words[run.taken]
        assert ports["o.payload.host"] == (run.phase.chunks[chunk].action == Action.HOST)
        assert ports["o.payload.word.chunk"] == chunk
        assert ports["o.payload.word.tile"] == tile
        assert ports["o.payload.word.address"] == tile * run.phase.rows + row
        assert ports["o.payload.word.data"] == run.answered[run.taken]


@pytest.mark.fast
@pytest.mark.parametrize("prefetch", [1, 2, 3, 16])
@pytest.mark.parametrize("widths", WIDTHS, ids=lambda one: f"{one.devices}-{one.words}")
def test_complete_tiles_leave_in_order(widths: Widths, prefetch: int) -> None:
    check(widths, prefetch)


@pytest.mark.fast
@pytest.mark.parametrize(("prefetch", "period"), [(8, 1), (7, 8 / 7), (4, 2), (1, 8)])
def test_the_rate_is_that_of_prefetch(prefetch: int, period: float) -> None:
    """A word is under way for 8 cycles behind a queue and a memory of 5."""
    widths = Widths(devices=2, words=256, lanes=1, lane=8)
    sent = replace(Chunk(), tiles=64, action=Action.SEND, ready=1)
    phase = Phase(rows=4, origin=1, chunks=[Chunk(), sent])

    def bench(ports: Ports) -> Iterator[None]:
        phase.apply(ports)
        ports["start"], ports["request.ready"], ports["o.ready"] = 1, 1, 1
        yield
        ports["start"] = 0
        taken, late = [], deque([0] * 6)
        for cycle in range(2100):
            late.append(ports["request.valid"])
            ports["answer_valid"] = late.popleft()
            if ports["o.valid"]:
                taken.append(cycle)
            yield
        assert len(taken) == 256
        assert (taken[-1] - taken[0]) / 255 == pytest.approx(period, rel=0.03)

    clocked(Dma(widths, prefetch), bench)


def test_faults_are_found() -> None:
    widths = WIDTHS[2]
    assert undetected(partial(Dma, widths, 3), partial(check, widths, 3)) == []
