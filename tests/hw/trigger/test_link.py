"""The link: when words arrive, and that none is ever lost, whatever the receiver does."""

import random
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from amaranth.hdl import Fragment

from hw.trigger.link import Link
from tests.hw.clocked import Ports, clocked
from tests.hw.trigger.mutants import undetected

WIDTH = 16

Listens = Callable[[int], bool]
"""Whether the receiver takes a word in a cycle."""


class Reference:
    """When a link with these parameters takes and offers words."""

    def __init__(self, latency: int, interval: int, credits: int) -> None:
        self.latency, self.interval, self.credits = latency, interval, credits
        self.sent: list[tuple[int, int]] = []
        self.taken: list[int] = []

    def ready(self, cycle: int) -> bool:
        back = sum(time + self.latency + 1 <= cycle for time in self.taken)
        rested = not self.sent or cycle >= self.sent[-1][0] + self.interval
        return rested and len(self.sent) - back < self.credits

    def offer(self, cycle: int) -> int | None:
        """The word at the end of the link."""
        following = self.sent[len(self.taken) : len(self.taken) + 1]
        arrived = [word for time, word in following if time + self.latency + 1 <= cycle]
        return arrived[0] if arrived else None


def check(
    link: Link,
    parameters: tuple[int, int, int],
    design: Fragment | None = None,
    *,
    offers: float = 0.8,
    listens: Listens | None = None,
    cycles: int = 600,
    reset_at: int | None = None,
) -> Reference:
    rng = random.Random(str(parameters))
    reference = Reference(*parameters)

    def bench(ports: Ports) -> Iterator[None]:
        nonlocal reference
        eager = 0.5
        for cycle in range(cycles):
            if cycle % 64 == 0:
                eager = rng.choice([0.05, 0.5, 1.0])
            word, offered = rng.randrange(1 << WIDTH), rng.random() < offers
            taken = listens(cycle) if listens else rng.random() < eager
            ports["i.valid"], ports["i.payload"], ports["o.ready"] = offered, word, taken
            ports["reset"] = reset = cycle == reset_at
            arrived, ready = reference.offer(cycle), reference.ready(cycle)
            assert ports["i.ready"] == ready, cycle
            assert ports["o.valid"] == (arrived is not None), cycle
            assert arrived is None or ports["o.payload"] == arrived, cycle
            if offered and ready:
                reference.sent.append((cycle, word))
            if arrived is not None and taken:
                reference.taken.append(cycle)
            if reset:
                reference = Reference(*parameters)
            yield

    clocked(link, bench, design=design)
    return reference


PARAMETERS = [
    (1, 1, 1),
    (1, 1, 2),
    (1, 1, 3),
    (1, 1, 4),
    (2, 3, 1),
    (3, 1, 5),
    (4, 2, 16),
    (7, 4, 3),
    (50, 4, 13),
]


@pytest.mark.fast
@pytest.mark.parametrize("parameters", PARAMETERS, ids=str)
def test_words_arrive_in_time_and_order(parameters: tuple[int, int, int]) -> None:
    check(Link(WIDTH, *parameters), parameters, reset_at=400)


@pytest.mark.fast
@pytest.mark.parametrize("parameters", PARAMETERS, ids=str)
def test_the_rate_is_that_of_interval_and_credits(parameters: tuple[int, int, int]) -> None:
    latency, interval, credits = parameters
    seen = check(
        Link(WIDTH, *parameters), parameters, offers=1, listens=lambda _: True, cycles=1000
    )
    round_trip = max(interval * credits, 2 * latency + 2)
    assert len(seen.sent) == pytest.approx(1000 * credits / round_trip, abs=credits + 1)


def test_nothing_is_lost_while_the_receiver_waits_for_10000_cycles() -> None:
    parameters = (20, 2, 11)
    seen = check(
        Link(WIDTH, *parameters),
        parameters,
        offers=1,
        listens=lambda cycle: not 500 <= cycle < 10_500,
        cycles=11_000,
    )
    waiting = [time for time, _ in seen.sent if 530 <= time < 10_500]
    assert waiting == []
    assert len(seen.taken) > 200


@pytest.mark.parametrize("parameters", [(2, 3, 3), (3, 2, 5)], ids=str)
def test_faults_are_found(parameters: tuple[int, int, int]) -> None:
    found = undetected(
        partial(Link, WIDTH, *parameters),
        lambda one, bad: check(one, parameters, bad, cycles=250),
    )
    assert found == []
