"""`run_workload`: cycles, traffic and energy of a list of GEMMs on a processor."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil

from tpe.workloads.constants import Constant
from tpe.workloads.gemms import Gemm
from tpe.workloads.memory import Memory, Reuse, Traffic, best, compulsory
from tpe.workloads.processor import Processor
from tpe.workloads.sources import constants
from tpe.workloads.timing import compute_cycles

MJ = 1e-9
"""mJ of a pJ."""


@dataclass(frozen=True, kw_only=True)
class Energy:
    """Energy in mJ by where it goes.

    Parameters
    ----------
    static : float
        Leakage of engines and buffers over the time.
    dram : float
        Bits to and from DRAM.
    buffer : float
        Bits to and from the buffers.
    core : float
        Products, and dequantization. Of the products, those of the matrices: elements of an engine
        that a matrix does not fill take none but leakage.
    dequantize : float
        What of `core` is dequantization.
    """

    static: float
    dram: float
    buffer: float
    core: float
    dequantize: float

    @property
    def total(self) -> float:
        return self.static + self.dram + self.buffer + self.core


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What a GEMM takes, all its occurrences together, or a whole workload.

    Parameters
    ----------
    macs : int
    cycles : int
        With DRAM at work at the same time: the longer of the two, for each GEMM.
    compute_cycles : int
        Of the engines alone.
    dram_cycles : int
        Of DRAM alone, in cycles of the engine.
    dequantize_cycles : int
        Of the vector unit alone.
    seconds : float
    utilisation : float
        Products over those that all elements could make in `cycles`.
    dram_bits, dram_bits_compulsory : float
        Moved, and what no order could do without.
    sram_bits : dict of str to float
        Read and written, of the buffers `a`, `b` and `c`.
    energy : Energy
    """

    macs: int
    cycles: int
    compute_cycles: int
    dram_cycles: int
    dequantize_cycles: int
    seconds: float
    utilisation: float
    dram_bits: float
    dram_bits_compulsory: float
    sram_bits: dict[str, float]
    energy: Energy


@dataclass(frozen=True, kw_only=True)
class Line:
    """A GEMM of a workload, and what it takes.

    Parameters
    ----------
    gemm : Gemm
    reuse : Reuse
    figures : Figures
    """

    gemm: Gemm
    reuse: Reuse
    figures: Figures


@dataclass(frozen=True, kw_only=True)
class WorkloadResult:
    """A workload on a processor.

    Parameters
    ----------
    processor : Processor
    memory : Memory
    lines : tuple of Line
    total : Figures
    constants : tuple of Constant
        The numbers that no engine brings, as they were used.
    """

    processor: Processor
    memory: Memory
    lines: tuple[Line, ...]
    total: Figures
    constants: tuple[Constant, ...]


def run_workload(
    gemms: Iterable[Gemm], processor: Processor, memory: Memory | None = None
) -> WorkloadResult:
    """One GEMM after the other.

    Parameters
    ----------
    gemms : iterable of Gemm
        At least one.
    processor : Processor
    memory : Memory or None
        None: `Memory()`, the set-up of MixPE.
    """
    behind = memory or Memory()
    lines = tuple(_line(gemm, processor, behind) for gemm in gemms)
    return WorkloadResult(
        processor=processor,
        memory=behind,
        lines=lines,
        total=_total([line.figures for line in lines], processor),
        constants=constants(processor, behind),
    )


def _line(gemm: Gemm, processor: Processor, memory: Memory) -> Line:
    widths, passes = processor.widths(gemm), processor.passes(gemm)
    reuse, moved = best(gemm, processor.spec, memory, widths, passes)
    compute = compute_cycles(
        processor.spec,
        gemm,
        reuse,
        engines=processor.engines,
        passes=passes,
        products=processor.products(gemm),
    )
    dequantize = processor.dequantize
    operations = gemm.count * dequantize.operations(gemm, reuse)
    vector = ceil(operations / processor.lanes)
    busy = max(compute, vector) if dequantize.overlaps else compute + vector
    dram_bits = gemm.count * moved.dram
    dram = ceil(dram_bits / (memory.dram_gbit_per_s * processor.clock_ns))
    cycles = max(busy, dram)
    seconds = cycles * processor.clock_ns * 1e-9
    vector_mj = operations * dequantize.pj * MJ
    return Line(
        gemm=gemm,
        reuse=reuse,
        figures=Figures(
            macs=gemm.macs,
            cycles=cycles,
            compute_cycles=compute,
            dram_cycles=dram,
            dequantize_cycles=vector,
            seconds=seconds,
            utilisation=gemm.macs / (cycles * processor.peak),
            dram_bits=dram_bits,
            dram_bits_compulsory=gemm.count * compulsory(gemm, widths),
            sram_bits={
                name: gemm.count * bits
                for name, bits in zip(
                    "abc", (moved.sram_a, moved.sram_b, moved.sram_c), strict=True
                )
            },
            energy=Energy(
                # uW s is 1e-3 mJ.
                static=_leakage(processor, memory) * seconds * 1e-3,
                dram=dram_bits * memory.dram_pj_per_bit * MJ,
                buffer=gemm.count * _buffer_pj(moved, memory) * MJ,
                core=gemm.macs * passes * processor.product_pj(gemm) * MJ + vector_mj,
                dequantize=vector_mj,
            ),
        ),
    )


def _leakage(processor: Processor, memory: Memory) -> float:
    """In uW."""
    return processor.engines * processor.leakage_uw + memory.leakage_uw


def _buffer_pj(moved: Traffic, memory: Memory) -> float:
    bits = moved.sram_a, moved.sram_b, moved.sram_c
    return sum(bit * pj for bit, pj in zip(bits, memory.pj_per_bit, strict=True))


def _total(parts: Sequence[Figures], processor: Processor) -> Figures:
    macs, cycles = sum(part.macs for part in parts), sum(part.cycles for part in parts)
    return Figures(
        macs=macs,
        cycles=cycles,
        compute_cycles=sum(part.compute_cycles for part in parts),
        dram_cycles=sum(part.dram_cycles for part in parts),
        dequantize_cycles=sum(part.dequantize_cycles for part in parts),
        seconds=sum(part.seconds for part in parts),
        utilisation=macs / (cycles * processor.peak),
        dram_bits=sum(part.dram_bits for part in parts),
        dram_bits_compulsory=sum(part.dram_bits_compulsory for part in parts),
        sram_bits={name: sum(part.sram_bits[name] for part in parts) for name in "abc"},
        energy=Energy(
            **{
                name: sum(getattr(part.energy, name) for part in parts)
                for name in ("static", "dram", "buffer", "core", "dequantize")
            }
        ),
    )
