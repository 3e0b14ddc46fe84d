"""The fixed delay: nothing more, less, sooner or later."""

import random
from collections.abc import Iterator
from functools import partial

import pytest
from amaranth.hdl import Fragment

from hw.trigger.delay import Delay
from tests.hw.clocked import Ports, clocked
from tests.hw.trigger.mutants import undetected

WIDTH = 12


def check(delay: Delay, cycles: int, design: Fragment | None = None) -> None:
    rng = random.Random(cycles)

    def bench(ports: Ports) -> Iterator[None]:
        entered: list[int | None] = [None] * cycles
        for cycle in range(6 * cycles + 100):
            valid, word = rng.random() < 0.6, rng.randrange(1 << WIDTH)
            ports["i_valid"], ports["i"] = valid, word
            ports["reset"] = reset = cycle == 3 * cycles + 50
            left = entered[-cycles]
            assert ports["o_valid"] == (left is not None)
            assert left is None or ports["o"] == left
            entered.append(word if valid else None)
            if reset:
                entered = [None] * cycles
            yield

    clocked(delay, bench, design=design)


@pytest.mark.fast
@pytest.mark.parametrize("cycles", [1, 2, 3, 4, 7, 50])
def test_words_leave_after_so_many_cycles(cycles: int) -> None:
    check(Delay(WIDTH, cycles), cycles)


@pytest.mark.parametrize("cycles", [1, 5])
def test_faults_are_found(cycles: int) -> None:
    found = undetected(partial(Delay, WIDTH, cycles), lambda one, bad: check(one, cycles, bad))
    assert found == []
