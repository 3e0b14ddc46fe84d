"""Laconic (ISCA 2019): both operands as terms, a cycle for every pair of them."""

import numpy as np
from numpy.typing import NDArray

from golden.catalog import Element, Steps
from golden.formats import IntFormat
from golden.gemm import GemmResult, gemm
from golden.recodings import RECODINGS

NAF = RECODINGS["naf"]


def model(a: NDArray, b: NDArray, acc: IntFormat) -> GemmResult:
    """Exact, modulo 2**bits."""
    return gemm(a, b, acc, "wrap")


def steps(a: NDArray, b: NDArray, a_format: IntFormat, b_format: IntFormat) -> NDArray[np.int64]:
    """A cycle for every term of A and every term of the number of B in the row that has most."""
    longest = NAF.nonzero_digits(b, b_format).max(axis=1, keepdims=True)
    return NAF.nonzero_digits(a, a_format) * longest


def most_steps(a_format: IntFormat, b_format: IntFormat) -> int:
    """All digits of both."""
    return NAF.count(a_format) * NAF.count(b_format)


ELEMENT = Element(
    name="laconic",
    summary="bit-slice: both operands as terms, pairs of four numbers at a time in a histogram",
    hardware="hw.pe.laconic:Laconic",
    model=model,
    resolves=True,
    arrays=("column",),
    steps=Steps(of=steps, most=most_steps, vary=True, ways=4, paired=True),
)
