"""OPT2 (HPCA 2025): partial products of many lanes are added up by their weight, K first."""

from golden.catalog import Element
from golden.pe.opt1 import RIPPLE, WRAPS, model

ELEMENT = Element(
    name="opt2",
    summary="carry-save dot products; what depends on A alone is added up once for a row",
    hardware="hw.pe.opt2:Opt2",
    model=model,
    resolves=True,
    options=(WRAPS, RIPPLE),
    arrays=("adder-tree",),
)
