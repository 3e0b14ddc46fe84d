"""`tpe explore`."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from tpe.commands import console
from tpe.commands.estimate import Library
from tpe.files import check_suffix, check_target
from tpe.front import draw_front
from tpe.picture import FORMATS
from tpe.problems import Problems
from tpe.sweep import load_sweep
from tpe.verbs.explore import Exploration, Explored, explore

SweepFile = Annotated[Path, typer.Argument(metavar="SWEEP", help="A .toml or .json file.")]
Picture = Annotated[
    Path | None,
    typer.Option(
        "--picture", metavar="FILE", help="Draw the first two objectives: .svg, .png or .pdf."
    ),
]

FIGURES = {
    "um^2": "area_um2",
    "ns": "delay_ns",
    "um^2 ns/MAC": "area_delay_per_mac",
    "pJ/MAC": "energy_per_mac_pj",
    "MACs/cycle": "macs_per_cycle",
}
"""Columns for people; objectives that are none of them get one, too."""


def explore_command(
    source: SweepFile,
    liberty: Library = None,
    picture: Picture = None,
    json: console.Json = None,
    quiet: console.Quiet = False,
    verbose: console.Verbose = False,
) -> None:
    """Price many engines, and say which of them no other one beats.

    What was priced before is not priced again: an interrupted sweep goes on where it stopped.
    docs/explore.md says what a sweep consists of.
    """
    problems = Problems()
    with problems:
        report = console.Reporter(json, quiet, verbose)
    with problems:
        check_target(picture)
    with problems:
        check_suffix("--picture", picture, FORMATS)
    with problems:
        sweep = load_sweep(source)
        if picture is not None and len(sweep.objectives) < 2:
            problems.add(f"--picture {picture}: needs two objectives")
        sweep.candidates()
    problems.check()
    with report.progress(f"pricing {source}") as progress:
        found = explore(sweep, liberty=liberty, progress=progress)
    names = _names(found)
    if picture is not None:
        draw_front(str(source), names, found, picture)
    report.write(
        {
            "rows": [_facts(row) for row in found.rows],
            "objectives": found.objectives,
            "pareto": found.pareto,
        }
    )
    report.say(_table(found))
    report.say(f"* not beaten in {' and '.join(found.objectives)}")
    for name, row in zip(names, found.rows, strict=True):
        if row.problem:
            report.say(f"{name}: {row.problem}")
    if picture is not None:
        report.say(f"picture: {picture}")


def _names(found: Exploration) -> list[str]:
    """What tells the rows from each other."""
    if len({row.candidate.clock for row in found.rows}) == 1:
        return [_named(row) for row in found.rows]
    return [f"{_named(row)}, {row.candidate.clock}" for row in found.rows]


def _named(row: Explored) -> str:
    """What a row is but for its clock."""
    candidate = row.candidate
    settings = (f"{name.removeprefix('options.')} {v}" for name, v in candidate.settings.items())
    return " ".join([candidate.source, *settings])


def _facts(row: Explored) -> dict[str, object]:
    """A row as `tpe estimate` writes one price, and what the sweep said of it."""
    candidate = row.candidate
    cost = {} if row.cost is None else console.plain(row.cost)
    return {
        "source": candidate.source,
        "settings": candidate.settings,
        "clock": candidate.clock,
        "spec": candidate.spec,
        "hash": candidate.spec.hash,
        "problem": row.problem,
        **cost,
    }


def _table(found: Exploration) -> Table:
    columns = FIGURES | {name: name for name in found.objectives if name not in FIGURES.values()}
    table = Table("", "engine", "clock", box=None, header_style="dim")
    for heading in columns:
        table.add_column(heading, justify="right")
    for place, row in enumerate(found.rows):
        figures = [
            "-" if row.cost is None else _figure(getattr(row.cost, name))
            for name in columns.values()
        ]
        best = place in found.pareto
        what = "*" if best else "", _named(row), str(row.candidate.clock)
        table.add_row(*what, *figures, style="green" if best else None)
    return table


def _figure(value: float) -> str:
    return f"{value:,.1f}" if value >= 1000 else f"{value:.4g}"
