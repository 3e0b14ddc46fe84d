"""OPT2 (HPCA 2025): partial products of many lanes are added up by their weight, K first."""

from golden.catalog import Element, Option
from golden.gemm import gemm

ELEMENT = Element(
    name="opt2",
    summary="carry-save dot products; what depends on A alone is added up once for a row",
    hardware="hw.pe.opt2:Opt2",
    model=gemm,
    resolves=True,
    options=(
        Option(
            name="overflow",
            default="wrap",
            choices=("wrap",),
            summary="always modulo 2**bits: a carry-save sum does not know its own sign",
        ),
    ),
    arrays=("adder-tree",),
)
