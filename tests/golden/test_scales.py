"""Formats of scales: fast against readable, and both against `ml_dtypes` and numpy."""

from typing import Any, get_args

import ml_dtypes
import numpy as np
import pytest

from golden.scales import (
    SCALES,
    Scale,
    are_scales,
    decode_scales,
    encode_scale_reference,
    encode_scales,
    scale_bits,
)

pytestmark = pytest.mark.fast

OUTSIDE: dict[str, Any] = {
    "fp16": (np.uint16, np.float16),
    "fp32": (np.uint32, np.float32),
    "pow2": (np.uint8, ml_dtypes.float8_e8m0fnu),
}
LARGEST = {"fp16": 65504.0, "fp32": float(np.finfo(np.float32).max), "pow2": 2.0**127}
SMALLEST = {"fp16": 2.0**-24, "fp32": 2.0**-149, "pow2": 2.0**-127}
EACH = pytest.mark.parametrize("scale", SCALES)


def test_every_format_is_tested() -> None:
    assert set(get_args(Scale)) == set(SCALES) == set(OUTSIDE)


@EACH
def test_codes_mean_what_others_say(scale: Scale) -> None:
    dtype, number = OUTSIDE[scale]
    assert scale_bits(scale) == 8 * np.dtype(dtype).itemsize
    every = min(1 << scale_bits(scale), 1 << 16)
    codes = np.unique(np.linspace(0, (1 << scale_bits(scale)) - 1, every).astype(dtype))
    np.testing.assert_array_equal(
        decode_scales(codes, scale), codes.view(number).astype(np.float32)
    )


@EACH
def test_a_scale_has_its_own_code(scale: Scale) -> None:
    dtype, number = OUTSIDE[scale]
    codes = np.arange(1, 1 << min(scale_bits(scale), 16)).astype(dtype)
    scales = codes.view(number).astype(np.float64)
    usable = are_scales(scales, scale)
    np.testing.assert_array_equal(usable, np.isfinite(scales) & (scales > 0))
    np.testing.assert_array_equal(encode_scales(scales[usable], scale), codes[usable])


@EACH
def test_encode_is_its_reference_and_never_below(scale: Scale) -> None:
    rng = np.random.default_rng(2)
    values = np.ldexp(rng.uniform(0.5, 1, 400), rng.integers(-160, 140, 400))
    near = [LARGEST[scale], SMALLEST[scale], 1.0, 0.1]
    values = np.concatenate(
        [values, near, np.nextafter(near, 0), np.nextafter(near, 2e38), [np.inf]]
    )
    codes = encode_scales(values, scale)
    assert codes.tolist() == [encode_scale_reference(value, scale) for value in values.tolist()]
    scales = decode_scales(codes, scale).astype(np.float64)
    held = values <= LARGEST[scale]
    assert (scales[held] >= values[held]).all()
    assert not np.isfinite(scales[~held]).any()
    least = codes[held] == (0 if scale == "pow2" else 1)
    below = decode_scales(codes[held][~least] - np.uint64(1), scale)
    assert (below < values[held][~least]).all()


@EACH
def test_what_is_no_scale(scale: Scale) -> None:
    wrong = [0.0, -0.0, -1.0, np.inf, np.nan, 2 * LARGEST[scale], SMALLEST[scale] / 2, 1 + 2.0**-30]
    assert not are_scales(wrong, scale).any()
    assert are_scales([LARGEST[scale], SMALLEST[scale], 1.0], scale).all()
