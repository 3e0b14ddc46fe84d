"""Columns of two's complement numbers, from sums of integers to fixed-point results."""

from amaranth.hdl import Cat, Const, Module, Signal, Value, signed
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from golden.fixed import FixedPoint
from hw.floats.fixed import FINE_BITS
from hw.groups.column import Column, taken_apart


class FixedColumn(Column):
    """A column of two's complement numbers, from sums of integers to fixed-point results.

    A power of two shifts the sum and nothing else is done to it: there are two registers, what is
    aligned for the addition and the new accumulator. There is one more for the sum without its zero
    point's share, and one for its product with the significand of another scale.
    """

    def elaborate(self, platform: object) -> Module:
        m = Module()
        scaling, groups = self.scaling, self.scaling.groups
        scale, fraction = self.scale[: groups.scale_format.bits], groups.scale_format.mantissa_bits
        total: Value = self.sum.as_signed()
        if groups.zeros:
            share = self.of_row.as_signed() * self.scale[groups.scale_format.bits :]
            total = self.registered(m, (total - share)[: len(total)].as_signed(), "total")
            scale = self.registered(m, scale, "scale_of_total")
        significand, field = taken_apart(scale, groups.scale_format)
        if fraction:
            total = self.registered(m, total * significand, "product")
            field = self.registered(m, field, "field")
        assert isinstance(scaling.acc, FixedPoint)
        m.submodules.shift = shift = Shift(
            number_bits=len(total),
            exponent_bits=len(field),
            unit=groups.scale_format.least_exponent - 1,
            acc=scaling.acc,
        )
        m.d.comb += [shift.number.eq(total), shift.exponent.eq(field)]
        addend = self.registered(m, shift.o, "addend")
        accumulators = self.accumulators(m)
        m.d.comb += [
            accumulators.i.eq(accumulators.o + addend[1:] + addend[0]),
            self.o.eq(self.registered(m, accumulators.i, "result")),
        ]
        return m


class Shift(wiring.Component):
    """A number in two's complement in units of half an accumulator's last place, modulo its range.

    Bits below are dropped. As in `hw.floats.fixed.Align` the lowest bits of the exponent shift the
    number, and the others select where it goes.

    Parameters
    ----------
    number_bits, exponent_bits : int
    unit : int
        The number is number * 2**(exponent + unit).
    acc : FixedPoint

    Members
    -------
    number, exponent : In
    o : Out(acc.width + 1)
    """

    def __init__(self, *, number_bits: int, exponent_bits: int, unit: int, acc: FixedPoint) -> None:
        self._place = unit + acc.fraction + 1
        super().__init__(
            {
                "number": In(signed(number_bits)),
                "exponent": In(exponent_bits),
                "o": Out(acc.width + 1),
            }
        )

    def elaborate(self, platform: object) -> Module:
        m = Module()
        steps = 1 << FINE_BITS
        chunk = Signal(signed(len(self.number) + steps - 1))
        m.d.comb += chunk.eq(self.number << self.exponent[:FINE_BITS])
        coarse = self.exponent[FINE_BITS:]
        terms: list[list[Value]] = [[] for _ in self.o]
        for value in range(1 << len(coarse)):
            place = value * steps + self._place
            inside = range(max(place, 0), min(len(self.o), place + len(chunk)))
            if not inside:
                continue
            selected = Signal(name=f"selected_{value}")
            m.d.comb += selected.eq(coarse == value)
            for bit in inside:
                terms[bit].append(selected & chunk[bit - place])
        for bit, some in enumerate(terms):
            # Where the number ends below this bit, its sign goes on.
            behind = (bit - self._place - len(chunk)) // steps
            if behind >= 0:
                some.append(chunk[-1] & (coarse <= behind))
        m.d.comb += self.o.eq(Cat(Cat(*some).any() if some else Const(0, 1) for some in terms))
        return m
