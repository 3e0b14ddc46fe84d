"""What scales and adds up the groups of one column of an array."""

from dataclasses import dataclass

from amaranth.hdl import Cat, Const, Module, Signal, Value
from amaranth.lib import data, wiring
from amaranth.lib.wiring import In, Out

from golden.accumulators import Accumulator, FixedPoint
from golden.floats import FloatFormat
from golden.groups import Groups
from hw.floats.fixed import Align, FixedToFloat
from hw.floats.floating import FloatAlign, FloatSum
from hw.floats.pack import leading_zeros
from hw.floats.product import ProductShape


@dataclass(frozen=True, kw_only=True)
class Scaling:
    """What a column does: widths of what passes through it.

    Parameters
    ----------
    groups : Groups
    acc : FloatFormat or FixedPoint
    rows : int
        Of a tile, each with an accumulator.
    """

    groups: Groups
    acc: Accumulator
    rows: int

    @property
    def size_bits(self) -> int:
        """Of the magnitude of a sum. No sum is as large as -2**(bits - 1)."""
        return self.groups.sum.bits - 1

    @property
    def zero_places(self) -> int:
        """Bits that count the zeros in front of a magnitude, if it is normalised.

        It is for a floating-point accumulator, which need not look for the first 1 then.
        """
        fixed = isinstance(self.acc, FixedPoint)
        return 0 if fixed else max((self.size_bits - 1).bit_length(), 1)

    @property
    def reads_early(self) -> bool:
        """The accumulator is read a cycle before it is written.

        A single row may be wanted again in the next cycle, fixed point needs no time to align it.
        """
        return self.rows > 1 and not isinstance(self.acc, FixedPoint)

    @property
    def state(self) -> int:
        """Bits of an accumulator."""
        return self.acc.width if isinstance(self.acc, FixedPoint) else self.acc.bits

    @property
    def size(self) -> data.StructLayout:
        """A sum, sign and magnitude, and its scale.

        The magnitude is normalised if `zeros` counts, inverted, how far it was shifted.
        """
        scale = self.groups.scale_format
        return data.StructLayout(
            {
                "negative": 1,
                "magnitude": self.size_bits,
                "zeros": self.zero_places,
                "significand": scale.mantissa_bits + 1,
                "field": scale.exponent_bits,
            }
        )

    @property
    def product(self) -> ProductShape:
        """Of a group's sum and its scale."""
        scale, places = self.groups.scale_format, self.zero_places
        return ProductShape(
            significand_bits=self.size_bits + scale.mantissa_bits + bool(scale.mantissa_bits),
            exponent_bits=max(scale.exponent_bits, places) + bool(places),
            unit=scale.least_exponent - 1 - ((1 << places) - 1),
            leading_zeros=scale.mantissa_bits + 1,
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
            m.submodules.convert = convert = FixedToFloat(scaling.acc)
            m.d.comb += convert.i.eq(self._registered(m, total, "total"))
            result = convert.o
        else:
            total = result = self._floating(m, product, accumulators.o, scaling.acc)
        m.d.comb += [accumulators.i.eq(total), self.o.eq(self._registered(m, result, "result"))]
        return m

    def _registered(self, m: Module, value: Value, name: str) -> Value:
        held = Signal.like(value, name=name, reset_less=True)
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
        total = Signal(scaling.state)
        inverted = addend ^ negative.replicate(scaling.state)
        m.d.comb += total.eq(state + inverted + negative)
        return total

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
        groups, scale = self._scaling.groups, self._scaling.groups.scale_format
        total = Signal(groups.sum.bits)
        m.d.comb += total.eq(self.sum)
        if groups.zeros:
            zero = self.scale[scale.bits :]
            m.d.comb += total.eq(self.sum - (self.of_row.as_signed() * zero))
        negative = total[-1]
        magnitude = Signal(self._scaling.size_bits)
        field = self.scale[scale.mantissa_bits : scale.magnitude_bits]
        normal = field.any()
        m.d.comb += [
            magnitude.eq((total ^ negative.replicate(len(total))) + negative),
            self.o.negative.eq(negative ^ self.scale[scale.bits - 1]),
            self.o.magnitude.eq(magnitude),
            self.o.significand.eq(Cat(self.scale[: scale.mantissa_bits], normal)),
            self.o.field.eq(Cat(field[0] | ~normal, field[1:])),
        ]
        if self._scaling.zero_places:
            zeros = leading_zeros(m, magnitude, "zeros")
            m.d.comb += [self.o.magnitude.eq(magnitude << zeros), self.o.zeros.eq(~zeros)]
        return m


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
        exponent = self.i.field + self.i.zeros if self._scaling.zero_places else self.i.field
        m.d.comb += [
            self.o.negative.eq(self.i.negative),
            self.o.exponent.eq(exponent),
            self.o.significand.eq(self.i.magnitude * self.i.significand),
            self.o.zero.eq(~self.i.magnitude.any() | ~self.i.significand.any()),
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
