"""Floating-point accumulation of floating-point products, each addition rounded once."""

from amaranth.hdl import Cat, Const, Module, Mux, Signal, signed
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from golden.floats import FloatFormat
from hw.floats.pack import Pack
from hw.floats.product import Parts, ProductShape


class FloatAdd(wiring.Component):
    """`o` = `state` + product, rounded to nearest even: the second half of a fused multiply-add.

    The operand with the larger exponent stays, the other moves to the right, into a bit that
    remembers whether anything was lost. Subnormal numbers count as what they are.

    Parameters
    ----------
    shape : ProductShape
    acc : FloatFormat
        With infinity.

    Members
    -------
    product : In(shape.layout)
    state, o : In(acc.bits), Out(acc.bits)
    """

    def __init__(self, shape: ProductShape, acc: FloatFormat) -> None:
        self._shape, self._acc = shape, acc
        super().__init__({"product": In(shape.layout), "state": In(acc.bits), "o": Out(acc.bits)})

    def elaborate(self, platform: object) -> Module:
        m = Module()
        shape, acc = self._shape, self._acc
        held = Parts.of(self.state, acc)
        significand = Cat(held.mantissa, held.normal)
        field = Cat(held.field[0] | ~held.normal, held.field[1:])
        # The field that an accumulator would have whose hidden bit is where the product begins.
        offset = shape.unit + shape.significand_bits - 1 + acc.bias
        bits = max(shape.exponent_bits, acc.exponent_bits, abs(offset).bit_length()) + 2
        product_field, distance = Signal(signed(bits)), Signal(signed(bits + 1))
        product_larger = Signal()
        m.d.comb += [
            product_field.eq(self.product.exponent + offset),
            distance.eq(product_field - field),
            product_larger.eq((distance > 0) & ~self.product.zero),
        ]
        # Room for both, for what zeros in front of the product push back, and for rounding.
        width = max(shape.significand_bits, len(significand)) + shape.leading_zeros + 3
        added = Mux(self.product.zero, 0, self.product.significand)
        in_front = [Cat(Const(0, width - len(value)), value) for value in (significand, added)]
        larger, smaller, shifted = Signal(width), Signal(width), Signal(width)
        shift = Signal(bits + 1)
        larger_field = Signal(bits)
        m.d.comb += [
            larger.eq(Mux(product_larger, in_front[1], in_front[0])),
            smaller.eq(Mux(product_larger, in_front[0], in_front[1])),
            shift.eq(Mux(distance > 0, distance, -distance)),
            larger_field.eq(Mux(product_larger, product_field, field)),
            shifted.eq(self._shifted(m, smaller, shift)),
        ]
        negative, subtract, total = Signal(), Signal(), Signal(signed(width + 2))
        larger_negative = Mux(product_larger, self.product.negative, held.negative)
        m.d.comb += [
            subtract.eq(self.product.negative ^ held.negative),
            total.eq(Mux(subtract, larger - shifted, larger + shifted)),
            negative.eq(
                Mux(
                    total == 0,
                    held.negative & (self.product.negative | self.product.zero),
                    larger_negative ^ total[-1],
                )
            ),
        ]
        m.submodules.pack = pack = Pack(acc, width + 1, bits)
        m.d.comb += [
            pack.negative.eq(negative),
            pack.magnitude.eq(Mux(total[-1], -total, total)),
            pack.field.eq(larger_field + 1),
        ]
        nan, infinite = Signal(), Signal()
        m.d.comb += [
            nan.eq(
                held.nan | self.product.nan | (held.infinite & self.product.infinite & subtract)
            ),
            infinite.eq(held.infinite | self.product.infinite),
            self.o.eq(pack.o),
        ]
        with m.If(nan):
            m.d.comb += self.o.eq(acc.nan_code)
        with m.Elif(infinite):
            sign = Mux(held.infinite, held.negative, self.product.negative)
            m.d.comb += self.o.eq(Cat(Const(acc.inf_code, acc.magnitude_bits), sign))
        return m

    def _shifted(self, m: Module, value: Signal, shift: Signal) -> Signal:
        """`value` to the right by `shift` places; the lowest bit gathers what falls out."""
        width = len(value)
        for level in range((width - 1).bit_length()):
            moved = Signal(width, name=f"moved_{level}")
            places = 1 << level
            lost = value[: places + 1].any()
            m.d.comb += moved.eq(Mux(shift[level], Cat(lost, value[places + 1 :]), value))
            value = moved
        beyond = shift[(width - 1).bit_length() :].any()
        result = Signal(width, name="aligned")
        m.d.comb += result.eq(Mux(beyond, value.any(), value))
        return result
