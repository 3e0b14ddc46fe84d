"""OPT4C (HPCA 2025): digit-serial, the digits come from a recoder that a row of elements shares."""

import numpy as np
from numpy.typing import NDArray

from golden.catalog import Element, Option, Steps
from golden.formats import IntFormat
from golden.gemm import GemmResult, gemm
from golden.recodings import RECODINGS


def model(a: NDArray, b: NDArray, acc: IntFormat, *, recoding: str) -> GemmResult:
    """Exact, modulo 2**bits, whatever the recoding."""
    return gemm(a, b, acc, "wrap")


def steps(
    a: NDArray, b: NDArray, a_format: IntFormat, b_format: IntFormat, *, recoding: str
) -> NDArray[np.int64]:
    """One cycle for every digit that is not zero."""
    return RECODINGS[recoding].nonzero_digits(a, a_format)


def most_steps(a_format: IntFormat, b_format: IntFormat, *, recoding: str) -> int:
    return RECODINGS[recoding].count(a_format)


ELEMENT = Element(
    name="opt4c",
    summary="digit-serial: a select and a carry-save adder for digits that a row shares",
    hardware="hw.pe.opt4c:Opt4c",
    model=model,
    resolves=True,
    options=(
        Option(
            name="recoding",
            default="wnaf3",
            choices=tuple(RECODINGS),
            summary="how A becomes digits",
        ),
    ),
    arrays=("column",),
    steps=Steps(of=steps, most=most_steps, vary=True),
)
