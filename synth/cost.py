"""What an engine or an element costs: area, clock, power and energy, and where each figure is from."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

import hw.verilog
from golden.spec import EngineSpec
from hw.verilog import Design, generate
from sim.operands import check_operands, random_operands
from synth.activity import STEP, Run, operands_hash, run_element, run_engine
from synth.clocktree import clock_tree
from synth.components import area_by_component, component_of, energy_by_component
from synth.engine import Build, Choices
from synth.errors import CostError
from synth.liberty import default_liberty, read_library
from synth.library import Library
from synth.netlist import multiplicity
from synth.power import cell_power, uniform_activity

__all__ = ["Cost", "CostError", "Part", "Point", "curve", "estimate"]

Clock = float | Literal["fastest", "best"] | None
Progress = Callable[[float], None]

DEFAULT_OPERANDS = "normal:0:20"
"""Distribution of the operands of an activity run if none are given."""

DEFAULT_TILES = 64
DEFAULT_DEPTH = 32


@dataclass(frozen=True, kw_only=True)
class Part:
    """A distinct module: how often it is there, its own area in um^2 each, and how it was mapped."""

    module: str
    count: int
    area_um2: float
    recipe: str


@dataclass(frozen=True, kw_only=True)
class Point:
    """One design of the curve."""

    period_ns: float
    area_um2: float


@dataclass(frozen=True, kw_only=True)
class Cost:
    """The price of an engine at one clock, before placement and routing.

    Parameters
    ----------
    area_um2, sequential_area_um2 : float
        Of all cells, and of flip-flops and clock gates. Without the clock tree.
    cells : int
    delay_ns, fmax_mhz : float
        The shortest clock period of this netlist, and its inverse.
    period_ns : float
        The period that power is given for: the one asked for, else `delay_ns`.
    power_mw, leakage_uw : float
        At `period_ns` while the engine works on the operands; power includes leakage and clock tree.
    energy_per_mac_pj : float
        The same per product, glitches included where the activity is simulated.
    energy_per_mac_glitch_free_pj : float
        If every net changed at most once a cycle.
    macs_per_cycle : float
        While tiles follow each other without a stall.
    tops, tops_per_mm2, tops_per_w : float
        Two operations a product, at `period_ns`.
    area_delay_per_mac : float
        um^2 ns per product a cycle, at `delay_ns`.
    library, corner, recipe : str
    activity : str
        Where toggles come from.
    tools : dict of str to str
        Versions.
    parts : tuple of Part
    paths : dict of str to float
        Worst delay in ns of each kind of path.
    critical_path : tuple of (instance, cell, arrival in ns)
    components : dict of str to dict
        `area_um2` and `energy_per_mac_pj` of each part of the engine.
    """

    area_um2: float
    sequential_area_um2: float
    cells: int
    delay_ns: float
    fmax_mhz: float
    period_ns: float
    power_mw: float
    leakage_uw: float
    energy_per_mac_pj: float
    energy_per_mac_glitch_free_pj: float
    macs_per_cycle: float
    tops: float
    tops_per_mm2: float
    tops_per_w: float
    area_delay_per_mac: float
    library: str
    corner: str
    recipe: str
    activity: str
    tools: dict[str, str]
    parts: tuple[Part, ...]
    paths: dict[str, float]
    critical_path: tuple[tuple[str, str, float], ...]
    components: dict[str, dict[str, float]]


def estimate(
    spec: EngineSpec,
    a: object = None,
    b: object = None,
    *,
    liberty: Path | None = None,
    clock: Clock = None,
    activity: float | None = None,
    element_only: bool = False,
    progress: Progress | None = None,
) -> Cost:
    """Price an engine, or one element of it.

    Parameters
    ----------
    spec : EngineSpec
    a, b : matrices (M, K), (K, N) of integers, or None
        Operands of the activity run; None draws them, normally distributed with sigma 20.
    liberty : Path or None
        Cell library; None takes Nangate 45 nm.
    clock : float, "fastest", "best" or None
        The smallest design that meets a period in ns, the fastest, the one with the least product
        of area and period, or the smallest of all.
    activity : float or None
        Toggles of every net in a cycle, in place of a run.
    element_only : bool
        One element between registers instead of the array.
    progress : callable (float) or None
        Gets the share of the work that is done.

    Raises
    ------
    CostError
        If the library cannot be used, the clock cannot be met or a tool fails.
    OperandError
        If the operands do not fit the engine.
    """
    report = progress or (lambda share: None)
    library = read_library(liberty or default_liberty())
    design = _design(spec, element_only)
    choices = Choices(design, library, lambda share: report(0.7 * share))
    build = _chosen(choices, clock)
    report(0.8)
    operands = _operands(spec, a, b, element_only) if activity is None else None
    cost = _cost(spec, build, operands, activity, clock, element_only)
    report(1.0)
    return cost


def curve(
    spec: EngineSpec,
    *,
    liberty: Path | None = None,
    element_only: bool = False,
    progress: Progress | None = None,
) -> list[Point]:
    """Area over clock period: the best designs found, the smallest first.

    Raises
    ------
    CostError
        If the library cannot be used or a tool fails.
    """
    library = read_library(liberty or default_liberty())
    choices = Choices(_design(spec, element_only), library, progress or (lambda share: None))
    return [Point(period_ns=build.period, area_um2=build.area) for build in choices.curve()]


def _design(spec: EngineSpec, element_only: bool) -> Design:
    return hw.verilog.generate_element(spec) if element_only else generate(spec)


def _chosen(choices: Choices, clock: Clock) -> Build:
    if clock is None:
        return choices.smallest()
    if clock == "fastest":
        return choices.fastest()
    if clock == "best":
        return choices.best()
    return choices.within(clock)


def _operands(
    spec: EngineSpec, a: object, b: object, element_only: bool
) -> tuple[NDArray, NDArray, str]:
    """Checked operands and what to call them."""
    if a is not None and b is not None:
        left, right = check_operands(spec, a, b)
        return left, right, "operands given"
    side = int(np.sqrt(DEFAULT_TILES))
    rows, cols = (1, 1) if element_only else (spec.rows, spec.cols)
    left, right = random_operands(
        spec, side * rows, max(DEFAULT_DEPTH, rows), side * cols, dist=DEFAULT_OPERANDS, seed=0
    )
    return left, right, f"operands {DEFAULT_OPERANDS}, seed 0"


def _cost(
    spec: EngineSpec,
    build: Build,
    operands: tuple[NDArray, NDArray, str] | None,
    activity: float | None,
    clock: Clock,
    element_only: bool,
) -> Cost:
    netlist, timing, library = build.netlist, build.timing, build.library
    pace = 1.0 if element_only else _macs_per_cycle(spec)
    if operands is None:
        toggles = float(activity or 0.0)
        runs = [(uniform_activity(netlist, toggles), pace)] * 2
        source = f"{toggles:g} toggles per net and cycle assumed"
    else:
        left, right, name = operands
        run = run_element if element_only else run_engine
        steps = np.rint(timing.gate_delay / STEP).astype(np.int64)
        timed = run(netlist, spec, left, right, steps)
        still = run(netlist, spec, left, right, None)
        runs = [(r.activity, r.macs / r.cycles) for r in (timed, still)]
        source = _source(timed, name, operands_hash(left, right))
    component = component_of(netlist, _modules_by_scope(build))
    period = clock if isinstance(clock, float | int) else build.period
    energies, split, leakage = [], {}, 0.0
    for acted, macs in reversed(runs):
        power = cell_power(netlist, timing, acted)
        split = energy_by_component(power, component)
        split["clock"] += clock_tree(netlist, acted).energy
        leakage = float(power.leakage.sum())
        # nW times ns is 1e-3 fJ.
        energies.append((sum(split.values()) + leakage * period * 1e-3, macs))
    (still_energy, still_macs), (energy, macs) = energies
    areas = area_by_component(netlist, component)
    area, delay = build.area, build.period
    power_mw = energy / period * 1e-3
    tops = 2 * pace / period * 1e-3
    worst = max(timing.paths.values(), key=lambda path: path.delay, default=None)
    return Cost(
        area_um2=area,
        sequential_area_um2=_sequential_area(build),
        cells=len(netlist.kind),
        delay_ns=delay,
        fmax_mhz=1e3 / delay,
        period_ns=float(period),
        power_mw=power_mw,
        leakage_uw=leakage * 1e-3,
        energy_per_mac_pj=energy / macs * 1e-3,
        energy_per_mac_glitch_free_pj=still_energy / still_macs * 1e-3,
        macs_per_cycle=pace,
        tops=tops,
        tops_per_mm2=tops / (area * 1e-6),
        tops_per_w=tops / (power_mw * 1e-3),
        area_delay_per_mac=area * delay / pace,
        library=f"{library.name} ({library.path.name}, {library.key})",
        corner=library.corner,
        recipe=_main_part(build).recipe,
        activity=source,
        tools=_tools(),
        parts=_parts(build),
        paths={kind: path.delay for kind, path in timing.paths.items()},
        critical_path=worst.cells if worst else (),
        components={
            name: {
                "area_um2": areas[name],
                "energy_per_mac_pj": split[name] / macs * 1e-3,
            }
            for name in areas
        },
    )


def _macs_per_cycle(spec: EngineSpec) -> float:
    """Products a cycle when tiles of a depth that fills the array follow each other."""
    depth = 4 * spec.rows
    tile = spec.cycles(2 * spec.rows, depth, spec.cols) - spec.cycles(spec.rows, depth, spec.cols)
    return spec.rows * depth * spec.cols / tile


def _source(run: Run, operands: str, digest: str) -> str:
    return (
        f"simulated netlist with cell delays in steps of {STEP:g} ns: {operands} ({digest}),"
        f" {run.tiles} tiles in {run.lanes} lanes, {run.cycles} cycles each"
    )


def _sequential_area(build: Build) -> float:
    cells = [build.library.cells[name] for name in build.netlist.cells]
    counts = np.bincount(build.netlist.kind, minlength=len(cells))
    held = [cell.area if cell.kind in ("flip-flop", "clock gate") else 0.0 for cell in cells]
    return float(np.array(held) @ counts)


def _short(build: Build, name: str) -> str:
    return name.removeprefix(f"{build.top}_")


def _modules_by_scope(build: Build) -> dict[str, str]:
    """Short module name of every scope of the flat netlist."""
    modules = {name: variant.module for name, variant in build.chosen.items()}
    found = {}

    def visit(name: str, path: str) -> None:
        found[path] = "element" if len(modules) == 1 else _short(build, name)
        for instance in modules[name].instances:
            if instance.kind in modules:
                visit(instance.kind, f"{path}.{instance.name}" if path else instance.name)

    visit(build.top, "")
    return found


def _parts(build: Build) -> tuple[Part, ...]:
    modules = {name: variant.module for name, variant in build.chosen.items()}
    counts = multiplicity(modules, build.top)
    parts = [
        Part(
            module=name,
            count=counts[name],
            area_um2=variant.area,
            recipe=variant.recipe,
        )
        for name, variant in build.chosen.items()
    ]
    return tuple(sorted(parts, key=lambda part: -part.count * part.area_um2))


def _main_part(build: Build) -> Part:
    return _parts(build)[0]


def _tools() -> dict[str, str]:
    return {"tpe": version("tpe"), "yosys": version("pyosys"), "numpy": version("numpy")}
