"""The constants of a run as they were used: those of `constants`, or what was given instead."""

from dataclasses import replace

from synth.sram import CELL, EFFICIENCY
from tpe.workloads.constants import (
    BUFFER_A,
    BUFFER_B,
    BUFFER_C,
    DEQUANTIZE_ENERGY,
    DRAM_BANDWIDTH,
    DRAM_ENERGY,
    GROUP,
    HALVES,
    HOROWITZ,
    SCALE_BITS,
    Constant,
)
from tpe.workloads.memory import Memory
from tpe.workloads.processor import Processor


def constants(processor: Processor, memory: Memory) -> tuple[Constant, ...]:
    """Every number that no engine brings."""
    dequantize = processor.dequantize
    used = [
        _used(DRAM_ENERGY, memory.dram_pj_per_bit),
        _used(DRAM_BANDWIDTH, memory.dram_gbit_per_s),
        _used(BUFFER_A, memory.a_kib),
        _used(BUFFER_B, memory.b_kib),
        _used(BUFFER_C, memory.c_kib),
        HALVES,
        *_buffers(memory),
    ]
    if dequantize.when != "none":
        used += [
            _used(GROUP, dequantize.group),
            SCALE_BITS,
            _used(DEQUANTIZE_ENERGY, dequantize.pj),
            Constant(
                name="dequantizations a cycle",
                value=processor.lanes,
                unit="",
                source="given" if dequantize.lanes else "one for each column of the engine",
            ),
        ]
    return tuple(used)


def _used(constant: Constant, value: float) -> Constant:
    return constant if value == constant.value else replace(constant, value=value, source="given")


def _buffers(memory: Memory) -> list[Constant]:
    scaled = "" if memory.buffer_scale == 1 else f", x {memory.buffer_scale:.3g} for the node"
    grown = "" if memory.area_scale == 1 else f", x {memory.area_scale:.3g} for the node"
    energies = [
        Constant(
            name=f"buffer of {name}, energy",
            value=value,
            unit="pJ/bit",
            source=f"{HOROWITZ}: 64 bits take 20 pJ in 32 KiB, 100 pJ in 1 MiB{scaled}",
        )
        for name, value in zip("ABC", memory.pj_per_bit, strict=True)
    ]
    return [
        *energies,
        Constant(
            name="buffers, area",
            value=memory.area_um2 * 1e-6,
            unit="mm^2",
            source=f"K. Mistry et al., IEDM 2007: {CELL} um^2 a bit, {EFFICIENCY:.0%} of it"
            f" filled{grown}",
        ),
        Constant(
            name="buffers, leakage",
            value=memory.leakage_uw,
            unit="uW",
            source="given" if memory.leakage_uw else "left out: no figure of the same source",
        ),
    ]
