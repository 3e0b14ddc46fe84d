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

WORKERS = 2
"""ABC runs at a time."""

Progress = Callable[[float], None]


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
        self.done = 0

    def run(self, verilog: str, top: str, keep: Sequence[str]) -> dict[str, list[Variant]]:
        with ThreadPoolExecutor(WORKERS) as pool:
            designs = dict(
                zip(
                    ADDERS,
                    pool.map(
                        lambda adder: elaborate(verilog, top, keep, self.library, adder), ADDERS
                    ),
                    strict=True,
                )
            )
            jobs = list(_distinct(designs))

            def run(job: tuple[str, str]) -> list[Variant]:
                adder, name = job
                found = self._kept_variants(designs[adder], name, adder)
                self.done += 1
                self.progress(self.done / len(jobs))
                return found

            results = list(pool.map(run, jobs))
        variants: dict[str, list[Variant]] = {}
        for (_, name), found in zip(jobs, results, strict=True):
            variants.setdefault(name, []).extend(found)
        return {name: pareto(found) for name, found in variants.items()}

    def _kept_variants(self, modules: Hierarchy, name: str, adder: str) -> list[Variant]:
        """`_variants`, kept by the module's content: one that many designs use is mapped once."""
        module = modules[name]
        content = repr((module.ports, module.instances, adder))

        def build(folder: Path) -> None:
            found = pareto(self._variants(modules, name, adder))
            (folder / "variants.pickle").write_bytes(pickle.dumps(found))

        entry = cached("mapping", [content, self.library.key, *_versions()], build)
        found = pickle.loads((entry / "variants.pickle").read_bytes())
        return [replace(v, module=replace(v.module, name=name)) for v in found]

    def _variants(self, modules: Hierarchy, name: str, adder: str) -> list[Variant]:
        """One module with one adder: all recipes without a target, then with targets."""
        first = self._map(modules, name, adder, [(recipe, None) for recipe in RECIPES])
        fastest = min(variant.delay for variant in first) - sum(self.boundary)
        if len({variant.delay for variant in first}) == 1:
            return first
        aimed = [
            (recipe, round(fastest * factor, 3))
            for recipe in RECIPES
            if "{D}" in recipe.script
            for factor in TARGETS
        ]
        return first + self._map(modules, name, adder, aimed)

    def _map(
        self,
        modules: Hierarchy,
        name: str,
        adder: str,
        runs: Sequence[tuple[Recipe, float | None]],
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


def _distinct(designs: dict[str, Hierarchy]) -> Iterable[tuple[str, str]]:
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
