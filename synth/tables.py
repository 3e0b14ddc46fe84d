"""Two-dimensional look-up tables of a cell library, many at a time."""

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
        for index, table in enumerate(tables):
            self._x[index], rows = _continue(table.x, table.values, n)
            self._y[index], columns = _continue(table.y, rows.T, m)
            self._values[index] = columns.T

    def __call__(self, which: NDArray[np.integer], x: ArrayLike, y: ArrayLike) -> Floats:
        """Value of table `which[k]` at (`x[k]`, `y[k]`) for all k."""
        i, fx = _segment(self._x[which], np.broadcast_to(x, which.shape))
        j, fy = _segment(self._y[which], np.broadcast_to(y, which.shape))
        low = self._values[which, i, j] * (1 - fy) + self._values[which, i, j + 1] * fy
        high = self._values[which, i + 1, j] * (1 - fy) + self._values[which, i + 1, j + 1] * fy
        return low * (1 - fx) + high * fx


def _continue(axis: Floats, values: Floats, length: int) -> tuple[Floats, Floats]:
    if len(axis) == 1:
        return np.arange(length, dtype=float), np.repeat(values, length, axis=0)
    missing = length - len(axis)
    steps = np.arange(1, missing + 1)
    slope = (values[-1] - values[-2]) / (axis[-1] - axis[-2])
    beyond = steps * (axis[-1] - axis[-2])
    return (
        np.concatenate([axis, axis[-1] + beyond]),
        np.concatenate([values, values[-1] + beyond[:, None] * slope]),
    )


def _segment(axes: Floats, at: Floats) -> tuple[NDArray[np.intp], Floats]:
    rows = np.arange(len(at))
    index = np.count_nonzero(axes[:, 1:-1] <= at[:, None], axis=1)
    low, high = axes[rows, index], axes[rows, index + 1]
    return index, (at - low) / (high - low)
