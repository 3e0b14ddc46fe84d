"""Buffers for nets that leave a module and reach many others, such as an array's enable.

The mapper sizes what is inside a module. What drives many modules it cannot know, so trees of
buffers are put in afterwards, and cells get the size that what they drive asks for.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

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
    return strong_enough(netlist)


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


def strong_enough(netlist: Netlist) -> Netlist:
    """Clock gates as large as their registers ask for, and no cell with more than its largest load.

    A larger cell is a larger load itself, so this goes on until nothing changes.
    """
    library = netlist.library
    load = loads(netlist, wires="library").max(axis=0)
    kinds: Ints = netlist.kind.copy()
    cells = list(dict.fromkeys([*netlist.cells, *library.sizes]))
    for name, where, nets in netlist.groups():
        cell = library.cells[name]
        sizes = [library.cells[size] for size in library.sizes.get(name, (name,))]
        if cell.kind != "clock gate":
            sizes = sizes[sizes.index(cell) :]
        driven = nets[:, len(cell.inputs) :]
        loaded = np.where(driven >= 0, load[driven], 0.0)
        fits = np.array([(loaded <= _limits(size)).all(axis=1) for size in sizes])
        chosen = np.where(fits.any(axis=0), fits.argmax(axis=0), len(sizes) - 1)
        kinds[where] = np.array([cells.index(size.name) for size in sizes])[chosen]
    grown = replace(netlist, kind=kinds, cells=tuple(cells))
    return netlist if np.array_equal(kinds, netlist.kind) else strong_enough(grown)


def _limits(cell: Cell) -> NDArray[np.float64]:
    """The largest load of each output."""
    return np.array([cell.max_load.get(output, np.inf) for output in cell.outputs])
