"""Two-dimensional look-up tables of a cell library, many at a time."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Table:
    """Values at the crossings of two axes; an axis of one point is a constant along it.

    Parameters
    ----------
    x, y : array (n,), array (m,)
        Ascending. In a delay table x is the slew at the input and y the load at the output; in a
        constraint table x is the slew of the data and y that of the clock.
    values : array (n, m)
    """

    x: Floats
    y: Floats
    values: Floats


class Tables:
    """A stack of tables with one vectorised look-up.

    Tables of different sizes are brought to a common one by continuing them linearly, which changes
    no value: a look-up is bilinear, and outside the axes it continues the last segment.
    """

    def __init__(self, tables: Sequence[Table]) -> None:
        n = max([2, *(len(table.x) for table in tables)])
        m = max([2, *(len(table.y) for table in tables)])
        self._x = np.empty((len(tables), n))
        self._y = np.empty((len(tables), m))
        self._values = np.empty((len(tables), n, m))
        shapes: defaultdict[tuple[int, ...], list[int]] = defaultdict(list)
        for index, table in enumerate(tables):
            shapes[table.values.shape].append(index)
        for rows in shapes.values():
            x, y, values = (
                np.stack([getattr(tables[row], name) for row in rows])
                for name in ("x", "y", "values")
            )
            self._x[rows], values = _continue(x, values, n)
            self._y[rows], columns = _continue(y, values.swapaxes(1, 2), m)
            self._values[rows] = columns.swapaxes(1, 2)

    def __call__(self, which: NDArray[np.integer], x: ArrayLike, y: ArrayLike) -> Floats:
        """Value of table `which[k]` at (`x[k]`, `y[k]`) for all k."""
        _, n, m = self._values.shape
        i, fx = _segment(self._x[which], x)
        j, fy = _segment(self._y[which], y)
        corner = (which * n + i) * m + j
        values = self._values.reshape(-1)
        low = values[corner] * (1 - fy) + values[corner + 1] * fy
        high = values[corner + m] * (1 - fy) + values[corner + m + 1] * fy
        return low * (1 - fx) + high * fx


def _continue(axes: Floats, values: Floats, length: int) -> tuple[Floats, Floats]:
    """Axes (tables, points) and values (tables, points, ...) with as many more points as needed."""
    if axes.shape[1] == 1:
        counted = np.broadcast_to(np.arange(length, dtype=float), (len(axes), length))
        return counted, np.repeat(values, length, axis=1)
    steps = np.arange(1, length - axes.shape[1] + 1)
    last = axes[:, -1] - axes[:, -2]
    slope = (values[:, -1] - values[:, -2]) / last[:, None]
    beyond = last[:, None] * steps
    return (
        np.concatenate([axes, axes[:, -1:] + beyond], axis=1),
        np.concatenate([values, values[:, -1:] + beyond[:, :, None] * slope[:, None, :]], axis=1),
    )


def _segment(axes: Floats, at: ArrayLike) -> tuple[NDArray[np.intp], Floats]:
    count, points = axes.shape
    at = np.asarray(at, np.float64)
    index = (axes[:, 1:-1] <= (at[:, None] if at.ndim else at)).sum(axis=1)
    first = np.arange(0, count * points, points) + index
    flat = axes.reshape(-1)
    low, high = flat[first], flat[first + 1]
    return index, (at - low) / (high - low)
