"""Weights of any width on an engine made for another: split into digits, or shifted.

Weights of up to twice the engine's bits become two digits, each a group of its own with a scale of
its own, and A passes twice: at half the rate, and the sum is the same. Weights without zero points
get one if the engine has them.
"""

import numpy as np
from numpy.typing import NDArray

from golden.formats import IntFormat
from golden.groups import Groups
from golden.quantize import QuantizedWeights


def unfit(groups: Groups, b: QuantizedWeights) -> list[str]:
    """Why weights cannot be `fitted` to these groups: a line for every problem."""
    problems = []
    if b.weights.bits > 2 * groups.b.bits:
        problems.append(f"{b.weights.name} given, use at most {2 * groups.b.bits} bits")
    if min(b.group, b.k) > groups.group:
        problems.append(f"groups of {b.group} given, use at most {groups.group}")
    if b.zeros is not None and not groups.zeros:
        problems.append("zero points given, use an engine with zeros = 'on'")
    if problems:
        return problems
    digits, scales = _digits(groups, b.codes, b.weights), _digit_scales(groups, b)
    if digits.max() > groups.b.max:
        most = groups.b.max * (1 + (1 << groups.b.bits))
        problems.append(
            f"codes up to {b.codes.max()} given, two digits of {groups.b.name} hold {most}:"
            " use zero points"
        )
    if not groups.scale_format.holds(scales).all():
        problems.append(f"scales given that are no numbers of {groups.scale}")
    return problems


def fitted(groups: Groups, a: NDArray, b: QuantizedWeights) -> tuple[NDArray, QuantizedWeights]:
    """A (M, K) and weights as an engine with these groups takes them."""
    group = min(b.group, b.k)
    if b.weights == groups.b and b.scale == groups.scale and b.group <= groups.group:
        return a, b
    zeros = b.zeros
    if groups.zeros and zeros is None:
        zeros = np.zeros(b.scales.shape, np.int64)
    below = group * b.groups - b.k
    digits = [
        np.pad(part, ((0, below), (0, 0))).reshape(b.groups, group, b.n)
        for part in _digits(groups, b.codes, b.weights)
    ]
    count = len(digits)
    wide = np.pad(a, ((0, 0), (0, below))).reshape(len(a), b.groups, 1, group)
    return (
        np.broadcast_to(wide, (len(a), b.groups, count, group)).reshape(len(a), -1),
        QuantizedWeights(
            codes=np.stack(digits, axis=1).reshape(-1, b.n),
            scales=_digit_scales(groups, b),
            zeros=None if zeros is None else _zero_digits(groups, zeros, b.weights),
            weights=groups.b,
            group=group,
            scale=groups.scale,
        ),
    )


def _digits(groups: Groups, codes: NDArray, weights: IntFormat) -> NDArray[np.int64]:
    """Codes (rows, N) as digits (1 or 2, rows, N) of this engine, the most significant first.

    Digits are unsigned where there are zero points, and else have a sign.
    """
    bits = groups.b.bits
    values = codes.astype(np.int64) - (weights.min if groups.zeros else 0)
    if weights.bits <= bits:
        return values[None]
    low = (values - groups.b.min) % (1 << bits) + groups.b.min
    return np.stack([(values - low) >> bits, low])


def _zero_digits(groups: Groups, zeros: NDArray, weights: IntFormat) -> NDArray[np.int64]:
    """Zero points (groups of digits, N)."""
    return _digits(groups, zeros, weights).swapaxes(0, 1).reshape(-1, zeros.shape[1])


def _digit_scales(groups: Groups, b: QuantizedWeights) -> NDArray[np.float32]:
    """Scales (groups of digits, N)."""
    if b.weights.bits <= groups.b.bits:
        return b.scales
    pair = np.stack([b.scales * np.float32(1 << groups.b.bits), b.scales], axis=1)
    return pair.reshape(-1, b.n)
