"""From Verilog to a program around it, kept by content.

Modules that an array repeats are not inlined: most of the C++ that Verilator writes is then for one
processing element and not for R x N of them, which builds several times faster and runs faster too.
"""

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from hw.verilog import Design
from sim.cache import cached
from sim.compile import chain, compile_model, link_program, precompiled, runtime_library
from sim.tools import verilator

REPEATED = 4
"""Instances in one parent from which a module stays a module."""

STATEMENTS = 500
"""Of a C++ function, at most. Twice the size takes compilers more than twice as long, and what
instances have in common becomes one function."""

QUICK = ("-fno-gate", "-fno-dfg")
"""What Verilator leaves out of a program that has little to do. Both look for what one instance can
do without, and so write code for every instance instead of once: up to 2.8 times as much work for
compilers, for up to twice the speed."""

SMALL = 150_000
"""Characters of Verilog up to which that is so. Longer ones have long modules, such as the trees of
wide operands, whose many signals compilers have to do without the two."""

TRACES = {".fst": "FST", ".vcd": "VCD", ".saif": "SAIF"}
"""Kinds of traces by the names of their files."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """How to build a program around a design.

    Parameters
    ----------
    trace : str
        `FST`, `VCD` or `SAIF`; empty for none.
    quick : bool
        It has little to do: save time in building it.
    vpi : bool
        Whether a VPI library looks at the top's ports.
    link : tuple of str
        More for the linker.
    """

    trace: str = ""
    quick: bool = False
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
            # Verilator runs on one core: what is compiled once comes beside it if it is not there.
            library = pool.submit(runtime_library, trace=options.trace, vpi=options.vpi)
            pool.submit(precompiled, trace=options.trace)
            _verilate(design, folder, options)
            objects = compile_model(folder, main, trace=options.trace)
        link_program(folder, [*objects, *library.result()], options.link)
        for built in folder.iterdir():
            if built.name != "program":
                built.unlink()

    own = [Path(__file__).read_text(), main.read_text(), *headers, *headers.values()]
    parts = [design.verilog, design.top, repr(options), *own, *chain()]
    return cached(kind, parts, build) / "program"


def repeated_modules(design: Design) -> list[str]:
    """Modules that some other module holds `REPEATED` times or more."""
    repeated = set()
    for body in re.findall(r"^module .*?^endmodule", design.verilog, re.MULTILINE | re.DOTALL):
        used = re.findall(r"^\s*(\w+) (?:\\\S+ |\w+ ?)\($", body, re.MULTILINE)
        repeated |= {name for name in set(used) if used.count(name) >= REPEATED}
    return [name for name in design.modules if name in repeated]


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
    left_out = QUICK if options.quick and len(design.verilog) < SMALL else ()
    verilator().run(
        ["--cc", "--prefix", "Vtop", "--top-module", design.top, "--Mdir", "."]
        + ["-O3", *left_out, "--output-split-cfuncs", str(STATEMENTS)]
        + ["--x-assign", "fast", "--x-initial", "fast", "--no-assert"]
        + ["-Wno-fatal", "-Wno-lint", "-Wno-style"]
        + (["--vpi"] if options.vpi else [])
        + ([f"--trace-{options.trace.lower()}", "--trace-underscore"] if options.trace else [])
        + ["design.vlt", "design.v"],
        folder,
    )
