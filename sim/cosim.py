"""The cocotb backend: the bench in `sim.bench`, in Verilator. The proof."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import cocotb_tools.config
from find_libpython import find_libpython

from hw.verilog import Design
from sim.build import TRACES, Options, build_program
from sim.errors import SimulationError
from sim.job import Job, Lanes
from sim.process import run_watched


def build_cosim(
    design: Design, lanes: dict[str, Lanes], waves: Path | None, *, quick: bool
) -> Path:
    """The simulator of `design`; with `quick` it is built for short jobs.

    cocotb's own runner makes every signal public, which costs Verilator most of its optimisations;
    here only the ports of the top are.
    """
    libraries = cocotb_tools.config.libs_dir
    return build_program(
        "cocotb",
        design,
        Path(cocotb_tools.config.share_dir, "lib", "verilator", "verilator.cpp"),
        {},
        Options(
            trace=TRACES[waves.suffix] if waves else "",
            quick=quick,
            vpi=True,
            link=(f"-Wl,-rpath,{libraries}", f"-L{libraries}", "-lcocotbvpi_verilator"),
        ),
    )


def run_cosim(
    program: Path,
    job: Job,
    folder: Path,
    waves: Path | None,
    progress: Callable[[float], None] | None,
) -> None:
    """Run `job`, laid out in `folder`, and leave its record there."""
    libpython = find_libpython()
    if libpython is None:
        raise SimulationError(
            "no shared libpython for the cocotb backend: install it (Debian: `apt install"
            " libpython3-dev`) or use the native backend"
        )
    variables = {
        "COCOTB_TOPLEVEL": "",
        "COCOTB_TEST_MODULES": "sim.bench",
        "COCOTB_RESULTS_FILE": str(folder / "results.xml"),
        "COCOTB_TRUST_INERTIAL_WRITES": "1",
        "GPI_USERS": f"{libpython};{cocotb_tools.config.pygpi_entry_point()}",
        "PYGPI_PYTHON_BIN": sys.executable,
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "TOPLEVEL_LANG": "verilog",
        "TPE_JOB": str(folder),
    }
    command: list[str | Path] = [program]
    if waves:
        command += ["--trace", "--trace-file", waves]
    said = run_watched(command, folder, variables=variables, progress=progress)
    if not (folder / "record.txt").exists():
        raise SimulationError(f"the cocotb bench ended without a record\n{said}")
