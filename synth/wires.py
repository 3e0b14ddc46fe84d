"""What an edge at a net has to charge or discharge: pins and wire.

Before placement wires can only be guessed. The library's wire load goes by fan-out alone, as in
most flows, and takes a broadcast over an array for one over a gate's neighbours. The model `rent`
looks at where the pins are. Within a module the mean distance of two connected cells is that of
W. E. Donath, "Placement and average interconnection lengths of computer logic", IEEE Trans.
Circuits and Systems 26(4), 1979, with Rent exponent `RENT` and cells of the module's mean area. A
net that leaves a module passes the modules that it joins side by side: each but the first adds its
own width.
"""

import numpy as np
from numpy.typing import NDArray

from synth.netlist import Netlist
from synth.report import WireModel

Floats = NDArray[np.float64]

RENT = 0.6
"""Rent exponent of datapath logic, between the 0.5 of regular and the 0.7 of random logic."""

STEINER = 0.75
"""A net of n sinks in one module is n**STEINER times as long as one of a single sink."""

PER_UM = 0.18
"""fF for each um of wire: Nangate's wire loads state 0.177, published 45 nm figures 0.15 to 0.2."""


def loads(netlist: Netlist, *, wires: WireModel) -> Floats:
    """Capacitance (2, nets) in fF for the rising and the falling edge of each net.

    `library` is the library's default wire load, by the number of sinks; a port is one.
    """
    pins, sinks = pin_loads(netlist)
    if wires == "library" and netlist.library.wire_load is not None:
        pins += netlist.library.wire_load.capacitance(sinks)
    if wires == "rent":
        pins += PER_UM * wire_lengths(netlist)
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


def wire_lengths(netlist: Netlist) -> Floats:
    """Estimated length of every net in um, (nets,), by the model `rent`."""
    areas = np.array([netlist.library.cells[name].area for name in netlist.cells])[netlist.kind]
    scopes = len(netlist.scopes)
    area = np.bincount(netlist.scope, weights=areas, minlength=scopes)
    cells = np.bincount(netlist.scope, minlength=scopes)
    step = np.sqrt(area / np.maximum(cells, 1)) * _mean_steps(cells)
    rows, columns = np.nonzero(netlist.nets >= 0)
    places = netlist.nets[rows, columns] * scopes + netlist.scope[rows]
    places, pins = np.unique(places, return_counts=True)
    net, scope = np.divmod(places, scopes)
    inside = step[scope] * (pins - 1.0) ** STEINER
    # The modules of a net in the order of their places; the first one is where it starts.
    first = np.append(True, net[1:] != net[:-1])
    across = np.where(first, 0.0, np.sqrt(area[scope]))
    return np.bincount(net, weights=inside + across, minlength=netlist.count).astype(float)


def _mean_steps(cells: NDArray[np.int64]) -> Floats:
    """Donath's mean distance, in steps from cell to cell, in squares of so many cells."""
    n = np.maximum(cells, 4).astype(float)
    r = RENT
    same = 7 * (n ** (r - 0.5) - 1) / (4 ** (r - 0.5) - 1)
    other = (1 - n ** (r - 1.5)) / (1 - 4 ** (r - 1.5))
    return 2 / 9 * (same - other) * (1 - 4 ** (r - 1)) / (1 - n ** (r - 1))
