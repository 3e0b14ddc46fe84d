"""OPT1 (HPCA 2025): the accumulator stays in carry-save form until it is drained."""

from golden.catalog import IN_SPACE, ONE_BY_ONE, Element, Option
from golden.gemm import gemm

WRAPS = Option(
    name="overflow",
    default="wrap",
    choices=("wrap",),
    summary="always modulo 2**bits: a carry-save sum does not know its own sign",
)

ELEMENT = Element(
    name="opt1",
    summary="carry-save accumulation: no carry-propagating adder in the loop, one at the drain",
    hardware="hw.pe.opt1:Opt1",
    model=gemm,
    resolves=True,
    options=(WRAPS,),
    arrays=ONE_BY_ONE + IN_SPACE,
)
