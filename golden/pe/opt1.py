"""OPT1 (HPCA 2025): the accumulator stays in carry-save form until it is drained."""

from numpy.typing import NDArray

from golden.catalog import IN_SPACE, ONE_BY_ONE, Element, Option
from golden.formats import IntFormat
from golden.gemm import GemmResult, Overflow, gemm
from golden.pe.mac import accumulator

WRAPS = Option(
    name="overflow",
    default="wrap",
    choices=("wrap",),
    summary="always modulo 2**bits: a carry-save sum does not know its own sign",
)
RIPPLE = Option(
    name="ripple",
    default="7",
    choices=(),
    numbers=range(3, 33),
    summary="how far carries run in a cycle, in delays of an XOR: more take fewer flip-flops",
)


def model(
    a: NDArray,
    b: NDArray,
    acc: IntFormat,
    *,
    overflow: Overflow,
    ripple: str,
    accumulator: str = "whole",
) -> GemmResult:
    """Exact, modulo 2**bits, however far carries run and sums are kept."""
    return gemm(a, b, acc, overflow)


ELEMENT = Element(
    name="opt1",
    summary="carry-save accumulation: no carry-propagating adder in the loop, one at the drain",
    hardware="hw.pe.opt1:Opt1",
    model=model,
    resolves=True,
    options=(WRAPS, RIPPLE, accumulator("split")),
    arrays=ONE_BY_ONE + IN_SPACE,
)
