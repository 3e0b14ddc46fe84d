"""Inverters behind flip-flops that have an inverted output: the flip-flop does their work.

ABC sees only the logic between registers and knows of one output of each.
"""

from dataclasses import replace

import numpy as np

from synth.library import Cell
from synth.netlist import Ints, Netlist

AS_STRONG = 0.95
"""An output that drives so much of what an inverter does takes its place."""


def with_inverted_outputs(netlist: Netlist, *, across: bool = False) -> Netlist:
    """`netlist` with an inverter behind each flip-flop taken out where its free output can drive as
    much as the inverter; with `across` only inverters in another module than the flip-flop."""
    behind = _behind(netlist)
    read = np.zeros(netlist.count, np.bool_)
    read[netlist.nets[netlist.is_input]] = True
    read[netlist.port_nets("output")] = True
    nets = netlist.nets.copy()
    removed = []
    for name, rows, pins in netlist.groups():
        flop = netlist.library.cells[name]
        if not _is_inverse_pair(flop):
            continue
        outputs = pins[:, len(flop.inputs) :]
        is_read = (outputs >= 0) & read[outputs]
        for row in np.flatnonzero(is_read.sum(axis=1) == 1).tolist():
            used = int(is_read[row].argmax())
            inverter = int(behind[outputs[row, used]])
            if inverter < 0 or (across and netlist.scope[inverter] == netlist.scope[rows[row]]):
                continue
            cell = netlist.library.cells[netlist.cells[netlist.kind[inverter]]]
            enough = AS_STRONG * cell.max_load.get(cell.outputs[0], 0.0)
            if flop.max_load.get(flop.outputs[1 - used], 0.0) >= enough:
                column = len(flop.inputs) + 1 - used
                nets[rows[row], column] = netlist.nets[inverter, len(cell.inputs)]
                removed.append(inverter)
    return replace(netlist, nets=nets).without(removed)


def _behind(netlist: Netlist) -> Ints:
    """For every net the first inverter that it drives, or -1."""
    found = np.full(netlist.count, -1, np.int64)
    names = {cell.name for cell in netlist.library.inverters}
    inverters = np.isin(netlist.kind, [i for i, name in enumerate(netlist.cells) if name in names])
    rows = np.flatnonzero(inverters)[::-1]
    found[netlist.nets[rows, 0]] = rows
    return found


def _is_inverse_pair(cell: Cell) -> bool:
    """Whether this is a flip-flop with two inverse outputs."""
    return (
        cell.kind == "flip-flop"
        and len(cell.outputs) == 2
        and {cell.functions[pin] for pin in cell.outputs} == set(cell.stored)
    )
