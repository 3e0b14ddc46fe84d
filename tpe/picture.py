"""A price as a picture: where area and energy go, and the curve of area over clock period."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from synth.cost import Cost, Point
from tpe.files import write_atomically

if TYPE_CHECKING:
    from matplotlib.figure import Figure

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
    figure = blank(9, 6.5)
    figure.suptitle(title)
    area, energy, curve = figure.subplot_mosaic([["area", "energy"], ["curve", "curve"]]).values()
    _shares(area, cost, "area_um2", "um$^2$")
    _shares(energy, cost, "energy_per_mac_pj", "pJ a MAC")
    _curve(curve, cost, points)
    save(figure, target)


def blank(width: float, height: float) -> "Figure":
    """A figure of that many inches."""
    # pyplot keeps state and asks for a display; a figure by itself does neither.
    from matplotlib.figure import Figure  # noqa: PLC0415

    return Figure(figsize=(width, height), layout="constrained")


def save(figure: "Figure", target: Path) -> None:
    """Write a figure; the suffix of `target`, one of `FORMATS`, says the kind of file."""
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
