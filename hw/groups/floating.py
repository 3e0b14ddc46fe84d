"""Columns of sign and magnitude: their accumulators or their sums are floating-point."""

from amaranth.hdl import Cat, Module, Signal, Value
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from golden.fixed import FP32, FixedPoint
from golden.floats import FloatFormat
from hw.floats.fixed import Align, convert_sum
from hw.floats.floating import FloatAlign, FloatSum
from hw.floats.pack import leading_zeros
from hw.floats.product import Parts
from hw.groups.column import Column, Scaling, taken_apart


class FloatColumn(Column):
    """A column that keeps sign and magnitude: its accumulators or its sums are floating-point.

    There are four registers in a row: the sum's magnitude, its product with the scale, what is
    aligned for the addition, and the new accumulator. A fixed-point one is converted into a fifth.
    """

    def elaborate(self, platform: object) -> Module:
        m = Module()
        scaling = self.scaling
        m.submodules.size = size = Size(scaling)
        m.submodules.times = times = Times(scaling)
        accumulators = self.accumulators(m)
        m.d.comb += [
            size.sum.eq(self.sum),
            size.scale.eq(self.scale),
            times.i.eq(self.registered(m, size.o, "size")),
        ]
        if scaling.groups.zeros:
            m.d.comb += size.of_row.eq(self.of_row)
        product = self.registered(m, times.o, "product")
        if isinstance(scaling.acc, FixedPoint):
            total = self._fixed(m, product, accumulators.o, scaling.acc)
            m.submodules.convert = convert = convert_sum(scaling.acc)
            m.d.comb += convert.i.eq(self.registered(m, total, "total"))
            result = convert.o
        else:
            total = result = self._floating(m, product, accumulators.o, scaling.acc)
        m.d.comb += [accumulators.i.eq(total), self.o.eq(self.registered(m, result, "result"))]
        return m

    def _fixed(self, m: Module, product: Value, state: Value, acc: FixedPoint) -> Value:
        """The sum of what is in the accumulator and the product of the cycle before."""
        m.submodules.align = align = Align(self.scaling.product, acc)
        m.d.comb += [
            align.zero.eq(product.zero),
            align.exponent.eq(product.exponent),
            align.significand.eq(product.significand),
        ]
        addend = self.registered(m, align.o, "addend")
        negative = self.registered(m, product.negative, "addend_negative")
        special = self.registered(m, product.infinite | product.nan, "addend_special")
        total = Signal(acc.width)
        inverted = addend ^ negative.replicate(acc.width)
        m.d.comb += total.eq(state[: acc.width] + inverted + negative)
        return Cat(total, state[acc.width] | special)

    def _floating(self, m: Module, product: Value, state: Value, acc: FloatFormat) -> Value:
        scaling = self.scaling
        m.submodules.align = align = FloatAlign(scaling.product, acc)
        m.submodules.add = add = FloatSum(scaling.product, acc)
        early = scaling.reads < scaling.writes
        if not early:
            product = self.registered(m, product, "late_product")
        aligned = self.registered(m, align.o, "aligned") if early else align.o
        m.d.comb += [
            align.product.eq(product),
            align.state.eq(state),
            add.i.eq(aligned),
        ]
        return add.o


class Size(wiring.Component):
    """The magnitude of a sum, less its zero point's share, beside its scale.

    Members
    -------
    sum, of_row, scale : In
        As for `Column`.
    o : Out(size)
    """

    def __init__(self, scaling: Scaling) -> None:
        self._scaling = scaling
        groups = scaling.groups
        super().__init__(
            {
                "sum": In(groups.sum.bits),
                **({"of_row": In(groups.sum.bits)} if groups.zeros else {}),
                "scale": In(groups.scale_bits),
                "o": Out(scaling.size),
            }
        )

    def elaborate(self, platform: object) -> Module:
        m = Module()
        scale = self._scaling.groups.scale_format
        significand, field = taken_apart(self.scale, scale)
        m.d.comb += [self.o.significand.eq(significand), self.o.field.eq(field)]
        negative = self._float_sum(m) if self._scaling.floating else self._integer_sum(m)
        m.d.comb += self.o.negative.eq(negative ^ self.scale[scale.bits - 1])
        return m

    def _integer_sum(self, m: Module) -> Value:
        """The magnitude of the sum, and its sign."""
        groups = self._scaling.groups
        total = Signal(groups.sum.bits)
        m.d.comb += total.eq(self.sum)
        if groups.zeros:
            zero = self.scale[groups.scale_format.bits :]
            m.d.comb += total.eq(self.sum - (self.of_row.as_signed() * zero))
        negative = total[-1]
        magnitude = Signal(groups.sum_significand)
        m.d.comb += magnitude.eq((total ^ negative.replicate(len(total))) + negative)
        zeros = leading_zeros(m, magnitude, "zeros")
        m.d.comb += [self.o.magnitude.eq(magnitude << zeros), self.o.exponent.eq(~zeros)]
        return negative

    def _float_sum(self, m: Module) -> Value:
        parts = Parts.of(self.sum, FP32)
        m.d.comb += [
            self.o.magnitude.eq(Cat(parts.mantissa, parts.normal)),
            self.o.exponent.eq(Cat(parts.field[0] | ~parts.normal, parts.field[1:])),
            self.o.nan.eq(parts.nan),
        ]
        if self._scaling.overflows:
            m.d.comb += self.o.infinite.eq(parts.infinite)
        return parts.negative


class Times(wiring.Component):
    """A sum times its scale.

    Members
    -------
    i : In(size)
    o : Out(product.layout)
    """

    def __init__(self, scaling: Scaling) -> None:
        self._scaling = scaling
        super().__init__({"i": In(scaling.size), "o": Out(scaling.product.layout)})

    def elaborate(self, platform: object) -> Module:
        m = Module()
        m.d.comb += [
            self.o.negative.eq(self.i.negative),
            self.o.exponent.eq(self.i.field + self.i.exponent),
            self.o.significand.eq(self.i.magnitude * self.i.significand),
            self.o.zero.eq(~self.i.magnitude.any() | ~self.i.significand.any()),
        ]
        if self._scaling.floating:
            m.d.comb += self.o.nan.eq(self.i.nan)
        if self._scaling.overflows:
            lost = self.i.infinite & ~self.i.significand.any()
            m.d.comb += [
                self.o.infinite.eq(self.i.infinite & ~lost),
                self.o.nan.eq(self.i.nan | lost),
            ]
        return m
