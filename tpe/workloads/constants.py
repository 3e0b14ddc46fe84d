"""Every number of the workload model that no engine and no user brings, with its source."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Constant:
    """A number, and where it is from."""

    name: str
    value: float
    unit: str
    source: str


HOROWITZ = "M. Horowitz, ISSCC 2014, 45 nm, 0.9 V"
MIXPE = "set-up of MixPE, arXiv 2411.16158"

DRAM_ENERGY = Constant(
    name="DRAM energy",
    value=1300 / 64,
    unit="pJ/bit",
    source=f"{HOROWITZ}: 1.3 to 2.6 nJ for 64 bits, the lower end",
)
DRAM_BANDWIDTH = Constant(
    name="DRAM bandwidth",
    value=512.0,
    unit="Gbit/s",
    source=f"{MIXPE}: 1024 bits a cycle at 500 MHz",
)
BUFFER_A = Constant(name="buffer of A", value=256.0, unit="KiB", source=MIXPE)
BUFFER_B = Constant(name="buffer of B", value=128.0, unit="KiB", source=MIXPE)
BUFFER_C = Constant(name="buffer of C", value=128.0, unit="KiB", source=MIXPE)
HALVES = Constant(
    name="halves of a buffer",
    value=2,
    unit="",
    source="double buffering: one is filled while the other is read, so that DRAM and engine work"
    " at the same time",
)
GROUP = Constant(
    name="group", value=128, unit="weights a scale", source=f"{MIXPE}, and AWQ, arXiv 2306.00978"
)
SCALE_BITS = Constant(
    name="scale", value=16, unit="bit", source="fp16; its zero point is as wide as a weight"
)
DEQUANTIZE_ENERGY = Constant(
    name="dequantization energy",
    value=1.1 + 0.4,
    unit="pJ/number",
    source=f"{HOROWITZ}: an fp16 multiplication and an fp16 addition",
)
