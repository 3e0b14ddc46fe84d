"""What the arrays that broadcast their operands share: beats of any depth, and register trees.

Every row of elements meets the same B and every column the same A in the same cycle. So that no
wire reaches too far, elements stand in blocks of `SEGMENT` x `SEGMENT` behind registers of their
own. A port reaches `SEGMENT` blocks in a line; to more of them leads a tree of registers.
"""

import numpy as np
from numpy.typing import NDArray

from golden.schedule import Beats, Schedule, Tile, marks, pad, round_up

SEGMENT = 8
"""Elements in a line behind one register, and registers behind a port or another register."""


def schedule(a: NDArray, b: NDArray, rows: int, cols: int, depth: int) -> Schedule:
    """Beats of A (M, K) times B (K, N), tile after tile along the rows of C.

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


def broadcast_registers(rows: int, cols: int) -> int:
    """Registers between the ports and the elements: the block's, and one a level of the tree."""
    blocks, registers = -(-max(rows, cols) // SEGMENT), 1
    while blocks > SEGMENT:
        blocks = -(-blocks // SEGMENT)
        registers += 1
    return registers
