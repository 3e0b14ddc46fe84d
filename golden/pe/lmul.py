"""L-Mul multiply-accumulate: products by addition, sums in fixed point (arXiv 2410.00907)."""

from typing import Any

from numpy.typing import NDArray

from golden.accumulators import float_gemm
from golden.catalog import IN_SPACE, ONE_BY_ONE, Element, Option
from golden.fixed import Accumulator
from golden.floats import FloatFormat
from golden.gemm import GemmResult
from golden.lmul import LMul


def lmul_rules(a: FloatFormat, b: FloatFormat, **options: Any) -> LMul:
    """The multiplier that the options of a spec describe.

    Raises
    ------
    ValueError
        If they do not go together.
    """
    cut = options.pop("cut")
    return LMul(
        a,
        b,
        cut=None if cut == "none" else int(cut),
        carry=options.pop("carry") == "on",
        **options,
    )


def lmul_gemm(
    a: NDArray,
    b: NDArray,
    formats: tuple[FloatFormat, FloatFormat, Accumulator],
    **options: str,
) -> GemmResult:
    """C = A B for values A (M, K) and B (K, N): L-Mul products, added up as `acc` does."""
    x, y, acc = formats
    return float_gemm(x.encode(a), y.encode(b), lmul_rules(x, y, **options), acc)


ELEMENT = Element(
    name="lmul",
    summary="floating-point products by integer addition (L-Mul), added up in fixed point",
    hardware="hw.pe.lmul:LMulMac",
    model=lmul_gemm,
    resolves=True,
    operands="float",
    defaults={"a": "bf16", "b": "bf16", "acc": "q12.14"},
    check=lmul_rules,
    arrays=ONE_BY_ONE + IN_SPACE,
    options=(
        Option(
            name="offset",
            default="best",
            choices=("best", "paper", "none"),
            numbers=range(-64, 1 << 20),
            summary="added to the sum of mantissas, in units of the last place",
        ),
        Option(
            name="form",
            default="bit",
            choices=("bit", "value"),
            summary="a mantissa sum of 1 or more raises the exponent, or it does not",
        ),
        Option(
            name="carry",
            default="off",
            choices=("off", "on"),
            summary="append a correcting bit to products of 1 to 3 mantissa bits",
        ),
        Option(
            name="cut",
            default="none",
            choices=("none",),
            numbers=range(24),
            summary="mantissa bits to leave of each operand",
        ),
        Option(
            name="subnormals",
            default="flush",
            choices=("flush", "linear"),
            summary="an operand with exponent field 0 is zero, or has a hidden 1 as others have",
        ),
        Option(
            name="specials",
            default="propagate",
            choices=("propagate", "ignore"),
            summary="infinity and NaN are what they are, or ordinary numbers",
        ),
    ),
)
