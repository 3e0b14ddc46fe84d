"""Rings of devices: every sum exact, whatever waits, and the cycle model beside them.

Designs build for some seconds each: few rings, many runs on each.
"""

import dataclasses
import re
from typing import Any

import pytest

from golden.loading import load_spec
from golden.spec import EngineSpec
from golden.trigger.model import run_program
from golden.trigger.program import COLLECTIVES, POLICIES, program
from golden.trigger.spec import RingSpec
from hw.verilog import generate_ring
from sim.errors import ProtocolError
from sim.lint import lint
from sim.operands import OperandError, check_operands, random_operands
from sim.ring import RingRun, simulate_ring

MAC = load_spec("mac-os", ["rows=3", "cols=2"])
LMUL = load_spec("lmul-os", ["rows=2", "cols=3"])
RING = RingSpec(words=600)
SMALLEST = RingSpec.make(
    {
        **dict.fromkeys(RingSpec.model_fields, 1),
        **{"devices": 3, "words": 64, "queue": 2, "prefetch": 2},
    }
)
"""One of everything: nothing can be done ahead of anything."""
SLOW = RingSpec(
    devices=2, words=20, link_latency=4096, credits=1, sets=1, ways=1, queue=2, memory_interval=9
)
"""A word on the link takes more than 8,000 cycles."""


