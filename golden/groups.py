"""Dot products in groups along K, each with a scale and a zero point of its own.

C = sum over groups G of s_G (sum over k in G of A Q - z_G sum over k in G of A), for integers A and
codes Q of weights (MixPE, arXiv 2411.16158, section 3). What a group adds up is an exact integer;
its product with the scale is exact, too, and rounded once, when the accumulator takes it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from golden.accumulators import Accumulator, accumulate, accumulate_reference
from golden.floats import FloatFormat, parse_operand
from golden.formats import IntFormat
from golden.gemm import GemmResult, exact_product
from golden.products import Products
from golden.quantize import QuantizedWeights
from golden.scales import Scale

SIGNIFICAND_BITS = 48
"""Most bits of a group's sum times its scale, as `golden.products` has it."""

ACTIVATION_BITS = range(2, 17)
WEIGHT_BITS = range(2, 9)


@dataclass(frozen=True, kw_only=True)
class Groups:
    """How weights come in groups.

    Parameters
    ----------
    a, b : IntFormat
        Of activations and of codes of weights.
    group : int
        Values of k that share a scale, at most. The last group of a K may have fewer.
    scale : str
        Format of scales, one of `golden.scales.SCALES`.
    zeros : bool
        Whether groups have zero points, which are codes of weights as well.
    """

    a: IntFormat
    b: IntFormat
    group: int
    scale: Scale
    zeros: bool

    @property
    def scale_format(self) -> FloatFormat:
        """The number that a scale is on its port: `pow2` is one with an exponent only."""
        return parse_operand("e8m0" if self.scale == "pow2" else self.scale)

    @property
    def sum(self) -> IntFormat:
        """The smallest format that holds every sum of a group, zero point included."""
        low, high = (-self.b.max, self.b.max) if self.zeros else (self.b.min, self.b.max)
        ends = [self.group * x * w for x in (self.a.min, self.a.max) for w in (low, high)]
        bits = max(end.bit_length() if end >= 0 else (~end).bit_length() for end in ends)
        return IntFormat(bits + 1, signed=True)

    @property
    def scale_bits(self) -> int:
        """Bits of a scale on its port, the zero point behind it if there is one."""
        return self.scale_format.bits + (self.b.bits if self.zeros else 0)

    def scale_codes(self, b: QuantizedWeights) -> NDArray[np.uint64]:
        """What the port of scales carries, (groups, N)."""
        codes = self.scale_format.encode(b.scales)
        if b.zeros is None:
            return codes
        return codes | self.b.encode(b.zeros) << np.uint64(self.scale_format.bits)

    def sums(self, a: NDArray, b: QuantizedWeights) -> Iterator[NDArray]:
        """What each group adds up, zero point included: integers (M, N)."""
        for index, ks in enumerate(slices(b.k, b.group)):
            total = exact_product(a[:, ks], b.codes[ks])
            if b.zeros is not None:
                of_row = a[:, ks].astype(np.int64).sum(axis=1)
                total = total - of_row[:, None] * b.zeros[index].astype(np.int64)
            yield total

    def unfit(self, b: QuantizedWeights) -> list[str]:
        """Why weights cannot be `fitted`: a line for every problem."""
        problems = []
        if b.weights.bits > 2 * self.b.bits:
            problems.append(f"{b.weights.name} given, use at most {2 * self.b.bits} bits")
        if min(b.group, b.k) > self.group:
            problems.append(f"groups of {b.group} given, use at most {self.group}")
        if b.zeros is not None and not self.zeros:
            problems.append("zero points given, use an engine with zeros = 'on'")
        if problems:
            return problems
        digits, scales = self._digits(b.codes, b.weights), self._digit_scales(b)
        if digits.max() > self.b.max:
            most = self.b.max * (1 + (1 << self.b.bits))
            problems.append(
                f"codes up to {b.codes.max()} given, two digits of {self.b.name} hold {most}:"
                " use zero points"
            )
        if not self.scale_format.holds(scales).all():
            problems.append(f"scales given that are no numbers of {self.scale}")
        return problems

    def fitted(self, a: NDArray, b: QuantizedWeights) -> tuple[NDArray, QuantizedWeights]:
        """A (M, K) and weights for an engine with these groups, whatever the width of weights.

        Weights of up to twice the engine's bits are split into two digits, each a group of its own
        with a scale of its own, and A passes twice: at half the rate, and the sum is the same.
        Weights without zero points get one if the engine has them.
        """
        group = min(b.group, b.k)
        if b.weights == self.b and b.scale == self.scale and b.group <= self.group:
            return a, b
        zeros = b.zeros
        if self.zeros and zeros is None:
            zeros = np.zeros(b.scales.shape, np.int64)
        below = group * b.groups - b.k
        digits = [
            np.pad(part, ((0, below), (0, 0))).reshape(b.groups, group, b.n)
            for part in self._digits(b.codes, b.weights)
        ]
        count = len(digits)
        wide = np.pad(a, ((0, 0), (0, below))).reshape(len(a), b.groups, 1, group)
        return (
            np.broadcast_to(wide, (len(a), b.groups, count, group)).reshape(len(a), -1),
            QuantizedWeights(
                codes=np.stack(digits, axis=1).reshape(-1, b.n),
                scales=self._digit_scales(b),
                zeros=None if zeros is None else self._zero_digits(zeros, b.weights),
                weights=self.b,
                group=group,
                scale=self.scale,
            ),
        )

    def _digits(self, codes: NDArray, weights: IntFormat) -> NDArray[np.int64]:
        """Codes (rows, N) as digits (1 or 2, rows, N) of this engine, the most significant first.

        Digits are unsigned where there are zero points, and else have a sign.
        """
        bits = self.b.bits
        values = codes.astype(np.int64) - (weights.min if self.zeros else 0)
        if weights.bits <= bits:
            return values[None]
        low = (values - self.b.min) % (1 << bits) + self.b.min
        return np.stack([(values - low) >> bits, low])

    def _zero_digits(self, zeros: NDArray, weights: IntFormat) -> NDArray[np.int64]:
        """Zero points (groups of digits, N)."""
        return self._digits(zeros, weights).swapaxes(0, 1).reshape(-1, zeros.shape[1])

    def _digit_scales(self, b: QuantizedWeights) -> NDArray[np.float32]:
        """Scales (groups of digits, N)."""
        if b.weights.bits <= self.b.bits:
            return b.scales
        pair = np.stack([b.scales * np.float32(1 << self.b.bits), b.scales], axis=1)
        return pair.reshape(-1, b.n)

    def scaled(self, sums: NDArray, scales: NDArray) -> Products:
        """Sums (M, N) of a group times its scales (N,)."""
        codes = self.scale_format.encode(scales).astype(np.int64)
        field = codes >> self.scale_format.mantissa_bits & (
            (1 << self.scale_format.exponent_bits) - 1
        )
        mantissa = codes & ((1 << self.scale_format.mantissa_bits) - 1)
        significand = mantissa + np.where(field > 0, 1 << self.scale_format.mantissa_bits, 0)
        exponent = np.maximum(field, 1) + self.scale_format.least_exponent - 1
        never = np.zeros(sums.shape, bool)
        return Products(
            negative=sums < 0,
            significand=np.abs(sums) * significand,
            exponent=np.broadcast_to(exponent, sums.shape),
            infinite=never,
            nan=never,
        )


