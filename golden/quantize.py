"""Group quantisation of weights: integers with a scale, and maybe a zero point, a group.

Weights (K, N) are cut into groups of `group` rows of one column; the last group may be shorter. The
weight w becomes the code rint(w / scale) + zero, which stands for scale * (code - zero).

The scale is the smallest number of its format that is not below

- max |w| / (2**(bits - 1) - 1) for symmetric codes, which then use no -2**(bits - 1);
- (max w - min w) / (2**bits - 1) with a zero point, where both extremes are taken with 0.

It is rounded before the codes are computed, and never down. So no weight is clipped by more than
half a scale, and all are at most half a scale from what their codes stand for. A group of zeros has
the scale 1. Ties round to even.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import ArrayLike, NDArray

from golden.formats import IntFormat
from golden.places import first_of
from golden.scales import (
    SCALES,
    Scale,
    are_scales,
    decode_scales,
    encode_scale_reference,
    encode_scales,
    scale_bits,
)

BITS = (2, 3, 4, 6, 8)


class WeightsError(ValueError):
    """Weights that cannot be quantised, or that are not what they are said to be.

    Parameters
    ----------
    problems : list of str
        One line each: the field, its value and what would be right.
    """

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


@dataclass(frozen=True, kw_only=True, eq=False)
class QuantizedWeights:
    """Weights (K, N) as integers, with scales and zero points of groups of `group` rows.

    Arrays may be given in any dtype that holds their values, and are kept in the one stated.

    Parameters
    ----------
    codes : array (K, N), dtype of `weights`
    scales : float32 array (groups, N)
        Positive finite numbers of the format `scale`.
    zeros : array (groups, N), dtype of `weights`, or None
        The code that stands for 0. None for symmetric weights: it is 0 then.
    weights : IntFormat
        Of codes and zero points: `intB` where `zeros` is None, else `uintB`, B of `BITS`.
    group : int
        Rows of a group, from 1. The last group has what is left of K.
    scale : str
        Format of the scales: `fp16`, `fp32` or `pow2`, see `golden.scales`.

    Raises
    ------
    WeightsError
        If anything else is given: a line for every problem.
    """

    codes: NDArray
    scales: NDArray[np.float32]
    zeros: NDArray | None
    weights: IntFormat
    group: int
    scale: Scale

    def __post_init__(self) -> None:
        problems = parameter_problems(bits=self.weights.bits, group=self.group, scale=self.scale)
        if self.weights.signed != (self.zeros is None):
            signed = f"int{self.weights.bits} without zeros, uint{self.weights.bits} with them"
            problems.append(f"weights: {self.weights.name} given, use {signed}")
        problems += _matrix_problems("codes", self.codes, "iu")
        if problems:
            raise WeightsError(problems)
        shape = (self.groups, self.n)
        problems += _outside("codes", self.codes, self.weights)
        problems += _shape_problems("scales", self.scales, shape, "f") or self._not_scales()
        if self.zeros is not None:
            problems += _shape_problems("zeros", self.zeros, shape, "iu") or _outside(
                "zeros", self.zeros, self.weights
            )
        if problems:
            raise WeightsError(problems)
        object.__setattr__(self, "codes", self.codes.astype(self.weights.dtype, copy=False))
        object.__setattr__(self, "scales", self.scales.astype(np.float32, copy=False))
        if self.zeros is not None:
            object.__setattr__(self, "zeros", self.zeros.astype(self.weights.dtype, copy=False))

    @property
    def k(self) -> int:
        """Rows of the weights."""
        return self.codes.shape[0]

    @property
    def n(self) -> int:
        """Columns of the weights."""
        return self.codes.shape[1]

    @property
    def shape(self) -> tuple[int, int]:
        """(K, N)."""
        return self.k, self.n

    @property
    def groups(self) -> int:
        """Groups of a column."""
        return -(-self.k // self.group)

    @property
    def bits_per_weight(self) -> float:
        """Of codes, scales and zero points."""
        zero_bits = 0 if self.zeros is None else self.weights.bits
        return self.weights.bits + (scale_bits(self.scale) + zero_bits) * self.groups / self.k

    def dequantized(self) -> NDArray[np.float64]:
        """The numbers (K, N) that the codes stand for, exactly."""
        steps = self.codes.astype(np.float64)
        if self.zeros is not None:
            steps -= of_rows(self.zeros, self.group, self.k)
        return steps * of_rows(self.scales, self.group, self.k)

    def _not_scales(self) -> list[str]:
        wrong = ~are_scales(self.scales, self.scale)
        if not wrong.any():
            return []
        return [f"scales: {first_of(self.scales, wrong)} is no positive finite {self.scale} number"]


def of_rows(of_groups: NDArray, group: int, k: int) -> NDArray:
    """What belongs to groups (groups, N), for each of their `k` rows (K, N)."""
    return np.repeat(of_groups, group, axis=0)[:k]


def quantize(
    w: ArrayLike, *, bits: int, group: int, scale: Scale = "fp16", zero_point: bool = False
) -> QuantizedWeights:
    """`w` (K, N) rounded to integers of `bits` bits in groups of `group` rows.

    Parameters
    ----------
    w : array (K, N)
        Finite numbers.
    bits : int
        Of a code: one of `BITS`.
    group : int
        Rows of a group, from 1; larger than K is one group a column.
    scale : str
        Format of the scales: `fp16`, `fp32` or `pow2`.
    zero_point : bool
        Whether groups have a zero point and unsigned codes. If not, codes are signed and symmetric.

    Raises
    ------
    WeightsError
        If `w` is no matrix of finite numbers, a scale is beyond its format, or a parameter is none
        of these: a line for every problem.
    """
    values = _checked(w, bits=bits, group=group, scale=scale)
    weights = IntFormat(bits=bits, signed=not zero_point)
    starts = np.arange(0, values.shape[0], group)
    low = np.minimum(np.minimum.reduceat(values, starts), 0)
    high = np.maximum(np.maximum.reduceat(values, starts), 0)
    with np.errstate(over="ignore"):
        steps = (high - low if zero_point else np.maximum(high, -low)) / weights.max
    scales = decode_scales(encode_scales(np.where(steps > 0, steps, 1), scale), scale)
    if not np.isfinite(scales).all():
        peak = np.unravel_index(np.argmax(steps), steps.shape)
        raise WeightsError(
            [
                f"scale: {scale} given, use a format that holds {steps[peak]:g},"
                f" which group {peak[0]} of column {peak[1]} needs"
            ]
        )
    zeros = np.zeros_like(low)
    if zero_point:
        zeros = np.clip(np.rint(-low / scales), 0, weights.max)
    each_scale, each_zero = (of_rows(array, group, len(values)) for array in (scales, zeros))
    codes = np.clip(np.rint(values / each_scale) + each_zero, weights.min, weights.max)
    return QuantizedWeights(
        codes=codes.astype(weights.dtype),
        scales=scales,
        zeros=zeros.astype(weights.dtype) if zero_point else None,
        weights=weights,
        group=group,
        scale=scale,
    )


def quantize_reference(
    w: NDArray, *, bits: int, group: int, scale: Scale = "fp16", zero_point: bool = False
) -> QuantizedWeights:
    """Specification of `quantize`: one group after the other, in Python's numbers."""
    k, n = w.shape
    weights = IntFormat(bits=bits, signed=not zero_point)
    groups = range(-(-k // group))
    codes = np.zeros((k, n), weights.dtype)
    scales = np.zeros((len(groups), n), np.float32)
    zeros = np.zeros((len(groups), n), weights.dtype)
    for g, column in product(groups, range(n)):
        rows = range(g * group, min((g + 1) * group, k))
        members = [float(w[row, column]) for row in rows]
        low, high = min(0.0, *members), max(0.0, *members)
        step = (high - low if zero_point else max(high, -low)) / weights.max
        code = encode_scale_reference(step or 1.0, scale)
        scale_value = float(decode_scales(code, scale))
        zero = weights.clamp(round(-low / scale_value)) if zero_point else 0
        scales[g, column], zeros[g, column] = scale_value, zero
        for row, member in zip(rows, members, strict=True):
            codes[row, column] = weights.clamp(round(member / scale_value) + zero)
    return QuantizedWeights(
        codes=codes,
        scales=scales,
        zeros=zeros if zero_point else None,
        weights=weights,
        group=group,
        scale=scale,
    )


def _checked(w: ArrayLike, *, bits: int, group: int, scale: Scale) -> NDArray[np.float64]:
    given = np.asarray(w)
    problems = parameter_problems(bits=bits, group=group, scale=scale)
    problems += (found := _matrix_problems("weights", given, "iuf"))
    values = np.zeros((1, 1))
    if not found:
        with np.errstate(over="ignore"):
            values = given.astype(np.float64)
        infinite = ~np.isfinite(values)
        if infinite.any():
            problems.append(f"weights: {first_of(values, infinite)} is no finite number")
    if problems:
        raise WeightsError(problems)
    return values


def parameter_problems(*, bits: int, group: int, scale: str) -> list[str]:
    """What is wrong with them, a line each: see `quantize`."""
    problems = []
    if type(bits) is not int or bits not in BITS:
        problems.append(f"bits: {bits!r} given, use {', '.join(map(str, BITS[:-1]))} or {BITS[-1]}")
    if type(group) is not int or group < 1:
        problems.append(f"group: {group!r} given, use a whole number from 1")
    if scale not in SCALES:
        problems.append(f"scale: {scale!r} given, use {', '.join(SCALES[:-1])} or {SCALES[-1]}")
    return problems


def _matrix_problems(name: str, values: NDArray, kinds: str) -> list[str]:
    if values.dtype.kind not in kinds:
        numbers = "numbers" if "f" in kinds else "whole numbers"
        return [f"{name}: dtype {values.dtype} given, use an array of {numbers}"]
    if values.ndim != 2 or values.size == 0:
        return [f"{name}: shape {values.shape} given, use a matrix, K x N"]
    return []


def _shape_problems(name: str, values: NDArray, shape: tuple[int, int], kinds: str) -> list[str]:
    problems = _matrix_problems(name, values, kinds)
    if not problems and values.shape != shape:
        problems = [f"{name}: shape {values.shape} given, use {shape}: groups x N"]
    return problems


def _outside(name: str, values: NDArray, number: IntFormat) -> list[str]:
    outside = (values < number.min) | (values > number.max)
    if not outside.any():
        return []
    wrong, span = first_of(values, outside), f"{number.min} to {number.max}"
    return [f"{name}: {wrong} is outside {number.name}, {span}"]
