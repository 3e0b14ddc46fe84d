"""Float formats bit for bit: readable against fast, and both against `ml_dtypes` and `gfloat`."""

from itertools import product
from typing import Any, get_args

import gfloat
import gfloat.formats
import ml_dtypes
import numpy as np
import pytest
from numpy.typing import NDArray

from golden.floats import EXPONENT_BITS, NAMED_FLOATS, FloatFormat, Rounding, parse_float

pytestmark = pytest.mark.fast

MANY = [
    number
    for x, y in product(EXPONENT_BITS, range(5))
    if (number := parse_float(f"e{x}m{y}")) not in NAMED_FLOATS.values() and number and x + y <= 7
]
NARROW = [*MANY, *(number for number in NAMED_FLOATS.values() if number.bits <= 8)]
ML_DTYPES: dict[str, Any] = {
    "fp16": np.float16,
    "bf16": ml_dtypes.bfloat16,
    "e5m2": ml_dtypes.float8_e5m2,
    "e4m3": ml_dtypes.float8_e4m3fn,
    "e3m4": ml_dtypes.float8_e3m4,
    "e3m2": ml_dtypes.float6_e3m2fn,
    "e2m3": ml_dtypes.float6_e2m3fn,
    "e2m1": ml_dtypes.float4_e2m1fn,
}
GFLOAT: dict[str, Any] = {
    "fp16": gfloat.formats.format_info_binary16,
    "bf16": gfloat.formats.format_info_bfloat16,
    "e5m2": gfloat.formats.format_info_ocp_e5m2,
    "e4m3": gfloat.formats.format_info_ocp_e4m3,
    "e3m2": gfloat.formats.format_info_ocp_e3m2,
    "e2m3": gfloat.formats.format_info_ocp_e2m3,
    "e2m1": gfloat.formats.format_info_ocp_e2m1,
}
GFLOAT_ROUNDING = {
    "nearest-even": gfloat.RoundMode.TiesToEven,
    "toward-zero": gfloat.RoundMode.TowardZero,
}


def all_codes(number: FloatFormat) -> NDArray[np.int64]:
    return np.arange(1 << number.bits)


def interesting(number: FloatFormat) -> NDArray[np.float64]:
    """Every value of the format, the middle of any two neighbours, and what is just beside it."""
    finite = number.decode(all_codes(number)).astype(np.float64)
    finite = np.unique(finite[np.isfinite(finite)])
    middles = (finite[1:] + finite[:-1]) / 2
    beyond = number.max * np.array([1 + 2.0**-20, 1.0625, 1.125, 1.25, 2, 1e6])
    near = [np.nextafter(middles, side) for side in (-np.inf, np.inf)]
    values = np.concatenate([finite, middles, *near, beyond, -beyond, [0.0, -0.0]])
    return np.concatenate([values, [np.inf, -np.inf]])


def same(left: NDArray, right: NDArray) -> None:
    """Equal, signs of zeros included; a NaN equals a NaN."""
    left, right = left.astype(np.float64), right.astype(np.float64)
    np.testing.assert_array_equal(left, right)
    known = ~np.isnan(left)
    np.testing.assert_array_equal(np.signbit(left[known]), np.signbit(right[known]))


@pytest.mark.parametrize("number", NARROW, ids=lambda number: number.name)
def test_decode_is_its_reference(number: FloatFormat) -> None:
    expected = [number.decode_reference(code) for code in all_codes(number).tolist()]
    same(number.decode(all_codes(number)), np.array(expected))


@pytest.mark.parametrize("saturate", [False, True])
@pytest.mark.parametrize("rounding", ["nearest-even", "toward-zero"])
@pytest.mark.parametrize("number", NARROW, ids=lambda number: number.name)
def test_encode_is_its_reference(number: FloatFormat, rounding: Rounding, saturate: bool) -> None:
    values = interesting(number)
    expected = [number.encode_reference(v, rounding, saturate=saturate) for v in values.tolist()]
    assert number.encode(values, rounding, saturate=saturate).tolist() == expected


@pytest.mark.parametrize("number", NARROW, ids=lambda number: number.name)
def test_stochastic_rounding_is_its_reference(number: FloatFormat) -> None:
    values = interesting(number)
    draws = np.random.default_rng(3).random(values.shape)
    expected = [
        number.encode_reference(value, "stochastic", draw=draw)
        for value, draw in zip(values.tolist(), draws.tolist(), strict=True)
    ]
    assert number.encode(values, "stochastic", seed=3).tolist() == expected


