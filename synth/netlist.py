"""Netlists of library cells: one per module, with instances of other modules, and flat ones."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import compress

import numpy as np
from numpy.typing import NDArray

from synth.library import Cell, Library

ZERO, ONE = 0, 1
"""The nets of the constants."""

Ints = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Instance:
    """A cell, a gate before mapping, or a module: `pins` has the nets of each, low bit first."""

    name: str
    kind: str
    pins: Mapping[str, tuple[int, ...]]


@dataclass(frozen=True, kw_only=True)
class Port:
    """Direction (`input`, `output`) and nets of a port, low bit first."""

    direction: str
    nets: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Module:
    """A module as it is instantiated.

    Parameters
    ----------
    name : str
    ports : dict of str to Port
    instances : tuple of Instance
    nets : int
        How many there are, `ZERO` and `ONE` included.
    """

    name: str
    ports: Mapping[str, Port]
    instances: tuple[Instance, ...]
    nets: int


Hierarchy = Mapping[str, Module]
"""Modules by name."""


def isolated(module: Module, modules: Hierarchy) -> Module:
    """`module` without the instances of other modules: their pins are ports of its own."""
    ports = dict(module.ports)
    for instance in module.instances:
        for pin, nets in instance.pins.items() if instance.kind in modules else ():
            inside = modules[instance.kind].ports[pin].direction
            outside = "input" if inside == "output" else "output"
            ports[f"{instance.name}.{pin}"] = Port(direction=outside, nets=nets)
    cells = tuple(i for i in module.instances if i.kind not in modules)
    return replace(module, ports=ports, instances=cells)


def multiplicity(modules: Hierarchy, top: str) -> Counter[str]:
    """How often each module occurs below and including `top`."""
    counts: Counter[str] = Counter()

    def visit(name: str, times: int) -> None:
        counts[name] += times
        below = Counter(i.kind for i in modules[name].instances if i.kind in modules)
        for child, number in below.items():
            visit(child, times * number)

    visit(top, 1)
    return counts


@dataclass(frozen=True, kw_only=True, eq=False)
class Netlist:
    """All cells of a hierarchy.

    Parameters
    ----------
    library : Library
    cells : tuple of str
        The library cells that occur.
    kind : int array (instances,)
        Index into `cells`.
    nets : int array (instances, pins)
        Nets at the inputs, then the outputs of the cell; -1 beyond its last pin.
    count : int
        How many nets there are; the constants are the first two.
    ports : dict of str to (direction, int array)
    scopes : tuple of str
        Paths of the module instances that cells are in, the top's is empty.
    scope : int array (instances,)
        Index into `scopes`.
    names : tuple of str
        Of the cells within their scopes.
    """

    library: Library
    cells: tuple[str, ...]
    kind: Ints
    nets: Ints
    count: int
    ports: Mapping[str, tuple[str, Ints]]
    scopes: tuple[str, ...]
    scope: Ints
    names: tuple[str, ...]

    def logic(self) -> Iterator[tuple[Cell, str, Ints, Ints]]:
        """For each output of each kind of logic cell: cell, output, and where it is wired.

        The nets of its inputs (cells, inputs), and those that it drives (cells,).
        """
        for name, _, nets in self.groups():
            cell = self.library.cells[name]
            if cell.kind != "logic":
                continue
            for number, output in enumerate(cell.outputs, start=len(cell.inputs)):
                wired = nets[nets[:, number] >= 0]
                yield cell, output, wired[:, : len(cell.inputs)], wired[:, number]

    def groups(self) -> Iterator[tuple[str, Ints, Ints]]:
        """Name of a cell, its instances, and their nets (instances, pins), for each that occurs."""
        order = np.argsort(self.kind, kind="stable")
        bounds = np.searchsorted(self.kind[order], np.arange(len(self.cells) + 1))
        for name, low, high in zip(self.cells, bounds[:-1], bounds[1:], strict=True):
            if low < high:
                cell, where = self.library.cells[name], order[low:high]
                yield name, where, self.nets[where, : len(cell.inputs) + len(cell.outputs)]

    @property
    def is_input(self) -> NDArray[np.bool_]:
        """Which places of `nets` are inputs of cells with a net, (instances, pins)."""
        inputs = np.array([len(self.library.cells[name].inputs) for name in self.cells])
        return (np.arange(self.nets.shape[1]) < inputs[self.kind][:, None]) & (self.nets >= 0)

    def extended(
        self, nets: Ints, count: int, cells: Sequence[tuple[str, tuple[int, ...]]]
    ) -> "Netlist":
        """With other nets at the same cells, and more cells, given by name and nets, at the top."""
        names = list(dict.fromkeys([*self.cells, *(name for name, _ in cells)]))
        more = np.full((len(cells), nets.shape[1]), -1, np.int64)
        for row, (_, pins) in enumerate(cells):
            more[row, : len(pins)] = pins
        added = np.array([names.index(name) for name, _ in cells], np.int64)
        kinds = np.concatenate([self.kind, added])
        return replace(
            self,
            cells=tuple(names),
            kind=kinds,
            nets=np.concatenate([nets, more]),
            count=count,
            scope=np.concatenate([self.scope, np.zeros(len(cells), np.int64)]),
            names=(*self.names, *(f"fanout_{row}" for row in range(len(self.names), len(kinds)))),
        )

    def without(self, rows: Sequence[int]) -> "Netlist":
        """Less some of the cells."""
        kept = np.ones(len(self.kind), np.bool_)
        kept[list(rows)] = False
        return replace(
            self,
            kind=self.kind[kept],
            nets=self.nets[kept],
            scope=self.scope[kept],
            names=tuple(compress(self.names, kept)),
        )

    def as_module(self, module: Module) -> Module:
        """The module that these cells make with the ports and modules in it of `module`.

        The netlist has to be that of `module` alone, perhaps with other and more cells.
        """
        cells = []
        for row, name in enumerate(self.names):
            cell = self.library.cells[self.cells[self.kind[row]]]
            nets = zip(cell.inputs + cell.outputs, self.nets[row].tolist(), strict=False)
            pins = {pin: (net,) for pin, net in nets if net >= 0}
            cells.append(Instance(name=name, kind=cell.name, pins=pins))
        below = [one for one in module.instances if one.kind not in self.library.cells]
        return replace(module, instances=(*cells, *below), nets=self.count)

    def port_nets(self, direction: str) -> Ints:
        """Nets of all ports of a direction."""
        nets = [bits for way, bits in self.ports.values() if way == direction]
        return np.unique(np.concatenate([np.empty(0, np.int64), *nets]))

    def path(self, instance: int) -> str:
        """The hierarchical name of a cell."""
        scope = self.scopes[self.scope[instance]]
        return f"{scope}.{self.names[instance]}" if scope else self.names[instance]

    @property
    def area(self) -> float:
        """In um^2."""
        areas = np.array([self.library.cells[name].area for name in self.cells])
        return float(areas @ np.bincount(self.kind, minlength=len(self.cells)))


def flatten(modules: Hierarchy, top: str, library: Library) -> Netlist:
    """All cells below `top`."""
    return _Flattening(modules, library).netlist(top)


class _Flattening:
    def __init__(self, modules: Hierarchy, library: Library) -> None:
        self.modules, self.library = modules, library
        self.cells: dict[str, int] = {}
        self.width = max(len(cell.inputs + cell.outputs) for cell in library.cells.values())
        self.own = {name: self._own(module) for name, module in modules.items()}
        self.kinds: list[Ints] = []
        self.nets: list[Ints] = []
        self.scope: list[Ints] = []
        self.scopes: list[str] = []
        self.names: list[str] = []
        self.count = 2
        self.joined: list[tuple[int, int]] = []

    def _own(self, module: Module) -> tuple[Ints, Ints, list[str]]:
        """Kinds, nets and names of a module's library cells."""
        found = [i for i in module.instances if i.kind not in self.modules]
        nets = np.full((len(found), self.width), -1, np.int64)
        kinds = np.zeros(len(found), np.int64)
        for row, instance in enumerate(found):
            cell = self.library.cells[instance.kind]
            kinds[row] = self.cells.setdefault(instance.kind, len(self.cells))
            for column, pin in enumerate(cell.inputs + cell.outputs):
                nets[row, column] = instance.pins[pin][0] if pin in instance.pins else -1
        return kinds, nets, [instance.name for instance in found]

    def netlist(self, top: str) -> Netlist:
        module = self.modules[top]
        nets = np.arange(module.nets)
        self.count = module.nets
        self._place(top, nets, "")
        root = self._roots()
        flat = np.concatenate(self.nets)
        return Netlist(
            library=self.library,
            cells=tuple(self.cells),
            kind=np.concatenate(self.kinds),
            nets=np.where(flat < 0, -1, root[flat]),
            count=self.count,
            ports={
                name: (port.direction, root[np.array(port.nets, np.int64)])
                for name, port in module.ports.items()
            },
            scopes=tuple(self.scopes),
            scope=np.concatenate(self.scope),
            names=tuple(self.names),
        )

    def _place(self, name: str, nets: Ints, path: str) -> None:
        """One occurrence of a module whose local nets are the global `nets`."""
        kinds, local, names = self.own[name]
        self.kinds.append(kinds)
        self.nets.append(np.where(local < 0, -1, nets[local]))
        self.scope.append(np.full(len(kinds), len(self.scopes)))
        self.scopes.append(path)
        self.names += names
        for instance in self.modules[name].instances:
            if instance.kind in self.modules:
                below = f"{path}.{instance.name}" if path else instance.name
                self._place(instance.kind, self._child_nets(instance, nets), below)

    def _child_nets(self, instance: Instance, nets: Ints) -> Ints:
        child = self.modules[instance.kind]
        below = np.full(child.nets, -1, np.int64)
        below[[ZERO, ONE]] = ZERO, ONE
        for pin, outside in instance.pins.items():
            for net, global_net in zip(child.ports[pin].nets, nets[list(outside)], strict=True):
                if below[net] < 0:
                    below[net] = global_net
                elif below[net] != global_net:
                    self.joined.append((int(below[net]), int(global_net)))
        new = np.flatnonzero(below < 0)
        below[new] = np.arange(self.count, self.count + len(new))
        self.count += len(new)
        return below

    def _roots(self) -> Ints:
        """For every net the lowest one of those that a module's ports join to it."""
        root = list(range(self.count))

        def find(net: int) -> int:
            while root[net] != net:
                root[net] = root[root[net]]
                net = root[net]
            return net

        for one, other in self.joined:
            low, high = sorted((find(one), find(other)))
            root[high] = low
        for net in {net for pair in self.joined for net in pair}:
            root[net] = find(net)
        return np.array(root, np.int64)
