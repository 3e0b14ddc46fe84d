"""A cell library small enough to compute by hand, and netlists of its cells.

Delays are a constant plus ns per fF of load, the same for both edges, whatever the slew.
"""

from pathlib import Path

from synth.liberty import read_library
from synth.library import Library
from synth.netlist import Instance, Module, Netlist, Port, flatten

INPUT_CAPACITANCE = 1.0
SLEWS, LOADS = "0.001, 0.1, 1.0", "1.0, 5.0, 10.0"
INVERTER_DELAY, NAND_DELAY, PER_LOAD = 0.01, 0.02, 0.001
LAUNCH, SETUP = 0.08, 0.03
INVERTER_ENERGY, NAND_ENERGIES = 2.0, (3.0, 5.0)


def _table(kind: str, constant: float, slope: float) -> str:
    values = ", ".join(str(constant + slope * load) for load in (1.0, 5.0, 10.0))
    return f'{kind} (loads) {{ index_1 ("{SLEWS}"); values ("{values}", "{values}", "{values}"); }}'


def _arc(source: str, sense: str, constant: float, extra: str = "") -> str:
    kinds = "".join(
        _table(kind, constant if kind.startswith("cell") else 0.05, PER_LOAD * ("cell" in kind))
        for kind in ("cell_rise", "cell_fall", "rise_transition", "fall_transition")
    )
    return f'timing () {{ related_pin : "{source}"; timing_sense : {sense}; {extra} {kinds} }}'


def _power(related: str, energy: float) -> str:
    return (
        f'internal_power () {{ related_pin : "{related}";'
        f' rise_power (scalar) {{ values ("{energy}"); }}'
        f' fall_power (scalar) {{ values ("{energy}"); }} }}'
    )


def _pin(name: str, body: str = "") -> str:
    return f"pin ({name}) {{ direction : input; capacitance : {INPUT_CAPACITANCE}; {body} }}"


def _output(name: str, function: str, body: str) -> str:
    return (
        f"pin ({name}) {{ direction : output; max_capacitance : 50;"
        f' function : "{function}"; {body} }}'
    )


_SETUP = (
    'timing () { related_pin : "CK"; timing_type : setup_rising;'
    f' rise_constraint (scalar) {{ values ("{SETUP}"); }}'
    f' fall_constraint (scalar) {{ values ("{SETUP}"); }} }}'
)
_HALVES = "".join(
    f'leakage_power () {{ when : "{when}"; value : {value}; }}'
    for when, value in (("A", 4), ("!A", 8))
)

LIBERTY = f"""
library (tiny) {{
  time_unit : "1ns"; leakage_power_unit : "1nW"; voltage_unit : "1V"; nom_voltage : 2.0;
  capacitive_load_unit (1, ff);
  lu_table_template (loads) {{
    variable_1 : input_net_transition; variable_2 : total_output_net_capacitance;
    index_1 ("{SLEWS}"); index_2 ("{LOADS}");
  }}
  cell (INV) {{ area : 1.0; cell_leakage_power : 6.0; {_HALVES}
    {_pin("A")}
    {
    _output(
        "Y",
        "!A",
        _arc("A", "negative_unate", INVERTER_DELAY) + _power("A", INVERTER_ENERGY),
    )
}
  }}
  cell (BUF) {{ area : 1.5; {_pin("A")} {_output("Y", "A", _arc("A", "positive_unate", 0.03))} }}
  cell (NAND) {{ area : 2.0; cell_leakage_power : 3.0;
    {_pin("A")} {_pin("B")}
    {
    _output(
        "Y",
        "!(A B)",
        "".join(
            _arc(pin, "negative_unate", NAND_DELAY) + _power(pin, energy)
            for pin, energy in zip("AB", NAND_ENERGIES, strict=True)
        ),
    )
}
  }}
  cell (DFF) {{ area : 5.0; ff (IQ, IQN) {{ next_state : "D"; clocked_on : "CK"; }}
    {_pin("D", _SETUP)} {_pin("CK", "clock : true;" + _power("", 1.0))}
    {_output("Q", "IQ", _arc("CK", "non_unate", LAUNCH, "timing_type : rising_edge;"))}
  }}
  cell (GATE) {{ area : 3.0; clock_gating_integrated_cell : latch_posedge;
    {_pin("E", _SETUP)} {_pin("CK", "clock_gate_clock_pin : true;")}
    pin (GCK) {{ direction : output; max_capacitance : 50; }}
  }}
}}
"""


def tiny_library(folder: Path) -> Library:
    """The library, read from a file in `folder`."""
    path = folder / "tiny.lib"
    path.write_text(LIBERTY)
    return read_library(path)


def netlist_of(
    library: Library, cells: list[tuple[str, dict[str, str]]], inputs: str, outputs: str
) -> Netlist:
    """A netlist of cells with named nets; ports are single bits, named as their nets."""
    numbers: dict[str, int] = {"0": 0, "1": 1}
    instances = []
    for index, (kind, pins) in enumerate(cells):
        nets = {pin: (numbers.setdefault(net, len(numbers)),) for pin, net in pins.items()}
        instances.append(Instance(name=f"u{index}", kind=kind, pins=nets))
    ports = {
        name: Port(direction=direction, nets=(numbers.setdefault(name, len(numbers)),))
        for names, direction in ((inputs, "input"), (outputs, "output"))
        for name in names.split()
    }
    module = Module(name="top", ports=ports, instances=tuple(instances), nets=len(numbers))
    return flatten({"top": module}, "top", library)


def net(netlist: Netlist, port: str) -> int:
    """The net of a port of one bit."""
    return int(netlist.ports[port][1][0])
