"""Adder trees: each element of C is a dot product of `depth` lanes, with broadcast operands.

A tile is C[R, N] += A[R, K] B[K, N] for R = rows, N = cols and any K, `depth` values of k a beat. A
beat of stream A is `depth` columns of A as R x depth numbers, row after row; a beat of stream B is
`depth` rows of B as depth x N numbers, row after row; what is beyond K is zero. `first` and `last`
mark the first and the last beat of a tile. Results drain row by row behind the next tile.
"""

from golden.arrays.broadcast import broadcast_registers
from golden.schedule import output_stationary as schedule

__all__ = ["cycles", "latency", "schedule", "tree_registers"]


def tree_registers(depth: int, registers: str) -> int:
    """Registers between a lane's operands and the accumulator, `auto` or a number.

    `auto` is one for each factor of 4 in lanes: the partial products of four lanes are added up in
    about the time of an accumulation.
    """
    if registers != "auto":
        return int(registers)
    return max(1, ((depth - 1).bit_length() + 1) // 2)


def latency(k: int, *, rows: int, cols: int, depth: int, registers: str, resolves: bool) -> int:
    """Cycles from the first beat of a tile to its first row of C, both included."""
    before = broadcast_registers(rows, cols) + tree_registers(depth, registers)
    return -(-k // depth) + 1 + before + int(resolves)


def cycles(
    m: int, k: int, n: int, *, rows: int, cols: int, depth: int, registers: str, resolves: bool
) -> int:
    """Cycles from the first beat to the last row of C, both included, when no stream stalls.

    A tile takes max(ceil(K / depth), R) cycles: its beats, or R rows of C through one port.
    """
    tiles = -(-m // rows) * -(-n // cols)
    size = {"rows": rows, "cols": cols, "depth": depth}
    first_row = latency(k, **size, registers=registers, resolves=resolves)
    return (tiles - 1) * max(-(-k // depth), rows) + first_row + rows - 1
