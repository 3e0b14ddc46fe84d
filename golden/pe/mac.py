"""Multiply-accumulate: the baseline of every comparison."""

from numpy.typing import NDArray

from golden.catalog import IN_SPACE, ONE_BY_ONE, Element, Option
from golden.formats import IntFormat
from golden.gemm import GemmResult, Overflow, gemm


def accumulator(default: str) -> Option:
    """The option that says how sums are kept."""
    return Option(
        name="accumulator",
        default=default,
        choices=("split", "whole"),
        summary="split: the bits above a product count overflows and rest otherwise",
        one_by_one=("split",),
        resolves=("split",),
    )


def model(
    a: NDArray, b: NDArray, acc: IntFormat, *, overflow: Overflow, accumulator: str
) -> GemmResult:
    """Exact, and as `overflow` says beyond the range, however sums are kept."""
    return gemm(a, b, acc, overflow)


ELEMENT = Element(
    name="mac",
    summary="fused multiply-accumulate: carry-save tree with the accumulator, one final adder",
    hardware="hw.pe.mac:Mac",
    model=model,
    options=(
        Option(
            name="overflow",
            default="wrap",
            choices=("wrap", "saturate"),
            summary="what an accumulator does beyond its range",
            one_by_one=("saturate",),
        ),
        accumulator("split"),
    ),
    arrays=ONE_BY_ONE + IN_SPACE,
)
