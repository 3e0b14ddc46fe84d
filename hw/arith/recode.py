"""Recoders: an operand as digits, each `hw.arith.booth.DIGIT`. Mirrors `golden/recodings.py`.

All have the ports of `BoothEncoder`: `i` the operand, `o` its digits, the lowest first.
"""

from collections.abc import Callable
from functools import partial

from amaranth.hdl import Cat, Const, Module, Mux, Signal, Value
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from golden.formats import IntFormat
from golden.recodings import RECODINGS
from hw.arith.booth import DIGIT, BoothEncoder
from hw.distinct import Make


def recoder(name: str, operand: IntFormat) -> Make:
    """What makes the recoder called `name` for numbers of format `operand`."""
    return partial(RECODERS[name], operand)


class _Recoder(wiring.Component):
    """Recode a number into signed digits, the least significant first.

    Members
    -------
    i : In(operand.bits)
    o : Out(3 * count of digits)
    """

    recoding: str

    def __init__(self, operand: IntFormat) -> None:
        self._operand = operand
        self._count = RECODINGS[self.recoding].count(operand)
        super().__init__({"i": In(operand.bits), "o": Out(DIGIT.size * self._count)})

    def _extended(self, width: int) -> Value:
        """The number in two's complement of `width` bits."""
        sign = self.i[-1] if self._operand.signed else Const(0, 1)
        return Cat(self.i, sign.replicate(width - len(self.i)))

    def _deliver(self, m: Module, digits: list[tuple[Value, Value, Value]]) -> None:
        """Drive `o` with the fields one, two and neg of each digit."""
        m.d.comb += self.o.eq(Cat(Cat(one, two, neg) for one, two, neg in digits))


class EntEncoder(_Recoder):
    """EN-T digits -1, 0, 1, 2 of the magnitude, times the sign."""

    recoding = "ent"

    def elaborate(self, platform: object) -> Module:
        m = Module()
        sign = self.i[-1] if self._operand.signed else Const(0, 1)
        extended = self._extended(2 * self._count)
        magnitude = Signal(2 * self._count)
        m.d.comb += magnitude.eq(Mux(sign, -extended, extended))
        carry: Value = Const(0, 1)
        digits = []
        for index in range(self._count):
            low, high = magnitude[2 * index], magnitude[2 * index + 1]
            # Their sum is 0 to 4: 3 is -1 and a carry, 4 is 0 and a carry.
            odd = low ^ carry
            two = ~odd & (high ^ low)
            negative = Mux(odd, high ^ sign, two & sign)
            digits.append((odd, two, negative))
            carry_next = Signal(name=f"carry_{index}")
            m.d.comb += carry_next.eq(high & (low | carry))
            carry = carry_next
        self._deliver(m, digits)
        return m


class NafEncoder(_Recoder):
    """Non-adjacent form: the bits in which 3 v differs from v, two of them a digit."""

    recoding = "naf"

    def elaborate(self, platform: object) -> Module:
        m = Module()
        width = 2 * self._count + 1
        value, tripled = Signal(width), Signal(width)
        m.d.comb += [
            value.eq(self._extended(width)),
            tripled.eq(value + (value << 1)),
        ]
        used, negative = (value ^ tripled)[1:], (value & ~tripled)[1:]
        self._deliver(
            m,
            [
                (used[at], used[at + 1], negative[at] | negative[at + 1])
                for at in range(0, 2 * self._count, 2)
            ],
        )
        return m


class Bits(_Recoder):
    """Binary digits as they are; the highest of a signed number is negative."""

    recoding = "bits"

    def elaborate(self, platform: object) -> Module:
        m = Module()
        zero = Const(0, 1)
        signs = [zero] * (len(self.i) - 1) + [self.i[-1] if self._operand.signed else zero]
        self._deliver(m, [(bit, zero, neg) for bit, neg in zip(self.i, signs, strict=True)])
        return m


RECODERS: dict[str, Callable[[IntFormat], wiring.Component]] = {
    "booth4": BoothEncoder,
    "ent": EntEncoder,
    "naf": NafEncoder,
    "bits": Bits,
}
