"""The cycle model of a ring: what must hold on any ring; tests/sim compares it with the RTL."""

from dataclasses import replace
from itertools import pairwise, product

import numpy as np
import pytest

from golden.loading import load_spec
from golden.spec import EngineSpec
from golden.trigger.device import COUNTERS
from golden.trigger.model import ModelError, Run, bound, run, run_program
from golden.trigger.program import POLICIES, Program, program
from golden.trigger.spec import RingSpec
from golden.trigger.units import Machine
from sim.operands import random_operands

pytestmark = pytest.mark.fast

SMALL = {"rows": 2, "cols": 2}
ENGINES = {
    "mac-os": SMALL,
    "opt1-2d": {"rows": 3, "cols": 2},
    "mac-ws": {"rows": 3, "cols": 2},
    "mac-cube": {**SMALL, "depth": 2},
    "opt1-tree": {**SMALL, "depth": 4},
    "opt3-column": SMALL,
    "mixpe-os": {**SMALL, "options": {"group": 4}},
    "mixpe-ws": {**SMALL, "options": {"group": 4}},
}
RINGS = {
    "usual": RingSpec(devices=3, words=512),
    "least": RingSpec(
        devices=3, words=512, queue=2, prefetch=2, sets=1, ways=1, credits=1, banks=1
    ),
    "fast link": RingSpec(devices=2, words=512, link_interval=1, link_latency=1),
    "fast memory": RingSpec(devices=4, words=512, memory_interval=1, memory_latency=1),
    "slow link": RingSpec(devices=4, words=512, link_interval=16, link_latency=100),
}
SHAPE = (7, 20, 9)


def planned(
    spec: EngineSpec, ring: RingSpec, policy: str, collective: str = "all-reduce"
) -> Program:
    a, b = random_operands(spec, *SHAPE, seed=1)
    return program(spec, ring, a, b, policy=policy, collective=collective)


def ran(name: str, ring: RingSpec, policy: str) -> tuple[Program, Run]:
    spec = load_spec(name).override(**ENGINES[name])
    plan = planned(spec, ring, policy)
    return plan, run_program(spec, ring, plan)


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("ring", RINGS.values(), ids=list(RINGS))
@pytest.mark.parametrize("name", ENGINES)
def test_counters_balance(name: str, ring: RingSpec, policy: str) -> None:
    """Every result and every word comes to its end, whatever the ring."""
    plan, found = ran(name, ring, policy)
    phases = plan.phases[:-1]
    for device, counters in enumerate(found.counters):
        configs = [phase.configs[device] for phase in phases]
        assert counters["produced"] == sum(config.produced for config in configs)
        assert counters["received"] == sum(config.received for config in configs)
        assert counters["sent"] == sum(config.to_link for config in configs)
        assert counters["peak"] <= ring.entries
        remote = sum(
            config.rows * chunk.tiles
            for config in configs
            for chunk in config.chunks
            if chunk.made and chunk.remote
        )
        twice = sum(config.received for config in configs if config.incoming == 2)
        assert counters["loads"] == counters["sent"] - remote + twice
        written = counters["stores"] + counters["updates"]
        assert written == counters["produced"] - remote + counters["received"]
    for counter in ("sent", "received"):
        totals = [sum(one[name] for one in found.counters) for name in ("sent", counter)]
        assert totals[0] == totals[1]


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("ring", RINGS.values(), ids=list(RINGS))
@pytest.mark.parametrize("name", ENGINES)
def test_no_phase_beats_its_bound(name: str, ring: RingSpec, policy: str) -> None:
    spec = load_spec(name).override(**ENGINES[name])
    plan, found = ran(name, ring, policy)
    machine = Machine.of(spec, ring, plan)
    for phase, took in zip(plan.phases, found.phases, strict=False):
        assert took.cycles >= bound(machine, phase.configs), phase.name


