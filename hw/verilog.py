"""Writes an engine as Verilog: one module per distinct component, the same bytes every time."""

import inspect
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cache, partial
from importlib.metadata import version
from pathlib import Path

from amaranth.back import rtlil
from amaranth.hdl import ClockDomain, Fragment, Value
from amaranth.hdl._ir import PortDirection
from amaranth.lib import wiring

from golden import grouped
from golden.groups import Groups
from golden.spec import EngineSpec
from golden.trigger.spec import RingSpec
from hw.build import build, element_of
from hw.distinct import ModuleSet
from hw.element import StandAlone
from hw.errors import VerilogError
from hw.structure import Structure
from hw.trigger.adder import lane_adder
from hw.trigger.partial import partial_engine, ring_widths
from hw.trigger.ring import Ring


@dataclass(frozen=True, kw_only=True)
class Port:
    """A port of the top module: `width` bits, `direction` is `input` or `output`."""

    name: str
    direction: str
    width: int
    summary: str


@dataclass(frozen=True, kw_only=True)
class Design:
    """An engine as Verilog.

    Parameters
    ----------
    verilog : str
    top : str
        Name of the top module.
    modules : tuple of str
        Every module in `verilog`, top first.
    ports : tuple of Port
    """

    verilog: str
    top: str
    modules: tuple[str, ...]
    ports: tuple[Port, ...]

    def width(self, port: str) -> int:
        """Width in bits of the port called `port`."""
        return next(entry.width for entry in self.ports if entry.name == port)


@cache
def generate(spec: EngineSpec) -> Design:
    """The Verilog of `spec`.

    Raises
    ------
    VerilogError
        If Yosys cannot write it.
    """
    top = build(spec)
    ports = _ports(spec, top)
    return _design(spec.name, top, ports, _header(spec, ports))


@cache
def generate_ring(spec: EngineSpec, ring: RingSpec) -> Design:
    """The Verilog of a ring of devices, each with an engine of `spec`.

    Raises
    ------
    VerilogError
        If Yosys cannot write it.
    """
    top = Ring(
        partial(partial_engine, spec), partial(lane_adder, spec), ring, ring_widths(spec, ring)
    )
    ports = (
        Port(name="clk", direction="input", width=1, summary="clock, rising edge"),
        Port(name="rst", direction="input", width=1, summary="synchronous reset"),
        *(
            Port(
                name="_".join(map(str, path)),
                direction="input" if member.flow is wiring.In else "output",
                width=Value.cast(value).shape().width,
                summary="",
            )
            for path, member, value in top.signature.flatten(top)
        ),
    )
    header = _comment([f"{ring.devices} devices in a ring, each with {spec.name}"])
    return _design(f"ring_{ring.devices}_{spec.name}", top, ports, header)


@cache
def generate_element(spec: EngineSpec) -> Design:
    """The Verilog of one element of `spec` by itself, a `hw.element.StandAlone`.

    Raises
    ------
    VerilogError
        If Yosys cannot write it.
    """
    a, b, acc = spec.formats
    element = element_of(spec)
    state = element.lanes.state
    ports = (
        Port(name="clk", direction="input", width=1, summary="clock, rising edge"),
        Port(name="a", direction="input", width=a.bits, summary=a.name),
        Port(name="b", direction="input", width=b.bits, summary=b.name),
        Port(name="clear", direction="input", width=1, summary="the last operands start a sum"),
        Port(name="o", direction="output", width=state, summary=f"accumulator, {acc.name}"),
    )
    name = re.sub(r"\W", "_", f"{spec.element}_{a.name}_{b.name}_{acc.name}")
    return _design(name, StandAlone(element), ports, _comment([f"{name}: one element"]))


def generate_block(name: str, block: wiring.Component, *, clocked: bool = False) -> Design:
    """The Verilog of a component by itself, as module `name`; it is combinational or `clocked`.

    Raises
    ------
    VerilogError
        If Yosys cannot write it.
    """
    clock = Port(name="clk", direction="input", width=1, summary="clock, rising edge")
    ports = (clock,) * clocked + tuple(
        Port(
            name=port,
            direction="input" if member.flow is wiring.In else "output",
            width=Value.cast(getattr(block, port)).shape().width,
            summary="",
        )
        for port, member in block.signature.members.items()
    )
    return _design(name, block, ports, _comment([name]))


def _design(name: str, top: wiring.Component, ports: tuple[Port, ...], header: str) -> Design:
    modules = ModuleSet(name)
    inputs = {port.name for port in ports}
    text = _rtlil(top, name, modules, clocked="clk" in inputs, reset="rst" in inputs)
    structures: dict[str, str] = {}
    converted: set[str] = set()
    while waiting := modules.modules.keys() - converted:
        for module in sorted(waiting):
            distinct = modules.modules[module]
            component = distinct.component
            if isinstance(component, Structure):
                structures[module] = component.verilog(module, modules)
            else:
                text += _rtlil(
                    component, module, modules, clocked=distinct.clocked, reset=distinct.reset
                )
        converted |= waiting
    verilog = "\n".join([_to_verilog(_flat_names(text)), *structures.values()])
    names = re.findall(r"^module (\w+)", verilog, re.MULTILINE)
    return Design(
        verilog=header + verilog,
        top=name,
        modules=tuple(sorted(names, key=lambda module: (module != name, module))),
        ports=ports,
    )


