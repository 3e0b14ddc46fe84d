"""C++ to objects and programs, on all cores.

Verilator writes many small files, and most of the time for a small file goes into headers: they are
gathered into a few units. Its run-time library is compiled once per tool chain.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sim.cache import cached
from sim.tools import compiler, run_tool, tool_versions, verilator

FAST = "-O1"
"""For code that runs every cycle. More buys no speed in bit logic, and costs compile time."""
SLOW = "-O0"
"""For code that runs once."""
SMALL = 600_000
"""Bytes of C++ up to which everything is one unit: headers dominate."""
LARGE = 2_000_000
"""Bytes of C++ from which a new unit starts: about three seconds of work."""

_HERE = Path(__file__).parent
_TRACES = ("FST", "VCD", "SAIF")


def compile_model(folder: Path, main: Path, *, trace: str) -> list[Path]:
    """Objects of what Verilator left in `folder` together with `main`.

    Parameters
    ----------
    trace : str
        `FST`, `VCD` or `SAIF`; empty for none.
    """
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        units = [pool.submit(_compile, folder, *unit, trace) for unit in _units(folder, main)]
        return [unit.result() for unit in units]


def link_program(folder: Path, objects: Sequence[Path], options: Sequence[str]) -> None:
    """Link `objects` to `folder`/program."""
    run_tool([compiler(), "-o", "program", *objects, *options, "-pthread"], folder)


def runtime_library(*, trace: str, vpi: bool) -> list[Path]:
    """Objects of Verilator's own library."""
    names = ["verilated", "verilated_threads"]
    if trace:
        names.append(f"verilated_{trace.lower()}_c")
    if vpi:
        names.append("verilated_vpi")
    return [_runtime_object(name, trace) for name in names]


def chain() -> list[str]:
    """What of the tool chain decides how a program comes out."""
    versions = tool_versions()
    own = [path.read_text() for path in (Path(__file__), *sorted(_HERE.glob("fst/*.h")))]
    return [versions["verilator"], versions["compiler"], *own]


def _runtime_object(name: str, trace: str) -> Path:
    source = verilator().root / "include" / f"{name}.cpp"

    def build(folder: Path) -> None:
        _compile(folder, source, FAST, trace)

    return cached("runtime", [name, trace, *chain()], build) / f"{name}.o"


def _units(folder: Path, main: Path) -> list[tuple[Path, str]]:
    """Files to compile, with the optimisation that each deserves."""
    sources = sorted(folder.glob("Vtop*.cpp"), key=_size, reverse=True)
    if sum(map(_size, sources)) < SMALL:
        return [(_unit(folder, "all", [*sources, main]), FAST)]
    slow = [source for source in sources if "Slow" in source.name]
    fast = [source for source in sources if source not in slow]
    return [
        *((_unit(folder, f"fast_{i}", part), FAST) for i, part in enumerate(_groups(fast))),
        *((_unit(folder, f"slow_{i}", part), SLOW) for i, part in enumerate(_groups(slow))),
        (main, FAST),
    ]


def _groups(sources: Sequence[Path]) -> list[list[Path]]:
    groups: list[list[Path]] = []
    for source in sources:
        if not groups or sum(map(_size, groups[-1])) + _size(source) > LARGE:
            groups.append([])
        groups[-1].append(source)
    return groups


def _unit(folder: Path, name: str, sources: Sequence[Path]) -> Path:
    unit = folder / f"unit_{name}.cpp"
    unit.write_text("".join(f'#include "{source}"\n' for source in sources))
    return unit


def _size(path: Path) -> int:
    return path.stat().st_size


def _compile(folder: Path, source: Path, level: str, trace: str) -> Path:
    include = verilator().root / "include"
    folders = (folder, _HERE, _HERE / "fst", include, include / "vltstd")
    flags = [level, "-std=c++17", "-w", *(f"-I{path}" for path in folders)]
    flags += ["-DVERILATOR=1", "-DVM_COVERAGE=0", "-DVM_SC=0", "-DVM_TIMING=0"]
    flags += [f"-DVM_TRACE={int(bool(trace))}"]
    flags += [f"-DVM_TRACE_{kind}={int(trace == kind)}" for kind in _TRACES]
    target = folder / f"{source.stem}.o"
    run_tool([compiler(), *flags, "-c", source, "-o", target], folder)
    return target
