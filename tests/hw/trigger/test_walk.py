"""The ways through a phase: of all its tiles, and of the engine's results, word by word."""

import random
from collections.abc import Iterator
from functools import partial

import pytest
from amaranth.hdl import Const, Fragment

from hw.trigger.address_map import AddressMap
from hw.trigger.layouts import Action, Widths
from hw.trigger.walk import Walk
from tests.hw.clocked import Ports, clocked
from tests.hw.trigger.mutants import undetected
from tests.hw.trigger.phases import random_phase

WIDTHS = [
    Widths(devices=devices, words=words, lanes=1, lane=2)
    for devices, words in ((2, 1), (2, 16), (3, 13), (8, 40))
]


def make_walk(widths: Widths, *, selective: bool) -> Walk:
    wanted = (lambda one: one.action != Action.KEEP) if selective else (lambda one: Const(1))
    return Walk(widths, wanted)


def check_walk(
    widths: Widths, *, selective: bool, walk: Walk | None = None, design: Fragment | None = None
) -> None:
    """The first tile is there a cycle after the phase has begun, plus one a chunk passed over."""
    rng = random.Random(widths.words)
    actions = (Action.SEND, Action.HOST) if selective else tuple(Action)

    def bench(ports: Ports) -> Iterator[None]:
        for number in range(25):
            phase = random_phase(rng, widths)
            phase.apply(ports)
            ports["start"], ports["take"] = 1, 0
            yield
            ports["start"] = 0
            eager = rng.choice([0.3, 1.0])
            for chunk in phase.order():
                tiles = [tile for at, tile in phase.tiles(*actions) if at == chunk]
                assert not ports["valid"]
                yield
                for tile in tiles:
                    while True:
                        assert ports["valid"]
                        assert (ports["chunk"], ports["tile"]) == (chunk, tile)
                        assert ports["address"] == tile * phase.rows
                        ports["take"] = take = rng.random() < eager
                        yield
                        ports["take"] = 0
                        if take:
                            break
                # Another phase may begin before all of this one is done.
                if number == 7:
                    break
            else:
                for _ in range(2 * widths.devices + 1):
                    assert not ports["valid"]
                    yield

    clocked(walk or make_walk(widths, selective=selective), bench, design=design)


def check_map(
    widths: Widths, where: AddressMap | None = None, design: Fragment | None = None
) -> None:
    rng = random.Random(widths.words)

    def bench(ports: Ports) -> Iterator[None]:
        for number in range(25):
            phase = random_phase(rng, widths)
            phase.apply(ports)
            ports["start"], ports["take"] = 1, 0
            yield
            ports["start"] = 0
            eager, waited = rng.choice([0.3, 1.0]), 0
            words = [(*tile, row) for tile in phase.tiles() for row in range(phase.rows)]
            for index, (chunk, tile, row) in enumerate(words):
                while not ports["valid"]:
                    # Between tiles of one chunk there is no pause.
                    assert index == 0 or words[index - 1][0] != chunk
                    waited += 1
                    assert waited <= widths.devices
                    yield
                while True:
                    one = phase.chunks[chunk]
                    assert ports["valid"]
                    assert (ports["chunk"], ports["tile"]) == (chunk, tile)
                    assert ports["address"] == tile * phase.rows + row
                    assert (ports["remote"], ports["expected"]) == (one.remote, one.expected)
                    ports["take"] = take = rng.random() < eager
                    yield
                    ports["take"] = 0
                    if take:
                        break
                if number % 7 == 3 and index == 2:
                    break
            else:
                for _ in range(2 * widths.devices + 1):
                    assert not ports["valid"]
                    yield

    clocked(where or AddressMap(widths), bench, design=design)


@pytest.mark.fast
@pytest.mark.parametrize("selective", [False, True])
@pytest.mark.parametrize("widths", WIDTHS, ids=lambda one: f"{one.devices}-{one.words}")
def test_tiles_come_in_order(widths: Widths, selective: bool) -> None:
    check_walk(widths, selective=selective)


@pytest.mark.fast
@pytest.mark.parametrize("widths", WIDTHS, ids=lambda one: f"{one.devices}-{one.words}")
def test_results_go_where_they_belong(widths: Widths) -> None:
    check_map(widths)


def test_faults_are_found() -> None:
    widths = WIDTHS[2]
    found = undetected(
        partial(make_walk, widths, selective=True),
        lambda one, bad: check_walk(widths, selective=True, walk=one, design=bad),
    )
    assert found == []
    assert undetected(partial(AddressMap, widths), partial(check_map, widths)) == []
