"""Which variant of each module to use: whole designs along the curve of area over period."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from hw.verilog import Design
from synth.errors import CostError
from synth.fanout import buffered
from synth.library import Library
from synth.netlist import Netlist, flatten, multiplicity
from synth.search import Progress, Variant, search
from synth.timing import Timing, analyse

POINTS = 12
"""Designs that are built at most while looking for the best one."""


@dataclass(frozen=True, eq=False)
class Build:
    """A design with one variant chosen for every module: the smallest that meets `aim` in ns."""

    aim: float
    top: str
    chosen: dict[str, Variant]
    library: Library

    @cached_property
    def netlist(self) -> Netlist:
        modules = {name: variant.module for name, variant in self.chosen.items()}
        return buffered(flatten(modules, self.top, self.library))

    @cached_property
    def timing(self) -> Timing:
        return analyse(self.netlist)

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
        """um^2 of all occurrences of each module, by short name, without the buffers in between."""
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

    def modules_by_scope(self) -> dict[str, str]:
        """Short name of the module at every scope of the netlist."""
        found = {}

        def visit(name: str, path: str) -> None:
            found[path] = self.short(name)
            for instance in self.chosen[name].module.instances:
                if instance.kind in self.chosen:
                    visit(instance.kind, f"{path}.{instance.name}" if path else instance.name)

        visit(self.top, "")
        return found


class Choices:
    """All builds of a design.

    Parameters
    ----------
    design : Design
    library : Library
    progress : callable (float)
        Gets the share of the mapping that is done.
    """

    def __init__(self, design: Design, library: Library, progress: Progress) -> None:
        self.top, self.library = design.top, library
        keep = kept_modules(design)
        self.variants = search(design.verilog, design.top, keep, library, progress)
        self._builds: dict[tuple[str, ...], Build] = {}

    def smallest(self) -> Build:
        """The smallest design, however slow."""
        return self.aimed(math.inf)

    def within(self, period: float) -> Build:
        """The smallest design that meets `period`.

        Raises
        ------
        CostError
            If none does.
        """
        for aim in self._periods():
            if aim <= period:
                build = self.aimed(aim)
                if build.period <= period:
                    return build
        fastest = self.fastest()
        if fastest.period <= period:
            return fastest
        raise CostError(
            [f"clock: {period:g} ns cannot be met, the fastest found is {fastest.period:.3f} ns"]
        )

    def fastest(self) -> Build:
        """The fastest design."""
        aims = self._periods()[-3:]
        builds = [self.aimed(aim) for aim in (*aims, 0.0)]
        return min(builds, key=lambda build: (build.period, build.area))

    def best(self) -> Build:
        """The design with the least product of area and period."""
        return min(self.curve(), key=lambda build: build.area * build.period)

    def curve(self) -> list[Build]:
        """Designs of which none is both larger and slower than another, the smallest first."""
        aims = self._periods()
        stride = max(1, -(-len(aims) // POINTS))
        builds = [self.smallest(), *(self.aimed(aim) for aim in aims[::stride]), self.fastest()]
        kept: list[Build] = []
        for build in sorted(builds, key=lambda build: (build.area, build.period)):
            if not kept or build.period < kept[-1].period - 1e-6:
                kept.append(build)
        return kept

    def _periods(self) -> Sequence[float]:
        """Delays of the variants, longest first, down to what the slowest module needs at least."""
        floor = max(found[-1].delay for found in self.variants.values())
        delays = {v.delay for found in self.variants.values() for v in found}
        return sorted((delay for delay in delays if delay >= floor), reverse=True)

    def aimed(self, period: float) -> Build:
        """For every module the smallest variant that meets `period`, else its fastest."""
        chosen = {
            name: next((v for v in found if v.delay <= period), found[-1])
            for name, found in self.variants.items()
        }
        key = tuple(f"{name}: {variant.recipe}" for name, variant in chosen.items())
        return self._builds.setdefault(key, Build(period, self.top, chosen, self.library))


def kept_modules(design: Design) -> list[str]:
    """Modules that stay modules: those with a clock, and those that one module uses repeatedly.

    What is neither becomes part of the module around it, so that mapping sees across.
    """
    text = design.verilog
    clocked = {
        match[1]
        for match in re.finditer(r"^module (\w+)\(([^;]*)\);", text, re.MULTILINE)
        if re.search(r"\bclk\b", match[2])
    }
    return [
        name
        for name in design.modules
        if name != design.top and (name in clocked or _most_uses(text, name) > 1)
    ]


def _most_uses(text: str, name: str) -> int:
    bodies: Iterable[str] = re.split(r"^endmodule", text, flags=re.MULTILINE)
    return max(len(re.findall(rf"^  {name} \w+ \(", body, re.MULTILINE)) for body in bodies)
