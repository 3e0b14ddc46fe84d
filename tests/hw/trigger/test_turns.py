"""Streams that take turns at one: who is next, and that nobody waits for long."""

import random
from collections.abc import Iterator
from functools import partial

import pytest
from amaranth.hdl import Fragment
from amaranth.lib import data

from hw.trigger.turns import Turns
from tests.hw.clocked import Ports, clocked
from tests.hw.trigger.mutants import undetected

WORD = data.StructLayout({"low": 3, "high": 5})


def following(asks: list[bool], last: int) -> int | None:
    """The next one in line after `last` who asks."""
    ways = len(asks)
    line = [(last + step) % ways for step in range(1, ways + 1)]
    return next((way for way in line if asks[way]), None)


def check(turns: Turns, ways: int, design: Fragment | None = None) -> None:
    rng = random.Random(ways)

    def bench(ports: Ports) -> Iterator[None]:
        last, waited = 0, [0] * ways
        for cycle in range(500):
            asks = [rng.random() < rng.choice([0.2, 1.0]) for _ in range(ways)]
            words = [rng.randrange(256) for _ in range(ways)]
            ready = rng.random() < 0.7
            for way in range(ways):
                ports[f"i_{way}.valid"], ports[f"i_{way}.payload"] = asks[way], words[way]
            ports["o.ready"] = ready
            ports["reset"] = reset = cycle == 250
            chosen = following(asks, last)
            assert ports["o.valid"] == (chosen is not None)
            assert chosen is None or ports["o.payload"] == words[chosen]
            for way in range(ways):
                served = ready and way == chosen
                assert (ports[f"i_{way}.ready"] and asks[way]) == served
                # Those before it in line are served once each at most.
                waited[way] = waited[way] + 1 if asks[way] and ready and not served else 0
                assert waited[way] < ways
            if ready and chosen is not None:
                last = chosen
            if reset:
                last, waited = 0, [0] * ways
            yield

    clocked(turns, bench, design=design)


@pytest.mark.fast
@pytest.mark.parametrize("ways", [1, 2, 3, 5])
def test_streams_take_turns(ways: int) -> None:
    check(Turns(WORD, ways), ways)


def test_faults_are_found() -> None:
    assert undetected(partial(Turns, WORD, 3), lambda one, bad: check(one, 3, bad)) == []
