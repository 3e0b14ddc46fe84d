"""`tpe reproduce`."""

from collections.abc import Iterable
from itertools import groupby
from typing import Annotated

import typer
from rich.table import Table

from tpe.commands import console
from tpe.papers import PAPERS
from tpe.papers.row import Row
from tpe.problems import Problems
from tpe.verbs.reproduce import reproduce

Paper = Annotated[str, typer.Argument(metavar="PAPER", help=f"One of: {', '.join(PAPERS)}.")]

Tables = Annotated[
    list[str] | None,
    typer.Option("--table", metavar="NAME", help="Only this table; may be given again."),
]

VERDICTS = {True: "[green]holds[/green]", False: "[red]does not hold[/red]", None: ""}


def reproduce_command(
    paper: Paper,
    tables: Tables = None,
    json: console.Json = None,
    quiet: console.Quiet = False,
    verbose: console.Verbose = False,
) -> None:
    """Make a paper's tables again: theirs, ours, and whether the claim holds.

    Exit status 1 if a row does not hold.
    """
    problems = Problems()
    with problems:
        report = console.Reporter(json, quiet, verbose)
    problems.check()
    with report.progress(f"reproducing {paper}") as progress:
        found = reproduce(paper, tables or (), progress)
    report.write({**console.plain(found), "holds": found.holds})
    report.say(f"[bold]{found.paper}[/bold]  [dim]{found.summary}[/dim]")
    for title, rows in groupby(found.rows, key=lambda row: row.table):
        report.say(_table(title, rows))
    claimed = [row.holds for row in found.rows if row.holds is not None]
    report.say(f"{sum(claimed)} of {len(claimed)} rows hold; {found.seconds:.1f} s")
    if not found.holds:
        raise typer.Exit(1)


def _table(title: str, rows: Iterable[Row]) -> Table:
    table = Table(title=title, title_justify="left", box=None, header_style="dim")
    table.add_column("")
    table.add_column("paper", justify="right")
    table.add_column("ours", justify="right")
    for heading in ("ours / paper", "unit", "", "note"):
        table.add_column(heading)
    for row in rows:
        ratio = f"{row.ours / row.paper:.3g}" if row.paper and row.ours is not None else ""
        table.add_row(
            row.metric,
            _figure(row.paper),
            _figure(row.ours),
            ratio,
            row.unit,
            VERDICTS[row.holds],
            row.note,
        )
    return table


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.4g}"
