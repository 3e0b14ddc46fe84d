"""`tpe estimate`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import RenderableType
from rich.table import Table

from sim.stall import MOST_STALLS
from synth.cost import Cost, Point, estimate
from synth.cost import curve as area_delay_curve
from synth.report import WireModel, usual_operands
from tpe.commands import console, numbers, operands
from tpe.commands.explain import components_table, explanation, parts_table
from tpe.commands.spec import Settings
from tpe.files import check_suffix, check_target
from tpe.operands import rounded
from tpe.picture import FORMATS, draw
from tpe.problems import Problems
from tpe.sources import element_or_engine

ElementOrEngine = Annotated[
    str,
    typer.Argument(metavar="SPEC", help="As elsewhere, or an element such as mac: it alone then."),
]
Library = Annotated[
    Path | None,
    typer.Option("--liberty", metavar="LIB", help="Cell library; Nangate 45 nm if not given."),
]
Clock = Annotated[
    str | None,
    typer.Option(
        "--clock",
        metavar="NS",
        help="Smallest area that meets this period, or: fastest, best (area times period)."
        " Without: smallest area.",
    ),
]
Activity = Annotated[
    str,
    typer.Option(
        "--activity", metavar="sim|FLOAT", help="Toggles of a run, or so many a net and cycle."
    ),
]

Stall = Annotated[
    float,
    typer.Option(
        "--stall", metavar="P", help="Probability that a stream waits, each cycle of the run."
    ),
]
Scaling = Annotated[
    str | None,
    typer.Option(
        "--scale",
        metavar="NM",
        help="Scale the figures to another node by published tables; FROM:TO if the library's own"
        " is not known.",
    ),
]
Wires = Annotated[
    WireModel,
    typer.Option(
        "--wires",
        help="What wires weigh: the library's wire load, or Rent's rule and where modules lie.",
    ),
]
Buffers = Annotated[
    str | None,
    typer.Option(
        "--buffers", metavar="A,B,C", help="Price memories of so many KiB beside the engine, too."
    ),
]
Curve = Annotated[
    bool, typer.Option("--curve", help="Also print the curve of area over clock period.")
]
Explain = Annotated[bool, typer.Option("--explain", help="Print how each figure came about.")]
Picture = Annotated[
    Path | None,
    typer.Option(
        "--picture", metavar="FILE", help="Draw components and curve: .svg, .png or .pdf."
    ),
]


def estimate_command(
    source: ElementOrEngine,
    settings: Settings = None,
    liberty: Library = None,
    clock: Clock = None,
    activity: Activity = "sim",
    stall: Stall = 0.0,
    scale: Scaling = None,
    wires: Wires = "library",
    buffers: Buffers = None,
    curve: Curve = False,
    explain: Explain = False,
    picture: Picture = None,
    a: operands.FileA = None,
    b: operands.FileB = None,
    dist: operands.Dist = None,
    seed: operands.Seed = 0,
    json: console.Json = None,
    quiet: console.Quiet = False,
    verbose: console.Verbose = False,
) -> None:
    """Area, clock, power and energy of an engine, or of one element alone.

    Energy is that of a run on the operands given. Figures are before placement and routing:
    docs/cost.md says what they mean.
    """
    problems = Problems()
    with problems:
        report = console.Reporter(json, quiet, verbose)
    with problems:
        choice = operands.Choice(a=a, b=b, dist=dist, seed=seed)
    with problems:
        period = numbers.clock(clock)
    with problems:
        toggles = numbers.activity(activity)
    with problems:
        nodes = numbers.nodes(scale)
    with problems:
        memories = numbers.buffers(buffers)
    if not 0 <= stall <= MOST_STALLS:
        problems.add(f"--stall {stall}: use a probability from 0 to {MOST_STALLS}")
    with problems:
        check_target(picture)
    with problems:
        check_suffix("--picture", picture, FORMATS)
    with problems:
        spec, element_only = element_or_engine(source, settings or ())
        if element_only and buffers is not None:
            problems.add(f"--buffers {buffers}: {source} is an element, use an engine")
    if not problems.lines:
        with problems:
            left, right = None, None
            if choice.has_files:
                left, right = rounded(spec, *operands.operands(choice, spec))
            elif dist is not None:
                left, right = usual_operands(spec, element_only=element_only, dist=dist, seed=seed)
    problems.check()
    with report.progress(f"pricing {spec.name}") as progress:
        cost = estimate(
            spec,
            left,
            right,
            liberty=liberty,
            clock=period,
            activity=toggles,
            stall=stall,
            scale=nodes,
            wires=wires,
            buffers=memories,
            element_only=element_only,
            progress=progress,
        )
    points: list[Point] = []
    if curve or picture is not None:
        with report.progress(f"curve of {spec.name}") as progress:
            points = area_delay_curve(
                spec,
                liberty=liberty,
                scale=nodes,
                wires=wires,
                element_only=element_only,
                progress=progress,
            )
    subject = f"one {spec.element} element" if element_only else spec.name
    if picture is not None:
        draw(subject, cost, points, picture)
    found = {"spec": spec, "hash": spec.hash, **console.plain(cost)}
    report.write(found | ({"curve": points} if curve else {}))
    report.say(f"[bold]{subject}[/bold]  [dim]{cost.library}[/dim]")
    for part in _said(cost, points if curve else [], explain=explain, verbose=report.verbose):
        report.say(part)
    if picture is not None:
        report.say(f"picture: {picture}")


def _said(
    cost: Cost, points: list[Point], *, explain: bool, verbose: bool
) -> Iterator[RenderableType]:
    yield console.facts_table(_rows(cost))
    if cost.buffers:
        yield _buffers_table(cost)
    if points:
        yield _curve_table(points)
    if explain:
        yield from explanation(cost)
    elif verbose:
        yield parts_table(cost)
        yield components_table(cost)
        yield console.facts_table({"corner": cost.corner, **cost.tools})


def _rows(cost: Cost) -> dict[str, object]:
    return {
        "area": f"{cost.area_um2:,.1f} um^2, of it registers {cost.sequential_area_um2:,.1f};"
        f" {cost.cells:,} cells",
        "clock": f"{cost.delay_ns:.3f} ns, {cost.fmax_mhz:,.0f} MHz",
        "power": f"{cost.power_mw:.4g} mW at {cost.period_ns:.3f} ns, of it leakage"
        f" {cost.leakage_uw:.4g} uW",
        "energy": f"{cost.energy_per_mac_pj:.3g} pJ a MAC,"
        f" {cost.energy_per_mac_glitch_free_pj:.3g} without glitches",
        "activity": cost.activity,
        "throughput": f"{cost.macs_per_cycle:.4g} MACs a cycle, {cost.tops:.4g} TOPS,"
        f" {cost.tops_per_mm2:.3g} TOPS/mm^2, {cost.tops_per_w:.3g} TOPS/W",
        "area x delay": f"{cost.area_delay_per_mac:,.1f} um^2 ns a MAC",
        **({} if cost.scaled is None else {"scaled": cost.scaled}),
    }


def _buffers_table(cost: Cost) -> Table:
    table = Table("memory", "KiB", "um^2", "bits a MAC", "pJ a MAC", box=None, header_style="dim")
    for name, buffer in cost.buffers.items():
        table.add_row(
            name.upper(),
            f"{buffer.kib:g}",
            f"{buffer.area_um2:,.0f}",
            f"{buffer.bits_per_mac:.3g}",
            f"{buffer.energy_per_mac_pj:.3g}",
        )
    return table


def _curve_table(points: list[Point]) -> Table:
    table = Table("clock, ns", "um^2", "um^2 ns", box=None, header_style="dim")
    for point in points:
        product = point.area_um2 * point.period_ns
        table.add_row(f"{point.period_ns:.3f}", f"{point.area_um2:,.1f}", f"{product:,.1f}")
    return table
