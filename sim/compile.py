"""C++ to objects and programs, on all cores.

Verilator writes many small files, and most of the time for a small file goes into headers: they are
gathered into a few units, and headers are precompiled. These and Verilator's run-time library are
compiled once per tool chain.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sim.cache import cached
from sim.tools import compiler, run_tool, tool_versions, verilator

LEVEL = "-O1"
"""More buys no speed in bit logic, and costs compile time."""
ONCE = '#pragma GCC optimize ("O0")\n'
"""Ahead of code that runs once: at one level for all, headers are precompiled once."""
SMALL = 1_000_000
"""Bytes of C++ up to which everything is one unit: every unit reads half a second of headers."""
LARGE = 2_000_000
"""Bytes of C++ from which a new unit starts: about three seconds of work."""

_HERE = Path(__file__).parent
_HEADER = _HERE / "precompiled.h"
_TRACES = ("FST", "VCD", "SAIF")


def compile_model(folder: Path, main: Path, *, trace: str) -> list[Path]:
    """Objects of what Verilator left in `folder` together with `main`.

    Parameters
    ----------
    trace : str
        `FST`, `VCD` or `SAIF`; empty for none.
    """
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        flags = [*_flags(trace), "-include", str(precompiled(trace=trace))]
        units = [pool.submit(_compile, folder, unit, flags) for unit in _units(folder, main)]
        return [unit.result() for unit in units]


def link_program(folder: Path, objects: Sequence[Path], options: Sequence[str]) -> None:
    """Link `objects` to `folder`/program."""
    run_tool([compiler(), "-o", "program", *objects, *options, "-pthread"], folder)


def shared_library(source: Path, options: Sequence[str]) -> Path:
    """What a C++ file of ours becomes, to be loaded into Python."""

    def build(folder: Path) -> None:
        flags = ["-O3", "-std=c++17", "-Wall", "-Wextra", "-shared", "-fPIC", *options]
        run_tool([compiler(), *flags, source, "-o", f"{source.stem}.so"], folder)

    parts = [source.read_text(), *options, *chain()]
    return cached("libraries", parts, build) / f"{source.stem}.so"


def runtime_library(*, trace: str, vpi: bool) -> list[Path]:
    """Objects of Verilator's own library."""
    names = ["verilated", "verilated_threads"]
    if trace:
        names.append(f"verilated_{trace.lower()}_c")
    if vpi:
        names.append("verilated_vpi")
    return [_runtime_object(name, trace) for name in names]


def precompiled(*, trace: str) -> Path:
    """The header to include before everything else, beside its compiled form."""

    def build(folder: Path) -> None:
        header = folder / _HEADER.name
        header.write_text(_HEADER.read_text())
        flags = [*_flags(trace), "-x", "c++-header"]
        run_tool([compiler(), *flags, header, "-o", f"{header}.gch"], folder)

    parts = [trace, _HEADER.read_text(), *chain()]
    return cached("headers", parts, build) / _HEADER.name


def chain() -> list[str]:
    """What of the tool chain decides how a program comes out."""
    versions = tool_versions()
    own = [path.read_text() for path in (Path(__file__), *sorted(_HERE.glob("fst/*.h")))]
    return [versions["verilator"], versions["compiler"], *own]


def _runtime_object(name: str, trace: str) -> Path:
    source = verilator().root / "include" / f"{name}.cpp"

    def build(folder: Path) -> None:
        _compile(folder, source, _flags(trace))

    return cached("runtime", [name, trace, *chain()], build) / f"{name}.o"


def _units(folder: Path, main: Path) -> list[Path]:
    """Files to compile."""
    sources = sorted(folder.glob("Vtop*.cpp"), key=_size, reverse=True)
    once = [source for source in sources if "Slow" in source.name]
    often = [source for source in sources if source not in once]
    if sum(map(_size, sources)) < SMALL:
        return [_unit(folder, "all", [*often, main], once)]
    beside_main, *more = _groups(once) or [[]]
    return [
        *(_unit(folder, f"often_{i}", part) for i, part in enumerate(_groups(often))),
        _unit(folder, "main", [main], beside_main),
        *(_unit(folder, f"once_{i}", [], part) for i, part in enumerate(more)),
    ]


def _groups(sources: Sequence[Path]) -> list[list[Path]]:
    groups: list[list[Path]] = []
    for source in sources:
        if not groups or sum(map(_size, groups[-1])) + _size(source) > LARGE:
            groups.append([])
        groups[-1].append(source)
    return groups


def _unit(folder: Path, name: str, often: Sequence[Path], once: Sequence[Path] = ()) -> Path:
    """A file of code that runs `often`, and of code that runs `once` behind it."""
    unit = folder / f"unit_{name}.cpp"
    first, last = ("".join(f'#include "{source}"\n' for source in part) for part in (often, once))
    unit.write_text(first + ONCE + last)
    return unit


def _size(path: Path) -> int:
    return path.stat().st_size


def _compile(folder: Path, source: Path, flags: Sequence[str]) -> Path:
    target = folder / f"{source.stem}.o"
    run_tool([compiler(), f"-I{folder}", *flags, "-c", source, "-o", target], folder)
    return target


def _flags(trace: str) -> list[str]:
    include = verilator().root / "include"
    folders = (_HERE, _HERE / "fst", include, include / "vltstd")
    flags = [LEVEL, "-std=c++17", "-w", *(f"-I{path}" for path in folders)]
    flags += ["-DVERILATOR=1", "-DVM_COVERAGE=0", "-DVM_SC=0", "-DVM_TIMING=0"]
    flags += [f"-DVM_TRACE={int(bool(trace))}"]
    return flags + [f"-DVM_TRACE_{kind}={int(trace == kind)}" for kind in _TRACES]
