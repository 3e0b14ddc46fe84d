"""Cube: sums move through `depth` elements, one for each k, with broadcast operands.

A tile is C[R, N] += A[R, K] B[K, N] for R = rows, N = cols and any K, `depth` values of k a beat. A
beat of stream A is `depth` columns of A as R x depth numbers, row after row; a beat of stream B is
`depth` rows of B as depth x N numbers, row after row; what is beyond K is zero. `first` and `last`
mark the first and the last beat of a tile. Plane z of the cube meets lane z of a beat z cycles
later than plane 0. Results drain row by row behind the next tile.
"""

from golden.arrays.broadcast import broadcast_registers
from golden.schedule import output_stationary as schedule

__all__ = ["cycles", "latency", "schedule"]


def latency(k: int, *, rows: int, cols: int, depth: int, resolves: bool) -> int:
    """Cycles from the first beat of a tile to its first row of C, both included."""
    return -(-k // depth) + 1 + broadcast_registers(rows, cols) + depth + int(resolves)


def cycles(m: int, k: int, n: int, *, rows: int, cols: int, depth: int, resolves: bool) -> int:
    """Cycles from the first beat to the last row of C, both included, when no stream stalls.

    A tile takes max(ceil(K / depth), R) cycles: its beats, or R rows of C through one port.
    """
    tiles = -(-m // rows) * -(-n // cols)
    first_row = latency(k, rows=rows, cols=cols, depth=depth, resolves=resolves)
    return (tiles - 1) * max(-(-k // depth), rows) + first_row + rows - 1
