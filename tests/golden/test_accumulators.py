"""Sums of products: readable against fast, exact ones against fractions, bounds against both."""

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from golden.accumulators import accumulate_reference, float_gemm
from golden.fixed import (
    FP32,
    Accumulator,
    FixedPoint,
    exact_fixed_point,
)
from golden.floats import NAMED_FLOATS, FloatFormat
from golden.gemm import NEVER
from golden.lmul import LMul
from golden.products import ExactMultiplier, Multiplier

pytestmark = pytest.mark.fast

FORMATS = ["e4m3", "e5m2", "bf16", "fp16"]
ACCUMULATORS: list[Accumulator] = [
    *(NAMED_FLOATS[name] for name in ("fp32", "bf16", "fp16", "e5m2", "e4m3")),
    FixedPoint(12, 8),
    FixedPoint(6, 0),
    FixedPoint(40, 40),
]


def multipliers(a: FloatFormat, b: FloatFormat) -> list[Multiplier]:
    return [ExactMultiplier(a, b), LMul(a, b)]


def codes(number: FloatFormat, shape: tuple[int, int], rng: Any) -> NDArray[np.int64]:
    """Two thirds of about 1, the others anything at all, but seldom NaN."""
    near = number.encode(rng.normal(size=shape)).astype(np.int64)
    return np.where(rng.random(shape) < 2 / 3, near, rng.integers(0, 1 << number.bits, shape))


def same(got: NDArray, expected: NDArray) -> None:
    """Equal as codes: signs of zeros count, and there is one NaN."""
    np.testing.assert_array_equal(FP32.encode(got), FP32.encode(expected))


@pytest.mark.parametrize("acc", [*ACCUMULATORS, None], ids=lambda acc: acc.name if acc else "exact")
@pytest.mark.parametrize("name", FORMATS)
def test_fast_sums_equal_the_reference(name: str, acc: Accumulator | None) -> None:
    number = NAMED_FLOATS[name]
    acc = acc or exact_fixed_point(number, number)
    rng = np.random.default_rng(len(name))
    for multiplier in multipliers(number, number):
        for depth in (1, 7):
            a, b = codes(number, (9, depth), rng), codes(number, (depth, 9), rng)
            products = [
                [
                    [multiplier.reference(x, y) for x, y in zip(row, column, strict=True)]
                    for column in b.T.tolist()
                ]
                for row in a.tolist()
            ]
            expected = [[accumulate_reference(some, acc) for some in row] for row in products]
            with np.errstate(over="ignore", invalid="ignore"):
                same(float_gemm(a, b, multiplier, acc).c, np.array(expected))


def test_one_product_in_fp32_is_numpys() -> None:
    rng = np.random.default_rng(2)
    fp32 = NAMED_FLOATS["fp32"]
    a, b = codes(fp32, (300, 1), rng), codes(fp32, (1, 300), rng)
    with np.errstate(over="ignore", invalid="ignore", under="ignore"):
        expected = fp32.decode(a) * fp32.decode(b)
    got = float_gemm(a, b, ExactMultiplier(fp32, fp32), fp32).c
    np.testing.assert_array_equal(got, expected)


@pytest.mark.parametrize("name", ["e4m3", "e5m2", "bf16"])
def test_exact_sums_are_exact_in_any_order(name: str) -> None:
    number = NAMED_FLOATS[name]
    rng = np.random.default_rng(3)
    finite = np.flatnonzero(np.isfinite(number.decode(np.arange(1 << number.bits))))
    a, b = rng.choice(finite, (5, 100)), rng.choice(finite, (100, 5))
    acc = exact_fixed_point(number, number)
    result = float_gemm(a, b, ExactMultiplier(number, number), acc)
    left, right = number.decode(a).tolist(), number.decode(b).T.tolist()
    for i, row in enumerate(left):
        for j, column in enumerate(right):
            exact = sum(Fraction(x) * Fraction(y) for x, y in zip(row, column, strict=True))
            assert result.c[i, j] == FP32.decode_reference(FP32.encode_reference(exact))
    assert (result.first_overflow == NEVER).all()
    order = rng.permutation(100)
    same(float_gemm(a[:, order], b[order], ExactMultiplier(number, number), acc).c, result.c)


@pytest.mark.parametrize("fraction", [4, 9, 14])
def test_a_truncated_sum_is_off_by_less_than_its_bound(fraction: int) -> None:
    number, depth = NAMED_FLOATS["bf16"], 64
    rng = np.random.default_rng(fraction)
    a = number.encode(rng.normal(size=(40, depth))).astype(np.int64)
    b = number.encode(rng.normal(size=(depth, 40))).astype(np.int64)
    multiplier = ExactMultiplier(number, number)
    exact = float_gemm(a, b, multiplier, exact_fixed_point(number, number)).c.astype(float)
    truncated = float_gemm(a, b, multiplier, FixedPoint(12, fraction)).c.astype(float)
    error = np.abs(truncated - exact).max()
    assert 0 < error < depth * 2.0**-fraction


def test_sums_are_modulo_the_range_and_say_when_they_left_it() -> None:
    e4m3 = NAMED_FLOATS["e4m3"]
    a = e4m3.encode([[100, 40, -100]]).astype(np.int64)
    b = e4m3.encode([[1], [1], [1]]).astype(np.int64)
    exact = ExactMultiplier(e4m3, e4m3)
    values = e4m3.decode(a)[0]
    result = float_gemm(a, b, exact, FixedPoint(8, 2))
    assert result.c.item() == values.sum()
    assert result.first_overflow.item() == 1
    assert float_gemm(a[:, :2], b[:2], exact, FixedPoint(8, 2)).c.item() == values[:2].sum() - 256


def test_overflow_to_infinity_is_noted() -> None:
    fp16 = NAMED_FLOATS["fp16"]
    a = fp16.encode([[60000, 60000, -60000]]).astype(np.int64)
    b = fp16.encode([[1], [1], [1]]).astype(np.int64)
    result = float_gemm(a, b, ExactMultiplier(fp16, fp16), fp16)
    assert math.isinf(result.c.item())
    assert result.first_overflow.item() == 1
