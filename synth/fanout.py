"""Buffers for nets that leave a module and reach many others, such as an array's enable.

The mapper sizes what is inside a module. What drives many modules it cannot know, so trees of
buffers are put in afterwards, and clock gates get the size that their registers ask for.
"""

from dataclasses import replace

import numpy as np

from synth.library import Cell
from synth.netlist import Ints, Netlist
from synth.power import clock_nets
from synth.wires import loads

SINKS = 16
"""Pins on one branch of a tree."""

FULL = 0.35
"""Share of the largest load that a cell of the tree gets: more costs slew."""


def buffered(netlist: Netlist) -> Netlist:
    """`netlist` with buffer trees at all nets but clocks with more than `SINKS` pins."""
    buffers = [cell for cell in netlist.library.buffers if cell.max_load]
    if not buffers:
        return netlist
    excluded = {0, 1, *clock_nets(netlist).tolist()}
    counts = np.bincount(netlist.nets[netlist.is_input], minlength=netlist.count)
    wide = [net for net in np.flatnonzero(counts > SINKS).tolist() if net not in excluded]
    for net in wide:
        netlist = _tree(netlist, net, buffers)
    return _sized_gates(netlist)


def _tree(netlist: Netlist, net: int, buffers: list[Cell]) -> Netlist:
    """One net, its sinks in the order of their instances, which is that of their places."""
    nets = netlist.nets.copy()
    rows, columns = np.nonzero((nets == net) & netlist.is_input)
    library = netlist.library
    kinds = [netlist.cells[kind] for kind in netlist.kind[rows]]
    weights = [
        max(library.cells[kind].capacitance[library.cells[kind].inputs[column]])
        for kind, column in zip(kinds, columns, strict=True)
    ]
    sinks = [
        (float(weight), (int(r), int(c)))
        for weight, r, c in zip(weights, rows, columns, strict=True)
    ]
    count = netlist.count
    added: list[tuple[Cell, int, int]] = []
    while len(sinks) > SINKS:
        groups = np.array_split(np.arange(len(sinks)), -(-len(sinks) // SINKS))
        above = []
        for group in groups:
            members = [sinks[index] for index in group]
            load = sum(weight for weight, _ in members) + _wire(netlist, len(members))
            buffer = _strong(buffers, load)
            for _, place in members:
                if place[0] >= 0:
                    nets[place] = count
                else:
                    cell, _, output = added[place[1]]
                    added[place[1]] = (cell, count, output)
            above.append((max(buffer.capacitance[buffer.inputs[0]]), (-1, len(added))))
            added.append((buffer, net, count))
            count += 1
        sinks = above
    return netlist.extended(nets, count, [(c.name, (i, o)) for c, i, o in added])


def _wire(netlist: Netlist, sinks: int) -> float:
    model = netlist.library.wire_load
    return 0.0 if model is None else float(model.capacitance(np.array([sinks]))[0])


def _strong(cells: list[Cell], load: float) -> Cell:
    """The smallest cell that drives `load`."""
    output = cells[0].outputs[0]
    return next((c for c in cells if FULL * c.max_load.get(output, 0.0) >= load), cells[-1])


def _sized_gates(netlist: Netlist) -> Netlist:
    load = loads(netlist, wires="library").max(axis=0)
    kinds: Ints = netlist.kind.copy()
    cells = list(netlist.cells)
    for name, where, nets in netlist.groups():
        cell = netlist.library.cells[name]
        if cell.kind == "clock gate":
            sizes = [netlist.library.cells[size] for size in netlist.library.sizes[name]]
            for instance, net in zip(where, nets[:, -1], strict=True):
                wanted = next(
                    (s for s in sizes if s.max_load.get(s.outputs[0], 0.0) >= load[net]), sizes[-1]
                )
                if wanted.name not in cells:
                    cells.append(wanted.name)
                kinds[instance] = cells.index(wanted.name)
    return replace(netlist, kind=kinds, cells=tuple(cells))
