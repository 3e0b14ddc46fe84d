"""From Verilog to gates and flip-flops, with Yosys, one netlist per module.

Nothing is restructured here beyond what the Verilog leaves open (how a `*` or a `+` is built), so that
hand-built trees arrive at the mapper as they are.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from synth.errors import CostError
from synth.library import Cell, Library
from synth.boolean import truth_table
from synth.netlist import Hierarchy, Instance, Module, Port

CLOCK_GATE_BITS = 4
"""Registers with one enable that pay for a clock gate instead of a multiplexer each."""

_RUN = """
import sys
from pyosys import libyosys
design = libyosys.Design()
for command in sys.stdin.read().splitlines():
    libyosys.run_pass(command, design)
"""


@dataclass(frozen=True, kw_only=True)
class Structure:
    """What is decided before mapping.

    Parameters
    ----------
    adder : str
        How the carries of a `+` are made: `prefix` (Brent-Kung), `kogge-stone` or `ripple`.
    full_adders : bool
        Whether sums and majorities of three bits become the library's full-adder cells.
    """

    adder: str
    full_adders: bool

    @property
    def name(self) -> str:
        return f"{self.adder}{'+fa' if self.full_adders else ''}"


_RIPPLE = r"""
(* techmap_celltype = "$lcu" *)
module ripple(P, G, CI, CO);
    parameter WIDTH = 2;
    input [WIDTH-1:0] P, G;
    input CI;
    output [WIDTH-1:0] CO;
    assign CO = G | (P & {CO[WIDTH-2:0], CI});
endmodule
"""

_FULL_ADDER = r"""
(* techmap_celltype = "$fa" *)
module full_adder(A, B, C, X, Y);
    parameter WIDTH = 1;
    input [WIDTH-1:0] A, B, C;
    output [WIDTH-1:0] X, Y;
    wire _TECHMAP_FAIL_ = WIDTH != 1;
    %s cell (.%s(A), .%s(B), .%s(C), .%s(Y), .%s(X));
endmodule
"""


def elaborate(
    verilog: str, top: str, keep: Iterable[str], library: Library, structure: Structure
) -> Hierarchy:
    """The modules `top` and `keep` as gates, flip-flops of the library, and instances of modules.

    Every other module becomes part of the one that uses it.

    Raises
    ------
    CostError
        If Yosys fails.
    """
    with tempfile.TemporaryDirectory() as folder:
        files = {"design.v": verilog, "ripple.v": _RIPPLE, "full_adder.v": _full_adder(library)}
        for name, text in files.items():
            Path(folder, name).write_text(text)
        script = "\n".join(_script(top, keep, library, structure))
        done = subprocess.run(
            [sys.executable, "-c", _RUN], input=script, cwd=folder, capture_output=True, text=True
        )
        if done.returncode:
            said = (done.stdout + done.stderr).strip()[-300:]
            raise CostError([f"Yosys cannot synthesise {top}: {said}"])
        modules = json.loads(Path(folder, "design.json").read_text())["modules"]
    kept = {top, *keep}
    return {name: _module(name, content) for name, content in modules.items() if name in kept}


def _script(
    top: str, keep: Iterable[str], library: Library, structure: Structure
) -> Iterable[str]:
    yield "read_verilog design.v"
    yield f"hierarchy -check -top {top}"
    for name in keep:
        yield f"setattr -mod -set keep_hierarchy 1 {name}"
    yield from ("proc", "flatten", "attrmap -remove init", "opt -full", "wreduce", "peepopt")
    yield from ("opt_clean", "booth", "alumacc", "opt", "opt_clean")
    if structure.adder == "ripple":
        yield from ("techmap t:$alu", "techmap -map ripple.v")
    elif structure.adder == "kogge-stone":
        yield from ("techmap t:$alu", "techmap -map +/choices/kogge-stone.v")
    yield from ("techmap", "opt -fast", "simplemap", "opt_merge", "opt_clean")
    if structure.full_adders:
        yield from ("extract_fa -fa", "techmap -map full_adder.v", "opt_clean")
    if library.of_kind("clock gate"):
        yield f"clockgate -liberty {library.path} -min_net_size {CLOCK_GATE_BITS}"
    yield f"dfflibmap -liberty {library.path}"
    yield from ("simplemap", "opt -fast -nodffe -nosdff", "opt_clean -purge")
    yield "write_json design.json"


def full_adder_cell(library: Library) -> tuple[Cell, str, str] | None:
    """The smallest cell that adds three bits, its sum output and its carry output."""
    total = tuple(bool(index.bit_count() & 1) for index in range(8))
    carry = tuple(index.bit_count() > 1 for index in range(8))
    for cell in library.of_kind("logic"):
        if len(cell.inputs) == 3 and len(cell.outputs) == 2:
            tables = {truth_table(cell.functions[pin], cell.inputs): pin for pin in cell.outputs}
            if total in tables and carry in tables:
                return cell, tables[total], tables[carry]
    return None


def _full_adder(library: Library) -> str:
    found = full_adder_cell(library)
    if found is None:
        return ""
    cell, total, carry = found
    return _FULL_ADDER % (cell.name, *cell.inputs, total, carry)


def _module(name: str, content: dict[str, Any]) -> Module:
    named = {
        net: f"{source}[{index}]" if len(entry["bits"]) > 1 else source
        for source, entry in content["netnames"].items()
        if not entry["hide_name"]
        for index, net in enumerate(_nets(entry["bits"]))
    }
    instances = tuple(
        Instance(
            name=instance,
            kind=cell["type"],
            pins={pin: _nets(bits) for pin, bits in cell["connections"].items()},
        )
        for instance, cell in content["cells"].items()
    )
    ports = {
        port: Port(direction=entry["direction"], nets=_nets(entry["bits"]))
        for port, entry in content["ports"].items()
    }
    used = [net for i in instances for bits in i.pins.values() for net in bits]
    used += [net for port in ports.values() for net in port.nets]
    return Module(
        name=name, ports=ports, instances=instances, nets=max(used, default=1) + 1, net_names=named
    )


def _nets(bits: list[int | str]) -> tuple[int, ...]:
    """Yosys numbers nets from 2 on and writes constants as text; an unknown bit may be 0."""
    return tuple(bit if isinstance(bit, int) else int(bit == "1") for bit in bits)
