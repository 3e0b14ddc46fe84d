"""Adders of partial sums, by `golden.trigger.partial`: one lane each, combinational."""

from amaranth.hdl import Cat, Module
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from golden.fixed import UnroundedFixedPoint
from golden.floats import FloatFormat
from golden.spec import EngineSpec
from golden.trigger.partial import Partial
from hw.floats.floating import FloatAdd
from hw.floats.product import Parts, ProductShape


def lane_adder(spec: EngineSpec) -> wiring.Component:
    """The adder of two partial sums of `spec`: `x` and `y` In(bits), `o` Out(bits).

    Raises
    ------
    ValueError
        If the engine's results are no partial sums.
    """
    number = Partial(spec).format
    if isinstance(number, FloatFormat):
        return FloatAdder(number)
    return (
        FixedAdder(number) if isinstance(number, UnroundedFixedPoint) else IntegerAdder(number.bits)
    )


class LaneAdder(wiring.Component):
    """`o` = `x` + `y`."""

    def __init__(self, bits: int) -> None:
        super().__init__({"x": In(bits), "y": In(bits), "o": Out(bits)})


class IntegerAdder(LaneAdder):
    """Modulo 2**bits."""

    def elaborate(self, platform: object) -> Module:
        m = Module()
        m.d.comb += self.o.eq(self.x + self.y)
        return m


class FixedAdder(LaneAdder):
    """Codes of `golden.fixed.UnroundedFixedPoint`: a sum, and above it whether it is NaN."""

    def __init__(self, acc: UnroundedFixedPoint) -> None:
        super().__init__(acc.width + 1)

    def elaborate(self, platform: object) -> Module:
        m = Module()
        total = (self.x[:-1] + self.y[:-1])[: len(self.o) - 1]
        m.d.comb += self.o.eq(Cat(total, self.x[-1] | self.y[-1]))
        return m


class FloatAdder(LaneAdder):
    """Floating-point numbers, rounded to nearest even; the sign of a zero is by IEEE 754.

    Parameters
    ----------
    number : FloatFormat
        With NaN.
    """

    def __init__(self, number: FloatFormat) -> None:
        self._number = number
        super().__init__(number.bits)

    def elaborate(self, platform: object) -> Module:
        m = Module()
        number = self._number
        # `y` as a product. Where its exponent is the larger one, no zeros are in front of it.
        shape = ProductShape(
            significand_bits=number.mantissa_bits + 1,
            exponent_bits=number.exponent_bits,
            unit=number.least_exponent - 1,
            leading_zeros=0,
        )
        m.submodules.add = add = FloatAdd(shape, number)
        y = Parts.of(self.y, number)
        m.d.comb += [
            add.state.eq(self.x),
            add.product.negative.eq(y.negative),
            add.product.exponent.eq(Cat(y.field[0] | ~y.normal, y.field[1:])),
            add.product.significand.eq(Cat(y.mantissa, y.normal)),
            # A zero product would leave the sign of a sum as it is: here both signs count.
            add.product.zero.eq(0),
            add.product.infinite.eq(y.infinite),
            add.product.nan.eq(y.nan),
            self.o.eq(add.o),
        ]
        return m
