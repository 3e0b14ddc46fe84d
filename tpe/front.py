"""A sweep as a picture: many prices beside each other."""

from collections.abc import Sequence
from pathlib import Path

from tpe.picture import blank, save
from tpe.verbs.explore import Exploration


def draw_front(title: str, names: Sequence[str], found: Exploration, target: Path) -> None:
    """Write a picture of a sweep: its first two objectives, and the designs that none beats.

    Parameters
    ----------
    title : str
    names : sequence of str
        Of the rows.
    found : Exploration
    target : Path
        Its suffix, one of `tpe.picture.FORMATS`, says the kind of file.
    """
    x, y = found.objectives[:2]
    places = {
        place: (getattr(row.cost, x), getattr(row.cost, y))
        for place, row in enumerate(found.rows)
        if row.cost is not None
    }
    figure = blank(9, 6.5)
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
    save(figure, target)
