"""The golden models against numpy's own integer matrix multiplication."""

import numpy as np

from benchmarks.row import Row, seconds
from golden.formats import parse_format
from golden.gemm import gemm

SIDE = 512


def rows() -> list[Row]:
    """Time of a 512x512x512 GEMM."""
    random = np.random.default_rng(1)
    a, b = (random.integers(-128, 128, (SIDE, SIDE), np.int8) for _ in range(2))
    wide_a, wide_b = a.astype(np.int32), b.astype(np.int32)
    return [
        Row(
            name=f"golden GEMM, int8, {SIDE}^3",
            ours=seconds(lambda: gemm(a, b, parse_format("int32"), "wrap")),
            other=seconds(lambda: wide_a @ wide_b),
            against="numpy's int32 matmul",
            unit="s",
            better="less",
            bound=1 / 3,
        )
    ]
