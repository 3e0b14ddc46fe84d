"""`python -m benchmarks`: measure, print the table, keep it, compare it with an earlier one."""

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from benchmarks import cosim, generation, golden, native
from benchmarks.row import Row
from sim.tools import tool_versions

GROUPS: dict[str, Callable[[], list[Row]]] = {
    "generation": generation.rows,
    "native": native.rows,
    "cocotb": cosim.rows,
    "golden": golden.rows,
}


def main(
    groups: Annotated[
        list[str] | None, typer.Argument(help=f"some of {', '.join(GROUPS)}; all without")
    ] = None,
    keep: Annotated[Path | None, typer.Option(help="write the figures to this JSON file")] = None,
    compare: Annotated[Path | None, typer.Option(help="show beside these kept figures")] = None,
) -> None:
    """Ratios against what was measured in the same run. Exit status 1 if one misses its bound.

    Example: python -m benchmarks native golden --keep figures.json
    """
    unknown = sorted(set(groups or ()) - GROUPS.keys())
    if unknown:
        raise typer.BadParameter(f"{', '.join(unknown)}: use some of {', '.join(GROUPS)}")
    earlier = _read(compare) if compare else {}
    console = Console()
    measured = []
    for group in groups or GROUPS:
        with console.status(f"measuring {group}"):
            measured += GROUPS[group]()
    console.print(_table(measured, earlier))
    if keep:
        figures = {row.key: {**asdict(row), "ratio": row.ratio} for row in measured}
        keep.write_text(json.dumps({"tools": tool_versions(), "figures": figures}, indent=1))
    raise typer.Exit(0 if all(row.holds for row in measured) else 1)


def _read(path: Path) -> dict[str, Any]:
    try:
        figures = json.loads(path.read_text())["figures"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise typer.BadParameter(f"{path}: not a file that --keep wrote: {error}") from None
    return dict(figures)


def _table(measured: list[Row], earlier: dict[str, Any]) -> Table:
    table = Table("figure", "ours", "against", "theirs", "ratio", "bound", "holds")
    if earlier:
        table.add_column("earlier ratio")
    for row in measured:
        cells = [
            row.name,
            f"{row.ours:.4g} {row.unit}",
            row.against,
            f"{row.other:.4g} {row.unit}",
            f"{row.ratio:.2f}",
            f"{row.bound:.2f}",
            "yes" if row.holds else "no",
        ]
        if earlier:
            kept = earlier.get(row.key)
            cells.append(f"{kept['ratio']:.2f}" if kept else "-")
        table.add_row(*cells)
    return table


if __name__ == "__main__":
    typer.run(main)
