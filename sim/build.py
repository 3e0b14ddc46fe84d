"""From Verilog to a program: Verilator, then the C++ compiler on all cores.

Three things make builds fast. Modules that an array repeats are not inlined, so most of the C++ is
written for one processing element and not for R x N of them. The run-time library is compiled once
per tool chain. And the many small files that Verilator writes become a few, as most of the time for
a small file goes into headers.
"""

import os
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from hw.verilog import Design
from sim.cache import cached
from sim.tools import compiler, run_tool, tool_versions, verilator

FAST = "-O1"
"""For code that runs every cycle. More buys no speed in bit logic, and costs compile time."""
SLOW = "-O0"
"""For code that runs once."""
UNIT = 2_000_000
"""Bytes of C++ in one compilation: about three seconds of work."""
REPEATED = 4
"""Instances in one parent from which a module is kept as a module of its own."""

TRACES = {".fst": "FST", ".vcd": "VCD", ".saif": "SAIF"}


@dataclass(frozen=True, kw_only=True)
class Options:
    """How to build a program around a design.

    Parameters
    ----------
    trace : str
        `FST`, `VCD` or `SAIF`; empty for none.
    vpi : bool
        Whether a VPI library looks at the top's ports.
    link : tuple of str
        More for the linker.
    """

    trace: str = ""
    vpi: bool = False
    link: tuple[str, ...] = ()


def build_program(
    kind: str, design: Design, main: Path, headers: dict[str, str], options: Options
) -> Path:
    """The program of `main`, which finds the verilated design as `Vtop.h`.

    Parameters
    ----------
    kind : str
        Kind of cache entry.
    headers : dict
        Headers that `main` includes, by name: their text.

    Raises
    ------
    SimulationError
        If a tool is missing or fails.
    """

    def build(folder: Path) -> None:
        for name, text in headers.items():
            (folder / name).write_text(text)
        with ThreadPoolExecutor() as pool:
            # Verilator runs on one core: the library, where it is not there yet, costs no time.
            runtime = pool.submit(_runtime, options)
            _verilate(design, folder, options)
            objects = _compile(folder, [*_units(folder), (main, FAST)], options.trace)
        link: list[str | Path] = [*objects, *runtime.result(), *options.link, "-pthread"]
        run_tool([compiler(), "-o", "program", *link], folder)
        for built in folder.iterdir():
            if built.name != "program":
                built.unlink()

    own = [Path(__file__).read_text(), main.read_text(), *headers, *headers.values()]
    parts = [design.verilog, design.top, repr(options), *own, *_tools()]
    return cached(kind, parts, build) / "program"


def _tools() -> list[str]:
    versions = tool_versions()
    return [versions["verilator"], versions["compiler"], versions["cocotb"]]


def _verilate(design: Design, folder: Path, options: Options) -> None:
    (folder / "design.v").write_text(design.verilog)
    ports = [
        f"public_flat{'_rw' if port.direction == 'input' else '_rd'}"
        f' -module "{design.top}" -var "{port.name}"'
        for port in design.ports
        if options.vpi
    ]
    whole = [f'no_inline -module "{name}"' for name in repeated_modules(design)]
    (folder / "design.vlt").write_text("\n".join(["`verilator_config", *ports, *whole, ""]))
    verilator().run(
        ["--cc", "--prefix", "Vtop", "--top-module", design.top, "--Mdir", "."]
        + ["-O3", "--x-assign", "fast", "--x-initial", "fast", "--no-assert"]
        + ["-Wno-fatal", "-Wno-lint", "-Wno-style"]
        + (["--vpi"] if options.vpi else [])
        + ([f"--trace-{options.trace.lower()}", "--trace-underscore"] if options.trace else [])
        + ["design.vlt", "design.v"],
        folder,
    )


def repeated_modules(design: Design) -> list[str]:
    """Modules that some other module holds `REPEATED` times or more."""
    repeated = set()
    for body in re.findall(r"^module .*?^endmodule", design.verilog, re.MULTILINE | re.DOTALL):
        used = re.findall(r"^\s*(\w+) (?:\\\S+ |\w+ ?)\($", body, re.MULTILINE)
        repeated |= {name for name in set(used) if used.count(name) >= REPEATED}
    return [name for name in design.modules if name in repeated]


def _units(folder: Path) -> list[tuple[Path, str]]:
    """Verilator's C++ files gathered into a few, with the optimisation that each deserves."""
    units = []
    for slow in (False, True):
        sources = sorted(
            (path for path in folder.glob("Vtop*.cpp") if ("Slow" in path.name) is slow),
            key=lambda path: path.stat().st_size,
            reverse=True,
        )
        groups: list[list[Path]] = []
        for source in sources:
            size = sum(path.stat().st_size for path in groups[-1]) if groups else UNIT
            if size + source.stat().st_size > UNIT:
                groups.append([])
            groups[-1].append(source)
        for number, group in enumerate(groups):
            unit = folder / f"unit_{'slow' if slow else 'fast'}_{number}.cpp"
            unit.write_text("".join(f'#include "{path.name}"\n' for path in group))
            units.append((unit, SLOW if slow else FAST))
    return units


def _runtime(options: Options) -> list[Path]:
    """Verilator's own library, compiled once for all designs."""
    names = ["verilated", "verilated_threads"]
    if options.trace:
        names.append(f"verilated_{options.trace.lower()}_c")
    if options.vpi:
        names.append("verilated_vpi")
    return [_runtime_part(name, options.trace) for name in names]


def _runtime_part(name: str, trace: str) -> Path:
    source = verilator().root / "include" / f"{name}.cpp"

    def build(folder: Path) -> None:
        _compile(folder, [(source, FAST)], trace)

    parts = [name, trace, Path(__file__).read_text(), *_tools()]
    return cached("runtime", parts, build) / f"{source.stem}.o"


def _compile(folder: Path, sources: Sequence[tuple[Path, str]], trace: str) -> list[Path]:
    """Object files of `sources`, compiled in `folder` on all cores."""
    include = verilator().root / "include"
    here = Path(__file__).parent
    folders = (folder, here, here / "fst", include, include / "vltstd")
    flags = [f"-I{path}" for path in folders]
    flags += ["-std=c++17", "-w", "-DVERILATOR=1", "-DVM_COVERAGE=0", "-DVM_SC=0", "-DVM_TIMING=0"]
    flags += [f"-DVM_TRACE={int(bool(trace))}"]
    flags += [f"-DVM_TRACE_{kind}={int(trace == kind)}" for kind in TRACES.values()]

    def compile_one(source: Path, level: str) -> Path:
        target = folder / f"{source.stem}.o"
        run_tool([compiler(), level, *flags, "-c", source, "-o", target], folder)
        return target

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(lambda work: compile_one(*work), sources))
