"""Arrays whose results pass a unit that scales and adds up groups: their beats and their time.

Behind an array that knows nothing of groups, every group of k of every tile is a tile of its own:
the marks of streams A and B are those of groups. Stream S brings a beat for each, the scales of the
tile's columns (each with its zero point above it); its marks are those of the tile, so that `last`
makes the rows of C leave.
"""

from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from golden.fixed import FixedNumber, FixedPoint
from golden.formats import Format
from golden.groups import Groups, slices
from golden.schedule import Beats, Schedule, Tile, marks, pad, round_up


def stages(groups: Groups, acc: Format) -> int:
    """Registers between a row of the array's results and a row of C.

    Scaled integers in fixed point have one where they are aligned and one where they are added up,
    and another for a zero point and for a product with a scale that is no power of two.
    """
    if isinstance(acc, FixedNumber):
        return 2 + groups.zeros + bool(groups.scale_format.mantissa_bits)
    return 5 if isinstance(acc, FixedPoint) else 4


def grouped_schedule(
    a: NDArray,
    b: NDArray,
    scales: NDArray,
    *,
    group: int,
    array: ModuleType,
    rows: int,
    cols: int,
) -> Schedule:
    """Beats of codes A (M, K), B (K, N) and scales (groups, N), tile after tile along rows of C."""
    (m, k), n = a.shape, b.shape[1]
    a_whole = pad(a, round_up(m, rows), k)
    b_whole, s_whole = (pad(matrix, len(matrix), round_up(n, cols)) for matrix in (b, scales))
    tiles = tuple(
        Tile(row=i, col=j, rows=rows) for i in range(0, m, rows) for j in range(0, n, cols)
    )
    parts = [
        array.schedule(
            a_whole[tile.row : tile.row + rows, ks],
            b_whole[ks, tile.col : tile.col + cols],
            rows=rows,
            cols=cols,
        )
        for tile in tiles
        for ks in slices(k, group)
    ]
    first, last = marks(len(parts), len(scales))
    s = np.concatenate([s_whole[:, tile.col : tile.col + cols] for tile in tiles])
    return Schedule(
        a=_joined([part.a for part in parts]),
        b=_joined([part.b for part in parts]),
        s=Beats(data=s, first=first, last=last),
        tiles=tiles,
        shape=(m, n),
        cols=cols,
    )


def grouped_cycles(
    k: int,
    group: int,
    tiles: int,
    *,
    groups: Groups,
    acc: Format,
    array: ModuleType,
    rows: int,
    cols: int,
    resolves: bool,
) -> int:
    """Cycles from the first beat to the last row of C, both included, when no stream stalls.

    With zero points the array has a column more, which adds up A itself.
    """
    depths = [ks.stop - ks.start for ks in slices(k, group)]
    width = cols + groups.zeros
    inner = array.cycles_of(depths, tiles, rows=rows, cols=width, resolves=resolves)
    return int(inner) + stages(groups, acc)


def _joined(beats: list[Beats]) -> Beats:
    return Beats(
        data=np.concatenate([part.data for part in beats]),
        first=np.concatenate([part.first for part in beats]),
        last=np.concatenate([part.last for part in beats]),
    )
