"""MixPE (arXiv 2411.16158): weights of few bits by shift and add, scaled after each group."""

from typing import Any

from numpy.typing import NDArray

from golden.catalog import Element, Option
from golden.fixed import Accumulator
from golden.formats import Format, IntFormat
from golden.gemm import GemmResult
from golden.groups import FloatGroups, IntegerGroups, grouped_gemm, parse_groups
from golden.quantize import QuantizedWeights
from golden.scales import SCALES


def mixpe_groups(
    a: Format, b: IntFormat, *, digits: str, **options: Any
) -> IntegerGroups | FloatGroups:
    """The groups that the options of a spec describe, whatever the digits of weights.

    Raises
    ------
    ValueError
        If they do not go together.
    """
    return parse_groups(a, b, **options)


def mixpe_gemm(
    a: NDArray,
    b: QuantizedWeights,
    formats: tuple[Format, IntFormat, Accumulator],
    **options: str,
) -> GemmResult:
    """C = A W for A (M, K) and quantised weights (K, N)."""
    x, w, acc = formats
    return grouped_gemm(a, b, mixpe_groups(x, w, **options), acc)


ELEMENT = Element(
    name="mixpe",
    summary="shift-and-add products of short weights, scaled and added up group after group",
    hardware="hw.pe.mixpe:mixpe",
    model=mixpe_gemm,
    operands="quantized",
    defaults={"a": "int8", "b": "int4", "acc": "fp32"},
    check=mixpe_groups,
    groups=mixpe_groups,
    arrays=("systolic-os", "systolic-ws"),
    options=(
        Option(
            name="group",
            default="128",
            choices=(),
            numbers=range(1, 1 << 16),
            summary="values of k that share a scale",
        ),
        Option(
            name="scale",
            default="fp16",
            choices=SCALES,
            summary="format of scales; pow2 has an exponent only",
        ),
        Option(
            name="zeros",
            default="off",
            choices=("off", "on"),
            summary="groups have zero points, and weights no sign",
        ),
        Option(
            name="digits",
            default="booth",
            choices=("booth", "bits"),
            summary="integers are multiplied by radix-4 digits of weights, or by their bits",
        ),
    ),
)
