"""How a price is found: the design mapped, timed, run on operands, and added up."""

from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

from numpy.typing import NDArray

from golden.spec import EngineSpec
from hw import verilog
from sim.operands import check_operands, random_operands
from synth.activity import operands_hash
from synth.build import Build
from synth.energy import Spent, assumed, simulated
from synth.engine import Choices
from synth.liberty import read_library
from synth.library import Library
from synth.nodes import Ratios, library_node, ratios
from synth.nodes import scaled as rescaled
from synth.report import (
    DEFAULT_BEATS,
    DEFAULT_OPERANDS,
    Clock,
    Cost,
    Part,
    Point,
    Progress,
    Scale,
    WireModel,
    usual_operands,
)
from synth.scaling import RUN, TIMED, Scaled, limited
from synth.sram import buffers as memories_of

WIRES: dict[WireModel, str] = {
    "none": "wires without capacitance",
    "library": "wires by the library's default wire load",
    "rent": "wires by Rent's rule and the places of modules",
}

PACE_TILES = 256
"""Tiles over which time is measured then where it depends on operands."""


def price(
    spec: EngineSpec,
    a: object,
    b: object,
    *,
    liberty: Path,
    clock: Clock,
    activity: float | None,
    stall: float,
    scale: Scale,
    wires: WireModel,
    buffers: tuple[float, float, float] | None,
    element_only: bool,
    report: Progress,
) -> Cost:
    """What `synth.cost.estimate` promises."""
    library = read_library(liberty)
    nodes = _nodes(scale, library)
    scaled = _scaled(spec, library, clock, report, wires=wires, element_only=element_only)
    report(0.8)
    if activity is not None:
        spent = assumed(scaled, limited(spec, RUN), activity, element_only=element_only)
    else:
        left, right, name = _operands(limited(spec, RUN), a, b, element_only)
        source = f"{name} ({operands_hash(left, right)})"
        spent = simulated(
            scaled,
            limited(spec, RUN),
            left,
            right,
            source,
            stall=stall,
            element_only=element_only,
        )
    report(1.0)
    pace = 1.0 if element_only else _macs_per_cycle(spec, a, b)
    period = float(clock) if isinstance(clock, float | int) else scaled.timed.period
    cost = _cost(scaled, spent, period, pace, spec, element_only=element_only)
    if buffers is not None:
        memories = memories_of(spec, buffers, spent.depth or DEFAULT_BEATS * spec.depth)
        cost = replace(cost, buffers=memories)
    return cost if nodes is None else rescaled(cost, *nodes)


def points(
    spec: EngineSpec,
    *,
    liberty: Path,
    scale: Scale,
    wires: WireModel,
    element_only: bool,
    report: Progress,
) -> list[Point]:
    """What `synth.cost.curve` promises."""
    library = read_library(liberty)
    nodes = _nodes(scale, library)
    by = Ratios(area=1.0, delay=1.0, energy=1.0) if nodes is None else ratios(*nodes)
    if element_only:
        whole = timed = Choices(verilog.generate_element(spec), library, report, wires=wires)
    else:
        small = limited(spec, TIMED)
        timed = Choices(verilog.generate(small), library, report, wires=wires)
        whole = timed
        if small != spec:
            whole = timed.resized(verilog.generate(spec), lambda share: None)
    found = []
    for build in timed.curve():
        same = build if whole is timed else whole.like(build)
        area = Scaled(whole=same, timed=build, run=build, elements=1.0).area
        found.append(Point(period_ns=build.period * by.delay, area_um2=area * by.area))
    return found


def _nodes(scale: Scale, library: Library) -> tuple[float, float] | None:
    """From which node to which, checked."""
    if scale is None:
        return None
    known = f"{library.name} {library.path.name}"
    source, target = scale if isinstance(scale, tuple) else (library_node(known), scale)
    ratios(source, target)
    return source, target


def _scaled(
    spec: EngineSpec,
    library: Library,
    clock: Clock,
    report: Progress,
    *,
    wires: WireModel,
    element_only: bool,
) -> Scaled:
    """The design at the clock, and the smaller ones that are timed and run for it."""

    def progress(index: int) -> Progress:
        return lambda share: report(0.25 * (index + share))

    small, smaller = limited(spec, TIMED), limited(spec, RUN)
    design = verilog.generate_element(spec) if element_only else verilog.generate(small)
    choices = Choices.for_clock(design, library, clock, progress(0), wires=wires)
    timed = choices.at(clock)
    if element_only:
        return Scaled(whole=timed, timed=timed, run=timed, elements=1.0)
    others = [
        timed
        if other == small
        else choices.resized(verilog.generate(other), progress(index)).like(timed)
        for index, other in enumerate((spec, smaller), start=1)
    ]
    elements = spec.rows * spec.cols / (smaller.rows * smaller.cols)
    return Scaled(whole=others[0], timed=timed, run=others[1], elements=elements)