def slices(k: int, group: int) -> list[slice]:
    """The values of k of each group."""
    return [slice(start, min(start + group, k)) for start in range(0, k, group)]


def parse_groups(a: IntFormat, b: IntFormat, *, group: str, scale: Scale, zeros: str) -> Groups:
    """The groups that the options of a spec describe.

    Raises
    ------
    ValueError
        If they do not go together.
    """
    if a.bits not in ACTIVATION_BITS:
        raise ValueError(
            f"a has {a.bits} bits: use {ACTIVATION_BITS.start} to {ACTIVATION_BITS.stop - 1}"
        )
    if b.bits not in WEIGHT_BITS:
        raise ValueError(f"b has {b.bits} bits: use {WEIGHT_BITS.start} to {WEIGHT_BITS.stop - 1}")
    if (zeros == "on") == b.signed:
        wanted = f"uint{b.bits}" if zeros == "on" else f"int{b.bits}"
        raise ValueError(f"zeros = {zeros!r}: use it with b = {wanted}")
    found = Groups(a=a, b=b, group=int(group), scale=scale, zeros=zeros == "on")
    bits = found.sum.bits + found.scale_format.mantissa_bits
    if bits > SIGNIFICAND_BITS:
        raise ValueError(
            f"scale = {scale!r}: with group = {group} the product of a sum and its scale has"
            f" {bits} bits, use a shorter scale or a smaller group, for {SIGNIFICAND_BITS} bits"
        )
    return found


def grouped_gemm(a: NDArray, b: QuantizedWeights, groups: Groups, acc: Accumulator) -> GemmResult:
    """C = A W for integers A (M, K) and weights (K, N): groups in ascending k, added as `acc` does.

    `first_overflow` of the result counts groups.
    """
    products = (
        groups.scaled(sums, b.scales[index]) for index, sums in enumerate(groups.sums(a, b))
    )
    return accumulate(products, acc)


def grouped_reference(a: NDArray, b: QuantizedWeights, groups: Groups, acc: Accumulator) -> NDArray:
    """Specification of `grouped_gemm`: one element after the other, in Python's integers."""
    c = np.zeros((a.shape[0], b.n), np.float32)
    for row in range(a.shape[0]):
        for col in range(b.n):
            products = []
            for start in range(0, b.k, b.group):
                index = start // b.group
                zero = 0 if b.zeros is None else int(b.zeros[index, col])
                total = sum(
                    int(a[row, k]) * (int(b.codes[k, col]) - zero)
                    for k in range(start, min(start + b.group, b.k))
                )
                products.append(float(total * Fraction(float(b.scales[index, col]))))
            c[row, col] = accumulate_reference(products, acc)
    return c