def _rtlil(
    component: wiring.Component, name: str, modules: ModuleSet, *, clocked: bool, reset: bool
) -> str:
    """One component; what it uses as `Distinct` is left to `modules`."""
    fragment = Fragment.get(component, modules)
    ports = {}
    for path, member, value in component.signature.flatten(component):
        direction = PortDirection.Input if member.flow is wiring.In else PortDirection.Output
        ports["_".join(map(str, path))] = (Value.cast(value), direction)
    if clocked:
        domain = ClockDomain("sync", reset_less=not reset)
        fragment.add_domains(domain)
        ports["clk"] = (domain.clk, PortDirection.Input)
        if domain.rst is not None:
            ports["rst"] = (domain.rst, PortDirection.Input)
    return rtlil.convert_fragment(fragment, ports=ports, name=name, emit_src=False)[0]


def _flat_names(text: str) -> str:
    """Submodules `\\top.part` become `\\top_part`, a name that needs no escape in Verilog."""

    def flat(match: re.Match[str]) -> str:
        return match[0].replace(".", "_")

    return re.sub(r"^(module|  cell) \\\S+", flat, text, flags=re.MULTILINE)


def _to_verilog(text: str) -> str:
    """Yosys runs in a process of its own: it prints on the C library's standard output."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "engine.il"), Path(folder, "engine.v")
        source.write_text(text)
        done = subprocess.run(
            [sys.executable, "-c", _YOSYS, str(source), str(target)],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise VerilogError(
                f"Yosys cannot write the Verilog: {(done.stdout + done.stderr)[-500:]}"
            )
        verilog = target.read_text()
    return re.sub(r"\A(/\*.*?\*/\s*)+", "", verilog, flags=re.DOTALL)


_YOSYS = """
import sys
from pyosys import libyosys
design = libyosys.Design()
for command in (f"read_rtlil {sys.argv[1]}", "proc -nomux -norom", "opt_clean", "autoname",
                f"write_verilog -noattr -norename {sys.argv[2]}"):
    libyosys.run_pass(command, design)
"""


def _ports(spec: EngineSpec, top: wiring.Component) -> tuple[Port, ...]:
    summaries = {
        "a": _lanes(spec.rows * spec.depth, spec.a),
        "b": _lanes(spec.cols * spec.depth, spec.b),
        **({"s": _lanes(spec.cols, _scale(spec.groups))} if spec.groups else {}),
        "c": _lanes(spec.cols, spec.acc),
    }
    streams = (
        port
        for name, summary in summaries.items()
        for port in _stream(
            name,
            "output" if name == "c" else "input",
            Value.cast(getattr(top, name).payload).shape().width,
            summary,
        )
    )
    return (
        Port(name="clk", direction="input", width=1, summary="clock, rising edge"),
        Port(name="rst", direction="input", width=1, summary="synchronous reset"),
        *streams,
    )


def _scale(groups: Groups) -> str:
    return f"({groups.scale} scale{', zero point above' if groups.zeros else ''})"


def _lanes(count: int, number: str) -> str:
    return f"last, first, {count} x {number} with lane 0 lowest"


def _stream(name: str, direction: str, width: int, summary: str) -> tuple[Port, ...]:
    back = "output" if direction == "input" else "input"
    return (
        Port(name=f"{name}_payload", direction=direction, width=width, summary=summary),
        Port(name=f"{name}_valid", direction=direction, width=1, summary="a beat is offered"),
        Port(name=f"{name}_ready", direction=back, width=1, summary="it is taken"),
    )


def _header(spec: EngineSpec, ports: tuple[Port, ...]) -> str:
    fields = [
        f"{name} = {value!r}" for name, value in spec.model_dump().items() if name != "options"
    ]
    fields += [f"options.{name} = {value!r}" for name, value in spec.options.items()]
    at_most = "at most " if spec.data_dependent else ""
    port_map = [f"{p.direction:6} {p.name:10} {p.width:6}  {p.summary}" for p in ports]
    lines = [
        f"{spec.name}: written by tpe {version('tpe')}, spec {spec.hash}",
        "",
        *fields,
        "",
        *inspect.cleandoc(spec.array_info.golden.__doc__ or "").splitlines(),
        *(["", *inspect.cleandoc(grouped.__doc__ or "").splitlines()] if spec.groups else []),
        "",
        "Ports (direction, name, bits):",
        *port_map,
        "",
        "A beat moves at a rising edge with valid and ready. From the first beat of a tile to its",
        "first row of C, both included, without stalls:",
        f"{at_most}{spec.latency(1)} cycles for K = 1, {spec.latency(1000)} for K = 1000.",
    ]
    return _comment(lines)


def _comment(lines: list[str]) -> str:
    return "".join(f"// {line}".rstrip() + "\n" for line in lines) + "\n"
