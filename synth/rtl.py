"""From Verilog to gates and flip-flops, with Yosys, one netlist per module.

Nothing is restructured here beyond what the Verilog leaves open (how a `*` or a `+` is built), so
that hand-built trees arrive at the mapper as they are.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from synth.errors import CostError
from synth.library import Library
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


_RIPPLE = r"""
(* techmap_celltype = "$lcu" *)
module _80_lcu_ripple(P, G, CI, CO);
    parameter WIDTH = 2;
    input [WIDTH-1:0] P, G;
    input CI;
    output [WIDTH-1:0] CO;
    assign CO = G | (P & {CO[WIDTH-2:0], CI});
endmodule
"""

# Of several templates for one cell, Yosys takes the one whose name comes first: _80_ before _90_.
ADDERS = {
    "brent-kung": "",
    "kogge-stone": "-map +/choices/kogge-stone.v",
    "ripple": "-map ripple.v",
}
"""How the carries of a `+` can be made, and the option of Yosys's `techmap` for it."""


def elaborate(
    verilog: str, top: str, keep: Iterable[str], library: Library, adder: str
) -> Hierarchy:
    """The modules `top` and `keep` as gates, flip-flops of the library, and instances of modules.

    Every other module becomes part of the one that uses it. `adder` is a key of `ADDERS`.

    Raises
    ------
    CostError
        If Yosys fails.
    """
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "design.v").write_text(verilog)
        Path(folder, "ripple.v").write_text(_RIPPLE)
        script = "\n".join(_script(top, keep, library, adder))
        done = subprocess.run(
            [sys.executable, "-c", _RUN],
            check=False,
            input=script,
            cwd=folder,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            said = (done.stdout + done.stderr).strip()[-300:]
            raise CostError([f"Yosys cannot synthesise {top}: {said}"])
        modules = json.loads(Path(folder, "design.json").read_text())["modules"]
    kept = {top, *keep}
    return {
        name: _module(name, content, library) for name, content in modules.items() if name in kept
    }


def _script(top: str, keep: Iterable[str], library: Library, adder: str) -> Iterable[str]:
    yield "read_verilog design.v"
    yield f"hierarchy -check -top {top}"
    for name in keep:
        yield f"setattr -mod -set keep_hierarchy 1 {name}"
    yield from ("proc", "flatten", "attrmap -remove init", "opt -full", "wreduce", "peepopt")
    yield from ("opt_clean", "booth", "alumacc", "opt", "opt_clean")
    yield f"techmap -map +/techmap.v {ADDERS[adder]}"
    yield from ("opt -fast", "simplemap", "opt_merge", "opt_clean")
    if library.of_kind("clock gate"):
        yield f"clockgate -liberty {library.path} -min_net_size {CLOCK_GATE_BITS}"
    yield f"dfflibmap -liberty {library.path}"
    yield from ("simplemap", "opt -fast -nodffe -nosdff", "opt_clean -purge")
    yield "write_json design.json"


def _module(name: str, content: dict[str, Any], library: Library) -> Module:
    named = {
        net: f"{source}[{index}]" if len(entry["bits"]) > 1 else source
        for source, entry in content["netnames"].items()
        if not entry["hide_name"]
        for index, net in enumerate(_nets(entry["bits"]))
    }
    # Yosys numbers what it names itself through the whole design: equal modules would differ.
    instances = tuple(
        Instance(
            name=_register_name(cell, named, library)
            or (f"y{index}" if cell["hide_name"] else instance),
            kind=cell["type"],
            pins={pin: _nets(bits) for pin, bits in cell["connections"].items()},
        )
        for index, (instance, cell) in enumerate(content["cells"].items())
    )
    ports = {
        port: Port(direction=entry["direction"], nets=_nets(entry["bits"]))
        for port, entry in content["ports"].items()
    }
    used = [net for i in instances for bits in i.pins.values() for net in bits]
    used += [net for port in ports.values() for net in port.nets]
    return Module(name=name, ports=ports, instances=instances, nets=max(used, default=1) + 1)


def _register_name(cell: dict[str, Any], named: dict[int, str], library: Library) -> str:
    """The name in the source of what a flip-flop holds, if it is one and there is a name."""
    known = library.cells.get(cell["type"])
    if known is None or known.kind != "flip-flop":
        return ""
    nets = [net for pin in known.outputs for net in _nets(cell["connections"].get(pin, []))]
    return next((named[net] for net in nets if net in named), "")


def _nets(bits: list[int | str]) -> tuple[int, ...]:
    """Yosys numbers nets from 2 on and writes constants as text; an unknown bit may be 0."""
    return tuple(bit if isinstance(bit, int) else int(bit == "1") for bit in bits)