def test_stochastic_rounding_is_right_on_average() -> None:
    number = NAMED_FLOATS["e4m3"]
    # 1.03125 is a quarter of the way from 1 to 1.125.
    rounded = number.decode(number.encode(np.full(100_000, 1.03125), "stochastic", seed=1))
    assert set(rounded.tolist()) == {1.0, 1.125}
    assert abs(float(rounded.mean()) - 1.03125) < 0.001


@pytest.mark.parametrize("name", ML_DTYPES)
def test_every_code_means_what_ml_dtypes_says(name: str) -> None:
    number = NAMED_FLOATS[name]
    codes = all_codes(number).astype(np.uint16 if number.bits > 8 else np.uint8)
    theirs = codes.view(ML_DTYPES[name])
    same(number.decode(codes), theirs)


@pytest.mark.parametrize(("source", "target"), [*product(ML_DTYPES, ML_DTYPES)])
def test_every_conversion_is_ml_dtypes(source: str, target: str) -> None:
    """NaNs are left out where the target has none."""
    number = NAMED_FLOATS[target]
    values = NAMED_FLOATS[source].decode(all_codes(NAMED_FLOATS[source]))
    if number.nan_code is None:
        values = values[~np.isnan(values)]
    theirs = values.astype(ML_DTYPES[target])
    same(number.round(values), theirs)
    assert number.contains(number.round(values))


@pytest.mark.parametrize("name", GFLOAT)
def test_every_code_means_what_gfloat_says(name: str) -> None:
    number = NAMED_FLOATS[name]
    codes = all_codes(number)
    same(number.decode(codes), gfloat.decode_ndarray(GFLOAT[name], codes))


@pytest.mark.parametrize("saturate", [False, True])
@pytest.mark.parametrize("rounding", GFLOAT_ROUNDING)
@pytest.mark.parametrize("name", GFLOAT)
def test_rounding_is_gfloats(name: str, rounding: Rounding, saturate: bool) -> None:
    number = NAMED_FLOATS[name]
    values = interesting(number)
    if number.top != "ieee" and not saturate:
        values = values[np.isfinite(values)]
    if number.top == "finite" and not saturate:
        values = values[np.abs(values) <= number.max]
    theirs = gfloat.round_ndarray(GFLOAT[name], values, GFLOAT_ROUNDING[rounding], saturate)
    ours = number.round(values, rounding, saturate=saturate)
    same(ours, theirs)


def test_rounding_to_fp32_is_numpys() -> None:
    rng = np.random.default_rng(5)
    values = np.ldexp(rng.normal(size=200_000), rng.integers(-160, 140, 200_000))
    fp32 = NAMED_FLOATS["fp32"]
    with np.errstate(over="ignore"):
        expected = values.astype(np.float32)
    np.testing.assert_array_equal(fp32.encode(values), expected.view(np.uint32))


def test_a_format_without_nan_says_so() -> None:
    for number in (NAMED_FLOATS["e2m1"], NAMED_FLOATS["e3m2"]):
        assert not number.contains([np.nan])
        for encode in (number.encode, number.encode_reference):
            with pytest.raises(ValueError, match=f"{number.name} has no NaN"):
                encode(np.nan)


def test_contains() -> None:
    e4m3 = NAMED_FLOATS["e4m3"]
    assert e4m3.contains([448, -0.0, 2.0**-9, np.nan])
    for value in (449, np.inf, 2.0**-10, 1.01):
        assert not e4m3.contains([1.0, value])


@pytest.mark.parametrize("number", [*NARROW, *NAMED_FLOATS.values()], ids=lambda n: n.name)
def test_names(number: FloatFormat) -> None:
    assert parse_float(number.name) == number


@pytest.mark.parametrize("name", ["e1m3", "e9m1", "e4m24", "e4m03", "fp8", "m3", "e4m", "int8", ""])
def test_other_names_are_none(name: str) -> None:
    assert parse_float(name) is None


def test_roundings_are_all_tested() -> None:
    assert {*GFLOAT_ROUNDING, "stochastic"} == set(get_args(Rounding))
