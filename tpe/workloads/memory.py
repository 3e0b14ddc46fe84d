"""Buffers and DRAM, and the traffic of one GEMM between them and the engine.

Three buffers stand between DRAM and the engine: for A (activations), B (weights) and C. Each is
halved for double buffering. The engine reads A once for every tile of columns and B once for every
tile of rows, as its schedule does. How often A and B come from DRAM depends on what stays in its
buffer meanwhile; of the orders that the buffers permit, the one with the least DRAM traffic runs:

- weights: columns of B stay, with all of K, while A passes; A comes once for every block of them;
- activations: the same with A and B exchanged;
- outputs: a block of sums stays in the buffer of C while a chunk of K after the other passes; A
  comes once for every column of blocks, B once for every row of them, and the buffer of C adds;
- tiles: nothing stays but what the engine itself holds: always possible.

Nothing stays from one GEMM to the next: each reads its operands from DRAM and leaves C there.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from math import ceil

import numpy as np

from golden.spec import EngineSpec
from synth.sram import area, energy_per_bit
from tpe.problems import InputError
from tpe.workloads.constants import (
    BUFFER_A,
    BUFFER_B,
    BUFFER_C,
    DRAM_BANDWIDTH,
    DRAM_ENERGY,
    HALVES,
)
from tpe.workloads.gemms import Gemm

FULL = 4
"""A chunk of K keeps every element busy that many times longer than a tile's results drain."""


@dataclass(frozen=True, kw_only=True)
class Memory:
    """What an engine stands behind.

    Parameters
    ----------
    a_kib, b_kib, c_kib : float
        Buffers of A, B and C, both halves.
    dram_gbit_per_s : float
    dram_pj_per_bit : float
    buffer_scale, area_scale : float
        What the 45 nm figures of `synth.sram` are multiplied by.
    leakage_uw_per_kib : float
        Of buffers. No figure of the same source is known, so it is 0 unless given.

    Raises
    ------
    InputError
        Every figure that is out of range.
    """

    a_kib: float = BUFFER_A.value
    b_kib: float = BUFFER_B.value
    c_kib: float = BUFFER_C.value
    dram_gbit_per_s: float = DRAM_BANDWIDTH.value
    dram_pj_per_bit: float = DRAM_ENERGY.value
    buffer_scale: float = 1.0
    area_scale: float = 1.0
    leakage_uw_per_kib: float = 0.0

    def __post_init__(self) -> None:
        may_be_zero = ("dram_pj_per_bit", "leakage_uw_per_kib")
        problems = [
            f"{name}: {value!r} given, use a number {'from' if name in may_be_zero else 'above'} 0"
            for name, value in vars(self).items()
            if not (0 < value < float("inf") or (value == 0 and name in may_be_zero))
        ]
        if problems:
            raise InputError(problems)

    @property
    def kib(self) -> tuple[float, float, float]:
        """Of the buffers of A, B and C."""
        return self.a_kib, self.b_kib, self.c_kib

    @property
    def area_um2(self) -> float:
        """Of the buffers."""
        return self.area_scale * sum(area(size) for size in self.kib)

    @property
    def leakage_uw(self) -> float:
        """Of the buffers."""
        return self.leakage_uw_per_kib * sum(self.kib)

    @property
    def pj_per_bit(self) -> tuple[float, float, float]:
        """To read or write a bit of the buffers of A, B and C."""
        a, b, c = (self.buffer_scale * energy_per_bit(size) for size in self.kib)
        return a, b, c


@dataclass(frozen=True, kw_only=True)
class Widths:
    """Bits of a number, on average.

    Parameters
    ----------
    a : float
        Of A, in DRAM and in its buffer.
    b_stored, b : float
        Of B in DRAM, and in its buffer.
    sums : float
        Of C in its buffer.
    out : float
        Of C in DRAM.
    """

    a: float
    b_stored: float
    b: float
    sums: float
    out: float


@dataclass(frozen=True, kw_only=True)
class Reuse:
    """What stays in its buffer.

    Parameters
    ----------
    order : str
        "weights", "activations", "outputs" or "tiles".
    m_block, k_block, n_block : int
        Rows of A, values of K and columns of B that are on chip at a time. Sums of `k_block`
        products move to the buffer of C.
    a_fetched, b_fetched : int
        How often A and B come from DRAM.
    """

    order: str
    m_block: int
    k_block: int
    n_block: int
    a_fetched: int
    b_fetched: int


