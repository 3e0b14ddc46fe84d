"""What scales and adds up the groups of one column of an array."""

from dataclasses import dataclass

from amaranth.hdl import Cat, Const, Module, Signal, Value
from amaranth.lib import data, wiring
from amaranth.lib.wiring import In, Out

from golden.accumulators import FP32, Accumulator, FixedPoint
from golden.floats import FloatFormat
from golden.groups import FloatGroups, IntegerGroups
from hw.floats.fixed import Align, convert_sum
from hw.floats.floating import FloatAlign, FloatSum
from hw.floats.pack import leading_zeros
from hw.floats.product import Parts, ProductShape


@dataclass(frozen=True, kw_only=True)
class Scaling:
    """What a column does: widths of what passes through it.

    Parameters
    ----------
    groups : IntegerGroups or FloatGroups
    acc : FloatFormat or FixedPoint
    rows : int
        Of a tile, each with an accumulator.
    """

    groups: IntegerGroups | FloatGroups
    acc: Accumulator
    rows: int

    @property
    def floating(self) -> bool:
        """Sums of groups are fp32, else integers."""
        return isinstance(self.groups, FloatGroups)

    @property
    def overflows(self) -> bool:
        """Sums of groups may be too large for fp32, and infinite."""
        groups = self.groups
        return isinstance(groups, FloatGroups) and groups.sum.integer > FP32.bias + 2

    @property
    def exponent_bits(self) -> int:
        """Of the exponent of a sum, if it has one.

        Integers for a floating-point accumulator are normalised, so that it need not look for the
        first 1. Their exponent is, inverted, how far they are shifted.
        """
        if self.floating:
            return FP32.exponent_bits
        fixed = isinstance(self.acc, FixedPoint)
        return 0 if fixed else max((self.groups.sum_significand - 1).bit_length(), 1)

    @property
    def reads_early(self) -> bool:
        """The accumulator is read a cycle before it is written.

        A single row may be wanted again in the next cycle, fixed point needs no time to align it.
        """
        return self.rows > 1 and not isinstance(self.acc, FixedPoint)

    @property
    def state(self) -> int:
        """Bits of an accumulator. A fixed-point one may remember that a sum was no number."""
        if isinstance(self.acc, FixedPoint):
            return self.acc.width + self.floating
        return self.acc.bits

    @property
    def size(self) -> data.StructLayout:
        """A sum, sign and magnitude, and its scale."""
        scale = self.groups.scale_format
        return data.StructLayout(
            {
                "negative": 1,
                "magnitude": self.groups.sum_significand,
                "exponent": self.exponent_bits,
                "significand": scale.mantissa_bits + 1,
                "field": scale.exponent_bits,
                **({"infinite": 1} if self.overflows else {}),
                **({"nan": 1} if self.floating else {}),
            }
        )

    @property
    def product(self) -> ProductShape:
        """Of a group's sum and its scale."""
        scale, places = self.groups.scale_format, self.exponent_bits
        more = bool(scale.mantissa_bits)
        sum_unit, sum_zeros = 1 - (1 << places), 0
        if isinstance(self.groups, FloatGroups):
            sum_unit = FP32.least_exponent - 1
            if self.groups.sum.fraction > FP32.bias - 1:
                sum_zeros = FP32.mantissa_bits
        return ProductShape(
            significand_bits=self.groups.sum_significand + scale.mantissa_bits + more,
            exponent_bits=max(scale.exponent_bits, places) + bool(places),
            unit=scale.least_exponent - 1 + sum_unit,
            leading_zeros=scale.mantissa_bits + 1 + sum_zeros,
        )


