"""`tpe estimate`."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import RenderableType
from rich.table import Table

from sim.run import MOST_STALLS
from synth.cost import Cost, Point, estimate
from synth.cost import curve as area_delay_curve
from synth.wires import WireModel
from tpe.commands import console, operands
from tpe.commands.explain import components_table, explanation, parts_table
from tpe.commands.spec import Settings, element_or_engine
from tpe.files import check_target
from tpe.picture import FORMATS, draw
from tpe.problems import InputError, Problems

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

POINTS: dict[str, Literal["fastest", "best"]] = {"fastest": "fastest", "best": "best"}


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
        period = _clock(clock)
    with problems:
        toggles = _activity(activity)
    with problems:
        nodes = _nodes(scale)
    with problems:
        memories = _buffers(buffers)
    if not 0 <= stall <= MOST_STALLS:
        problems.add(f"--stall {stall}: use a probability from 0 to {MOST_STALLS}")
    with problems:
        check_target(picture)
    if picture is not None and picture.suffix not in FORMATS:
        problems.add(f"--picture {picture}: use a name that ends in {', '.join(FORMATS)}")
    with problems:
        spec, element_only = element_or_engine(source, settings)
        if element_only and buffers is not None:
            problems.add(f"--buffers {buffers}: {source} is an element, use an engine")
    if not problems.lines:
        with problems:
            given = choice.has_files or dist is not None
            left, right = operands.operands(choice, spec) if given else (None, None)
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


def _clock(text: str | None) -> float | Literal["fastest", "best"] | None:
    if text is None:
        return None
    if text in POINTS:
        return POINTS[text]
    return _number("--clock", text, "a period in ns above 0, fastest or best", above_zero=True)


def _activity(text: str) -> float | None:
    if text == "sim":
        return None
    return _number("--activity", text, "sim, or toggles a net and cycle from 0", above_zero=False)


def _number(option: str, text: str, allowed: str, *, above_zero: bool) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not (0 < value < float("inf") or (value == 0 and not above_zero)):
        raise InputError([f"{option} {text}: use {allowed}"])
    return value


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


def _nodes(text: str | None) -> float | tuple[float, float] | None:
    if text is None:
        return None
    allowed = "a node in nm such as 28, or FROM:TO"
    numbers = [
        _number("--scale", part, allowed, above_zero=True) for part in text.split(":", maxsplit=1)
    ]
    return numbers[0] if len(numbers) == 1 else (numbers[0], numbers[1])


def _buffers(text: str | None) -> tuple[float, float, float] | None:
    if text is None:
        return None
    allowed = "three sizes in KiB, such as 128,256,128"
    sizes = [_number("--buffers", part, allowed, above_zero=True) for part in text.split(",")]
    if len(sizes) != 3:
        raise InputError([f"--buffers {text}: use {allowed}"])
    return sizes[0], sizes[1], sizes[2]


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
