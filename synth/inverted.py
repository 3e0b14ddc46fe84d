"""Inverters behind flip-flops that have an inverted output: the flip-flop does their work.

ABC sees only the logic between registers and knows of one output of each.
"""

from dataclasses import replace

from synth.library import Cell, Library
from synth.netlist import Instance, Module

AS_STRONG = 0.95
"""An output that drives so much of what an inverter does takes its place."""


def with_inverted_outputs(module: Module, library: Library) -> Module:
    """`module` with an inverter behind each flip-flop taken out where its free output can drive as
    much as the inverter."""
    inverters = {cell.name: cell for cell in library.inverters}
    behind: dict[int, Instance] = {}
    for instance in module.instances:
        if instance.kind in inverters:
            behind.setdefault(instance.pins[inverters[instance.kind].inputs[0]][0], instance)
    read = _read(module, library)
    removed: set[str] = set()
    changed: dict[str, Instance] = {}
    for instance in module.instances:
        flop = library.cells.get(instance.kind)
        pins = _used_and_free(flop, instance, read)
        inverter = behind.get(instance.pins[pins[0]][0]) if pins else None
        if flop and pins and inverter:
            cell, free = inverters[inverter.kind], pins[1]
            output = cell.outputs[0]
            if flop.max_load.get(free, 0.0) >= AS_STRONG * cell.max_load.get(output, 0.0):
                driven = {**instance.pins, free: inverter.pins[output]}
                changed[instance.name] = replace(instance, pins=driven)
                removed.add(inverter.name)
    instances = [
        changed.get(instance.name, instance)
        for instance in module.instances
        if instance.name not in removed
    ]
    return replace(module, instances=tuple(instances))


def _read(module: Module, library: Library) -> set[int]:
    """Nets that something may read."""
    found = {n for p in module.ports.values() if p.direction == "output" for n in p.nets}
    for instance in module.instances:
        cell = library.cells.get(instance.kind)
        outputs = cell.outputs if cell else ()
        found |= {n for pin, nets in instance.pins.items() if pin not in outputs for n in nets}
    return found


def _used_and_free(cell: Cell | None, instance: Instance, read: set[int]) -> tuple[str, str] | None:
    """The output that is read and the one that is not of a flip-flop that has two inverse ones."""
    if cell is None or cell.kind != "flip-flop" or len(cell.outputs) != 2:
        return None
    if {cell.functions[pin] for pin in cell.outputs} != set(cell.stored):
        return None
    used = [pin for pin in cell.outputs if read.intersection(instance.pins.get(pin, ()))]
    free = [pin for pin in cell.outputs if pin not in used]
    return (used[0], free[0]) if len(used) == len(free) == 1 else None