class Column(wiring.Component):
    """The groups of one column: sum, zero point, scale, accumulator.

    There are four registers in a row: the sum's magnitude, its product with the scale, what is
    aligned for the addition, and the new accumulator. A fixed-point one is converted into a fifth.

    Parameters
    ----------
    scaling : Scaling

    Members
    -------
    en : In(1)
    sum : In
        A group's sum.
    of_row : In
        The sum of A over the group in the same row, if there are zero points.
    scale : In(scale_bits)
        Of the group, with the zero point above it.
    begin : In(1)
        The group is its tile's first. With `row`.
    row : In(rows)
        One bit: the accumulator to read, two cycles behind the sum if that `reads_early`, or three.
    write : In(rows)
        One bit, or none: the accumulator to write, three cycles behind the sum.
    o : Out(acc.bits)
        Four or five cycles behind the sum.
    """

    def __init__(self, scaling: Scaling) -> None:
        self._scaling = scaling
        groups = scaling.groups
        super().__init__(
            {
                "en": In(1),
                "sum": In(groups.sum.bits),
                **({"of_row": In(groups.sum.bits)} if groups.zeros else {}),
                "scale": In(groups.scale_bits),
                "begin": In(1),
                "row": In(scaling.rows),
                "write": In(scaling.rows),
                "o": Out(scaling.acc.bits),
            }
        )

    def elaborate(self, platform: object) -> Module:
        m = Module()
        scaling = self._scaling
        m.submodules.size = size = Size(scaling)
        m.submodules.times = times = Times(scaling)
        m.submodules.accumulators = accumulators = Accumulators(scaling.state, scaling.rows)
        m.d.comb += [
            size.sum.eq(self.sum),
            size.scale.eq(self.scale),
            times.i.eq(self._registered(m, size.o, "size")),
            accumulators.en.eq(self.en),
            accumulators.row.eq(self.row & (~self.begin).replicate(scaling.rows)),
            accumulators.write.eq(self.write),
        ]
        if scaling.groups.zeros:
            m.d.comb += size.of_row.eq(self.of_row)
        product = self._registered(m, times.o, "product")
        if isinstance(scaling.acc, FixedPoint):
            total = self._fixed(m, product, accumulators.o, scaling.acc)
            m.submodules.convert = convert = convert_sum(scaling.acc)
            m.d.comb += convert.i.eq(self._registered(m, total, "total"))
            result = convert.o
        else:
            total = result = self._floating(m, product, accumulators.o, scaling.acc)
        m.d.comb += [accumulators.i.eq(total), self.o.eq(self._registered(m, result, "result"))]
        return m

    def _registered(self, m: Module, value: Value, name: str) -> Value:
        held = Signal(value.shape(), name=name, reset_less=True)
        with m.If(self.en):
            m.d.sync += held.eq(value)
        return held

    def _fixed(self, m: Module, product: Value, state: Value, acc: FixedPoint) -> Value:
        """The sum of what is in the accumulator and the product of the cycle before."""
        scaling = self._scaling
        m.submodules.align = align = Align(scaling.product, acc)
        m.d.comb += [
            align.zero.eq(product.zero),
            align.exponent.eq(product.exponent),
            align.significand.eq(product.significand),
        ]
        addend = self._registered(m, align.o, "addend")
        negative = self._registered(m, product.negative, "addend_negative")
        total = Signal(acc.width)
        inverted = addend ^ negative.replicate(acc.width)
        m.d.comb += total.eq(state[: acc.width] + inverted + negative)
        if not scaling.floating:
            return total
        special = self._registered(m, product.infinite | product.nan, "addend_special")
        return Cat(total, state[acc.width] | special)

    def _floating(self, m: Module, product: Value, state: Value, acc: FloatFormat) -> Value:
        scaling = self._scaling
        m.submodules.align = align = FloatAlign(scaling.product, acc)
        m.submodules.add = add = FloatSum(scaling.product, acc)
        if not scaling.reads_early:
            product = self._registered(m, product, "late_product")
        aligned = self._registered(m, align.o, "aligned") if scaling.reads_early else align.o
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
        field = self.scale[scale.mantissa_bits : scale.magnitude_bits]
        normal = field.any()
        m.d.comb += [
            self.o.significand.eq(Cat(self.scale[: scale.mantissa_bits], normal)),
            self.o.field.eq(Cat(field[0] | ~normal, field[1:])),
        ]
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
        m.d.comb += [
            magnitude.eq((total ^ negative.replicate(len(total))) + negative),
            self.o.magnitude.eq(magnitude),
        ]
        if self._scaling.exponent_bits:
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


class Accumulators(wiring.Component):
    """A word for every row of a tile.

    Members
    -------
    en : In(1)
    row : In(rows)
        One bit: the word to read, or none for 0.
    o : Out(width)
    write : In(rows)
        One bit: the word to write, or none.
    i : In(width)
    """

    def __init__(self, width: int, rows: int) -> None:
        super().__init__(
            {
                "en": In(1),
                "row": In(rows),
                "o": Out(width),
                "write": In(rows),
                "i": In(width),
            }
        )

    def elaborate(self, platform: object) -> Module:
        m = Module()
        width = len(self.i)
        chosen = Const(0, width)
        for row, (reads, writes) in enumerate(zip(self.row, self.write, strict=True)):
            word = Signal(width, name=f"word_{row}", reset_less=True)
            with m.If(self.en & writes):
                m.d.sync += word.eq(self.i)
            chosen = chosen | (word & reads.replicate(width))
        m.d.comb += self.o.eq(chosen)
        return m
