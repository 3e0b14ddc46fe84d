"""Prices as pictures: where area and energy go, area over clock period, and many beside another."""

import io
from collections.abc import Sequence
from pathlib import Path

from synth.cost import Cost, Point
from tpe.files import write_atomically
from tpe.verbs.explore import Exploration

FORMATS = (".svg", ".png", ".pdf")


def draw(title: str, cost: Cost, points: Sequence[Point], target: Path) -> None:
    """Write a picture of `cost` and of the curve that it is a point of.

    Parameters
    ----------
    title : str
    cost : Cost
    points : sequence of Point
    target : Path
        Its suffix, one of `FORMATS`, says the kind of file.
    """
    # pyplot keeps state and asks for a display; a figure by itself does neither.
    from matplotlib.figure import Figure  # noqa: PLC0415

    figure = Figure(figsize=(9, 6.5), layout="constrained")
    figure.suptitle(title)
    area, energy, curve = figure.subplot_mosaic([["area", "energy"], ["curve", "curve"]]).values()
    _shares(area, cost, "area_um2", "um$^2$")
    _shares(energy, cost, "energy_per_mac_pj", "pJ a MAC")
    _curve(curve, cost, points)
    _save(figure, target)


def draw_front(title: str, names: Sequence[str], found: Exploration, target: Path) -> None:
    """Write a picture of a sweep: its first two objectives, and the designs that none beats.

    Parameters
    ----------
    title : str
    names : sequence of str
        Of the rows.
    found : Exploration
    target : Path
        Its suffix, one of `FORMATS`, says the kind of file.
    """
    from matplotlib.figure import Figure  # noqa: PLC0415

    x, y = found.objectives[:2]
    places = {
        place: (getattr(row.cost, x), getattr(row.cost, y))
        for place, row in enumerate(found.rows)
        if row.cost is not None
    }
    figure = Figure(figsize=(9, 6.5), layout="constrained")
    axes = figure.subplots()
    for place, at in places.items():
        axes.plot(*at, "o", color="tab:red" if place in found.pareto else "tab:blue")
        axes.annotate(names[place], at, xytext=(5, 4), textcoords="offset points", fontsize=8)
    front = [places[place] for place in found.pareto]
    across, up = [at[0] for at in front], [at[1] for at in front]
    axes.plot(across, up, color="tab:red", lw=1, label="not beaten")
    axes.set_title(title)
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    axes.margins(0.12)
    axes.legend(frameon=False)
    axes.spines[["top", "right"]].set_visible(False)
    _save(figure, target)


def _save(figure, target: Path) -> None:
    data = io.BytesIO()
    figure.savefig(data, format=target.suffix[1:])
    write_atomically({target: data.getvalue()})


def _shares(axes, cost: Cost, metric: str, unit: str) -> None:
    shares = {name: share[metric] for name, share in cost.components.items() if share[metric]}
    names = list(shares)[::-1]
    bars = axes.barh(names, [shares[name] for name in names], color="tab:blue")
    axes.bar_label(bars, fmt="{:,.3g}", padding=2)
    axes.margins(x=0.15)
    axes.set_xlabel(unit)
    axes.spines[["top", "right"]].set_visible(False)


def _curve(axes, cost: Cost, points: Sequence[Point]) -> None:
    periods = [point.period_ns for point in points]
    axes.plot(periods, [point.area_um2 for point in points], "o-", color="tab:blue", ms=4)
    axes.plot(cost.delay_ns, cost.area_um2, "*", color="tab:red", ms=14, label="this price")
    axes.set_xlabel("clock period, ns")
    axes.set_ylabel("area, um$^2$")
    axes.legend(frameon=False)
    axes.spines[["top", "right"]].set_visible(False)
