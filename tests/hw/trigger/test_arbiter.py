"""The arbiter: whose turn it is under both policies, and how long communication may wait."""

import random
from collections.abc import Iterator
from functools import partial

import pytest
from amaranth.hdl import Fragment

from golden.trigger.program import Priority
from hw.trigger.arbiter import Arbiter
from hw.trigger.layouts import Widths
from tests.hw.clocked import Ports, clocked
from tests.hw.trigger.mutants import undetected

WIDTHS = Widths(devices=2, words=5, lanes=1, lane=4)
STREAMS = ("operand", "result", "incoming", "dma")
QUEUE = 8


class Reference:
    """Who is next: 0 operand, 1 result, 2 incoming, 3 dma."""

    def __init__(self, threshold: int, starvation: int) -> None:
        self.threshold, self.starvation = threshold, starvation
        self.last, self.last_class, self.waited = [0, 2], 0, 0

    def chosen(self, asks: list[bool], level: int, priority: Priority) -> int | None:
        compute, communication = (self._of_class(asks, one) for one in (0, 1))
        held_up = compute is not None and self.last_class == 1
        late = self.waited == self.starvation
        if priority is Priority.COMPUTING and (held_up or not late):
            held_up = compute is not None or level >= self.threshold
        if priority is Priority.COMMUNICATING:
            held_up = held_up and late
        return compute if communication is None or held_up else communication

    def _of_class(self, asks: list[bool], one: int) -> int | None:
        """The stream whose turn it is in a class: not the one served last, if the other asks."""
        last = self.last[one]
        other = last ^ 1
        return other if asks[other] else last if asks[last] else None

    def step(self, asks: list[bool], chosen: int | None, ready: bool, priority: Priority) -> None:
        served = chosen if ready else None
        if served is not None:
            self.last[served // 2] = served
            self.last_class = served // 2
        link_first = priority is Priority.COMMUNICATING
        if served is not None and (served >= 2) != link_first:
            self.waited = 0
        elif any(asks[:2] if link_first else asks[2:]):
            self.waited = min(self.waited + 1, self.starvation)


def check(
    arbiter: Arbiter, threshold: int, starvation: int, design: Fragment | None = None
) -> None:
    rng = random.Random(threshold * starvation)

    def bench(ports: Ports) -> Iterator[None]:
        reference = Reference(threshold, starvation)
        busy, priority = [0.5] * 4, Priority.TURNS
        for cycle in range(1000):
            if cycle % 50 == 0:
                busy = [rng.choice([0.0, 0.3, 1.0]) for _ in STREAMS]
                priority = rng.choice(list(Priority))
            asks = [rng.random() < often for often in busy]
            words = [rng.randrange(1 << WIDTHS.request.size) for _ in STREAMS]
            ready, level = rng.random() < 0.8, rng.randrange(QUEUE + 1)
            for index, name in enumerate(STREAMS):
                ports[f"{name}.valid"], ports[f"{name}.payload"] = asks[index], words[index]
            ports["o.ready"], ports["level"], ports["priority"] = ready, level, priority
            ports["reset"] = reset = cycle == 500
            chosen = reference.chosen(asks, level, priority)
            assert ports["o.valid"] == (chosen is not None), cycle
            assert chosen is None or ports["o.payload"] == words[chosen], cycle
            for index, name in enumerate(STREAMS):
                served = ready and index == chosen
                assert (ports[f"{name}.ready"] and asks[index]) == served, (cycle, name)
            reference.step(asks, chosen, ready, priority)
            if reset:
                reference = Reference(threshold, starvation)
            yield

    clocked(arbiter, bench, design=design)


PARAMETERS = [(1, 1), (4, 7), (3, 2), (8, 1), (20, 64)]


@pytest.mark.fast
@pytest.mark.parametrize("parameters", PARAMETERS, ids=str)
def test_the_next_one_is_chosen(parameters: tuple[int, int]) -> None:
    check(Arbiter(WIDTHS, QUEUE, *parameters), *parameters)


@pytest.mark.fast
@pytest.mark.parametrize("starvation", [1, 2, 3, 16])
def test_communication_waits_for_so_many_cycles_at_most(starvation: int) -> None:
    """Both streams of it, against both of computing, and a memory that is full but takes some."""
    arbiter = Arbiter(WIDTHS, QUEUE, 4, starvation)

    def bench(ports: Ports) -> Iterator[None]:
        served = []
        for cycle in range(20 * (starvation + 1)):
            for name in STREAMS:
                ports[f"{name}.valid"] = 1
            ports["o.ready"], ports["level"], ports["priority"] = 1, QUEUE, Priority.COMPUTING
            served += [(cycle, name) for name in STREAMS[2:] if ports[f"{name}.ready"]]
            yield
        assert [cycle for cycle, _ in served] == [
            starvation + (starvation + 1) * turn for turn in range(20)
        ]
        assert {name for _, name in served[::2]} == {served[0][1]} != {served[1][1]}

    clocked(arbiter, bench)


@pytest.mark.fast
def test_computing_never_waits_while_communication_is_not_starving() -> None:
    arbiter = Arbiter(WIDTHS, QUEUE, QUEUE, 10)

    def bench(ports: Ports) -> Iterator[None]:
        for _ in range(9):
            for name in ("result", "incoming"):
                ports[f"{name}.valid"] = 1
            ports["o.ready"], ports["priority"] = 1, Priority.COMPUTING
            assert ports["result.ready"]
            yield

    clocked(arbiter, bench)


@pytest.mark.fast
@pytest.mark.parametrize("starvation", [1, 2, 16])
def test_computing_waits_for_so_many_cycles_at_most(starvation: int) -> None:
    """Behind both streams of communication."""
    arbiter = Arbiter(WIDTHS, QUEUE, 4, starvation)

    def bench(ports: Ports) -> Iterator[None]:
        served = []
        for cycle in range(10 * (starvation + 1)):
            for name in STREAMS:
                ports[f"{name}.valid"] = 1
            ports["o.ready"], ports["priority"] = 1, Priority.COMMUNICATING
            served += [cycle for name in STREAMS[:2] if ports[f"{name}.ready"]]
            yield
        assert served == [starvation + (starvation + 1) * turn for turn in range(10)]

    clocked(arbiter, bench)


def test_faults_are_found() -> None:
    make = partial(Arbiter, WIDTHS, QUEUE, 4, 7)
    assert undetected(make, lambda one, bad: check(one, 4, 7, bad)) == []
