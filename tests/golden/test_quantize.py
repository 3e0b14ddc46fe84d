"""Quantised weights: fast against readable, how far off they may be, and what is refused."""

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from golden.formats import IntFormat
from golden.quantize import (
    BITS,
    QuantizedWeights,
    WeightsError,
    of_rows,
    quantize,
    quantize_reference,
)
from golden.scales import SCALES, Scale, are_scales

pytestmark = pytest.mark.fast

WAYS = [*product(BITS, SCALES, (False, True))]
EVERY_WAY = pytest.mark.parametrize(("bits", "scale", "zero_point"), WAYS)


def weights(k: int, n: int, seed: int = 1) -> NDArray[np.float64]:
    """Columns of sizes from 2**-40 to 2**15, a positive one, a negative one and one of zeros."""
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(k, n)) * np.ldexp(1.0, rng.integers(-40, 15, n))
    values[:, 0] = np.abs(values[:, 0])
    values[:, 1] = -np.abs(values[:, 1])
    values[:, 2] = 0
    return values


def same(left: QuantizedWeights, right: QuantizedWeights) -> None:
    np.testing.assert_array_equal(left.codes, right.codes)
    np.testing.assert_array_equal(left.scales, right.scales)
    assert (left.zeros is None) == (right.zeros is None)
    if left.zeros is not None and right.zeros is not None:
        np.testing.assert_array_equal(left.zeros, right.zeros)
    assert (left.weights, left.group, left.scale) == (right.weights, right.group, right.scale)


def problems(**fields: Any) -> list[str]:
    good: dict[str, Any] = {
        "codes": np.zeros((5, 3), int),
        "scales": np.ones((2, 3)),
        "zeros": None,
        "weights": IntFormat(4, True),
        "group": 3,
        "scale": "fp16",
    }
    with pytest.raises(WeightsError) as caught:
        QuantizedWeights(**(good | fields))
    return caught.value.problems


@EVERY_WAY
@pytest.mark.parametrize(("k", "group"), [(7, 3), (8, 4), (5, 9), (4, 1), (1, 128)])
def test_quantize_is_its_reference(
    bits: int, scale: Scale, zero_point: bool, k: int, group: int
) -> None:
    w = weights(k, 5)
    arguments: dict[str, Any] = {
        "bits": bits,
        "group": group,
        "scale": scale,
        "zero_point": zero_point,
    }
    same(quantize(w, **arguments), quantize_reference(w, **arguments))


@given(
    w=arrays.arrays(
        np.float32, (5, 2), elements=st.floats(-(2.0**15), 2.0**15, width=32, allow_nan=False)
    ),
    way=st.sampled_from(WAYS),
    group=st.integers(1, 6),
)
def test_any_weights(w: NDArray, way: tuple[int, Scale, bool], group: int) -> None:
    bits, scale, zero_point = way
    arguments: dict[str, Any] = {
        "bits": bits,
        "group": group,
        "scale": scale,
        "zero_point": zero_point,
    }
    found = quantize(w, **arguments)
    same(found, quantize_reference(w, **arguments))
    within_half_a_scale(found, w)


def within_half_a_scale(found: QuantizedWeights, w: NDArray) -> None:
    scales = of_rows(found.scales, found.group, found.k).astype(np.float64)
    # Twice the rounding error of a division in double precision, and what underflows to 0.
    bound = scales / 2 + 2.0**-50 * np.abs(w) + np.where(scales == 1, 2.0**-1000, 0)
    assert (np.abs(found.dequantized() - w) <= bound).all()


@EVERY_WAY
def test_shapes_ranges_and_error(bits: int, scale: Scale, zero_point: bool) -> None:
    w = weights(300, 8)
    found = quantize(w, bits=bits, group=128, scale=scale, zero_point=zero_point)
    assert (found.k, found.n, found.groups) == (300, 8, 3)
    assert found.codes.shape == found.dequantized().shape == (300, 8)
    assert found.codes.dtype == found.weights.dtype
    assert found.scales.shape == (3, 8)
    assert found.scales.dtype == np.float32
    assert are_scales(found.scales, scale).all()
    within_half_a_scale(found, w)
    assert found.weights.name == f"{'uint' if zero_point else 'int'}{bits}"
    if zero_point:
        assert found.zeros is not None
        assert found.zeros.dtype == found.codes.dtype
    else:
        assert found.codes.min() >= -found.weights.max


