"""What an edge at a net has to charge or discharge: pins and wire."""

import numpy as np
from numpy.typing import NDArray

from synth.netlist import Netlist

Floats = NDArray[np.float64]


def loads(netlist: Netlist, *, wires: bool) -> Floats:
    """Capacitance (2, nets) in fF for the rising and the falling edge of each net.

    With `wires` it includes the library's default wire load, by the number of sinks; a port is one.
    """
    pins, sinks = pin_loads(netlist)
    if wires and netlist.library.wire_load is not None:
        pins += netlist.library.wire_load.capacitance(sinks)
    return pins


def pin_loads(netlist: Netlist) -> tuple[Floats, Floats]:
    """Capacitance of the pins at each net, (2, nets) in fF, and their number (nets,)."""
    total = np.zeros((2, netlist.count))
    sinks = np.zeros(netlist.count)
    for name, _, nets in netlist.groups():
        cell = netlist.library.cells[name]
        for column, pin in enumerate(cell.inputs):
            at = nets[:, column]
            number = np.bincount(at[at >= 0], minlength=netlist.count)
            sinks += number
            for edge in range(2):
                total[edge] += cell.capacitance[pin][edge] * number
    sinks[netlist.port_nets("output")] += 1
    return total, sinks
