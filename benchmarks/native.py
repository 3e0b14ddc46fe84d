"""The native backend against the fastest loop one could write around the same model."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from amaranth.sim import Simulator

from benchmarks.row import Row
from golden.loading import load_spec
from golden.spec import EngineSpec
from hw.build import build
from hw.verilog import generate
from sim.build import Options, build_program
from sim.operands import random_operands
from sim.run import simulate

K = 1000
LIMIT = Path(__file__).parent / "limit.cpp"
CYCLES = {8: 200_000, 16: 100_000, 32: 20_000}
"""About two seconds of work at each size."""
_FIRST = """
import sys
from golden.loading import load_spec
from sim.operands import random_operands
from sim.run import simulate
spec = load_spec("mac-os")
assert simulate(spec, *random_operands(spec, 64, 64, 64)).passed
"""


def rows() -> list[Row]:
    """Rates at three sizes, the time to a first and to a second result, Amaranth's simulator."""
    return [*(_against_the_limit(side) for side in CYCLES), *_first_results(), _against_amaranth()]


def engine(side: int) -> EngineSpec:
    """The engine that all rates are measured on."""
    return load_spec("mac-os", [f"rows={side}", f"cols={side}"])


def native_rate(spec: EngineSpec, cycles: int) -> float:
    """Cycles per second of `simulate`, operands and results crossing included."""
    a, b = random_operands(spec, spec.rows * -(-cycles // K), K, spec.cols)
    return simulate(spec, a, b).cycles_per_second


def _against_the_limit(side: int) -> Row:
    spec = engine(side)
    cycles = CYCLES[side]
    defines = f"#define A_BYTES {side}\n#define B_BYTES {side}\n"
    program = build_program("limit", generate(spec), LIMIT, {"lanes.h": defines}, Options())
    native_rate(spec, K)
    # One after the other, and the best of each: other work on the machine hits both.
    rates = [(native_rate(spec, cycles), _limit_rate(program, cycles)) for _ in range(3)]
    return Row(
        name=f"native {side}x{side}",
        ours=max(ours for ours, _ in rates),
        other=max(limit for _, limit in rates),
        against="hand-written C++ loop",
        unit="cycles/s",
        better="more",
        bound=0.6,
    )


def _limit_rate(program: Path, cycles: int) -> float:
    done = subprocess.run(
        [program, str(cycles), str(K)], check=True, capture_output=True, text=True
    )
    return cycles / float(done.stdout.split()[0])


def _first_results() -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="tpe-") as cache:
        times = []
        for _ in range(2):
            start = time.perf_counter()
            subprocess.run(
                [sys.executable, "-W", "ignore", "-c", _FIRST],
                check=True,
                capture_output=True,
                env={**os.environ, "TPE_CACHE": cache},
            )
            times.append(time.perf_counter() - start)
    bounds = (("first result of a new spec, 8x8", 10.0), ("second result, 8x8", 1.5))
    return [
        Row(
            name=name,
            ours=took,
            other=bound,
            against="bound",
            unit="s",
            better="less",
            bound=1,
        )
        for took, (name, bound) in zip(times, bounds, strict=True)
    ]


def _against_amaranth() -> Row:
    spec = engine(8)
    cycles = 2000
    top = build(spec)
    random = np.random.default_rng(1)

    async def host(ctx: Any) -> None:
        for stream in (top.a, top.b):
            ctx.set(stream.valid, 1)
        ctx.set(top.c.ready, 1)
        for cycle in range(cycles):
            for stream in (top.a, top.b):
                operand = {"first": cycle % K == 0, "last": cycle % K == K - 1}
                ctx.set(stream.payload, {"data": int(random.integers(1 << 62)), **operand})
            await ctx.tick()

    simulator = Simulator(top)
    simulator.add_clock(1e-6)
    simulator.add_testbench(host)
    start = time.perf_counter()
    simulator.run()
    took = time.perf_counter() - start
    return Row(
        name="native 8x8",
        ours=native_rate(spec, CYCLES[8]),
        other=cycles / took,
        against="Amaranth's simulator",
        unit="cycles/s",
        better="more",
        bound=10,
    )