def _operands(
    spec: EngineSpec, a: object, b: object, element_only: bool
) -> tuple[NDArray, NDArray, str]:
    """Checked operands and what to call them."""
    if a is not None and b is not None:
        return *check_operands(spec, a, b), "operands as given"
    left, right = usual_operands(spec, element_only=element_only)
    return left, right, f"operands {DEFAULT_OPERANDS}, seed 0"


def _macs_per_cycle(spec: EngineSpec, a: object, b: object) -> float:
    """Products a cycle when tiles follow each other, of a depth that fills the array.

    Those of the operands, given or usual, where time depends on them.
    """
    if not spec.data_dependent:
        k = 4 * (max(spec.rows, spec.groups.group) if spec.groups else spec.rows * spec.depth)
        once, twice = (spec.cycles(tiles * spec.rows, k, spec.cols) for tiles in (1, 2))
        return spec.rows * k * spec.cols / (twice - once)
    if a is not None and b is not None:
        return spec.pace(*check_operands(spec, a, b))
    height = PACE_TILES * spec.rows
    usual = random_operands(spec, height, DEFAULT_BEATS, spec.cols, dist=DEFAULT_OPERANDS, seed=0)
    return spec.pace(*usual)


def _cost(
    scaled: Scaled,
    spent: Spent,
    period: float,
    pace: float,
    spec: EngineSpec,
    *,
    element_only: bool,
) -> Cost:
    library, timing = scaled.timed.library, scaled.timed.timing
    area, delay = scaled.area, timing.period
    # nW times ns is 1e-3 fJ; fJ over ns is 1e-3 mW.
    energy = spent.dynamic + spent.leakage * period * 1e-3
    still = spent.glitch_free + spent.leakage * period * 1e-3
    power = energy / period * 1e-3
    tops = 2 * pace / period * 1e-3
    worst = max(timing.paths.values(), key=lambda path: path.delay)
    parts = _parts(scaled.whole)
    per_mac = energy / spent.macs_per_cycle * 1e-3
    per_output = None if spent.depth is None else per_mac * spent.depth
    sums = None if per_output is None or element_only else per_output * spec.rows * spec.cols
    timed = limited(spec, TIMED)
    size = " x ".join(map(str, timed.size.values()))
    array = "one element" if element_only else f"{size} elements"
    return Cost(
        area_um2=area,
        sequential_area_um2=spent.sequential_area,
        cells=scaled.cells,
        delay_ns=delay,
        fmax_mhz=1e3 / delay,
        period_ns=period,
        power_mw=power,
        leakage_uw=spent.leakage * 1e-3,
        energy_per_mac_pj=per_mac,
        energy_per_mac_glitch_free_pj=still / spent.macs_per_cycle * 1e-3,
        energy_per_output_pj=per_output,
        energy_per_tile_pj=sums,
        macs_per_cycle=pace,
        tops=tops,
        tops_per_mm2=tops / (area * 1e-6),
        tops_per_w=2 / per_mac,
        area_delay_per_mac=area * delay / pace,
        library=f"{library.name} ({library.path.name}, {library.key})",
        corner=library.corner,
        recipe=parts[0].recipe,
        timing=f"flat netlist of {array}, {WIRES[scaled.timed.wires]}",
        activity=spent.source,
        scaled=None,
        tools={"tpe": version("tpe"), "yosys": version("pyosys"), "numpy": version("numpy")},
        parts=parts,
        paths={kind: path.delay for kind, path in timing.paths.items()},
        critical_path=worst.cells,
        components=spent.components,
        buffers={},
    )


def _parts(build: Build) -> tuple[Part, ...]:
    """The distinct modules, the one that takes most of the area first."""
    parts = [
        Part(
            module=build.short(name) or "top",
            count=build.counts[name],
            area_um2=variant.area,
            recipe=variant.recipe,
        )
        for name, variant in build.chosen.items()
    ]
    return tuple(sorted(parts, key=lambda part: -part.count * part.area_um2))
