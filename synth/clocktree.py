"""An estimate of the clock tree, which is not in a netlist before placement.

Buffers of one size, each with `BRANCH` registers or buffers behind it, level upon level up to one
root.
"""

from dataclasses import dataclass

import numpy as np

from synth.library import Cell, Library
from synth.netlist import Netlist
from synth.power import Activity, clock_nets
from synth.tables import Tables
from synth.wires import loads

BRANCH = 20
"""Pins on one branch."""

DRIVE = 4
"""The buffer is that many sizes above the smallest, if there are so many."""


@dataclass(frozen=True, kw_only=True)
class ClockTree:
    """Buffers and their area in um^2; energy in fJ per cycle of buffers, wires and clock pins."""

    buffers: int
    area: float
    energy: float


def clock_tree(netlist: Netlist, activity: Activity) -> ClockTree:
    """The trees of all clocks of `netlist`, gated ones toggling as often as they are enabled."""
    library = netlist.library
    pins = loads(netlist, wires="none").mean(axis=0)
    counts = np.bincount(netlist.nets[netlist.is_input], minlength=netlist.count)
    buffers, energy = 0, 0.0
    kind = library.buffers[min(DRIVE, len(library.buffers) - 1)] if library.buffers else None
    for net in clock_nets(netlist).tolist():
        toggles = float(activity.toggles[net])
        sinks, load = int(counts[net]), float(pins[net])
        while True:
            branches = -(-sinks // BRANCH)
            wire = _wire(library, -(-sinks // branches))
            energy += toggles * (load + branches * wire) * library.voltage**2 / 2
            if branches == 1 or kind is None:
                break
            buffers += branches
            energy += toggles * branches * _own_energy(kind, load / branches + wire)
            load = branches * float(np.mean(kind.capacitance[kind.inputs[0]]))
            sinks = branches
    return ClockTree(buffers=buffers, area=buffers * (kind.area if kind else 0.0), energy=energy)


def _wire(library: Library, sinks: int) -> float:
    model = library.wire_load
    return 0.0 if model is None else float(model.capacitance(np.array([sinks]))[0])


def _own_energy(buffer: Cell, load: float) -> float:
    """Inside a buffer, per toggle of its output, in fJ."""
    entries = [entry for entry in buffer.energies if entry.pin == buffer.outputs[0]]
    if not entries:
        return 0.0
    tables = Tables(entries[0].energy)
    return float(tables(np.array([0, 1]), 0.0, np.full(2, load)).mean())
