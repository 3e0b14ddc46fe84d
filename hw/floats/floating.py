"""Floating-point accumulation of floating-point products, each addition rounded once."""

from amaranth.hdl import Cat, Const, Module, Mux, Signal, signed
from amaranth.lib import data, wiring
from amaranth.lib.wiring import In, Out

from golden.floats import FloatFormat
from hw.floats.pack import Pack
from hw.floats.product import Parts, ProductShape


class FloatAdd(wiring.Component):
    """`o` = `state` + product, rounded to nearest even: the second half of a fused multiply-add.

    Parameters
    ----------
    shape : ProductShape
    acc : FloatFormat
        With NaN.

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
        m.submodules.align = align = FloatAlign(self._shape, self._acc)
        m.submodules.sum = sum_ = FloatSum(self._shape, self._acc)
        m.d.comb += [
            align.product.eq(self.product),
            align.state.eq(self.state),
            sum_.i.eq(align.o),
            self.o.eq(sum_.o),
        ]
        return m


def aligned_layout(shape: ProductShape, acc: FloatFormat) -> data.StructLayout:
    """Two magnitudes in units of one last place, and what else decides the rounded sum.

    `larger` has the larger exponent, `field` and the sign `negative`; `smaller` is to be subtracted
    if `subtract`. `zero_negative` is the sign if nothing is left. With `nan` or `infinite` (of sign
    `infinite_negative`) the numbers mean nothing.
    """
    significand = acc.mantissa_bits + 1
    # Room for both, for what zeros in front of the product push back, and for rounding.
    width = max(shape.significand_bits, significand) + shape.leading_zeros + 3
    return data.StructLayout(
        {
            "larger": width,
            "smaller": width,
            "field": _field_bits(shape, acc),
            "negative": 1,
            "subtract": 1,
            "zero_negative": 1,
            "nan": 1,
            "infinite": 1,
            "infinite_negative": 1,
        }
    )


def _offset(shape: ProductShape, acc: FloatFormat) -> int:
    """The field that an accumulator would have whose hidden bit is where the product begins."""
    return shape.unit + shape.significand_bits - 1 + acc.bias


def _field_bits(shape: ProductShape, acc: FloatFormat) -> int:
    offset = abs(_offset(shape, acc)).bit_length()
    return max(shape.exponent_bits, acc.exponent_bits, offset) + 2


class FloatAlign(wiring.Component):
    """The first half of an addition.

    The operand with the larger exponent stays, the other moves to the right, into a bit that
    remembers whether anything was lost. Subnormal numbers count as what they are.

    Members
    -------
    product : In(shape.layout)
    state : In(acc.bits)
    o : Out(aligned_layout)
    """

    def __init__(self, shape: ProductShape, acc: FloatFormat) -> None:
        self._shape, self._acc = shape, acc
        super().__init__(
            {
                "product": In(shape.layout),
                "state": In(acc.bits),
                "o": Out(aligned_layout(shape, acc)),
            }
        )

    def elaborate(self, platform: object) -> Module:
        m = Module()
        shape, acc = self._shape, self._acc
        held = Parts.of(self.state, acc)
        significand = Cat(held.mantissa, held.normal)
        field = Cat(held.field[0] | ~held.normal, held.field[1:])
        bits = len(self.o.field)
        product_field, distance = Signal(signed(bits)), Signal(signed(bits + 1))
        product_larger = Signal()
        m.d.comb += [
            product_field.eq(self.product.exponent + _offset(shape, acc)),
            distance.eq(product_field - field),
            product_larger.eq((distance > 0) & ~self.product.zero),
        ]
        width = len(self.o.larger)
        added = Mux(self.product.zero, 0, self.product.significand)
        in_front = [Cat(Const(0, width - len(value)), value) for value in (significand, added)]
        smaller, shift = Signal(width), Signal(bits + 1)
        subtract = self.product.negative ^ held.negative
        m.d.comb += [
            smaller.eq(Mux(product_larger, in_front[0], in_front[1])),
            shift.eq(Mux(distance > 0, distance, -distance)),
            self.o.larger.eq(Mux(product_larger, in_front[1], in_front[0])),
            self.o.smaller.eq(self._shifted(m, smaller, shift)),
            self.o.field.eq(Mux(product_larger, product_field, field)),
            self.o.negative.eq(Mux(product_larger, self.product.negative, held.negative)),
            self.o.subtract.eq(subtract),
            self.o.zero_negative.eq(held.negative & (self.product.negative | self.product.zero)),
            self.o.nan.eq(
                held.nan | self.product.nan | (held.infinite & self.product.infinite & subtract)
            ),
            self.o.infinite.eq(held.infinite | self.product.infinite),
            self.o.infinite_negative.eq(Mux(held.infinite, held.negative, self.product.negative)),
        ]
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


class FloatSum(wiring.Component):
    """The second half: the sum of what is aligned, rounded.

    Members
    -------
    i : In(aligned_layout)
    o : Out(acc.bits)
    """

    def __init__(self, shape: ProductShape, acc: FloatFormat) -> None:
        self._acc = acc
        super().__init__({"i": In(aligned_layout(shape, acc)), "o": Out(acc.bits)})

    def elaborate(self, platform: object) -> Module:
        m = Module()
        acc, width = self._acc, len(self.i.larger)
        total = Signal(signed(width + 2))
        larger, smaller = self.i.larger, self.i.smaller
        m.submodules.pack = pack = Pack(acc, width + 1, len(self.i.field))
        m.d.comb += [
            total.eq(Mux(self.i.subtract, larger - smaller, larger + smaller)),
            pack.negative.eq(Mux(total == 0, self.i.zero_negative, self.i.negative ^ total[-1])),
            pack.magnitude.eq(Mux(total[-1], -total, total)),
            pack.field.eq(self.i.field + 1),
            self.o.eq(pack.o),
        ]
        if acc.inf_code is None:
            # NaN has one code, whatever the sign of what was too large.
            too_large = pack.o[: acc.magnitude_bits] == acc.nan_code
            with m.If(self.i.nan | self.i.infinite | too_large):
                m.d.comb += self.o.eq(acc.nan_code)
            return m
        with m.If(self.i.nan):
            m.d.comb += self.o.eq(acc.nan_code)
        with m.Elif(self.i.infinite):
            infinity = Const(acc.inf_code, acc.magnitude_bits)
            m.d.comb += self.o.eq(Cat(infinity, self.i.infinite_negative))
        return m
