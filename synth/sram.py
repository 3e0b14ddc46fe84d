"""Memories for operands and results, by published 45 nm figures: no compiler, no library.

Area: a six-transistor cell of 0.346 um^2 (K. Mistry et al., IEDM 2007), of which an array is filled
to `EFFICIENCY`; decoders and sense amplifiers take the rest. Energy: an access of 64 bits takes
10 pJ in 8 KiB, 20 pJ in 32 KiB and 100 pJ in 1 MiB (M. Horowitz, ISSCC 2014, 0.9 V); between and
beyond these sizes logarithms are interpolated, other widths are in proportion. Reading and writing
cost the same, leakage and access time are not modelled.
"""

import numpy as np

from golden.schedule import Beats
from golden.spec import EngineSpec
from synth.report import Buffer

CELL = 0.346
EFFICIENCY = 0.65
SIZES = (8.0, 32.0, 1024.0)
"""In KiB, with the energies of an access."""
ENERGIES = (10.0, 20.0, 100.0)
WIDTH = 64


def buffers(spec: EngineSpec, kib: tuple[float, float, float], depth: int) -> dict[str, Buffer]:
    """Memories of so many KiB for A, B and C, which pass `depth` products a sum.

    Operands are read once for every tile, C is written once.
    """
    schedule = spec.schedule(
        np.zeros((spec.rows, depth), np.int64), np.zeros((depth, spec.cols), np.int64)
    )
    macs = spec.rows * depth * spec.cols
    a, b, acc = spec.stream_formats
    operands = [_bits(schedule.a, a.bits), _bits(schedule.b, b.bits)]
    if spec.options.get("recode") == "b":
        operands.reverse()
    moved = {
        **dict(zip("ab", operands, strict=True)),
        "c": schedule.outputs * schedule.cols * acc.bits,
    }
    return {
        name: Buffer(
            kib=size,
            area_um2=area(size),
            bits_per_mac=bits / macs,
            energy_per_mac_pj=bits / macs * energy_per_bit(size),
        )
        for (name, bits), size in zip(moved.items(), kib, strict=True)
    }


def area(kib: float) -> float:
    """um^2 of a memory of so many KiB."""
    return kib * 1024 * 8 * CELL / EFFICIENCY


def energy_per_bit(kib: float) -> float:
    """pJ to read or write a bit of a memory of so many KiB."""
    sizes, energies = np.log(SIZES), np.log(ENERGIES)
    at = np.log(kib)
    # Beyond the table with the slope of its nearest part.
    part = 0 if at < sizes[1] else 1
    slope = (energies[part + 1] - energies[part]) / (sizes[part + 1] - sizes[part])
    return float(np.exp(energies[part] + slope * (at - sizes[part]))) / WIDTH


def _bits(beats: Beats, width: int) -> int:
    return beats.data.size * width
