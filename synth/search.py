"""Every module mapped in many ways: the ones worth having, smallest first.

A comparison of designs must not hinge on one script, so each module of a design is mapped with
every adder, recipe and a series of delay targets, and what is neither smaller nor faster than
another is dropped. Delays are those of `synth.timing`, not what the mapper believes.
"""

import pickle
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import version
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from sim.cache import cached
from synth.abc import technology_map
from synth.fanout import buffered
from synth.inverted import with_inverted_outputs
from synth.library import Library
from synth.netlist import Hierarchy, Instance, Module, Netlist, Port, flatten, isolated
from synth.recipes import RECIPES, Recipe
from synth.report import Progress
from synth.rtl import ADDERS, elaborate
from synth.sizing import sized
from synth.timing import analyse

TARGETS = (0.8, 1.2, 2.0)
"""Delay targets of the second round, relative to the fastest result of the first."""

ORDERS = 4
"""How often a module is mapped for a delay: ABC's results differ by some percent."""

LOOSE = 100.0
"""Target in ns of recipes that size, for the smallest result."""

MARGIN = 0.8
"""A module whose smallest variant is that much faster than the slowest module is fast enough."""

STARTS = 12
"""Variants of a module that are sized further, beside its fastest."""

SPACING = 0.01
"""Variants closer in delay than that are one."""

SMALL_ADDERS = ("brent-kung", "ripple")
"""Those of the smallest variants."""

WORKERS = 2
"""Processes that map and size."""

LATER = {
    "activity",
    "block",
    "build",
    "clocktree",
    "components",
    "cost",
    "energy",
    "engine",
    "lanes",
    "nodes",
    "power",
    "pricing",
    "report",
    "scaling",
    "simulate",
    "timed",
}
"""Modules of this room that have no say in what a search finds."""

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
    verilog: str,
    top: str,
    keep: Sequence[str],
    library: Library,
    progress: Progress,
    *,
    aimed: bool = True,
) -> dict[str, list[Variant]]:
    """For `top` and each module of `keep` its variants, by rising area and falling delay.

    Kept by content: the second search for the same design takes no time.

    Parameters
    ----------
    aimed : bool
        Map and size for delay, too. Otherwise only the first variants, the smallest, are of use.

    Raises
    ------
    CostError
        If a tool fails.
    """
    parts = [verilog, top, *keep, str(aimed), library.key, *_versions()]

    def build(folder: Path) -> None:
        found = _Search(library, progress).run(verilog, top, keep, aimed=aimed)
        (folder / "variants.pickle").write_bytes(pickle.dumps(found))

    return pickle.loads((cached("synthesis", parts, build) / "variants.pickle").read_bytes())


@cache
def _versions() -> tuple[str | bytes, ...]:
    """What a result depends on beside the design and the library."""
    here = Path(__file__).parent
    sources = sorted(path for path in here.glob("*.py") if path.stem not in LATER)
    return version("pyosys"), *(path.read_bytes() for path in sources)