@pytest.mark.parametrize("name", ["mac-os", "mac-ws"])
def test_an_engine_alone_takes_the_cycles_of_its_spec(name: str) -> None:
    """With a memory that is never in the way."""
    spec = load_spec(name).override(**ENGINES[name])
    ring = RingSpec(devices=2, words=512, memory_interval=1, memory_latency=1, prefetch=64)
    m, k, n = 12, 40, 8
    plan = program(
        spec,
        ring,
        np.ones((m, k), np.int64),
        np.ones((k, n), np.int64),
        policy="sequential",
        collective="reduce-scatter",
    )
    machine = replace(Machine.of(spec, ring, plan), operands={"a": 1, "b": 1})
    gemm = run(machine, [("", plan.phases[0].configs)])
    # An access a cycle: A and B take turns.
    beats = sum(plan.phases[0].configs[0].beats.values())
    least = max(spec.cycles(m, k // 2, n), beats)
    assert least <= gemm.cycles <= 1.15 * least + 20


@pytest.mark.parametrize("policy", POLICIES)
def test_more_bandwidth_is_never_slower(policy: str) -> None:
    """Within the hazards of banks, of whose order nobody is the master.

    More so where the link comes first: words that arrive sooner come before operands sooner.
    """
    spec = load_spec("mac-os").override(**SMALL)
    times = []
    for interval in (16, 8, 4, 2, 1):
        ring = RingSpec(devices=3, words=512, link_interval=interval, memory_interval=4)
        plan = planned(spec, ring, policy)
        times.append(run_program(spec, ring, plan).cycles)
    slack = 1.03 if policy == "t3-link" else 1.01
    assert all(after <= before * slack for before, after in pairwise(times))
    assert times[-1] < times[0]


def test_priority_helps_computing() -> None:
    """Where the memory is the bottleneck, T3 with arbitration by class computes on."""
    spec = load_spec("mac-os").override(rows=4, cols=4)
    ring = RingSpec(devices=3, words=512, banks=4, threshold=4, starvation=64, link_interval=4)
    a, b = np.ones((24, 96), np.int64), np.ones((96, 24), np.int64)
    times, stalls = {}, {}
    for policy in ("t3", "t3-mca"):
        plan = program(spec, ring, a, b, policy=policy, collective="reduce-scatter")
        found = run_program(spec, ring, plan)
        times[policy], stalls[policy] = found.cycles, found.counters[0]["operand_stalls"]
    assert stalls["t3-mca"] < stalls["t3"]
    assert times["t3-mca"] < times["t3"]


def test_samples_add_up() -> None:
    spec = load_spec("mac-os").override(**SMALL)
    plan = planned(spec, RINGS["usual"], "t3")
    found = run_program(spec, RINGS["usual"], plan, period=10)
    samples = np.array(found.samples)
    assert samples.shape == (-(-found.phases[-1].end // 10), 3, len(COUNTERS))
    assert (np.diff(samples, axis=0) >= 0).all()
    last = [[one[name] for name in COUNTERS] for one in found.counters]
    assert (samples[-1] <= np.array(last)).all()
    assert found == run_program(spec, RINGS["usual"], plan, period=10), "the same every time"
    assert found.phases == run_program(spec, RINGS["usual"], plan).phases


def test_one_may_stand_for_all() -> None:
    """A device that gets what it sends, a chunk further on, where all devices do the same."""
    spec = load_spec("mac-os").override(**SMALL)
    ring = RingSpec(devices=4, words=512)
    a, b = np.ones((8, 16), np.int64), np.ones((16, 8), np.int64)
    for policy in POLICIES:
        plan = program(spec, ring, a, b, policy=policy, collective="all-reduce")
        phases = plan.phases[:-1]
        whole = run_program(spec, ring, plan)
        machine = Machine.of(spec, ring, plan)
        alone = run(
            replace(machine, engines=machine.engines[:1]),
            [(phase.name, phase.configs[:1]) for phase in phases],
        )
        # Banks are what devices may differ in: chunks begin at different addresses.
        assert alone.cycles == pytest.approx(whole.cycles, rel=0.01)


def test_a_ring_that_waits_for_itself_is_an_error() -> None:
    """Tiles that go to a full tracker straight from the engine break the deadlock rule."""
    spec = load_spec("mac-os").override(**SMALL)
    ring = RingSpec(devices=3, words=512, credits=1)
    plan = planned(spec, ring, "t3")
    machine = replace(Machine.of(spec, ring, plan), sets=1, ways=1)
    with pytest.raises(ModelError, match="waits for itself in cycle"):
        run(machine, [("fused", plan.phases[0].configs)], patience=100_000)


@pytest.mark.parametrize("devices, policy", list(product((2, 5, 8), POLICIES)))
def test_any_number_of_devices(devices: int, policy: str) -> None:
    """More devices than values of k, and chunks without a tile, too."""
    spec = load_spec("mac-os").override(rows=4, cols=4)
    ring = RingSpec(devices=devices, words=512)
    a, b = np.ones((3, 4), np.int64), np.ones((4, 5), np.int64)
    plan = program(spec, ring, a, b, policy=policy, collective="all-reduce")
    assert run_program(spec, ring, plan, read_out=True).cycles > 0