@pytest.mark.parametrize("zero_point", [False, True])
def test_ragged_groups_are_those_of_the_pieces(zero_point: bool) -> None:
    w = weights(10, 4)
    whole = quantize(w, bits=4, group=4, zero_point=zero_point)
    for group, start in enumerate(range(0, 10, 4)):
        piece = quantize(w[start : start + 4], bits=4, group=4, zero_point=zero_point)
        np.testing.assert_array_equal(whole.codes[start : start + 4], piece.codes)
        np.testing.assert_array_equal(whole.scales[group : group + 1], piece.scales)


@EVERY_WAY
def test_zeros_are_exact(bits: int, scale: Scale, zero_point: bool) -> None:
    w = weights(12, 5)
    w[::2] = 0
    found = quantize(w, bits=bits, group=4, scale=scale, zero_point=zero_point)
    assert (found.dequantized()[::2] == 0).all()
    assert (found.scales[:, 2] == 1).all()


@pytest.mark.parametrize("bits", BITS)
def test_what_codes_stand_for_comes_back(bits: int) -> None:
    """Weights on a grid whose scale is a power of two lose nothing."""
    number = IntFormat(bits, signed=True)
    codes = np.random.default_rng(1).integers(-number.max, number.max + 1, (20, 6))
    codes[::5] = number.max
    for scale in SCALES:
        found = quantize(codes * 2.0**-9, bits=bits, group=5, scale=scale)
        np.testing.assert_array_equal(found.codes, codes)
        assert (found.scales == 2.0**-9).all()
        found = quantize(codes * 2.0**-9, bits=8, group=5, scale=scale, zero_point=True)
        if scale == "fp32":
            assert np.abs(found.dequantized() - codes * 2.0**-9).max() <= found.scales.max() / 2


def test_more_bits_and_smaller_groups_are_nearer() -> None:
    w = np.random.default_rng(3).normal(size=(256, 16))

    def noise(**arguments: Any) -> float:
        return float(((quantize(w, **arguments).dequantized() - w) ** 2).sum())

    by_bits = [noise(bits=bits, group=32) for bits in BITS]
    assert by_bits == sorted(by_bits, reverse=True)
    by_group = [noise(bits=4, group=group) for group in (8, 32, 128, 256)]
    assert by_group == sorted(by_group)
    assert noise(bits=4, group=32, scale="pow2") > noise(bits=4, group=32)


def test_integers_and_float16_are_weights_too() -> None:
    w = np.arange(-6, 6).reshape(4, 3)
    for dtype in (np.int8, np.float16, np.float64):
        same(quantize(w.astype(dtype), bits=4, group=2), quantize(w, bits=4, group=2))


def test_bits_per_weight() -> None:
    w = weights(300, 4)
    assert quantize(w, bits=4, group=128).bits_per_weight == 4 + 16 * 3 / 300
    assert quantize(w, bits=4, group=100, zero_point=True).bits_per_weight == 4 + 20 / 100
    assert quantize(w, bits=8, group=999, scale="pow2").bits_per_weight == 8 + 8 / 300
    found = quantize(w, bits=2, group=1, scale="fp32", zero_point=True)
    assert found.bits_per_weight == 2 + 34


def test_scales_out_of_range() -> None:
    w = np.ones((6, 3))
    w[4, 1] = 3e6
    with pytest.raises(WeightsError, match=r"fp16 given, .* 428571, which group 1 of column 1"):
        quantize(w, bits=4, group=3)
    for scale in ("fp32", "pow2"):
        within_half_a_scale(quantize(w, bits=4, group=3, scale=scale), w)
    for value, scale, zero_point in product((1e300, 1.7e308), SCALES, (False, True)):
        w[4, 1], w[3, 1] = value, -value
        with pytest.raises(WeightsError, match="use a format that holds"):
            quantize(w, bits=4, group=3, scale=scale, zero_point=zero_point)


@EVERY_WAY
def test_tiny_weights_have_the_smallest_scale(bits: int, scale: Scale, zero_point: bool) -> None:
    found = quantize(
        np.full((2, 2), 1e-300), bits=bits, group=2, scale=scale, zero_point=zero_point
    )
    assert are_scales(found.scales, scale).all()
    assert (found.dequantized() == 0).all()


