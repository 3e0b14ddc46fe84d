"""The elementwise L-Mul unit: one integer addition, and what keeps its result within the format."""

from collections.abc import Collection

from amaranth.hdl import Cat, Const, Module, Signal, Value
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from golden.lmul_codes import LMulCodes

CHECKS = ("zero", "too small", "too large", "special")
"""Zero operands, products below and above all numbers, and infinite or NaN operands."""


class LMulUnit(wiring.Component):
    """`o` = the L-Mul product of `x` and `y`, by `golden.lmul_codes`. Combinational.

    Parameters
    ----------
    rules : LMulCodes
        Format and rules.
    checks : collection of str
        What is handled, of `CHECKS`. Without a check, the product is wrong where it would have
        acted: only to see what each of them costs.

    Members
    -------
    x, y : In(bits)
    o : Out(bits)
    """

    def __init__(self, rules: LMulCodes, checks: Collection[str] = CHECKS) -> None:
        self._rules, self._checks = rules, checks
        bits = rules.number.bits
        super().__init__({"x": In(bits), "y": In(bits), "o": Out(bits)})

    def elaborate(self, platform: object) -> Module:
        m = Module()
        rules = self._rules
        width = rules.number.magnitude_bits
        x, y = self.x[:width], self.y[:width]
        total = Signal(width + 2)
        m.d.comb += total.eq(x + y + rules.constant)
        magnitude = total[:width]
        if rules.carry:
            corrected = magnitude[0] | (~magnitude[:3].any() & x[:3].any())
            magnitude = Cat(corrected, magnitude[1:])
        zero, too_small, too_large = Signal(), Signal(), Signal()
        found = {
            "zero": zero.eq(~self._is_number(x) | ~self._is_number(y)),
            "too small": too_small.eq(total[-1] | ~self._is_number(total[:-1])),
            "too large": too_large.eq(~total[-1] & (total[-2] | self._exceeds(magnitude))),
        }
        m.d.comb += [assignment for name, assignment in found.items() if name in self._checks]
        bits = [
            bit & ~too_large if not limit else bit | too_large
            for bit, limit in zip(magnitude, _bits(rules.beyond, width), strict=True)
        ]
        bits = [bit & ~(zero | too_small) for bit in bits]
        if rules.largest < (1 << width) - 1 and "special" in self._checks:
            bits = self._with_specials(m, bits, zero)
        m.d.comb += self.o.eq(Cat(*bits, self.x[-1] ^ self.y[-1]))
        return m

    def _is_number(self, magnitude: Value) -> Value:
        """Whether a magnitude is not zero: its exponent field is not, or any of its bits."""
        lowest = self._rules.smallest.bit_length() - 1
        return magnitude[lowest:].any()

    def _exceeds(self, magnitude: Value) -> Value:
        """Whether a magnitude of the format's width is above the largest number."""
        above = self._rules.largest + 1
        if above == 1 << len(magnitude):
            return Const(0, 1)
        # What is above are only the topmost codes, all of which begin with ones.
        ones = (above & -above).bit_length() - 1
        return magnitude[ones:].all()

    def _with_specials(self, m: Module, bits: list[Value], zero: Value) -> list[Value]:
        """`bits` unless an operand is infinite or NaN."""
        number = self._rules.number
        x, y = self.x[:-1], self.y[:-1]
        special, nan = Signal(), Signal()
        m.d.comb += special.eq(self._exceeds(x) | self._exceeds(y))
        if number.top == "ieee":
            fractions = [
                self._exceeds(operand) & operand[: number.mantissa_bits].any() for operand in (x, y)
            ]
            m.d.comb += nan.eq(fractions[0] | fractions[1] | zero)
        else:
            m.d.comb += nan.eq(1)
        nan_code = number.nan_code or 0
        inf_code = nan_code if number.inf_code is None else number.inf_code
        chosen = []
        for bit, if_nan, if_inf in zip(
            bits, _bits(nan_code, len(bits)), _bits(inf_code, len(bits)), strict=True
        ):
            value = {
                (1, 1): bit | special,
                (0, 0): bit & ~special,
                (1, 0): (bit & ~special) | (special & nan),
            }[if_nan, if_inf]
            chosen.append(value)
        return chosen


def _bits(value: int, width: int) -> list[int]:
    return [value >> index & 1 for index in range(width)]
