"""A whole design of library cells: one mapped variant of every module, and cells sized together."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from synth.fanout import buffered, strong_enough
from synth.inverted import with_inverted_outputs
from synth.library import Library
from synth.netlist import Netlist, flatten, multiplicity
from synth.report import WireModel
from synth.search import Variant
from synth.sizing import sized
from synth.timing import Timing, analyse

PATIENCE = 10
"""Rounds without gain after which sizing a whole design ends: there many paths are equally long."""

NOTHING = dict.fromkeys(
    ("register to register", "input to register", "register to output", "input to output"), 0.0
)
"""What paths take outside a design."""

Sizes = Mapping[tuple[str, str], str]
"""Library cells by module and cell."""


@dataclass(frozen=True, eq=False)
class Build:
    """A design with one variant chosen for every module.

    Parameters
    ----------
    top : str
    chosen : dict of str to Variant
    library : Library
    wires : str
    sizes : Sizes
        Cells of another size than in their variant, by the short name of their module.
    """

    top: str
    chosen: dict[str, Variant]
    library: Library
    wires: WireModel = "library"
    sizes: Sizes = field(default_factory=dict)

    @cached_property
    def netlist(self) -> Netlist:
        modules = {name: variant.module for name, variant in self.chosen.items()}
        flat = flatten(modules, self.top, self.library)
        return self._resized(buffered(with_inverted_outputs(flat, across=True)))

    @cached_property
    def timing(self) -> Timing:
        return analyse(self.netlist, wires=self.wires)

    @property
    def period(self) -> float:
        """In ns."""
        return self.timing.period

    @property
    def area(self) -> float:
        """In um^2."""
        return self.netlist.area

    @cached_property
    def counts(self) -> Counter[str]:
        """How often each module occurs."""
        modules = {name: variant.module for name, variant in self.chosen.items()}
        return multiplicity(modules, self.top)

    def short(self, name: str) -> str:
        """The name of a module without that of its design: `pe`, or nothing for the top."""
        return name.removeprefix(self.top).removeprefix("_")

    def module_area(self) -> dict[str, float]:
        """um^2 of all occurrences of each module by itself, by short name."""
        return {
            self.short(name): self.counts[name] * variant.area
            for name, variant in self.chosen.items()
        }

    def module_cells(self) -> dict[str, float]:
        """Number of cells in all occurrences of each module, by short name."""
        return {
            self.short(name): self.counts[name]
            * sum(instance.kind not in self.chosen for instance in variant.module.instances)
            for name, variant in self.chosen.items()
        }

    def sized(self) -> list["Sized"]:
        """This design with cells on critical paths sized by what they drive in the whole.

        Faster and faster ones, from this one on. A cell is the same wherever its module is used.
        """
        start, places = self.netlist, self._places(self.netlist)
        numbers = {place: number for number, place in enumerate(dict.fromkeys(places))}
        twins = np.array([numbers[place] for place in places])
        found = []
        steps = sized(start, NOTHING, twins=twins, wires=self.wires, failures=PATIENCE)
        for netlist, period in steps:
            changed = np.flatnonzero(start.kind != netlist.kind).tolist()
            sizes = {places[index]: netlist.cells[netlist.kind[index]] for index in changed}
            build = replace(self, sizes={**self.sizes, **sizes})
            found.append(Sized(area=netlist.area, period=period, build=build))
        return found

    def _places(self, netlist: Netlist) -> list[tuple[str, str]]:
        """Short name of the module and name of each cell."""
        modules = self.modules_by_scope()
        scopes = [modules[scope] for scope in netlist.scopes]
        scope = netlist.scope.tolist()
        return [(scopes[at], name) for at, name in zip(scope, netlist.names, strict=True)]

    def _resized(self, netlist: Netlist) -> Netlist:
        if not self.sizes:
            return netlist
        cells = list(dict.fromkeys([*netlist.cells, *self.sizes.values()]))
        kinds = netlist.kind.copy()
        for index, place in enumerate(self._places(netlist)):
            if place in self.sizes:
                kinds[index] = cells.index(self.sizes[place])
        return strong_enough(replace(netlist, kind=kinds, cells=tuple(cells)))

    def critical_modules(self) -> list[str]:
        """Modules that have cells on the longest path, without the buffers between modules."""
        worst = max(self.timing.paths.values(), key=lambda path: path.delay)
        modules = self._modules()
        found = set()
        for cell, _, _ in worst.cells:
            scope = cell.rpartition(".")[0]
            while scope not in modules:
                scope = scope.rpartition(".")[0]
            found.add(modules[scope])
        return sorted(found)

    def modules_by_scope(self) -> dict[str, str]:
        """Short name of the module at every scope of the netlist."""
        return {path: self.short(name) for path, name in self._modules().items()}

    def _modules(self) -> dict[str, str]:
        found = {}

        def visit(name: str, path: str) -> None:
            found[path] = name
            for instance in self.chosen[name].module.instances:
                if instance.kind in self.chosen:
                    visit(instance.kind, f"{path}.{instance.name}" if path else instance.name)

        visit(self.top, "")
        return found


@dataclass(frozen=True, kw_only=True)
class Sized:
    """A design with its area in um^2 and its period in ns, which are known before it is made."""

    area: float
    period: float
    build: Build
