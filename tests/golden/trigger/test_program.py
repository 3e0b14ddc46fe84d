"""What devices are told: every tile is computed, summed up and sent as often as it must be."""

from collections import Counter
from itertools import product

import numpy as np
import pytest

from golden.loading import load_spec
from golden.trigger.partial import Partial
from golden.trigger.program import (
    COLLECTIVES,
    POLICIES,
    READ_OUT,
    Action,
    Program,
    dealt,
    program,
)
from golden.trigger.reduce import results
from golden.trigger.spec import RingSpec
from sim.operands import random_operands

pytestmark = pytest.mark.fast

SPECS = [
    load_spec("mac-os", ["rows=3", "cols=2"]),
    load_spec("mac-ws", ["rows=3", "cols=2"]),
    load_spec("lmul-tree", ["rows=2", "cols=3", "depth=2"]),
    load_spec("mixpe-os", ["rows=2", "cols=2", "options.group=4", "acc=q12.12"]),
]
RUNS = list(product(SPECS, (2, 3, 5), POLICIES, COLLECTIVES))
SHAPE = (8, 13, 7)


def made(spec, devices: int, policy: str, collective: str, **ring: int) -> Program:
    a, b = random_operands(spec, *SHAPE, seed=devices)
    how = {"policy": policy, "collective": collective}
    return program(spec, RingSpec(devices=devices, **ring), a, b, **how)


def test_tiles_are_dealt_evenly() -> None:
    for tiles, devices in product(range(20), range(1, 9)):
        chunks = dealt(tiles, devices)
        assert [tile for chunk in chunks for tile in chunk] == list(range(tiles))
        assert max(map(len, chunks)) - min(map(len, chunks)) <= 1


@pytest.mark.parametrize(("spec", "devices", "policy", "collective"), RUNS)
def test_what_is_sent_is_received(spec, devices: int, policy: str, collective: str) -> None:
    plan = made(spec, devices, policy, collective)
    for phase in plan.phases:
        for device, config in enumerate(phase.configs):
            assert config.received == phase.configs[(device + 1) % devices].to_link
            assert config.beats == {
                name: len(beats.data) for name, beats in phase.operands[device].items()
            }


@pytest.mark.parametrize(("spec", "devices", "policy", "collective"), RUNS)
def test_every_tile_is_made_and_read_as_often_as_it_must_be(
    spec, devices: int, policy: str, collective: str
) -> None:
    plan = made(spec, devices, policy, collective)
    produced, read = Counter[int](), Counter[int]()
    for phase in plan.phases:
        for config in phase.configs:
            for chunk in config.chunks:
                tiles = range(chunk.first, chunk.first + chunk.tiles)
                produced.update(tiles if chunk.made else ())
                read.update(tiles if chunk.action is Action.HOST else ())
    tiles = len(plan.schedule.tiles)
    assert produced == dict.fromkeys(range(tiles), devices if plan.reduces else 1)
    holders = 1 if collective == "reduce-scatter" else devices
    assert read == dict.fromkeys(range(tiles), holders)
    assert plan.phases[-1].name == READ_OUT


@pytest.mark.parametrize("policy", POLICIES[1:])
def test_first_chunks_go_straight_to_the_neighbour_if_they_fit(policy: str) -> None:
    for ways, remote in ((1, False), (8, True)):
        plan = made(SPECS[0], 3, policy, "reduce-scatter", sets=1, ways=ways)
        for config in plan.phases[0].configs:
            first = next(config.walk)
            assert first.remote is remote
            assert (first.action is Action.SEND) is not remote


@pytest.mark.parametrize(("spec", "devices"), list(product(SPECS, (2, 3, 5, 8))))
def test_sums_of_slices_are_the_product(spec, devices: int) -> None:
    a, b = random_operands(spec, *SHAPE, seed=devices)
    how = {"policy": "t3", "collective": "reduce-scatter"}
    plan = program(spec, RingSpec(devices=devices), a, b, **how)
    partial = Partial(spec)
    words = results(plan, [partial.of(*part) for part in plan.slices], partial.add)
    c = partial.finish(plan.schedule.assemble(words))
    assert np.array_equal(c, spec.model(a, b).c, equal_nan=True)


def test_floating_point_sums_go_around_the_ring() -> None:
    spec = load_spec("fmac-os", ["rows=1", "cols=1", "a=bf16", "b=bf16", "acc=fp32"])
    # Three slices of K, three chunks: 1, 2**24 and -2**24 in this order, or another one.
    a, b = np.array([[1.0, 2.0**24, -(2.0**24)]] * 3), np.ones((3, 1))
    how = {"policy": "t3", "collective": "reduce-scatter"}
    plan = program(spec, RingSpec(devices=3), a, b, **how)
    partial = Partial(spec)
    words = results(plan, [partial.of(*part) for part in plan.slices], partial.add)
    # Chunk c: device c, c - 1, c - 2.
    orders = [(0, 2, 1), (1, 0, 2), (2, 1, 0)]
    terms = np.array([1.0, 2.0**24, -(2.0**24)], np.float32)
    sums = [(terms[i] + terms[j]) + terms[k] for i, j, k in orders]
    assert plan.schedule.assemble(partial.finish(words))[:, 0].tolist() == sums
    assert len(set(sums)) > 1
