"""The order in which matrices enter an engine and results leave it.

A schedule holds the beats of streams A and B with their first and last marks, and says which rows
of C come back. Matrices of any shape are padded with zeros to the engine's size.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, kw_only=True)
class Beats:
    """What one operand stream carries.

    Parameters
    ----------
    data : array (beats, lanes)
        One row a beat, lane 0 in the lowest bits of the payload.
    first, last : bool array (beats,)
    """

    data: NDArray
    first: NDArray[np.bool_]
    last: NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Tile:
    """One result of the engine: C[row : row + rows, col : col + cols], padded, over all K."""

    row: int
    col: int
    rows: int


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """All beats of C = A B on one engine.

    Parameters
    ----------
    a, b : Beats
    s : Beats or None
        Scales, one beat a group, for engines that take them.
    tiles : tuple of Tile
        In the order of their results. Each returns `rows` beats of C, top row first.
    shape : (M, N)
        Of the unpadded C, as the engine computes it.
    cols : int
        Lanes of a beat of C.
    turned : bool
        The engine computes the transpose of C, B' A', and tiles are those of that.
    """

    a: Beats
    b: Beats
    s: Beats | None = None
    tiles: tuple[Tile, ...]
    shape: tuple[int, int]
    cols: int
    turned: bool = False

    @property
    def operands(self) -> dict[str, Beats]:
        """What every operand stream carries, by its name."""
        streams = {"a": self.a, "b": self.b, "s": self.s}
        return {name: beats for name, beats in streams.items() if beats is not None}

    @property
    def outputs(self) -> int:
        """Beats of C."""
        return sum(tile.rows for tile in self.tiles)

    def cut(self, c: NDArray) -> NDArray:
        """The beats (outputs, cols) in which the unpadded matrix `c` leaves the engine."""
        whole = pad(c.T if self.turned else c, *self._padded_shape)
        return np.concatenate([whole[self._where(tile)] for tile in self.tiles])

    def assemble(self, beats: NDArray) -> NDArray:
        """The unpadded C from its beats (outputs, cols)."""
        whole = np.zeros(self._padded_shape, beats.dtype)
        start = 0
        for tile in self.tiles:
            whole[self._where(tile)] = beats[start : start + tile.rows]
            start += tile.rows
        c = whole[: self.shape[0], : self.shape[1]]
        return c.T if self.turned else c

    def locate(self, beat: int, lane: int = 0) -> tuple[int, int, tuple[int, int]]:
        """Tile number, row of that tile, and row and column of C of a number that leaves."""
        starts = np.cumsum([0] + [tile.rows for tile in self.tiles])
        number = int(np.searchsorted(starts, beat, side="right")) - 1
        tile, inside = self.tiles[number], beat - int(starts[number])
        row, col = tile.row + inside, tile.col + lane
        return number, inside, (col, row) if self.turned else (row, col)

    def _where(self, tile: Tile) -> tuple[slice, slice]:
        return np.s_[tile.row : tile.row + tile.rows, tile.col : tile.col + self.cols]

    @property
    def _padded_shape(self) -> tuple[int, int]:
        return (
            max(tile.row + tile.rows for tile in self.tiles),
            max(tile.col for tile in self.tiles) + self.cols,
        )


def pad(matrix: NDArray, rows: int, cols: int) -> NDArray:
    """`matrix` with zeros below and to the right, `rows` x `cols`."""
    return np.pad(matrix, ((0, rows - matrix.shape[0]), (0, cols - matrix.shape[1])))


def round_up(value: int, multiple: int) -> int:
    """The smallest multiple of `multiple` that is at least `value`."""
    return -(-value // multiple) * multiple


def marks(beats: int, period: int) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """First and last marks of `beats` beats in groups of `period`."""
    position = np.arange(beats) % period
    return position == 0, position == period - 1


def output_stationary(a: NDArray, b: NDArray, rows: int, cols: int, depth: int = 1) -> Schedule:
    """Beats of A (M, K) times B (K, N), tile after tile along the rows of C, each over all K.

    A beat of A is R x depth numbers and one of B depth x C, in both the rows of the matrix one
    after the other.
    """
    (m, k), n = a.shape, b.shape[1]
    beats = -(-k // depth)
    a_whole = pad(a, round_up(m, rows), beats * depth)
    b_whole = pad(b, beats * depth, round_up(n, cols))
    # (row tile, beat, lane) and (column tile, beat, lane)
    a_lanes = a_whole.reshape(-1, rows, beats, depth).transpose(0, 2, 1, 3)
    b_lanes = b_whole.reshape(beats, depth, -1, cols).transpose(2, 0, 1, 3)
    a_tiles = a_lanes.reshape(-1, beats, rows * depth)
    b_tiles = b_lanes.reshape(-1, beats, depth * cols)
    first, last = marks(len(a_tiles) * len(b_tiles) * beats, beats)
    return Schedule(
        a=Beats(
            data=np.repeat(a_tiles, len(b_tiles), axis=0).reshape(-1, rows * depth),
            first=first,
            last=last,
        ),
        b=Beats(
            data=np.tile(b_tiles, (len(a_tiles), 1, 1)).reshape(-1, depth * cols),
            first=first,
            last=last,
        ),
        tiles=tuple(
            Tile(row=i * rows, col=j * cols, rows=rows)
            for i in range(len(a_tiles))
            for j in range(len(b_tiles))
        ),
        shape=(m, n),
        cols=cols,
    )
