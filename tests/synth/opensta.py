"""The OpenSTA on this machine as a second opinion on a netlist."""

import re
import subprocess
import tempfile
from pathlib import Path

from synth.netlist import Netlist

PROGRAM = "sta"


def verilog(netlist: Netlist) -> str:
    """The netlist as Verilog that a parser of 2019 reads."""
    names = {
        int(net): f"{port}[{bit}]"
        for port, (direction, nets) in netlist.ports.items()
        for bit, net in enumerate(nets)
        if direction == "input"
    }
    names |= {0: "1'b0", 1: "1'b1"}
    lines = [f"module top ({', '.join(netlist.ports)});"]
    lines += [f"  {way} [{len(nets) - 1}:0] {port};" for port, (way, nets) in netlist.ports.items()]
    for port, (direction, nets) in netlist.ports.items():
        for bit, net in enumerate(nets.tolist()):
            if direction == "output":
                if net in names:
                    lines.append(f"  assign {port}[{bit}] = {names[net]};")
                else:
                    names[net] = f"{port}[{bit}]"
    used = {int(net) for net in netlist.nets.ravel() if net >= 0}
    lines += [f"  wire n{net};" for net in sorted(used - names.keys())]
    for index, kind in enumerate(netlist.kind):
        cell = netlist.library.cells[netlist.cells[kind]]
        pins = [
            f".{pin}({names.get(net, f'n{net}')})"
            for pin, net in zip(
                cell.inputs + cell.outputs, netlist.nets[index].tolist(), strict=False
            )
            if net >= 0
        ]
        lines.append(f"  {cell.name} u{index} ({', '.join(pins)});")
    return "\n".join([*lines, "endmodule", ""])


def report(netlist: Netlist, commands: str, period: float = 2.0) -> str:
    """What OpenSTA prints for `commands` on the netlist with a clock on port `clk`."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "netlist.v").write_text(verilog(netlist))
        Path(folder, "script.tcl").write_text(
            f"read_liberty {netlist.library.path}\nread_verilog netlist.v\nlink_design top\n"
            f"create_clock -name clk -period {period} [get_ports clk]\n"
            "set_input_delay 0 -clock clk [all_inputs]\n"
            "set_output_delay 0 -clock clk [all_outputs]\n"
            f"{commands}\nexit\n"
        )
        done = subprocess.run(
            [PROGRAM, "-no_splash", "script.tcl"],
            check=True,
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=300,
        )
    return done.stdout


def worst_period(netlist: Netlist) -> float:
    """The shortest period in ns over all paths."""
    period = 2.0
    said = report(netlist, "report_checks -path_delay max -digits 4", period)
    slack = re.search(r"(-?[\d.]+)\s+slack", said)
    assert slack, said
    return period - float(slack[1])


def total_power(netlist: Netlist, activity: float, period: float) -> tuple[float, float, float]:
    """Internal, switching and leakage power in uW at one activity of every net."""
    said = report(
        netlist,
        f"set_power_activity -global -activity {activity} -duty 0.5\nreport_power -digits 8",
        period,
    )
    row = re.search(r"^Total\s+(\S+)\s+(\S+)\s+(\S+)", said, re.MULTILINE)
    assert row, said
    internal, switching, leakage = (float(value) * 1e6 for value in row.groups())
    return internal, switching, leakage