@dataclass(frozen=True, kw_only=True)
class Traffic:
    """Bits that one GEMM, once, moves.

    Parameters
    ----------
    dram_a, dram_b, dram_c : float
    sram_a, sram_b, sram_c : float
        Read and written.
    """

    dram_a: float
    dram_b: float
    dram_c: float
    sram_a: float
    sram_b: float
    sram_c: float

    @property
    def dram(self) -> float:
        return self.dram_a + self.dram_b + self.dram_c

    @property
    def sram(self) -> float:
        return self.sram_a + self.sram_b + self.sram_c


def compulsory(gemm: Gemm, widths: Widths) -> float:
    """Bits between DRAM and buffers if every number moves once: no order can do with less."""
    m, k, n = gemm.m, gemm.k, gemm.n
    return m * k * widths.a + k * n * widths.b_stored + m * n * widths.out


def best(
    gemm: Gemm, spec: EngineSpec, memory: Memory, widths: Widths, passes: int = 1
) -> tuple[Reuse, Traffic]:
    """The order with the least DRAM traffic, of those the one with the least SRAM traffic.

    Parameters
    ----------
    passes : int
        How often the engine goes through A: once for every digit of B.
    """
    options = [
        (reuse, traffic(gemm, spec, widths, reuse, passes))
        for reuse in reuses(gemm, spec, memory, widths)
    ]
    return min(options, key=lambda option: (option[1].dram, option[1].sram))


def traffic(gemm: Gemm, spec: EngineSpec, widths: Widths, reuse: Reuse, passes: int = 1) -> Traffic:
    """Bits that one GEMM moves in this order.

    Whatever comes from DRAM is written to its buffer once. Sums are written to the buffer of C once
    a chunk of K, read again before the next, and read once more for DRAM.
    """
    m, k, n = gemm.m, gemm.k, gemm.n
    a_read = passes * ceil(n / spec.cols)
    b_read = 1 if _rows_share_b(spec, k) else ceil(m / spec.rows)
    chunks = ceil(k / reuse.k_block)
    return Traffic(
        dram_a=m * k * widths.a * reuse.a_fetched,
        dram_b=k * n * widths.b_stored * reuse.b_fetched,
        dram_c=m * n * widths.out,
        sram_a=m * k * widths.a * (reuse.a_fetched + a_read),
        sram_b=k * n * widths.b * (reuse.b_fetched + b_read),
        sram_c=m * n * widths.sums * 2 * chunks,
    )


def reuses(gemm: Gemm, spec: EngineSpec, memory: Memory, widths: Widths) -> Iterator[Reuse]:
    """All orders that the buffers permit."""
    m, k, n = gemm.m, gemm.k, gemm.n
    rows, cols = min(spec.rows, m), min(spec.cols, n)
    a_holds, b_holds, c_holds = (
        int(kib * 8192 / HALVES.value / bits)
        for kib, bits in zip(memory.kib, (widths.a, widths.b, widths.sums), strict=True)
    )

    def reuse(order: str, m_block: int, k_block: int, n_block: int) -> Reuse:
        return Reuse(
            order=order,
            m_block=m_block,
            k_block=k_block,
            n_block=n_block,
            a_fetched=1 if order == "activations" else ceil(n / n_block),
            b_fetched=1 if order == "weights" else ceil(m / m_block),
        )

    yield reuse("tiles", rows, k, cols)
    n_block = _multiple(b_holds // k, cols, n)
    if n_block and (rows * k <= a_holds or n_block == cols):
        yield reuse("weights", rows, k, n_block)
    m_block = _multiple(a_holds // k, rows, m)
    if m_block and (cols * k <= b_holds or m_block == rows):
        yield reuse("activations", m_block, k, cols)
    # The rows of the array are values of k in some arrays, rows of C in others.
    step = spec.rows * spec.depth
    least = min(k, FULL * step)
    for height in range(rows, min(m + rows, c_holds // cols + 1), rows):
        m_block = min(height, m)
        n_block = _multiple(min(c_holds // m_block, b_holds // least), cols, n)
        if not n_block:
            break
        k_block = _multiple(min(a_holds // m_block, b_holds // n_block), step, k)
        if k_block >= least:
            yield reuse("outputs", m_block, k_block, n_block)


def _multiple(most: int, of: int, whole: int) -> int:
    """The whole if it is no more than `most`, else the largest multiple that is not."""
    return whole if most >= whole else most // of * of


@cache
def _rows_share_b(spec: EngineSpec, k: int) -> bool:
    """Whether rows of A beyond the array's pass the same B: two tiles' worth of them are one."""
    if spec.groups:
        # Behind the array is an accumulator for each of its rows.
        return False
    # More than one fold is like two.
    depth = min(k, 2 * spec.rows * spec.depth)
    a, b = np.zeros((2 * spec.rows, depth), np.int8), np.zeros((depth, 1), np.int8)
    return len(spec.schedule(a, b).tiles) == 1
