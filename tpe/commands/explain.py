"""`tpe estimate --explain`: how each figure came about."""

from collections.abc import Iterator

from rich.console import RenderableType
from rich.table import Table

from synth.cost import Cost
from tpe.commands.console import facts_table

PATH_ENDS = 6
"""Cells of the critical path that are shown at each of its ends."""


def explanation(cost: Cost) -> Iterator[RenderableType]:
    """The steps from Verilog to figures, with what each was done with."""
    yield _heading("Library and tools")
    yield facts_table({"library": cost.library, "corner": cost.corner, **cost.tools})
    yield _heading("Area: each distinct module mapped by itself, counted")
    yield parts_table(cost)
    yield _heading(f"Clock: {cost.timing}, NLDM tables, ideal clock, worst path")
    yield _paths_table(cost)
    yield _critical_table(cost)
    yield _heading("Energy: toggles of every net times its capacitance and the cells' tables")
    yield facts_table({"activity": cost.activity})
    yield components_table(cost)
    yield facts_table(_sums(cost))
    if cost.scaled is not None:
        yield _heading("Node")
        yield facts_table({"scaled": cost.scaled})
    yield "[dim]Before placement and routing. docs/cost.md has the method and its errors.[/dim]"


def parts_table(cost: Cost) -> Table:
    """Distinct modules, how often they occur and how they were mapped."""
    table = Table("module", "count", "um^2 each", "recipe", box=None, header_style="dim")
    for part in cost.parts:
        table.add_row(part.module, str(part.count), f"{part.area_um2:,.1f}", part.recipe)
    return table


def components_table(cost: Cost) -> Table:
    """Area and energy of each part of the engine."""
    table = Table("component", "um^2", "pJ a MAC", box=None, header_style="dim")
    for name, share in cost.components.items():
        table.add_row(name, f"{share['area_um2']:,.1f}", f"{share['energy_per_mac_pj']:.3f}")
    return table


def _heading(text: str) -> str:
    return f"\n[bold]{text}[/bold]"


def _paths_table(cost: Cost) -> Table:
    table = Table("path", "ns", box=None, header_style="dim")
    for kind, delay in cost.paths.items():
        table.add_row(kind, f"{delay:.3f}")
    return table


def _critical_table(cost: Cost) -> Table:
    table = Table("critical path", "cell", "arrival, ns", box=None, header_style="dim")
    cells = cost.critical_path
    left_out = len(cells) - 2 * PATH_ENDS
    for index, (instance, cell, arrival) in enumerate(cells):
        if left_out > 0 and index == PATH_ENDS:
            table.add_row(f"... {left_out} more", "", "")
        if left_out <= 0 or not PATH_ENDS <= index < len(cells) - PATH_ENDS:
            table.add_row(instance, cell, f"{arrival:.3f}")
    return table


def _sums(cost: Cost) -> dict[str, object]:
    def shown(value: float | None) -> str:
        return "-" if value is None else f"{value:,.4g} pJ"

    return {
        "a MAC": f"{shown(cost.energy_per_mac_pj)}, of it leakage"
        f" {cost.leakage_uw * cost.period_ns / cost.macs_per_cycle * 1e-3:.3g} pJ",
        "an output": shown(cost.energy_per_output_pj),
        "a tile": shown(cost.energy_per_tile_pj),
    }
