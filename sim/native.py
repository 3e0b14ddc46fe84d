"""The native backend: a C++ program around the verilated engine. For volume."""

from collections.abc import Callable
from pathlib import Path

from hw.verilog import Design
from sim.build import TRACES, Options, build_program
from sim.job import RESULT, Job, Lanes
from sim.process import run_watched

_ROOM = Path(__file__).parent


def build_native(
    design: Design, lanes: dict[str, Lanes], waves: Path | None, *, quick: bool
) -> Path:
    """The program that runs jobs on `design`; with `quick` it is built for short ones."""
    own = {name: (_ROOM / name).read_text() for name in ("payload.h", "job.h", "streams.h")}
    return build_program(
        "native",
        design,
        _ROOM / "harness.cpp",
        {**own, "lanes.h": _lanes_header(lanes)},
        Options(trace=TRACES[waves.suffix] if waves else "", quick=quick),
    )


def run_native(
    program: Path,
    job: Job,
    folder: Path,
    waves: Path | None,
    progress: Callable[[float], None] | None,
) -> None:
    """Run `job`, laid out in `folder`, and leave its record there."""
    command = [program, folder, *([waves] if waves else [])]
    run_watched(command, folder, progress=progress)


def _lanes_header(lanes: dict[str, Lanes]) -> str:
    lines = ["#pragma once", "#include <cstdint>"]
    for stream, lane in lanes.items():
        name = stream.upper()
        lines += [
            f"using {name}Lane = {lane.dtype.name}_t;",
            f"constexpr int {name}_LANES = {lane.count}, {name}_BITS = {lane.bits};",
        ]
    operands = " ".join(f"X({name}, {name.upper()})" for name in lanes if name != RESULT)
    lines.append(f"#define OPERANDS(X) {operands}")
    return "\n".join(lines) + "\n"
