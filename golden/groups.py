"""Dot products in groups along K, each with a scale and a zero point of its own.

C = sum over groups G of s_G (sum over k in G of A Q - z_G sum over k in G of A), for codes Q of
weights (MixPE, arXiv 2411.16158, section 3). With integers A, what a group adds up is an exact
integer; with floating-point ones it is exact, too, but rounded to fp32 before it is scaled. The
product with the scale is exact and rounded once, when the accumulator takes it.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from golden.accumulators import accumulate, accumulate_reference
from golden.fixed import FP32, Accumulator, FixedPoint
from golden.floats import FloatFormat, parse_operand
from golden.formats import Format, IntFormat
from golden.gemm import GemmResult, exact_product
from golden.products import ExactMultiplier, Fields, Products
from golden.quantize import QuantizedWeights, quantize
from golden.scales import Scale

SIGNIFICAND_BITS = 48
"""Most bits of a group's sum times its scale, as `golden.products` has it."""

ACTIVATION_BITS = range(2, 17)
WEIGHT_BITS = range(2, 9)


@dataclass(frozen=True, kw_only=True)
class Groups(ABC):
    """How weights come in groups. What they multiply says how a group is added up.

    Parameters
    ----------
    a, b : Format, IntFormat
        Of activations and of codes of weights.
    group : int
        Values of k that share a scale, at most. The last group of a K may have fewer.
    scale : str
        Format of scales, one of `golden.scales.SCALES`.
    zeros : bool
        Whether groups have zero points, which are codes of weights as well.
    """

    a: Format
    b: IntFormat
    group: int
    scale: Scale
    zeros: bool

    resolves: ClassVar[bool]
    """Whether an accumulator has to be converted before it is scaled."""

    @property
    def scale_format(self) -> FloatFormat:
        """The number that a scale is on its port: `pow2` is one with an exponent only."""
        return parse_operand("e8m0" if self.scale == "pow2" else self.scale)

    @property
    def scale_bits(self) -> int:
        """Bits of a scale on its port, the zero point behind it if there is one."""
        return self.scale_format.bits + (self.b.bits if self.zeros else 0)

    @property
    @abstractmethod
    def sum(self) -> Format:
        """What holds the sum of a group."""

    @property
    @abstractmethod
    def sum_significand(self) -> int:
        """Bits of a sum that its scale multiplies."""

    @abstractmethod
    def products(self, a: NDArray, b: QuantizedWeights) -> Iterator[Products]:
        """The sums (M, N) of each group times its scales."""

    def quantized(self, w: ArrayLike) -> QuantizedWeights:
        """Real weights (K, N) in such groups."""
        return quantize(
            w,
            bits=self.b.bits,
            group=self.group,
            scale=self.scale,
            zero_point=self.zeros,
        )

    def scale_codes(self, b: QuantizedWeights) -> NDArray[np.uint64]:
        """What the port of scales carries, (groups, N)."""
        codes = self.scale_format.encode(b.scales)
        if b.zeros is None:
            return codes
        return codes | self.b.encode(b.zeros) << np.uint64(self.scale_format.bits)


@dataclass(frozen=True, kw_only=True)
class IntegerGroups(Groups):
    """Sums of integers, exact."""

    a: IntFormat

    resolves = False

    @property
    def sum(self) -> IntFormat:
        """The smallest format that holds every sum of a group, zero point included."""
        low, high = (-self.b.max, self.b.max) if self.zeros else (self.b.min, self.b.max)
        ends = [self.group * x * w for x in (self.a.min, self.a.max) for w in (low, high)]
        bits = max(end.bit_length() if end >= 0 else (~end).bit_length() for end in ends)
        return IntFormat(bits + 1, signed=True)

    @property
    def sum_significand(self) -> int:
        return self.sum.bits - 1

    def sums(self, a: NDArray, b: QuantizedWeights) -> Iterator[NDArray]:
        """What each group adds up, zero point included: integers (M, N)."""
        for index, ks in enumerate(slices(b.k, b.group)):
            total = exact_product(a[:, ks], b.codes[ks])
            if b.zeros is not None:
                of_row = a[:, ks].astype(np.int64).sum(axis=1)
                total = total - of_row[:, None] * b.zeros[index].astype(np.int64)
            yield total

    def products(self, a: NDArray, b: QuantizedWeights) -> Iterator[Products]:
        for sums, scales in zip(self.sums(a, b), b.scales, strict=True):
            scale = Fields.of(self.scale_format.encode(scales), self.scale_format)
            hidden = np.where(scale.field > 0, 1 << self.scale_format.mantissa_bits, 0)
            exponent = np.maximum(scale.field, 1) + self.scale_format.least_exponent - 1
            never = np.zeros(sums.shape, bool)
            yield Products(
                negative=sums < 0,
                significand=np.abs(sums) * (scale.mantissa + hidden),
                exponent=np.broadcast_to(exponent, sums.shape),
                infinite=never,
                nan=never,
            )


