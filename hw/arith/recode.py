"""Recoders: an operand as digits, each a `digit_layout`. Mirrors `golden/recodings.py`.

All have the ports of `BoothEncoder`: `i` the operand, `o` its digits, the lowest first.
"""

from collections.abc import Callable
from functools import partial

from amaranth.hdl import Cat, Const, Module, Mux, Signal, Value
from amaranth.lib import data, wiring
from amaranth.lib.wiring import In, Out

from golden.formats import IntFormat
from golden.recodings import RECODINGS, Recoding
from hw.arith.booth import DIGIT, BoothEncoder
from hw.distinct import Make


def digit_layout(recoding: Recoding) -> data.StructLayout:
    """A `DIGIT`, and which odd multiple of it this is, if there are several: the `pick`-th."""
    pick = (recoding.multiples - 1).bit_length()
    return data.StructLayout({**DIGIT.members, **({"pick": pick} if pick else {})})


def recoder(name: str, operand: IntFormat) -> Make:
    """What makes the recoder called `name` for numbers of format `operand`."""
    return partial(RECODERS[name], operand)


class _Recoder(wiring.Component):
    """Recode a number into signed digits, the least significant first.

    Members
    -------
    i : In(operand.bits)
    o : Out(bits of all digits)
    """

    recoding: str

    def __init__(self, operand: IntFormat) -> None:
        self._operand = operand
        recoding = RECODINGS[self.recoding]
        self._count = recoding.count(operand)
        digits = digit_layout(recoding).size * self._count
        super().__init__({"i": In(operand.bits), "o": Out(digits)})

    def _extended(self, width: int) -> Value:
        """The number in two's complement of `width` bits."""
        sign = self.i[-1] if self._operand.signed else Const(0, 1)
        return Cat(self.i, sign.replicate(width - len(self.i)))

    def _deliver(self, m: Module, digits: list[tuple[Value, ...]]) -> None:
        """Drive `o` with the fields of each digit: one, two, neg and, if it has one, pick."""
        m.d.comb += self.o.eq(Cat(Cat(fields) for fields in digits))


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
        digits: list[tuple[Value, ...]] = []
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


class WindowEncoder(_Recoder):
    """Width-w non-adjacent form: a digit starts where neighbours differ that no other digit covers.

    Its highest bit is its sign, and where the bits in between differ from that, so do those of its
    odd multiple from zeros.
    """

    def __init__(self, operand: IntFormat, *, width: int) -> None:
        self.recoding, self._width = f"wnaf{width}", width
        super().__init__(operand)

    def elaborate(self, platform: object) -> Module:
        m = Module()
        places, width = 2 * self._count, self._width
        value = self._extended(places + width)
        edges, starts = Signal(places), Signal(places)
        m.d.comb += edges.eq(value ^ (value << 1))
        for place in range(places):
            covered = starts[max(0, place - width + 1) : place].any()
            m.d.comb += starts[place].eq(edges[place] & ~covered)
        digits: list[tuple[Value, ...]] = []
        for place in range(0, places, 2):
            neg, pick = Signal(name=f"neg_{place}"), Signal(width - 2, name=f"pick_{place}")
            windows = [value[at : at + width] for at in (place, place + 1)]
            either = Mux(starts[place + 1], windows[1], windows[0])
            m.d.comb += [
                neg.eq(either[-1] & starts[place : place + 2].any()),
                pick.eq(either[1:-1] ^ either[-1].replicate(width - 2)),
            ]
            digits.append((starts[place], starts[place + 1], neg, pick))
        self._deliver(m, digits)
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
    "wnaf3": partial(WindowEncoder, width=3),
    "wnaf4": partial(WindowEncoder, width=4),
    "bits": Bits,
}
