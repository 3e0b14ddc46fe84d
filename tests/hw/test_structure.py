"""Structures elaborate to what they are written as: engines in Amaranth's own simulator."""

from functools import partial

import numpy as np
import pytest
from amaranth.sim import Simulator

from hw.build import build
from sim.operands import random_operands
from tests.sim.specs import ENGINES, small


@pytest.mark.parametrize(("element", "array"), ENGINES)
def test_an_engine_in_amaranth(element: str, array: str) -> None:
    spec = small(element, array, rows=2, a="int3", b="uint2", acc="int12")
    a, b = random_operands(spec, 4, 5, spec.cols, seed=1)
    schedule = spec.encoded(a, b)
    engine = build(spec)
    rows: list[np.ndarray] = []

    async def send(context, name: str) -> None:
        stream, beats, bits = getattr(engine, name), schedule.operands[name], spec.lane_bits[name]
        for data, first, last in zip(beats.data, beats.first, beats.last, strict=True):
            code = sum(int(value) << lane * bits for lane, value in enumerate(data))
            context.set(stream.payload.data, code)
            context.set(stream.payload.first, int(first))
            context.set(stream.payload.last, int(last))
            context.set(stream.valid, 1)
            await context.tick().until(stream.ready)
        context.set(stream.valid, 0)

    async def receive(context) -> None:
        context.set(engine.c.ready, 1)
        acc = spec.formats[2]
        while len(rows) < schedule.outputs:
            (code,) = await context.tick().sample(engine.c.payload.data).until(engine.c.valid)
            lanes = [code >> lane * acc.bits & 2**acc.bits - 1 for lane in range(spec.cols)]
            rows.append(acc.decode(np.array(lanes, np.uint64)))

    simulator = Simulator(engine)
    simulator.add_clock(1e-6)

    for name in schedule.operands:
        simulator.add_testbench(partial(send, name=name))
    simulator.add_testbench(receive)
    simulator.run_until(1e-6 * 400)
    assert len(rows) == schedule.outputs
    assert np.array_equal(schedule.assemble(np.array(rows)), spec.model(a, b).c)
