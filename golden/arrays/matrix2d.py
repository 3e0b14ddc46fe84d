"""2-D broadcast array: accumulators stay, A is broadcast along rows, B along columns.

A tile is C[R, N] += A[R, K] B[K, N] for R = rows, N = cols and any K. Beat k of stream A is column
k of A, beat k of stream B is row k of B; `first` and `last` mark k = 0 and k = K - 1. After a tile
the accumulators move up, row by row, into stream C, and let the next tile in with the last row.
"""

from golden.arrays.broadcast import broadcast_registers
from golden.schedule import output_stationary as schedule

__all__ = ["cycles", "latency", "schedule"]


def latency(k: int, *, rows: int, cols: int, resolves: bool) -> int:
    """Cycles from the first beat of a tile to its first row of C, both included."""
    return k + 1 + broadcast_registers(rows, cols) + int(resolves)


def cycles(m: int, k: int, n: int, *, rows: int, cols: int, resolves: bool) -> int:
    """Cycles from the first beat to the last row of C, both included, when no stream stalls.

    A tile takes K + R - 1 cycles: K beats of operands, and R rows of C while nothing is added, the
    last of them in the cycle of the next tile's first beat.
    """
    tiles = -(-m // rows) * -(-n // cols)
    first_row = latency(k, rows=rows, cols=cols, resolves=resolves)
    return (tiles - 1) * (k + rows - 1) + first_row + rows - 1
