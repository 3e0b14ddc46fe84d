"""Golden matrix products: readable reference, fast twin, and numpy's integers agree."""

from itertools import product
from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from golden.formats import IntFormat, parse_format
from golden.gemm import NEVER, GemmResult, Overflow, exact_product, gemm, gemm_reference

pytestmark = pytest.mark.fast

OVERFLOWS = get_args(Overflow)
SIGNS = ("int", "uint")


def all_values(number: IntFormat) -> NDArray:
    return np.arange(number.min, number.max + 1).astype(number.dtype)


def draw(number: IntFormat, shape: tuple[int, int], rng: np.random.Generator) -> NDArray:
    """Random values, a third of them at the ends of the range."""
    values = rng.integers(number.min, number.max, shape, endpoint=True, dtype=number.dtype)
    ends = rng.choice(np.array([number.min, number.max], number.dtype), shape)
    return np.where(rng.random(shape) < 1 / 3, ends, values)


def assert_equal(result: GemmResult, expected: GemmResult) -> None:
    assert result.c.dtype == expected.c.dtype
    np.testing.assert_array_equal(result.c, expected.c)
    np.testing.assert_array_equal(result.first_overflow, expected.first_overflow)


@pytest.mark.parametrize("overflow", OVERFLOWS)
@pytest.mark.parametrize("acc", ["int32", "int9", "uint7"])
@pytest.mark.parametrize("signs", [*product(SIGNS, SIGNS)], ids="x".join)
def test_every_operand_pair_up_to_8_bits(
    signs: tuple[str, str], acc: str, overflow: Overflow
) -> None:
    """8 bits hold every value of the narrower formats of the same sign."""
    a = all_values(parse_format(f"{signs[0]}8"))[:, None]
    b = all_values(parse_format(f"{signs[1]}8"))[None, :]
    number = parse_format(acc)
    result = gemm(a, b, number, overflow)
    assert_equal(result, gemm_reference(a, b, number, overflow))
    exact = a.astype(np.int64) @ b.astype(np.int64)
    fits = (exact >= number.min) & (exact <= number.max)
    np.testing.assert_array_equal(result.c[fits], exact[fits])
    np.testing.assert_array_equal(result.first_overflow == NEVER, fits)


@settings(deadline=None, max_examples=300)
@given(data=st.data())
def test_fast_twin_equals_reference(data: st.DataObject) -> None:
    """Any formats up to 32 bits, any accumulator up to 64, small enough to overflow often."""
    bits = data.draw(st.tuples(st.integers(2, 32), st.integers(2, 32)), label="bits")
    signed = data.draw(st.tuples(st.booleans(), st.booleans(), st.booleans()), label="signed")
    acc = IntFormat(bits=data.draw(st.integers(2, 64), label="acc"), signed=signed[2])
    m, k, n = data.draw(st.tuples(*[st.integers(1, 5)] * 3), label="size")
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32), label="seed"))
    a = draw(IntFormat(bits[0], signed[0]), (m, k), rng)
    b = draw(IntFormat(bits[1], signed[1]), (k, n), rng)
    overflow = data.draw(st.sampled_from(OVERFLOWS), label="overflow")
    assert_equal(gemm(a, b, acc, overflow), gemm_reference(a, b, acc, overflow))


@pytest.mark.parametrize("k", [1, 2, 17, 1000])
def test_wrap_is_numpys_own_int32_product(k: int) -> None:
    """numpy's int32 accumulators wrap as well, so it is an outside oracle for deep products."""
    rng = np.random.default_rng(k)
    int16 = parse_format("int16")
    a, b = draw(int16, (7, k), rng), draw(int16, (k, 5), rng)
    result = gemm(a, b, parse_format("int32"), "wrap")
    np.testing.assert_array_equal(result.c, a.astype(np.int32) @ b.astype(np.int32))


def test_overflow_says_at_which_k() -> None:
    """100 + 20 stays in int8, + 8 leaves it, - 100 comes back: it still counts."""
    a = np.array([[100, 20, 8, -100], [1, 1, 1, 1]], np.int8)
    b = np.ones((4, 1), np.int8)
    int8 = parse_format("int8")
    wrapped = gemm(a, b, int8, "wrap")
    assert wrapped.c.ravel().tolist() == [28, 4]
    assert wrapped.first_overflow.ravel().tolist() == [2, NEVER]
    assert wrapped.overflows == 1
    assert gemm(a, b, int8, "saturate").c.ravel().tolist() == [27, 4]


def test_saturation_depends_on_order() -> None:
    """It clamps after every addition: the same products in another order give another sum."""
    int8, ones = parse_format("int8"), np.ones((3, 1), np.int8)
    up_first = gemm(np.array([[100, 100, -100]], np.int8), ones, int8, "saturate")
    down_first = gemm(np.array([[100, -100, 100]], np.int8), ones, int8, "saturate")
    assert (up_first.c.item(), down_first.c.item()) == (27, 100)


@pytest.mark.parametrize("bits", [8, 16, 26, 32])
def test_exact_product_never_rounds(bits: int) -> None:
    """Bounds on both sides of 2**53 and 2**63, where floats and int64 end."""
    number = IntFormat(bits=bits, signed=True)
    for k in (1, 2, 3, 1000):
        a = np.full((2, k), number.min, number.dtype)
        a[0, 0] += 1
        b = np.full((k, 1), number.min, number.dtype)
        expected = [[(number.min + 1 + (k - 1) * number.min) * number.min], [k * number.min**2]]
        assert exact_product(a, b).tolist() == expected
