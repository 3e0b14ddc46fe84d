"""Output-stationary systolic array: accumulators stay, A moves right, B moves down.

A tile is C[R, N] += A[R, K] B[K, N] for R = rows, N = cols and any K. Beat k of stream A is column
k of A, beat k of stream B is row k of B; `first` and `last` mark k = 0 and k = K - 1.
"""

from collections.abc import Sequence

from golden.schedule import output_stationary as schedule

__all__ = ["cycles", "cycles_of", "drain_registers", "latency", "schedule"]

SEGMENT = 8
"""Rows of accumulators on one combinational drain bus, and buses that one register level joins."""


def drain_registers(rows: int, resolves: bool) -> int:
    """Registers between an accumulator and the alignment of the columns: one for every level of
    the tree of drain buses, and one before the adders of an element that `resolves`."""
    buses, registers = -(-rows // SEGMENT), int(resolves)
    while buses > 1:
        buses = -(-buses // SEGMENT)
        registers += 1
    return registers


def latency(k: int, *, rows: int, cols: int, resolves: bool) -> int:
    """Cycles from the first beat of a tile to its first row of C, both included."""
    return k + cols + 2 + drain_registers(rows, resolves)


def cycles(m: int, k: int, n: int, *, rows: int, cols: int, resolves: bool) -> int:
    """Cycles from the first beat to the last row of C, both included, when no stream stalls.

    A tile takes max(K, R) cycles: K beats of operands, and R rows of C through one port.
    """
    tiles = -(-m // rows) * -(-n // cols)
    return cycles_of([k], tiles, rows=rows, cols=cols, resolves=resolves)


def cycles_of(depths: Sequence[int], times: int, *, rows: int, cols: int, resolves: bool) -> int:
    """`cycles` of tiles with so many values of k each, R rows high, and all that so many times."""
    taken = [max(depth, rows) for depth in depths]
    last_beat = times * sum(taken) - taken[0] + depths[0]
    return last_beat + latency(0, rows=rows, cols=cols, resolves=resolves) + rows - 1
