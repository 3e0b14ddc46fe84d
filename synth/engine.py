"""Which variant of each module to use: whole designs along the curve of area over period."""

import math
import pickle
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from importlib.metadata import version
from pathlib import Path

from hw.verilog import Design
from sim.cache import cached, sources
from synth.build import Build, Sized
from synth.errors import CostError
from synth.library import Library
from synth.report import Clock, Progress, WireModel
from synth.search import Variant, search

POINTS = 16
"""Designs that a curve is made of at most."""

CANDIDATES = 4
"""Aims that are tried while looking for the best design."""

APART = 0.06
"""By what share of a period they differ at least."""

HOPEFUL = 1.05
"""Designs are sized whose product of area and period is at most that of the best times this."""

TIE = 0.01
"""By what share the product of area and period may be more than the least for a smaller design."""

AROUND = 0.2
"""By what share of a period aims may differ from it."""

LEAST_GAIN = 1e-6
"""Less time in ns is rounding."""

LEAST_AREA = 0.2
"""Area in um^2 that an upgrade counts for at least, so that free gains do not all look the same."""


class Choices:
    """All builds of a design.

    Parameters
    ----------
    design : Design
    library : Library
    progress : callable (float)
        Gets the share of the mapping that is done.
    aimed : bool
        Look for fast designs, too. Without, only the smallest is worth having, see `for_clock`.
    wires : str
        How the wires of whole designs are estimated. Modules by themselves are mapped and sized
        with the library's wire load.
    """

    def __init__(
        self,
        design: Design,
        library: Library,
        progress: Progress,
        *,
        aimed: bool = True,
        wires: WireModel = "library",
    ) -> None:
        self._design, self.library, self.wires = design, library, wires
        self.top = design.top
        self._aims_at_speed = aimed
        keep = kept_modules(design)
        self.variants = search(design.verilog, design.top, keep, library, progress, aimed=aimed)
        self._builds: dict[tuple[int, ...], Build] = {}
        self._aimed: dict[float, Build] = {}

    @classmethod
    def for_clock(
        cls,
        design: Design,
        library: Library,
        clock: Clock,
        progress: Progress,
        *,
        wires: WireModel = "library",
    ) -> "Choices":
        """With fast builds only if the smallest is too slow for `clock`, which is found sooner."""
        if clock is None:
            return cls(design, library, progress, aimed=False, wires=wires)
        if isinstance(clock, float | int):
            few = cls(design, library, progress, aimed=False, wires=wires)
            if few.smallest().period <= clock:
                return few
        return cls(design, library, progress, wires=wires)

    def resized(self, design: Design, progress: Progress) -> "Choices":
        """Those of the same engine in another size."""
        return Choices(design, self.library, progress, aimed=self._aims_at_speed, wires=self.wires)

    def at(self, clock: Clock) -> Build:
        """The design for a clock.

        Kept by content, since it does not depend on the operands that it is then priced on.

        Raises
        ------
        CostError
            If no design meets the period.
        """

        def find(folder: Path) -> None:
            build = self._find(clock)
            places = {n: self.variants[n].index(variant) for n, variant in build.chosen.items()}
            (folder / "build.pickle").write_bytes(pickle.dumps((places, build.sizes)))

        how = repr((self.top, clock, self.wires, self._aims_at_speed))
        parts = [self._design.verilog, how, self.library.key, version("pyosys")]
        entry = cached("build", [*parts, *sources("synth")], find)
        places, sizes = pickle.loads((entry / "build.pickle").read_bytes())
        chosen = {name: self.variants[name][place] for name, place in places.items()}
        return replace(self._build(chosen), sizes=sizes)

    def _find(self, clock: Clock) -> Build:
        if clock is None:
            return self.smallest()
        if clock == "fastest":
            return self.fastest()
        if clock == "best":
            return self.best()
        return self.within(clock)

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
        if self.smallest().period <= period:
            return self.smallest()
        # A module by itself needs more or less time than in the whole: aims around may do better.
        around = [aim for aim in self._aims() if abs(aim / period - 1) < AROUND]
        tried = sorted(map(self.aimed, {period, *around}), key=lambda build: build.area)
        fitting = [build for build in tried if build.period <= period][:1]
        near = [build for build in tried if period < build.period <= period * (1 + AROUND)]
        for build in near[:CANDIDATES]:
            if not fitting or build.area < fitting[0].area:
                met = [one for one in build.sized() if one.period <= period]
                fitting += [one.build for one in sorted(met, key=lambda one: one.area)[:1]]
        if fitting:
            return min(fitting, key=lambda build: build.area)
        fastest = self.fastest()
        if fastest.period <= period:
            return fastest
        raise CostError(
            [f"clock: {period:g} ns cannot be met, the fastest found is {fastest.period:.3f} ns"]
        )

    def fastest(self) -> Build:
        """The fastest design."""
        aims = (*self._periods()[-CANDIDATES:], 0.0)
        found = self._sized(list(map(self.aimed, aims)), lambda one: one.period)
        fastest = min(found, key=lambda one: (one.period, one.area)).build
        return min(fastest, self.best(), key=lambda build: (build.period, build.area))

    def best(self) -> Build:
        """The design with the least product of area and period.

        Of those that are within `TIE` of it the smallest, which as a rule takes the least energy.
        """
        return self._best

    @cached_property
    def _best(self) -> Build:
        aims: list[float] = []
        for aim in sorted((math.inf, *self._periods()), key=self._promise):
            if len(aims) < CANDIDATES and all(abs(aim / other - 1) > APART for other in aims):
                aims.append(aim)
        found = self._sized([self.aimed(aim) for aim in aims], _product)
        best = min(found, key=_product).build
        relaxed = self._relaxed(best)
        if relaxed is not best:
            found += relaxed.sized()
        limit = (1 + TIE) * min(map(_product, found))
        as_good = [one for one in found if _product(one) <= limit]
        return min(as_good, key=lambda one: one.area).build

    def _sized(
        self, builds: Sequence[Build], merit: Callable[[Build | Sized], float]
    ) -> list[Sized]:
        """All that sizing makes of those that are not much worse than the best before."""
        limit = HOPEFUL * min(map(merit, builds))
        hopeful = [one for one in dict.fromkeys(builds) if merit(one) <= limit]
        return [one for build in hopeful for one in build.sized()]

    def _promise(self, aim: float) -> float:
        """Product of area and period of the design aimed at `aim`, by its modules alone."""
        build = self._apart(aim)
        slowest = max(variant.delay for variant in build.chosen.values())
        return slowest * sum(build.module_area().values())

    def curve(self) -> list[Build]:
        """Designs of which none is both larger and slower than another, the smallest first."""
        builds = [self.smallest(), *map(self.aimed, self._aims()), self.best(), self.fastest()]
        kept: list[Build] = []
        for build in sorted(builds, key=lambda build: (build.area, build.period)):
            if not kept or build.period < kept[-1].period - 1e-6:
                kept.append(build)
        return kept

    def _aims(self) -> Sequence[float]:
        """Some of the periods, evenly spread."""
        periods = self._periods()
        return periods[:: max(1, -(-len(periods) // POINTS))]

    def _periods(self) -> Sequence[float]:
        """Delays of the variants, longest first, down to what the slowest module needs at least."""
        floor = max(found[-1].delay for found in self.variants.values())
        delays = {v.delay for found in self.variants.values() for v in found}
        return sorted((delay for delay in delays if delay >= floor), reverse=True)

    def aimed(self, period: float) -> Build:
        """A small design that meets `period`, or that comes as near to it as can be.

        Every module that meets it by itself, then faster variants of those on the critical path.
        """
        if period not in self._aimed:
            self._aimed[period] = self._repaired(self._apart(period), period)
        return self._aimed[period]

    def like(self, other: Build) -> Build:
        """A design of the variants of `other`, which has the same modules in another size."""
        wanted = {other.short(name): variant for name, variant in other.chosen.items()}
        chosen, same = {}, set()
        for name, found in self.variants.items():
            short = name.removeprefix(self.top).removeprefix("_")
            chosen[name] = _alike(found, wanted.get(short))
            if short in wanted and chosen[name].module.instances == wanted[short].module.instances:
                same.add(short)
        sizes = {place: cell for place, cell in other.sizes.items() if place[0] in same}
        return replace(self._build(chosen), sizes=sizes)

    def _apart(self, period: float) -> Build:
        """For every module the smallest variant that meets `period` by itself, or its fastest."""
        return self._build(
            {
                name: next((v for v in found if v.delay <= period), found[-1])
                for name, found in self.variants.items()
            }
        )

    def _repaired(self, build: Build, period: float) -> Build:
        """Upgrades modules on the critical path, those first that gain most time for their area."""
        while build.period > period:
            faster = [self._build(chosen) for chosen in self._upgrades(build)]
            better = [one for one in faster if one.period < build.period - LEAST_GAIN]
            if not better:
                return build
            gains = [build.period - max(one.period, period) for one in better]
            costs = [max(one.area - build.area, LEAST_AREA) for one in better]
            merits = [gain / cost for gain, cost in zip(gains, costs, strict=True)]
            build = better[merits.index(max(merits))]
        return build

    def _relaxed(self, build: Build) -> Build:
        """Smaller variants of modules where area x period falls, the largest modules first."""
        areas = build.module_area()
        for name in sorted(build.chosen, key=lambda name: -areas[build.short(name)]):
            variants = self.variants[name]
            for variant in reversed(variants[: variants.index(build.chosen[name])]):
                sizes = {
                    place: cell
                    for place, cell in build.sizes.items()
                    if place[0] != build.short(name)
                }
                other = replace(build, chosen=build.chosen | {name: variant}, sizes=sizes)
                if _product(other) >= _product(build):
                    break
                build = other
        return build

    def _upgrades(self, build: Build) -> Iterator[dict[str, Variant]]:
        """One module on the critical path exchanged for its next faster variant."""
        for name in build.critical_modules():
            variants = self.variants[name]
            at = variants.index(build.chosen[name])
            if at + 1 < len(variants):
                yield build.chosen | {name: variants[at + 1]}

    def _build(self, chosen: dict[str, Variant]) -> Build:
        key = tuple(map(id, chosen.values()))
        return self._builds.setdefault(key, Build(self.top, chosen, self.library, self.wires))


def _product(design: Build | Sized) -> float:
    return design.area * design.period


def _alike(variants: Sequence[Variant], wanted: Variant | None) -> Variant:
    """The variant made as `wanted` was, else the smallest that is as fast."""
    if wanted is None:
        return variants[0]
    same = [variant for variant in variants if variant.recipe == wanted.recipe]
    fast = [variant for variant in variants if variant.delay <= wanted.delay]
    return [*same, *fast, variants[-1]][0]


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
