"""Cycles of a GEMM on an engine: the formula that the benches check, and what comes on top."""

from functools import cache
from math import ceil

from golden.schedule import round_up
from golden.spec import EngineSpec
from sim.operands import random_operands
from tpe.workloads.gemms import Gemm
from tpe.workloads.memory import Reuse

USUAL_DATA = "normal:0:20"
"""Operands of the sample that is timed where time depends on them."""

SAMPLE_DEPTH = 256
SAMPLE_ROWS = 256
"""Of A in that sample, at least a tile."""


def compute_cycles(
    spec: EngineSpec, gemm: Gemm, reuse: Reuse, *, engines: int, passes: int, products: int = 1
) -> int:
    """Cycles of all occurrences of a GEMM, DRAM aside.

    Several engines share rows of A, columns of B or the occurrences, whatever takes least. An
    element makes so many `products` in a cycle, of values of k that follow each other.
    """
    m, n, count = gemm.m, gemm.n, gemm.count
    k, block = ceil(gemm.k / products), ceil(reuse.k_block / products)
    shares = {
        (ceil(m / engines), n, count),
        (m, ceil(n / engines), count),
        (m, n, ceil(count / engines)),
    }
    return passes * min(times * one_run(spec, rows, k, cols, block) for rows, cols, times in shares)


def one_run(spec: EngineSpec, m: int, k: int, n: int, block: int) -> int:
    """Cycles of A (m, k) times B (k, n), K in blocks.

    `spec.cycles`, and for every tile what blocks of K take longer than K at once. Elements that are
    busy with a number for several cycles take the pace of a sample, without start and end.
    """
    if spec.element_info.steps is not None:
        rows = m if m < spec.rows else round_up(m, spec.rows)
        return ceil(rows * k * round_up(n, spec.cols) / _pace(spec, min(m, spec.rows), k))
    whole = spec.cycles(m, k, n)
    if block >= k:
        return whole
    tiles = ceil(m / spec.rows) * ceil(n / spec.cols)
    blocks, rest = divmod(k, block)
    parts = blocks * _tile(spec, block) + (_tile(spec, rest) if rest else 0)
    return whole + tiles * max(0, parts - _tile(spec, k))


def _tile(spec: EngineSpec, k: int) -> int:
    """Cycles of a tile among others."""
    one, two = (spec.cycles(tiles * spec.rows, k, spec.cols) for tiles in (1, 2))
    return two - one


@cache
def _pace(spec: EngineSpec, m: int, k: int) -> float:
    """Products a cycle of tiles with m rows of A."""
    rows = m if m < spec.rows else round_up(SAMPLE_ROWS, spec.rows)
    depth = min(k, SAMPLE_DEPTH)
    return spec.pace(*random_operands(spec, rows, depth, spec.cols, dist=USUAL_DATA))
