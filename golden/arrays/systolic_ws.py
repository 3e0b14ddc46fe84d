"""Weight-stationary systolic array: B stays, A moves right, partial sums move down.

The rows of the array are R values of k. A fold is one set of weights, B[f R : (f + 1) R, N], and
the rows of A that pass it, A[T, f R : (f + 1) R], one row a beat. With one fold (K <= R) any T
passes; with more, partial sums that leave the bottom of the array enter its top again in the next
fold, and T = R rows circulate.

Stream A: row t of the fold, `first` and `last` mark t = 0 and t = T - 1 of every fold. Stream B:
the fold's rows from the highest k to the lowest, R beats; `first` and `last` mark the first beat of
a tile's first fold and the last beat of its last.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from golden.schedule import Beats, Schedule, Tile, marks, pad, round_up


def schedule(a: NDArray, b: NDArray, rows: int, cols: int) -> Schedule:
    """Beats of A (M, K) times B (K, N), tile after tile along the rows of C."""
    (m, k), n = a.shape, b.shape[1]
    folds = round_up(k, rows) // rows
    height = m if folds == 1 else rows
    a_whole = pad(a, round_up(m, height), folds * rows)
    b_whole = pad(b, folds * rows, round_up(n, cols))
    # (row tile, fold, t, lane) and (column tile, fold, k descending, lane)
    a_tiles = a_whole.reshape(-1, height, folds, rows).transpose(0, 2, 1, 3)
    b_tiles = b_whole.reshape(folds, rows, -1, cols).transpose(2, 0, 1, 3)[:, :, ::-1]
    tiles = tuple(
        Tile(row=i * height, col=j * cols, rows=height)
        for i in range(len(a_tiles))
        for j in range(len(b_tiles))
    )
    a_first, a_last = marks(len(tiles) * folds * height, height)
    b_first, b_last = marks(len(tiles) * folds * rows, folds * rows)
    return Schedule(
        a=Beats(
            data=np.repeat(a_tiles, len(b_tiles), axis=0).reshape(-1, rows),
            first=a_first,
            last=a_last,
        ),
        b=Beats(
            data=np.tile(b_tiles, (len(a_tiles), 1, 1, 1)).reshape(-1, cols),
            first=b_first,
            last=b_last,
        ),
        tiles=tiles,
        shape=(m, n),
        cols=cols,
    )


def latency(k: int, *, rows: int, cols: int, resolves: bool) -> int:
    """Cycles from the first beat of a tile to its first row of C, both included.

    R beats of weights, the folds before the last, then down the rows and across the columns.
    """
    return round_up(k, rows) + rows + cols + 2


def cycles(m: int, k: int, n: int, *, rows: int, cols: int, resolves: bool) -> int:
    """Cycles from the first beat to the last row of C, both included, when no stream stalls.

    A fold takes max(T, R) cycles: T rows of A, and R beats of weights for the next.
    """
    folds = -(-k // rows)
    height = m if folds == 1 else rows
    passes = -(-m // height) * folds * -(-n // cols)
    return rows + (passes - 1) * max(height, rows) + height + rows + cols + 1


def cycles_of(depths: Sequence[int], times: int, *, rows: int, cols: int, resolves: bool) -> int:
    """`cycles` of tiles with so many values of k each, R rows high, and all that so many times."""
    passes = times * sum(-(-depth // rows) for depth in depths)
    return cycles(rows * passes, rows, cols, rows=rows, cols=cols, resolves=resolves)