class _Search:
    def __init__(self, library: Library, progress: Progress) -> None:
        self.library, self.progress = library, progress
        launch, setup = _register_overhead(library)
        self.outside = {
            "register to register": 0.0,
            "input to register": launch,
            "register to output": setup,
            "input to output": launch + setup,
        }
        self.designs: dict[str, Hierarchy] = {}

    def run(
        self, verilog: str, top: str, keep: Sequence[str], *, aimed: bool
    ) -> dict[str, list[Variant]]:
        """All modules without targets, then those that can limit the clock with targets."""
        with ThreadPoolExecutor(WORKERS) as threads:

            def design(adder: str) -> Hierarchy:
                return elaborate(verilog, top, keep, self.library, adder)

            adders = list(ADDERS) if aimed else SMALL_ADDERS
            self.designs = dict(zip(adders, threads.map(design, adders), strict=True))
        # Forked, so that nothing of this search has to be sent.
        with ProcessPoolExecutor(
            WORKERS,
            mp_context=get_context("fork"),
            initializer=_of_process.append,
            initargs=(self,),
        ) as pool:
            jobs = list(_distinct(self.designs))
            first = list(pool.map(_step, repeat("first"), jobs, repeat(aimed)))
            self.progress(0.5)
            variants = _by_name(jobs, first)
            if aimed:
                floor = max(found[-1].delay for found in variants.values())
                slow = {n for n, found in variants.items() if found[0].delay > MARGIN * floor}
                limiting = [index for index, (_, name) in enumerate(jobs) if name in slow]
                again = [jobs[index] for index in limiting]
                before = [first[index] for index in limiting]
                more = pool.map(_step, repeat("aimed"), again, before)
                variants = _by_name([*jobs, *again], [*first, *more])
                self.progress(0.8)
                starts = [
                    start
                    for name, found in variants.items()
                    for start in _starts(found, further=name in slow)
                ]
                for found in pool.map(_step, repeat("sized"), starts):
                    variants[found[0].module.name] += found
        self.progress(1.0)
        return {name: thinned(pareto(found)) for name, found in variants.items()}

    def first(self, job: Job, fast: bool) -> list[Variant]:
        """One module with one adder, as small as can be, and if wanted as `fast` as can be."""
        suited = [recipe for recipe in RECIPES if recipe.suits(job[0])]
        # Apart, so that a search for the smallest is a part of one for all.
        small = [recipe for recipe in suited if not recipe.fast]
        found = self._kept(job, [(recipe, LOOSE if recipe.aims else None) for recipe in small])
        if fast:
            found += self._kept(job, [(recipe, None) for recipe in suited if recipe.aims])
        return pareto(found)

    def aimed(self, job: Job, first: list[Variant]) -> list[Variant]:
        """The same with targets around the fastest of the first results.

        In several orders by those recipes only that never give the smallest result.
        """
        if len(first) == 1:
            return []
        fastest = max(
            min(variant.delay for variant in first) - self.outside["input to output"], 0.0
        )
        targets = [round(fastest * factor, 3) for factor in TARGETS]
        suited = [recipe for recipe in RECIPES if recipe.suits(job[0]) and recipe.aims]
        found = []
        for fast, orders in ((False, 1), (True, ORDERS)):
            runs = [(one, target) for one in suited if one.fast == fast for target in targets]
            found += self._kept(job, runs, orders)
        return pareto(found)

    def _kept(self, job: Job, runs: Runs, orders: int = 1) -> list[Variant]:
        """The useful results of `runs`, kept by content: many designs share modules."""
        if not runs:
            return []
        adder, name = job
        modules = self.designs[adder]
        module = modules[name]
        content = repr((module.ports, module.instances, adder, runs, orders))
        found = self._cached(content, lambda: pareto(self._map(modules, name, adder, runs, orders)))
        return [replace(v, module=replace(v.module, name=name)) for v in found]

    def _cached(self, content: str, make: Callable[[], list[Variant]]) -> list[Variant]:
        def build(folder: Path) -> None:
            (folder / "variants.pickle").write_bytes(pickle.dumps(make()))

        entry = cached("mapping", [content, self.library.key, *_versions()], build)
        return pickle.loads((entry / "variants.pickle").read_bytes())

    def _map(
        self,
        modules: Hierarchy,
        name: str,
        adder: str,
        runs: Runs,
        orders: int,
    ) -> list[Variant]:
        found = []
        for order in range(orders):
            results = technology_map(modules[name], self.library, runs, order=order)
            for (recipe, target), mapped in zip(runs, results, strict=True):
                aim = "" if target is None else f" at {target:g} ns"
                label = f"{adder}, {recipe.name}{aim}" + (f", order {order}" if order else "")
                own = {name: isolated(mapped, modules)}
                netlist = flatten(own, name, self.library)
                found.append(self._variant(mapped, netlist, label))
                inverted = with_inverted_outputs(netlist)
                if len(inverted.kind) < len(netlist.kind):
                    found.append(self._variant(mapped, inverted, f"{label}, inverted outputs"))
        return found

    def _variant(self, mapped: Module, cells: Netlist, label: str) -> Variant:
        netlist = buffered(cells)
        return Variant(
            module=netlist.as_module(mapped),
            recipe=label,
            area=netlist.area,
            delay=self._delay(netlist),
        )

    def sized(self, start: Variant) -> list[Variant]:
        """A variant, and what sizing makes of it."""
        name = start.module.name

        def make() -> list[Variant]:
            modules = self.designs[next(iter(ADDERS))]
            netlist = flatten({name: isolated(start.module, modules)}, name, self.library)
            steps = (
                Variant(
                    module=better.as_module(start.module),
                    recipe=f"{start.recipe}, sized to {delay:.3f} ns",
                    area=better.area,
                    delay=delay,
                )
                for better, delay in sized(netlist, self.outside)
            )
            return thinned(pareto([start, *steps]))

        content = repr((start.module.ports, start.module.instances, start.recipe))
        found = self._cached(content, make)
        return [replace(v, module=replace(v.module, name=name)) for v in found]

    def _delay(self, netlist: Netlist) -> float:
        paths = analyse(netlist).paths.items()
        return max((path.delay + self.outside[kind] for kind, path in paths), default=0.0)


_of_process: list[_Search] = []
"""In a process of the pool: the search that it belongs to."""


def _step(step: str, *arguments: Any) -> list[Variant]:
    """A step of the search in a process of the pool."""
    found: list[Variant] = getattr(_of_process[-1], step)(*arguments)
    return found


def _starts(variants: list[Variant], *, further: bool) -> list[Variant]:
    """Those of a module to size: its smallest, and to go `further` its best and its fastest."""
    starts = [variants[0]]
    if further:
        apart = thinned(variants, SPACING)
        by_product = sorted(apart[:-1], key=lambda v: v.area * v.delay)
        starts += [*by_product[:STARTS], apart[-1]]
    return list({start.recipe: start for start in starts}.values())


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


def thinned(variants: list[Variant], spacing: float = SPACING) -> list[Variant]:
    """Those of a Pareto set that differ enough: each is faster by `spacing` than the one before."""
    kept = variants[:1]
    for variant in variants[1:-1]:
        if variant.delay < kept[-1].delay * (1 - spacing):
            kept.append(variant)
    return kept + variants[1:][-1:]


def pareto(variants: Iterable[Variant]) -> list[Variant]:
    """Those that no other one beats in area and delay, the smallest first."""
    kept: list[Variant] = []
    for variant in sorted(variants, key=lambda v: (v.area, v.delay, v.recipe)):
        if not kept or variant.delay < kept[-1].delay - 1e-6:
            kept.append(variant)
    return kept
