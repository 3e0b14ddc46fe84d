"""The gate of operands: beats pass when their accesses have answered, and no more than are due."""

import random
from collections.abc import Iterator
from functools import partial

import pytest
from amaranth.hdl import Fragment

from hw.trigger.gate import OperandGate
from hw.trigger.layouts import Op, Tag, Widths
from tests.hw.clocked import Ports, clocked
from tests.hw.trigger.mutants import undetected

WIDTHS = Widths(devices=2, words=5, lanes=1, lane=4)
WIDTH = 10


def make_gate(accesses: int, prefetch: int) -> OperandGate:
    return OperandGate(WIDTH, accesses, prefetch, Tag.B, WIDTHS)  # type: ignore[arg-type]


def check(
    accesses: int,
    prefetch: int,
    gate: OperandGate | None = None,
    design: Fragment | None = None,
    *,
    phases: int = 5,
) -> None:
    """Phases of random lengths, behind a memory that answers in order after a random while."""
    rng = random.Random(accesses * 100 + prefetch)

    def bench(ports: Ports) -> Iterator[None]:
        for phase in range(phases):
            due = rng.choice([0, 1, 3, 20])
            asked = answered = passed = 0
            eager = [rng.choice([0.2, 0.6, 1.0]) for _ in "iomr"]
            ports["i.valid"] = ports["o.ready"] = ports["request.ready"] = ports["answered"] = 0
            ports["start"], ports["due"] = 1, due
            # What is due may change after the start.
            yield
            ports["start"], ports["due"] = 0, rng.randrange(100)
            for cycle in range(due * accesses * 12 + 20):
                offered, taken, memory, answers = (rng.random() < one for one in eager)
                answers = answers and answered < asked
                beat = rng.randrange(1 << WIDTH)
                ports["i.valid"], ports["i.payload"] = offered, beat
                ports["o.ready"], ports["request.ready"] = taken, memory
                ports["answered"] = answers
                ports["reset"] = reset = phase == 2 and cycle == 15
                asks = asked < due * accesses and asked < (passed + prefetch) * accesses
                assert ports["request.valid"] == asks, (phase, cycle)
                if asks:
                    assert ports["request.payload.op"] == Op.OPERAND.value
                    assert ports["request.payload.tag"] == Tag.B.value
                passes = (passed + 1) * accesses <= answered
                assert ports["o.valid"] == (passes and offered), (phase, cycle)
                assert ports["i.ready"] == (passes and taken), (phase, cycle)
                assert ports["o.payload"] == beat
                asked += asks and memory
                answered += answers
                passed += passes and offered and taken
                yield
                if reset:
                    ports["reset"], due, asked, answered, passed = 0, 0, 0, 0, 0
            assert passed == due

    clocked(gate or make_gate(accesses, prefetch), bench, design=design)


@pytest.mark.fast
@pytest.mark.parametrize(("accesses", "prefetch"), [(1, 1), (1, 5), (3, 1), (3, 2), (4, 16)])
def test_beats_pass_when_the_memory_has_answered(accesses: int, prefetch: int) -> None:
    check(accesses, prefetch)


def test_faults_are_found() -> None:
    assert undetected(partial(make_gate, 3, 2), partial(check, 3, 2)) == []
