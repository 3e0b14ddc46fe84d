"""The exact multiplier that an L-Mul unit stands beside: a product rounded within its format."""

from amaranth.hdl import Cat, Module, Mux, Signal, signed
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from golden.floats import FloatFormat
from golden.products import ExactMultiplier
from hw.floats.product import ExactProduct


class FloatMultiplier(wiring.Component):
    """`o` = `x` * `y`, rounded to nearest even. Combinational.

    Operands with exponent field 0 are zeros, and so are products whose exponent, after rounding,
    is below that of normal numbers: as cheap as a multiplier that rounds can be. What is too large
    is infinity, or NaN where there is none.

    Parameters
    ----------
    number : FloatFormat
        Of operands and product, with NaN.

    Members
    -------
    x, y : In(bits)
    o : Out(bits)
    """

    def __init__(self, number: FloatFormat) -> None:
        self._number = number
        super().__init__({"x": In(number.bits), "y": In(number.bits), "o": Out(number.bits)})

    def elaborate(self, platform: object) -> Module:
        m = Module()
        number, bits = self._number, self._number.mantissa_bits
        m.submodules.product = product = ExactProduct(ExactMultiplier(number, number, "flush"))
        exact = product.o.significand
        # From 1 to below 4: one place, or none, to the left.
        significand = Signal(len(exact))
        m.d.comb += [
            product.a.eq(self.x),
            product.b.eq(self.y),
            significand.eq(Mux(exact[-1], exact, exact << 1)),
        ]
        kept, below = significand[bits + 1 : -1], significand[: bits + 1]
        field = Signal(signed(number.exponent_bits + 2))
        rounded = Signal(signed(number.magnitude_bits + 3))
        up = below[-1] & (below[:-1].any() | kept[0])
        too_large, special = Signal(), Signal()
        m.d.comb += [
            field.eq(product.o.exponent - number.bias + exact[-1]),
            rounded.eq(Cat(kept, field).as_signed() + up),
            too_large.eq(rounded > number.max_code),
            special.eq(product.o.infinite | (too_large & ~product.o.zero)),
        ]
        magnitude = Mux(
            product.o.nan,
            number.nan_code,
            Mux(
                special,
                number.beyond_code,
                Mux(product.o.zero | (rounded < 1 << bits), 0, rounded[: number.magnitude_bits]),
            ),
        )
        m.d.comb += self.o.eq(Cat(magnitude, product.o.negative))
        return m
