"""Large regular wiring, described once and written without looking at single bits.

Amaranth resolves every bit of every wire, which takes minutes for an array of 256 x 256 elements. A
`Structure` holds only instances, delay lines and whole wires; it is written as RTLIL directly, in
time proportional to its instances, and it elaborates like any other component for Amaranth's
simulator.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from amaranth.hdl import Cat, Elaboratable, Module, Signal, Value
from amaranth.lib import wiring

from hw.distinct import Distinct, Make, ModuleSet, Placed, is_clocked


@dataclass(frozen=True)
class Wire:
    """Bits `start` to `start + width` - 1 of the port or wire called `name`."""

    name: str
    start: int
    width: int

    def part(self, start: int, width: int) -> "Wire":
        """Bits `start` and up, `width` of them."""
        return Wire(self.name, self.start + start, width)

    def lane(self, index: int, width: int) -> "Wire":
        """Bits `index` * `width` and up, `width` of them."""
        return self.part(index * width, width)


@dataclass(frozen=True)
class _Use:
    module: Distinct
    label: str
    ports: Mapping[str, Wire | int]


@dataclass(frozen=True)
class _Delay:
    line: Wire
    source: Wire


class Structure(wiring.Component):
    """A component of instances, delay lines and wires; subclasses fill it in their constructor.

    Parameters
    ----------
    signature : dict
        Ports, unsigned numbers all of them. An input `en` if anything inside is clocked.
    """

    _MustUse__silence = (
        True  # Written by `verilog`, it is never elaborated, which Amaranth reports.
    )

    def __init__(self, signature: Mapping[str, wiring.Member]) -> None:
        super().__init__(dict(signature))
        self._wires: dict[str, int] = {}
        self._uses: list[_Use] = []
        self._delays: list[_Delay] = []
        self._joins: list[tuple[Wire, Wire]] = []

    def port(self, name: str) -> Wire:
        """All bits of a port."""
        return Wire(name, 0, len(getattr(self, name)))

    def wire(self, name: str, width: int) -> Wire:
        """A new wire inside."""
        self._wires[name] = width
        return Wire(name, 0, width)

    def place(self, module: Distinct, label: str, **ports: Wire | int) -> None:
        """Use `module` with each port on a wire or, an input, on a constant."""
        self._uses.append(_Use(module, label, ports))

    def join(self, target: Wire, source: Wire) -> None:
        """Drive `target` with `source`."""
        self._joins.append((target, source))

    def delayed(self, name: str, source: Wire, cycles: int) -> Wire:
        """`source` as it was `cycles` cycles ago; what is older waits in the wire `name`."""
        if cycles == 0:
            return source
        line = self.wire(name, source.width * cycles)
        self._delays.append(_Delay(line, source))
        return line.lane(cycles - 1, source.width)

    def skewed(self, name: str, lanes: Wire, delays: Sequence[int]) -> Wire:
        """Lane i of `lanes` after `delays[i]` cycles; the lanes share the width evenly."""
        width = lanes.width // len(delays)
        result = self.wire(name, lanes.width)
        for lane, cycles in enumerate(delays):
            source = self.delayed(f"{name}_{lane}", lanes.lane(lane, width), cycles)
            self.join(result.lane(lane, width), source)
        return result

    def through(self, make: Make | None, name: str, lanes: Wire, width: int) -> Wire:
        """`lanes` of `width` bits, each through a module `name`, or as they are.

        `make` builds the module, which has ports `i` and `o`; None leaves the lanes alone.
        """
        if make is None:
            return lanes
        module = Distinct(name, make)
        wide = len(module.component.o)
        count = lanes.width // width
        result = self.wire(name, count * wide)
        for lane in range(count):
            self.place(
                module, f"{name}_{lane}", i=lanes.lane(lane, width), o=result.lane(lane, wide)
            )
        return result

    def elaborate(self, platform: object) -> Elaboratable:
        """For Amaranth's own back ends."""
        m = Module()
        signals: dict[str, Value] = {name: getattr(self, name) for name in self.signature.members}
        signals |= {name: Signal(width, name=name) for name, width in self._wires.items()}

        def bits(wire: Wire) -> Value:
            return signals[wire.name][wire.start : wire.start + wire.width]

        for use in self._uses:
            placed: Placed = use.module.place(m, use.label)
            for port, wire in use.ports.items():
                inside = getattr(placed, port)
                if isinstance(wire, int):
                    m.d.comb += inside.eq(wire)
                elif use.module.component.signature.members[port].flow is wiring.In:
                    m.d.comb += inside.eq(bits(wire))
                else:
                    m.d.comb += bits(wire).eq(inside)
        for delay in self._delays:
            held = Signal(delay.line.width, name=f"{delay.line.name}_held", reset_less=True)
            m.d.comb += bits(delay.line).eq(held)
            with m.If(self.en):
                m.d.sync += held.eq(Cat(bits(delay.source), held))
        m.d.comb += [bits(target).eq(bits(source)) for target, source in self._joins]
        return m

    def verilog(self, name: str, modules: ModuleSet) -> str:
        """The module as Verilog; what it uses is left to `modules`."""
        return "\n".join([*self._lines(name, modules), "endmodule", ""])

    def _lines(self, name: str, modules: ModuleSet) -> Iterator[str]:
        ports = [
            (port, "input" if member.flow is wiring.In else "output", len(getattr(self, port)))
            for port, member in self.signature.members.items()
        ]
        if is_clocked(self):
            ports.append(("clk", "input", 1))
        widths = {port: width for port, _, width in ports} | self._wires
        registers = {delay.line.name for delay in self._delays}
        yield f"module {name}({', '.join(port for port, *_ in ports)});"
        for port, direction, width in ports:
            yield f"  {direction} {_range(width)}{port};"
        for wire, width in self._wires.items():
            yield f"  {'reg' if wire in registers else 'wire'} {_range(width)}{wire};"
        for use in self._uses:
            yield f"  {modules.use(use.module)} {use.label} ("
            connected = [
                f"    .{port}({_bits(wire, widths, len(getattr(use.module.component, port)))})"
                for port, wire in use.ports.items()
            ]
            if use.module.clocked:
                connected.append("    .clk(clk)")
            yield ",\n".join(connected)
            yield "  );"
        for target, source in self._joins:
            yield f"  assign {_bits(target, widths)} = {_bits(source, widths)};"
        if self._delays:
            yield "  always @(posedge clk)"
            yield "    if (en) begin"
            yield from (f"      {_shift(delay, widths)};" for delay in self._delays)
            yield "    end"


def _shift(delay: _Delay, widths: Mapping[str, int]) -> str:
    line, source = delay.line, _bits(delay.source, widths)
    kept = Wire(line.name, 0, line.width - delay.source.width)
    following = f"{{{_bits(kept, widths)}, {source}}}" if kept.width else source
    return f"{line.name} <= {following}"


def _range(width: int) -> str:
    return f"[{width - 1}:0] " if width > 1 else ""


def _bits(wire: Wire | int, widths: Mapping[str, int], width: int = 0) -> str:
    if isinstance(wire, int):
        return f"{width}'d{wire}"
    if wire.width == widths[wire.name]:
        return wire.name
    if wire.width == 1:
        return f"{wire.name}[{wire.start}]"
    return f"{wire.name}[{wire.start + wire.width - 1}:{wire.start}]"
