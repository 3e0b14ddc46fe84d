"""The receiver: one access a word, or a load and a store, and a sum that is right."""

import random
from collections import deque
from collections.abc import Iterator
from functools import partial

import pytest
from amaranth.hdl import Fragment

from hw.trigger.adder import IntegerAdder
from hw.trigger.layouts import Incoming, Op, Tag, Widths
from hw.trigger.receive import Receive
from tests.hw.clocked import Ports, clocked
from tests.hw.trigger.mutants import undetected

WIDTHS = Widths(devices=3, words=29, lanes=2, lane=5)


def make_receive(room: int) -> Receive:
    return Receive(WIDTHS, partial(IntegerAdder, WIDTHS.lane), room)


def random_word(rng: random.Random) -> dict[str, int]:
    return {
        "chunk": rng.randrange(3),
        "tile": rng.randrange(29),
        "address": rng.randrange(29),
        "data": rng.randrange(1 << WIDTHS.word),
    }


def offer(ports: Ports, word: dict[str, int], offered: bool) -> None:
    ports["i.valid"] = offered
    for name, value in word.items():
        ports[f"i.payload.{name}"] = value


def added(x: int, y: int) -> int:
    mask = (1 << WIDTHS.lane) - 1
    return sum((((x >> at) + (y >> at)) & mask) << at for at in (0, WIDTHS.lane))


def check_direct(receive: Receive, design: Fragment | None = None) -> None:
    """UPDATE and STORE, without delay."""
    rng = random.Random(1)

    def bench(ports: Ports) -> Iterator[None]:
        for _ in range(300):
            mode = rng.choice([Incoming.UPDATE, Incoming.STORE])
            word, (offered, first, allowed, taken) = (
                random_word(rng),
                (rng.random() < 0.7 for _ in range(4)),
            )
            ports["incoming"], ports["first"], ports["allowed"] = mode.value, first, allowed
            ports["request.ready"] = taken
            offer(ports, word, offered)
            assert ports["request.valid"] == (offered and allowed)
            assert ports["i.ready"] == (taken and allowed)
            assert ports["final"]
            if offered:
                op = Op.STORE if first or mode == Incoming.STORE else Op.UPDATE
                assert (ports["chunk"], ports["tile"]) == (word["chunk"], word["tile"])
                assert ports["request.payload.op"] == op.value
                assert ports["request.payload.address"] == word["address"]
                assert ports["request.payload.data"] == word["data"]
            yield

    clocked(receive, bench, design=design)


def check_sums(
    room: int,
    receive: Receive | None = None,
    design: Fragment | None = None,
    *,
    latency: int = 5,
    eager: float | None = None,
    cycles: int = 700,
) -> int:
    """READ_ADD_WRITE before a memory that answers after some cycles; returns words stored."""
    rng = random.Random(room)
    stored = 0

    def bench(ports: Ports) -> Iterator[None]:
        nonlocal stored
        ports["incoming"] = Incoming.READ_ADD_WRITE.value
        held: deque[tuple[dict[str, int], int, int]] = deque()
        often = [1.0] * 4
        for cycle in range(cycles):
            if cycle % 64 == 0:
                often = [eager or rng.choice([0.1, 0.6, 1.0]) for _ in range(4)]
            word, (offered, allowed, taken, first) = (
                random_word(rng),
                (rng.random() < one for one in often),
            )
            there = rng.randrange(1 << WIDTHS.word)
            ports["first"], ports["allowed"], ports["request.ready"] = first, allowed, taken
            answers = [one for one in held if one[1] == cycle]
            ports["answer_valid"] = bool(answers)
            ports["answer_data"] = answers[0][2] if answers else rng.randrange(1 << WIDTHS.word)
            ports["reset"] = reset = cycle == 400
            offer(ports, word, offered)
            sums = bool(held) and held[0][1] < cycle
            assert ports["final"] == sums, cycle
            loads = offered and not sums and len(held) < room
            assert ports["request.valid"] == (allowed if sums else loads), cycle
            assert (ports["i.ready"] and offered) == (loads and taken), cycle
            assert ports["request.payload.tag"] == Tag.RECEIVE.value
            if sums:
                oldest, _, before = held[0]
                assert (ports["chunk"], ports["tile"]) == (oldest["chunk"], oldest["tile"])
                assert ports["request.payload.op"] == Op.STORE.value
                assert ports["request.payload.address"] == oldest["address"]
                assert ports["request.payload.data"] == added(before, oldest["data"])
                if allowed and taken:
                    held.popleft()
                    stored += 1
            elif loads:
                assert ports["request.payload.op"] == Op.LOAD.value
                assert ports["request.payload.address"] == word["address"]
                if taken:
                    held.append((word, cycle + latency, there))
            if reset:
                held.clear()
            yield

    clocked(receive or make_receive(room), bench, design=design)
    return stored


@pytest.mark.fast
def test_updates_and_stores_pass_at_once() -> None:
    check_direct(make_receive(2))


@pytest.mark.fast
@pytest.mark.parametrize("room", [1, 2, 3, 16])
def test_sums_are_stored(room: int) -> None:
    check_sums(room)


@pytest.mark.fast
def test_a_sum_takes_two_cycles() -> None:
    """With room for all that is under way, half of the cycles load and the other half store."""
    assert check_sums(16, latency=5, eager=1, cycles=390) == pytest.approx(390 / 2, abs=8)


def test_faults_are_found() -> None:
    def check(receive: Receive, design: Fragment) -> None:
        check_direct(receive, design)
        check_sums(3, receive, design, cycles=390)

    assert undetected(partial(make_receive, 3), check) == []