@pytest.mark.parametrize(
    ("w", "line"),
    [
        (np.array([[1, np.nan], [np.inf, 0]]), "weights: nan in row 0, column 1 (and 1 more)"),
        (np.array([[1], [-np.inf]]), "weights: -inf in row 1, column 0 is no finite number"),
        (np.zeros(3), "weights: shape (3,) given, use a matrix, K x N"),
        (np.zeros((0, 3)), "weights: shape (0, 3) given, use a matrix, K x N"),
        (np.array([["a"]]), "weights: dtype <U1 given, use an array of numbers"),
        (np.array([[1j]]), "weights: dtype complex128 given, use an array of numbers"),
    ],
)
def test_weights_refused_beside_all_other_problems(w: NDArray, line: str) -> None:
    with pytest.raises(WeightsError) as caught:
        quantize(w, bits=5, group=0, scale="fp8")  # type: ignore[arg-type]
    assert caught.value.problems[:3] == [
        "bits: 5 given, use 2, 3, 4, 6 or 8",
        "group: 0 given, use a whole number from 1",
        "scale: 'fp8' given, use fp16, fp32 or pow2",
    ]
    assert caught.value.problems[3].startswith(line)
    assert str(caught.value) == "\n".join(caught.value.problems)


@pytest.mark.parametrize("value", [4.0, "4", None, True])
def test_parameters_are_whole_numbers(value: Any) -> None:
    with pytest.raises(WeightsError) as caught:
        quantize(np.ones((2, 2)), bits=value, group=value)
    assert caught.value.problems == [
        f"bits: {value!r} given, use 2, 3, 4, 6 or 8",
        f"group: {value!r} given, use a whole number from 1",
    ]


def test_fields_are_checked_all_at_once() -> None:
    unsigned = {"weights": IntFormat(4, False), "zeros": np.zeros((2, 3), int)}
    assert problems(group=0, scale="x", weights=IntFormat(5, False), codes=np.zeros(3)) == [
        "bits: 5 given, use 2, 3, 4, 6 or 8",
        "group: 0 given, use a whole number from 1",
        "scale: 'x' given, use fp16, fp32 or pow2",
        "weights: uint5 given, use int5 without zeros, uint5 with them",
        "codes: dtype float64 given, use an array of whole numbers",
    ]
    assert problems(weights=IntFormat(4, True), zeros=np.zeros((2, 3), int)) == [
        "weights: int4 given, use int4 without zeros, uint4 with them"
    ]
    assert problems(codes=np.full((5, 3), 8), scales=np.ones((1, 3))) == [
        "codes: 8 in row 0, column 0 (and 14 more) is outside int4, -8 to 7",
        "scales: shape (1, 3) given, use (2, 3): groups x N",
    ]
    assert problems(**unsigned, scales=np.array([[1, 0.1, 1], [0, -1, np.nan]])) == [
        "scales: 0.1 in row 0, column 1 (and 3 more) is no positive finite fp16 number"
    ]
    assert problems(**unsigned | {"zeros": np.full((2, 3), 16)}) == [
        "zeros: 16 in row 0, column 0 (and 5 more) is outside uint4, 0 to 15"
    ]
    assert problems(**unsigned | {"zeros": np.zeros((3, 3), int)}) == [
        "zeros: shape (3, 3) given, use (2, 3): groups x N"
    ]
    assert problems(scale="pow2", scales=np.full((2, 3), 3.0)) == [
        "scales: 3.0 in row 0, column 0 (and 5 more) is no positive finite pow2 number"
    ]


def test_fields_are_kept_in_their_dtypes() -> None:
    held = QuantizedWeights(
        codes=np.full((3, 2), 255),
        scales=np.full((2, 2), 0.5),
        zeros=np.full((2, 2), 250, np.int16),
        weights=IntFormat(8, False),
        group=2,
        scale="pow2",
    )
    assert held.codes.dtype == np.uint8
    assert held.zeros is not None
    assert held.zeros.dtype == np.uint8
    assert held.scales.dtype == np.float32
    assert (held.dequantized() == 2.5).all()
