"""Every module mapped in many ways: the ones worth having, smallest first.

A comparison of designs must not hinge on one script, so each module of a design is mapped with
every adder, recipe and a series of delay targets, and what is neither smaller nor faster than
another is dropped. Delays are those of `synth.timing`, not what the mapper believes.
"""

import pickle
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import version
from pathlib import Path

from sim.cache import cached
from synth.abc import technology_map
from synth.library import Library
from synth.netlist import Hierarchy, Instance, Module, Port, flatten, isolated
from synth.recipes import RECIPES, Recipe
from synth.rtl import ADDERS, elaborate
from synth.timing import analyse

TARGETS = (0.8, 1.2, 2.0)
"""Delay targets of the second round, relative to the fastest result of the first."""

MARGIN = 0.8
"""A module whose smallest variant is that much faster than the slowest module is fast enough."""

WORKERS = 2
"""ABC runs at a time."""

Progress = Callable[[float], None]
Job = tuple[str, str]
"""An adder and the name of a module."""

Runs = Sequence[tuple[Recipe, float | None]]
"""Recipes and their targets in ns."""


@dataclass(frozen=True, kw_only=True)
class Variant:
    """A mapped module.

    Parameters
    ----------
    module : Module
    recipe : str
        Adder, recipe and target.
    area : float
        Of its own cells, without those of the modules it uses, in um^2.
    delay : float
        The clock period it needs if everything around it starts and ends in registers, in ns.
    """

    module: Module
    recipe: str
    area: float
    delay: float


def search(
    verilog: str, top: str, keep: Sequence[str], library: Library, progress: Progress
) -> dict[str, list[Variant]]:
    """For `top` and each module of `keep` its variants, by rising area and falling delay.

    Kept by content: the second search for the same design takes no time.

    Raises
    ------
    CostError
        If a tool fails.
    """
    parts = [verilog, top, *keep, library.key, *_versions()]

    def build(folder: Path) -> None:
        found = _Search(library, progress).run(verilog, top, keep)
        (folder / "variants.pickle").write_bytes(pickle.dumps(found))

    return pickle.loads((cached("synthesis", parts, build) / "variants.pickle").read_bytes())


@cache
def _versions() -> tuple[str | bytes, ...]:
    """What a result depends on beside the design and the library."""
    here = Path(__file__).parent
    names = ("abc", "netlist", "recipes", "rtl", "search", "tables", "timing", "arcs", "wires")
    return version("pyosys"), *((here / f"{name}.py").read_bytes() for name in names)


