"""The golden models against numpy's own arithmetic."""

import numpy as np
from numpy.typing import NDArray

from benchmarks.row import Row, seconds
from golden.floats import NAMED_FLOATS
from golden.formats import parse_format
from golden.gemm import gemm
from golden.lmul_codes import LMulCodes
from golden.loading import load_spec

SIDE = 512
PRODUCTS = 1 << 22


def rows() -> list[Row]:
    """Time of a 512x512x512 GEMM, L-Mul products a second, and MACs a second of a cycle model."""
    random = np.random.default_rng(1)
    a, b = (random.integers(-128, 128, (SIDE, SIDE), np.int8) for _ in range(2))
    wide_a, wide_b = a.astype(np.int32), b.astype(np.int32)
    integers = Row(
        name=f"golden GEMM, int8, {SIDE}^3",
        ours=seconds(lambda: gemm(a, b, parse_format("int32"), "wrap")),
        other=seconds(lambda: wide_a @ wide_b),
        against="numpy's int32 matmul",
        unit="s",
        better="less",
        bound=1 / 3,
    )
    return [integers, *(_lmul(name) for name in ("e4m3", "bf16")), _cycles(a, b)]


def _cycles(a: NDArray, b: NDArray) -> Row:
    """MACs a second of which the cycle model of a digit-serial engine finds the time."""
    spec = load_spec("opt4c-column", ["rows=16", "cols=16"])
    return Row(
        name=f"cycles of opt4c, 16x16, {SIDE}^3",
        ours=SIDE**3 / seconds(lambda: spec.cycles_on(a, b)) / 1e6,
        other=50.0,
        against="what is wanted",
        unit="M MACs/s",
        better="more",
        bound=1.0,
    )


def _lmul(name: str) -> Row:
    """Products a second on one core against the 50 million that are wanted at least."""
    number = NAMED_FLOATS[name]
    random = np.random.default_rng(2)
    dtype = np.uint8 if number.bits == 8 else np.uint16
    x, y = (number.encode(random.normal(size=PRODUCTS)).astype(dtype) for _ in range(2))
    rules = LMulCodes(number)
    return Row(
        name=f"golden L-Mul, {name}",
        ours=PRODUCTS / seconds(lambda: rules.multiply(x, y)) / 1e6,
        other=50.0,
        against="what is wanted",
        unit="M products/s",
        better="more",
        bound=1.0,
    )