@dataclass(frozen=True, kw_only=True)
class FloatGroups(Groups):
    """Sums of floating-point activations times integers: exact, in fixed point, then fp32.

    The sum of a group with an infinite or NaN activation is NaN.
    """

    a: FloatFormat

    resolves = True

    @property
    def sum(self) -> FixedPoint:
        """The smallest accumulator that holds every sum of a group."""
        largest = Fraction(self.a.max) * -self.b.min * self.group
        return FixedPoint(math.floor(largest).bit_length() + 1, -self.a.least_exponent)

    @property
    def sum_significand(self) -> int:
        return FP32.mantissa_bits + 1

    def group_products(self, a: NDArray, b: NDArray) -> Iterator[Products]:
        """Products (M, N) of values `a` (M, K) and codes `b` (K, N), for one k after the other."""
        codes = self.a.encode(a)
        for k, weights in enumerate(b.astype(np.int64)):
            x = Fields.of(codes[:, k, None], self.a)
            hidden = np.where(x.field > 0, 1 << self.a.mantissa_bits, 0)
            significand = (x.mantissa + hidden) * np.abs(weights)
            shape = significand.shape
            yield Products(
                negative=x.negative ^ (weights < 0),
                significand=significand,
                exponent=np.broadcast_to(np.maximum(x.field, 1) + self.a.least_exponent - 1, shape),
                infinite=np.broadcast_to(x.infinite, shape),
                nan=np.broadcast_to(x.nan, shape),
            )

    def products(self, a: NDArray, b: QuantizedWeights) -> Iterator[Products]:
        scale = ExactMultiplier(FP32, self.scale_format)
        for ks, scales in zip(slices(b.k, b.group), b.scales, strict=True):
            sums = accumulate(self.group_products(a[:, ks], b.codes[ks]), self.sum).c
            yield scale.multiply(FP32.encode(sums), self.scale_format.encode(scales))


def slices(k: int, group: int) -> list[slice]:
    """The values of k of each group."""
    return [slice(start, min(start + group, k)) for start in range(0, k, group)]


def parse_groups(
    a: Format, b: IntFormat, *, group: str, scale: Scale, zeros: str
) -> IntegerGroups | FloatGroups:
    """The groups that the options of a spec describe.

    Raises
    ------
    ValueError
        If they do not go together.
    """
    if isinstance(a, IntFormat) and a.bits not in ACTIVATION_BITS:
        raise ValueError(
            f"a has {a.bits} bits: use {ACTIVATION_BITS.start} to {ACTIVATION_BITS.stop - 1}"
        )
    if b.bits not in WEIGHT_BITS:
        raise ValueError(f"b has {b.bits} bits: use {WEIGHT_BITS.start} to {WEIGHT_BITS.stop - 1}")
    if (zeros == "on") == b.signed:
        wanted = f"uint{b.bits}" if zeros == "on" else f"int{b.bits}"
        raise ValueError(f"zeros = {zeros!r}: use it with b = {wanted}")
    fields: dict[str, Any] = {"b": b, "group": int(group), "scale": scale, "zeros": zeros == "on"}
    found: IntegerGroups | FloatGroups
    if isinstance(a, IntFormat):
        found = IntegerGroups(a=a, **fields)
    elif isinstance(a, FloatFormat) and zeros == "off":
        found = FloatGroups(a=a, **fields)
    else:
        raise ValueError(f"zeros = {zeros!r}: with a = {a.name!r} weights have no zero points")
    bits = found.sum_significand + found.scale_format.mantissa_bits + 1
    if bits > SIGNIFICAND_BITS:
        raise ValueError(
            f"scale = {scale!r}: with group = {group} the product of a sum and its scale has"
            f" {bits} bits, use a shorter scale or a smaller group, for {SIGNIFICAND_BITS} bits"
        )
    return found


def grouped_gemm(a: NDArray, b: QuantizedWeights, groups: Groups, acc: Accumulator) -> GemmResult:
    """C = A W for A (M, K) and weights (K, N): groups in ascending k, added as `acc` does.

    `first_overflow` of the result counts groups.
    """
    return accumulate(groups.products(a, b), acc)


def grouped_reference(a: NDArray, b: QuantizedWeights, groups: Groups, acc: Accumulator) -> NDArray:
    """Specification of `grouped_gemm`: one element after the other, in exact fractions."""
    c = np.zeros((a.shape[0], b.n), np.float32)
    for row, col in np.ndindex(c.shape):
        products = []
        for index, ks in enumerate(slices(b.k, b.group)):
            zero = 0 if b.zeros is None else int(b.zeros[index, col])
            factors = [float(x) for x in a[row, ks]]
            if not np.isfinite(factors).all():
                products.append(math.nan)
                continue
            terms = [
                Fraction(x) * (int(w) - zero)
                for x, w in zip(factors, b.codes[ks, col], strict=True)
            ]
            total = sum(terms, Fraction(0))
            if groups.resolves:
                total = Fraction(FP32.decode_reference(FP32.encode_reference(total)))
            products.append(float(total * Fraction(float(b.scales[index, col]))))
        c[row, col] = accumulate_reference(products, acc)
    return c
