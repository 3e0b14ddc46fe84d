"""Exact floating-point multiply-accumulate: the baseline of the floating-point elements."""

from numpy.typing import NDArray

from golden.accumulators import float_gemm
from golden.catalog import IN_SPACE, ONE_BY_ONE, Element, Option
from golden.fixed import Accumulator
from golden.floats import FloatFormat
from golden.gemm import GemmResult
from golden.products import ExactMultiplier, Subnormals


def fmac_gemm(
    a: NDArray,
    b: NDArray,
    formats: tuple[FloatFormat, FloatFormat, Accumulator],
    subnormals: Subnormals,
) -> GemmResult:
    """C = A B for values A (M, K) and B (K, N): exact products, added up as `acc` does."""
    x, y, acc = formats
    return float_gemm(x.encode(a), y.encode(b), ExactMultiplier(x, y, subnormals), acc)


ELEMENT = Element(
    name="fmac",
    summary="floating-point multiply-accumulate: exact product, one rounding for each addition",
    hardware="hw.pe.fmac:Fmac",
    model=fmac_gemm,
    resolves=True,
    operands="float",
    defaults={"a": "bf16", "b": "bf16", "acc": "fp32"},
    defaults_in_space={"acc": "q12.14"},
    arrays=ONE_BY_ONE + IN_SPACE,
    options=(
        Option(
            name="subnormals",
            default="keep",
            choices=("keep", "flush"),
            summary="operands whose exponent field is 0 are what they are, or zeros",
        ),
    ),
)