class _Search:
    def __init__(self, library: Library, progress: Progress) -> None:
        self.library, self.progress = library, progress
        self.boundary = _register_overhead(library)
        self.designs: dict[str, Hierarchy] = {}

    def run(self, verilog: str, top: str, keep: Sequence[str]) -> dict[str, list[Variant]]:
        """All modules without targets, then those that can limit the clock with targets."""
        with ThreadPoolExecutor(WORKERS) as pool:

            def design(adder: str) -> Hierarchy:
                return elaborate(verilog, top, keep, self.library, adder)

            self.designs = dict(zip(ADDERS, pool.map(design, ADDERS), strict=True))
            jobs = list(_distinct(self.designs))
            first = list(pool.map(self._first, jobs))
            self.progress(0.5)
            variants = _by_name(jobs, first)
            floor = max(found[-1].delay for found in variants.values())
            slow = {name for name, found in variants.items() if found[0].delay > MARGIN * floor}
            pairs = list(zip(jobs, first, strict=True))
            limiting = [(job, found) for job, found in pairs if job[1] in slow]
            aimed = list(pool.map(lambda pair: self._aimed(*pair), limiting))
            self.progress(1.0)
        return _by_name([*jobs, *(job for job, _ in limiting)], [*first, *aimed])

    def _first(self, job: Job) -> list[Variant]:
        """One module with one adder, by all recipes without a target."""
        return self._kept(job, [(recipe, None) for recipe in RECIPES if recipe.suits(job[0])])

    def _aimed(self, job: Job, first: list[Variant]) -> list[Variant]:
        """The same with targets around the fastest of the first results."""
        fastest = max(min(variant.delay for variant in first) - sum(self.boundary), 0.0)
        runs = [
            (recipe, round(fastest * factor, 3))
            for recipe in RECIPES
            if recipe.suits(job[0]) and "{D}" in recipe.script
            for factor in TARGETS
        ]
        return self._kept(job, runs) if len(first) > 1 else []

    def _kept(self, job: Job, runs: Runs) -> list[Variant]:
        """The useful results of `runs`, kept by content: many designs share modules."""
        adder, name = job
        modules = self.designs[adder]
        module = modules[name]
        content = repr((module.ports, module.instances, adder, runs))

        def build(folder: Path) -> None:
            found = pareto(self._map(modules, name, adder, runs))
            (folder / "variants.pickle").write_bytes(pickle.dumps(found))

        entry = cached("mapping", [content, self.library.key, *_versions()], build)
        found = pickle.loads((entry / "variants.pickle").read_bytes())
        return [replace(v, module=replace(v.module, name=name)) for v in found]

    def _map(
        self,
        modules: Hierarchy,
        name: str,
        adder: str,
        runs: Runs,
    ) -> list[Variant]:
        found = []
        for (recipe, target), module in zip(
            runs, technology_map(modules[name], self.library, runs), strict=True
        ):
            area, delay = self._measure(isolated(module, modules))
            aim = "" if target is None else f" at {target:g} ns"
            label = f"{adder}, {recipe.name}{aim}"
            found.append(Variant(module=module, recipe=label, area=area, delay=delay))
        return found

    def _measure(self, module: Module) -> tuple[float, float]:
        netlist = flatten({module.name: module}, module.name, self.library)
        launch, setup = self.boundary
        outside = {
            "register to register": 0.0,
            "input to register": launch,
            "register to output": setup,
            "input to output": launch + setup,
        }
        paths = analyse(netlist).paths
        worst = max((path.delay + outside[kind] for kind, path in paths.items()), default=0.0)
        return netlist.area, worst


def _by_name(jobs: Iterable[Job], found: Iterable[list[Variant]]) -> dict[str, list[Variant]]:
    """The useful variants of every module, from all adders."""
    variants: dict[str, list[Variant]] = {}
    for (_, name), some in zip(jobs, found, strict=True):
        variants.setdefault(name, []).extend(some)
    return {name: pareto(some) for name, some in variants.items()}


def _distinct(designs: dict[str, Hierarchy]) -> Iterable[Job]:
    """Adder and name of every module, once for modules that no adder changes."""
    seen = set()
    for adder, modules in designs.items():
        for name, module in modules.items():
            content = (name, repr(module.instances))
            if content not in seen:
                seen.add(content)
                yield adder, name


def _register_overhead(library: Library) -> tuple[float, float]:
    """Clock-to-output delay and setup time of the smallest flip-flop that drives another one."""
    flop = library.of_kind("flip-flop")[0]
    data = next(pin for pin in flop.inputs if pin != flop.clock_pin)
    clock, first, second = {flop.clock_pin: (2,)}, {data: (3,)}, {data: (4,)}
    module = Module(
        name="pair",
        ports={"i": Port(direction="input", nets=(3,))},
        instances=(
            Instance(name="one", kind=flop.name, pins=clock | first | {flop.outputs[0]: (4,)}),
            Instance(name="other", kind=flop.name, pins=clock | second),
        ),
        nets=5,
    )
    paths = analyse(flatten({"pair": module}, "pair", library)).paths
    setup = paths["input to register"].delay
    return paths["register to register"].delay - setup, setup


def pareto(variants: Iterable[Variant]) -> list[Variant]:
    """Those that no other one beats in area and delay, the smallest first."""
    kept: list[Variant] = []
    for variant in sorted(variants, key=lambda v: (v.area, v.delay, v.recipe)):
        if not kept or variant.delay < kept[-1].delay - 1e-6:
            kept.append(variant)
    return kept
