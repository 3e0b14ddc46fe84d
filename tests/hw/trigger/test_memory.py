"""The memory that adds: what it holds, what it answers, and when."""

import random
from collections import deque
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from amaranth.hdl import Fragment

from hw.trigger.adder import IntegerAdder
from hw.trigger.layouts import Op, Tag, Widths
from hw.trigger.memory import ComputeMemory
from tests.hw.clocked import Ports, clocked
from tests.hw.trigger.mutants import undetected

LANE = 5


def make_memory(
    widths: Widths, latency: int, interval: int, banks: int, queue: int
) -> ComputeMemory:
    adder = partial(IntegerAdder, widths.lane)
    return ComputeMemory(widths, adder, latency, interval, banks, queue=queue)


class Reference:
    """A memory, access by access: `step` says what it answers in a cycle."""

    def __init__(self, widths: Widths, latency: int, interval: int, banks: int, queue: int) -> None:
        self.widths, self.latency, self.interval = widths, latency, interval
        self.banks, self.queue = banks, queue
        self.words = [0] * widths.words
        self.restart()

    def restart(self) -> None:
        """A reset leaves the words alone; an access that starts with it does nothing."""
        self.waiting: deque[tuple[Op, int, int, int]] = deque()
        self.free = [0] * self.banks
        self.turn, self.started = 0, -1
        self.answers: dict[int, tuple[int, int | None]] = {}

    def step(self, cycle: int) -> None:
        """Start the access that waits longest, if its bank is free."""
        if not self.waiting:
            return
        op, tag, address, word = self.waiting[0]
        bank = self.turn if op == Op.OPERAND else address % self.banks
        if self.free[bank] > cycle:
            return
        self.waiting.popleft()
        self.free[bank] = cycle + self.interval
        if op == Op.OPERAND:
            self.turn = (self.turn + 1) % self.banks
            self.answers[cycle + self.latency] = tag, None
        elif op == Op.LOAD:
            self.answers[cycle + self.latency] = tag, self.words[address]
        else:
            self.words[address] = word if op == Op.STORE else self._sum(self.words[address], word)

    def _sum(self, x: int, y: int) -> int:
        lane = self.widths.lane
        mask = (1 << lane) - 1
        places = range(0, self.widths.word, lane)
        return sum((((x >> at) + (y >> at)) & mask) << at for at in places)


Chooses = Callable[[random.Random, int], tuple[Op, int]]
"""Operation and address of the access after so many."""


def anything(widths: Widths) -> Chooses:
    """Everything, with a liking for few addresses."""

    def choose(rng: random.Random, taken: int) -> tuple[Op, int]:
        near = taken // 30 % widths.words
        address = rng.choice([near, near, rng.randrange(widths.words)])
        return rng.choice([*Op, Op.UPDATE]), address

    return choose


def check(
    parameters: tuple[Widths, int, int, int, int],
    memory: ComputeMemory | None = None,
    design: Fragment | None = None,
    *,
    choose: Chooses | None = None,
    often: float | None = None,
    cycles: int = 800,
) -> int:
    """Compare every cycle; returns how many accesses were taken."""
    widths, _, _, _, queue = parameters
    choose = choose or anything(widths)
    rng = random.Random(str(parameters))
    taken = 0

    def bench(ports: Ports) -> Iterator[None]:
        nonlocal taken
        reference = Reference(*parameters)
        offers = 1.0 if often is None else often
        for cycle in range(cycles):
            if often is None and cycle % 64 == 0:
                offers = rng.choice([0.1, 0.5, 1.0])
            op, address = choose(rng, taken)
            offered, tag, word = (
                rng.random() < offers,
                rng.choice([*Tag]),
                rng.randrange(1 << widths.word),
            )
            ports["request.valid"] = offered
            ports["request.payload.op"], ports["request.payload.address"] = op.value, address
            ports["request.payload.tag"], ports["request.payload.data"] = tag.value, word
            ports["reset"] = reset = often is None and cycle == 500
            level = len(reference.waiting)
            if not reset:
                reference.step(cycle)
            assert ports["level"] == level, cycle
            assert ports["request.ready"] == (level < queue), cycle
            answer = reference.answers.get(cycle)
            assert ports["answer_valid"] == (answer is not None), cycle
            if answer:
                assert ports["answer.tag"] == answer[0], cycle
                assert answer[1] is None or ports["answer.data"] == answer[1], cycle
            if offered and level < queue:
                taken += 1
                reference.waiting.append((op, tag.value, address, word))
            if reset:
                reference.restart()
            yield

    clocked(memory or make_memory(*parameters), bench, design=design)
    return taken


PARAMETERS = [
    (Widths(devices=2, words=words, lanes=lanes, lane=LANE), *rest)
    for words, lanes, *rest in (
        (1, 1, 1, 1, 1, 1),
        (7, 2, 1, 1, 1, 3),
        (13, 3, 2, 1, 3, 5),
        (12, 1, 3, 4, 5, 2),
        (33, 2, 20, 4, 4, 16),
        (16, 1, 5, 7, 2, 1),
    )
]


@pytest.mark.fast
@pytest.mark.parametrize("parameters", PARAMETERS, ids=lambda one: str(one[1:]))
def test_accesses_start_and_answer_in_time(
    parameters: tuple[Widths, int, int, int, int],
) -> None:
    check(parameters)


WIDTHS = Widths(devices=2, words=13, lanes=2, lane=LANE)


@pytest.mark.fast
@pytest.mark.parametrize(
    ("banks", "interval", "stride", "period"),
    [(1, 1, 1, 1), (1, 5, 1, 5), (4, 4, 1, 1), (4, 4, 4, 4), (3, 4, 1, 4 / 3), (4, 8, 2, 4)],
)
def test_the_rate_is_that_of_the_banks_in_use(
    banks: int, interval: int, stride: int, period: float
) -> None:
    """Stores to every `stride`-th word: a bank takes one in `interval` cycles."""
    parameters = (WIDTHS, 2, interval, banks, 4)
    taken = check(
        parameters,
        choose=lambda rng, taken: (Op.STORE, taken * stride % 12),
        often=1,
        cycles=600,
    )
    assert taken == pytest.approx(600 / period, abs=4 + banks if period > 1 else 0)


@pytest.mark.fast
@pytest.mark.parametrize("latency", [1, 2, 9])
def test_updates_of_one_word_follow_each_other_at_once(latency: int) -> None:
    """An update, and a load, a cycle: with one bank that is free at once, none of them waits."""
    ops = (Op.UPDATE, Op.UPDATE, Op.LOAD, Op.UPDATE, Op.STORE, Op.UPDATE, Op.LOAD, Op.LOAD)
    taken = check(
        (WIDTHS, latency, 1, 1, 1 + 1),
        choose=lambda rng, taken: (ops[taken % len(ops)], 7),
        often=1,
        cycles=400,
    )
    assert taken == 400


@pytest.mark.fast
def test_operands_take_the_banks_in_turn() -> None:
    """Four banks give an operand a cycle, whatever addresses say."""
    taken = check(
        (WIDTHS, 3, 4, 4, 2), choose=lambda rng, taken: (Op.OPERAND, 5), often=1, cycles=300
    )
    assert taken == 300


@pytest.mark.parametrize("latency", [1, 4])
def test_faults_are_found(latency: int) -> None:
    parameters = (WIDTHS, latency, 3, 3, 3)
    found = undetected(
        partial(make_memory, *parameters),
        lambda one, bad: check(parameters, one, bad, cycles=550),
    )
    assert found == []
