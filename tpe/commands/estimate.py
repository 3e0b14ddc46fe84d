"""`tpe estimate`."""

from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.table import Table

from synth.cost import Cost, estimate
from tpe.commands import console, operands
from tpe.commands.spec import Settings, element_or_engine
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

POINTS: dict[str, Literal["fastest", "best"]] = {"fastest": "fastest", "best": "best"}


def estimate_command(
    source: ElementOrEngine,
    settings: Settings = None,
    liberty: Library = None,
    clock: Clock = None,
    activity: Activity = "sim",
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
        spec, element_only = element_or_engine(source, settings)
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
            element_only=element_only,
            progress=progress,
        )
    report.write({"spec": spec, "hash": spec.hash, **console.plain(cost)})
    subject = f"one {spec.element} element" if element_only else spec.name
    report.say(f"[bold]{subject}[/bold]  [dim]{cost.library}[/dim]")
    report.say(console.facts_table(_rows(cost)))
    if report.verbose:
        report.say(_parts_table(cost))
        report.say(_components_table(cost))
        report.say(console.facts_table({"corner": cost.corner, **cost.tools}))


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
    }


def _parts_table(cost: Cost) -> Table:
    table = Table("module", "count", "um^2 each", "recipe", box=None, header_style="dim")
    for part in cost.parts:
        table.add_row(part.module, str(part.count), f"{part.area_um2:,.1f}", part.recipe)
    return table


def _components_table(cost: Cost) -> Table:
    table = Table("component", "um^2", "pJ a MAC", box=None, header_style="dim")
    for name, share in cost.components.items():
        table.add_row(name, f"{share['area_um2']:,.1f}", f"{share['energy_per_mac_pj']:.3f}")
    return table
