"""Verilog of large arrays: against plain elaboration, and in time and memory."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from amaranth.back import rtlil

from benchmarks.row import Row
from golden.loading import load_spec
from golden.spec import EngineSpec
from hw.build import build
from hw.verilog import generate

_YOSYS = """
import sys
from pyosys import libyosys
design = libyosys.Design()
for command in (f"read_rtlil {sys.argv[1]}", "proc -nomux -norom", "opt_clean",
                f"write_verilog -noattr {sys.argv[2]}"):
    libyosys.run_pass(command, design)
"""
_GENERATE = """
import resource
import sys
from golden.loading import load_spec
from hw.verilog import generate
generate(load_spec("mac-os", [f"rows={sys.argv[1]}", f"cols={sys.argv[1]}"]))
for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN):
    print(resource.getrusage(who).ru_maxrss)
"""


def rows() -> list[Row]:
    """Time at 32x32, time and memory at 256x256."""
    spec = load_spec("mac-os", ["rows=32", "cols=32"])
    start = time.perf_counter()
    generate.__wrapped__(spec)
    ours = time.perf_counter() - start
    took, memory = _in_a_process(256)
    return [
        Row(
            name="generate 32x32",
            ours=ours,
            other=_plain(spec),
            against="plain Amaranth elaboration",
            unit="s",
            better="less",
            bound=10,
        ),
        Row(
            name="generate 256x256",
            ours=took,
            other=20,
            against="bound",
            unit="s",
            better="less",
            bound=1,
        ),
        Row(
            name="memory for 256x256",
            ours=memory,
            other=2048,
            against="bound",
            unit="MiB",
            better="less",
            bound=1,
        ),
    ]


def _plain(spec: EngineSpec) -> float:
    """Seconds of the same array with every submodule a module of its own."""
    with tempfile.TemporaryDirectory(prefix="tpe-") as name:
        source, target = Path(name, "engine.il"), Path(name, "engine.v")
        start = time.perf_counter()
        source.write_text(rtlil.convert(build(spec), name=spec.name, emit_src=False))
        subprocess.run(
            [sys.executable, "-c", _YOSYS, source, target], check=True, capture_output=True
        )
        return time.perf_counter() - start


def _in_a_process(side: int) -> tuple[float, float]:
    """Seconds, Python's start included, and the most MiB that Python and Yosys held at once."""
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _GENERATE, str(side)],
        check=True,
        capture_output=True,
        text=True,
    )
    return time.perf_counter() - start, sum(map(int, done.stdout.split())) / 1024
