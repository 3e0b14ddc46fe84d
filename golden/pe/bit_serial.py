"""Bit-serial: the naive digit-serial element, a cycle for every bit of A, ones and zeros alike."""

import numpy as np
from numpy.typing import NDArray

from golden.catalog import Element, Steps
from golden.formats import IntFormat
from golden.gemm import GemmResult, gemm


def model(a: NDArray, b: NDArray, acc: IntFormat) -> GemmResult:
    """Exact, modulo 2**bits."""
    return gemm(a, b, acc, "wrap")


def steps(a: NDArray, b: NDArray, a_format: IntFormat, b_format: IntFormat) -> NDArray[np.int64]:
    """A cycle for every bit."""
    return np.full(a.shape, a_format.bits, np.int64)


def most_steps(a_format: IntFormat, b_format: IntFormat) -> int:
    """The same for every number."""
    return a_format.bits


ELEMENT = Element(
    name="bit-serial",
    summary="digit-serial without skipping: a cycle for every bit of A, whatever the operands",
    hardware="hw.pe.bit_serial:BitSerial",
    model=model,
    resolves=True,
    arrays=("column",),
    steps=Steps(of=steps, most=most_steps, vary=False),
)