def check(spec: EngineSpec, ring: RingSpec, a: Any, b: Any, **how: Any) -> RingRun:
    """A run whose result is right and whose counters balance."""
    run = simulate_ring(spec, ring, a, b, **how)
    assert run.passed, f"{run.mismatches} differ"
    if spec.acc != "fp32":
        assert run.exact
    counters = run.counters
    for device, count in enumerate(counters):
        # What one sends the next one receives; every word received or made is written once.
        assert count["sent"] == counters[device - 1]["received"]
        assert count["peak"] <= ring.entries
    made = sum(count["produced"] for count in counters)
    words = run.tiles * (made // run.tiles // ring.devices)
    if how.get("policy", "t3-mca") != "sequential" and "collective" not in how:
        # What does not go straight to the link is written, and so is all that arrives.
        loads = sum(count["loads"] for count in counters)
        written = sum(count["stores"] + count["updates"] for count in counters)
        sent = sum(count["sent"] for count in counters)
        assert written == made - (sent - loads) + sent
    if how.get("collective", "reduce-scatter") == "reduce-scatter":
        assert made == ring.devices * words
        assert sum(count["sent"] for count in counters) == (ring.devices - 1) * words
    return run


def modelled(spec: EngineSpec, ring: RingSpec, a: Any, b: Any, **how: Any) -> Any:
    """What the cycle model says to the same run."""
    left, right = check_operands(spec, a, b)
    return run_program(spec, ring, program(spec, ring, left, right, **how))


@pytest.mark.parametrize("collective", COLLECTIVES)
@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("spec", [MAC, LMUL], ids=lambda spec: spec.name)
def test_policies_and_collectives(spec: EngineSpec, policy: str, collective: str) -> None:
    how: dict[str, Any] = {"policy": policy, "collective": collective}
    for m, k, n in [(13, 21, 11), (1, 1, 1), (9, 2, 3)]:
        a, b = random_operands(spec, m, k, n, seed=k)
        free = check(spec, RING, a, b, **how)
        check(spec, RING, a, b, stall=0.6, seed=k, **how)
        model = modelled(spec, RING, a, b, **how)
        assert (free.cycles, free.counters) == (model.cycles, model.counters)


@pytest.mark.parametrize("devices", [2, 3, 8])
@pytest.mark.parametrize("spec", [MAC, LMUL], ids=lambda spec: spec.name)
def test_numbers_of_devices(spec: EngineSpec, devices: int) -> None:
    ring = RingSpec(devices=devices, words=600, sets=3, ways=2, credits=3)
    a, b = random_operands(spec, 14, 19, 13, seed=devices)
    for policy in POLICIES:
        how: dict[str, Any] = {"policy": policy, "collective": "all-reduce"}
        run = check(spec, ring, a, b, **how)
        model = modelled(spec, ring, a, b, **how)
        assert run.cycles == pytest.approx(model.cycles, rel=0.02)


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("ring", [SMALLEST, SLOW], ids=["smallest", "slow"])
def test_full_trackers_queues_and_links(ring: RingSpec, policy: str) -> None:
    a, b = random_operands(MAC, 6, 5, 5, seed=3)
    run = check(MAC, ring, a, b, policy=policy)
    model = modelled(MAC, ring, a, b, policy=policy, collective="reduce-scatter")
    assert run.cycles == pytest.approx(model.cycles, rel=0.02)
    check(MAC, ring, a, b, policy=policy, stall=0.5, seed=1)


@pytest.mark.parametrize("policy", POLICIES)
def test_resets_at_any_time(policy: str) -> None:
    a, b = random_operands(MAC, 13, 21, 11, seed=1)
    cycles = check(MAC, RING, a, b, policy=policy).cycles
    for resets in [(0,), (1, 2), (cycles // 3, cycles // 2), (cycles - 2,)]:
        again = check(MAC, RING, a, b, policy=policy, resets=resets)
        assert again.cycles == cycles


NARROW = ["a=int4", "b=int3", "acc=int12"]
"""Formats that build fast."""

ENGINES = [
    load_spec("mac-ws", ["rows=2", "cols=3", *NARROW]),
    load_spec("opt1-2d", ["rows=3", "cols=2", *NARROW]),
    load_spec("mac-tree", ["rows=2", "cols=2", "depth=3", *NARROW]),
    load_spec("opt4c-column", ["rows=3", "cols=2", *NARROW]),
    load_spec("laconic-column", ["rows=2", "cols=2", *NARROW]),
    load_spec("fmac-os", ["rows=2", "cols=2", "a=bf16", "b=bf16", "acc=fp32"]),
    load_spec("mixpe-os", ["rows=2", "cols=2", "options.group=4"]),
    load_spec("mixpe-ws", ["rows=2", "cols=2", "options.group=8", "acc=q12.12"]),
]


@pytest.mark.parametrize("spec", ENGINES, ids=lambda spec: spec.name)
def test_any_engine(spec: EngineSpec) -> None:
    ring = RingSpec(devices=3, words=300)
    a, b = random_operands(spec, 7, 19, 8, seed=2)
    for policy in ("sequential", "t3-mca"):
        how: dict[str, Any] = {"policy": policy, "collective": "reduce-scatter"}
        run = check(spec, ring, a, b, **how)
        model = modelled(spec, ring, a, b, **how)
        assert (run.cycles, run.counters) == (model.cycles, model.counters)
        check(spec, ring, a, b, stall=0.5, seed=5, **how)


def test_overlap_pays() -> None:
    """Where communication takes 30 to 45 % of the sequential time, a quarter is won at least."""
    spec, ring = load_spec("mac-os", ["rows=4", "cols=4"]), RingSpec(words=1024)
    a, b = random_operands(spec, 48, 64, 48)
    sequential, t3, mca, link = (check(spec, ring, a, b, policy=policy) for policy in POLICIES)
    gemm, scatter = (phase.cycles for phase in sequential.phases)
    assert 0.3 <= scatter / sequential.cycles <= 0.45
    assert sequential.cycles / mca.cycles >= 1.25
    for run in (t3, mca, link):
        assert max(gemm, scatter) <= run.cycles < sequential.cycles
    loads = [sum(count["loads"] for count in run.counters) for run in (sequential, mca)]
    assert loads[1] < loads[0]


def test_a_wrong_sum_is_found() -> None:
    design = generate_ring(MAC, RING)
    broken = design.verilog.replace("= x + y;", "= x | y;")
    assert broken != design.verilog
    a, b = random_operands(MAC, 13, 21, 11)
    run = simulate_ring(MAC, RING, a, b, design=dataclasses.replace(design, verilog=broken))
    assert not run.passed


def test_a_lost_trigger_is_found() -> None:
    design = generate_ring(MAC, RING)
    broken = re.sub(r"trigger__valid <= .*;", "trigger__valid <= 1'h0;", design.verilog)
    assert broken != design.verilog
    a, b = random_operands(MAC, 13, 21, 11)
    with pytest.raises(ProtocolError, match="hangs in cycle"):
        simulate_ring(MAC, RING, a, b, design=dataclasses.replace(design, verilog=broken))


@pytest.mark.parametrize("ring", [RING, SMALLEST, RingSpec(devices=5, words=57, sets=3, banks=3)])
@pytest.mark.parametrize("spec", [MAC, LMUL], ids=lambda spec: spec.name)
def test_verilog_is_clean(spec: EngineSpec, ring: RingSpec) -> None:
    assert lint(generate_ring(spec, ring)) == []


@pytest.mark.fast
def test_everything_wrong_is_said_at_once() -> None:
    a, b = random_operands(MAC, 3, 3, 2)
    with pytest.raises(OperandError) as caught:
        simulate_ring(MAC, RING, a, b, policy="t4", collective="scan", stall=1.0, resets=[3, 1])
    assert [line.split(":")[0] for line in caught.value.problems] == [
        "policy",
        "collective",
        "stall",
        "resets",
    ]
    big = random_operands(MAC, 100, 3, 100)
    with pytest.raises(OperandError, match=r"ring\.words: 600 given, C takes 5100"):
        simulate_ring(MAC, RING, *big)
