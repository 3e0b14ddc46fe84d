"""The formats that scales of quantised weights are in: positive finite numbers, each with a code.

| name | a scale is | bits of a code |
|---|---|---|
| `fp16`, `fp32` | a number of that format (`golden.floats`), subnormal ones too | 16, 32 |
| `pow2` | 2**(code - 127), code 0 to 254; 255 is NaN (E8M0, OCP Microscaling Formats, 5.4.1) | 8 |
"""

from fractions import Fraction
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from golden.floats import NAMED_FLOATS, FloatFormat

Scale = Literal["fp16", "fp32", "pow2"]

SCALES: tuple[str, ...] = get_args(Scale)

_FLOATS: dict[str, FloatFormat] = {name: NAMED_FLOATS[name] for name in ("fp16", "fp32")}
_BIAS = 127
_NAN = 255


def scale_bits(scale: Scale) -> int:
    """Width of a code."""
    return _FLOATS[scale].bits if scale in _FLOATS else 8


def encode_scale_reference(value: float, scale: Scale) -> int:
    """Specification of `encode_scales`: the code of one number."""
    if scale in _FLOATS:
        number = _FLOATS[scale]
        code = number.encode_reference(value)
        return code + (number.decode_reference(code) < value)
    powers = ((code, Fraction(2) ** (code - _BIAS)) for code in range(_NAN))
    return next((code for code, power in powers if power >= value), _NAN)


def encode_scales(values: ArrayLike, scale: Scale) -> NDArray[np.uint64]:
    """Codes of the smallest scales that are not below positive `values`.

    A scale has its own code. Above the largest scale comes infinity's code, or NaN's for `pow2`.
    """
    values = np.asarray(values, np.float64)
    if scale in _FLOATS:
        number = _FLOATS[scale]
        codes = number.encode(values)
        return codes + (number.decode(codes) < values)
    fraction, exponent = np.frexp(values)
    ceiling = exponent.astype(np.int64) - (fraction == 0.5)
    codes = np.where(np.isfinite(values), np.clip(ceiling + _BIAS, 0, _NAN), _NAN)
    return codes.astype(np.uint64)


def decode_scales(codes: ArrayLike, scale: Scale) -> NDArray[np.float32]:
    """Scales of codes."""
    if scale in _FLOATS:
        return _FLOATS[scale].decode(codes)
    codes = np.asarray(codes).astype(np.int64)
    return np.where(codes == _NAN, np.nan, np.ldexp(1.0, codes - _BIAS)).astype(np.float32)


def are_scales(values: ArrayLike, scale: Scale) -> NDArray[np.bool_]:
    """Which values are positive finite numbers of the format."""
    values = np.asarray(values, np.float64)
    usable = np.isfinite(values) & (values > 0)
    positive = np.where(usable, values, 1.0)
    return usable & (decode_scales(encode_scales(positive, scale), scale) == positive)
