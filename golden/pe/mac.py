"""Multiply-accumulate: the baseline of every comparison."""

from golden.catalog import IN_SPACE, ONE_BY_ONE, Element, Option
from golden.gemm import gemm

ELEMENT = Element(
    name="mac",
    summary="fused multiply-accumulate: carry-save tree with the accumulator, one final adder",
    hardware="hw.pe.mac:Mac",
    model=gemm,
    options=(
        Option(
            name="overflow",
            default="wrap",
            choices=("wrap", "saturate"),
            summary="what an accumulator does beyond its range",
            one_by_one=("saturate",),
        ),
    ),
    arrays=ONE_BY_ONE + IN_SPACE,
)
