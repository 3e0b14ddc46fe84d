"""A column of what scales and adds up groups: what it is given, and what it keeps."""

from dataclasses import dataclass

from amaranth.hdl import Cat, Const, Module, Signal, Value
from amaranth.lib import data, wiring
from amaranth.lib.wiring import In, Out

from golden.fixed import FP32, Accumulator, FixedNumber, FixedPoint
from golden.floats import FloatFormat
from golden.grouped import stages
from golden.groups import FloatGroups, IntegerGroups
from hw.floats.product import ProductShape


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
        """Of the exponent of a sum for a column that keeps sign and magnitude.

        Integers for a floating-point accumulator are normalised, so that it need not look for the
        first 1. Their exponent is, inverted, how far they are shifted.
        """
        if self.floating:
            return FP32.exponent_bits
        return max((self.groups.sum_significand - 1).bit_length(), 1)

    @property
    def stages(self) -> int:
        """Registers that a row passes."""
        return stages(self.groups, self.acc)

    @property
    def writes(self) -> int:
        """Cycles from a row's first register to when accumulators take it."""
        return self.stages - 2 if isinstance(self.acc, FixedNumber) else 2

    @property
    def reads(self) -> int:
        """Cycles from a row's first register to when accumulators are read.

        A cycle before they are written, but for a single row, which may be wanted again in the next
        cycle, and for fixed point, which needs no time to align it.
        """
        early = self.rows > 1 and not isinstance(self.acc, FixedPoint)
        return self.writes - early

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
            exponent_bits=max(scale.exponent_bits, places) + 1,
            unit=scale.least_exponent - 1 + sum_unit,
            leading_zeros=scale.mantissa_bits + 1 + sum_zeros,
        )


class Column(wiring.Component):
    """The groups of one column: sum, zero point, scale, accumulator.

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
        One bit: the accumulator to read, `reads` + 1 cycles behind the sum.
    write : In(rows)
        One bit, or none: the accumulator to write, `writes` + 1 cycles behind the sum.
    o : Out(acc.bits)
        `stages` cycles behind the sum.
    """

    def __init__(self, scaling: Scaling) -> None:
        self.scaling = scaling
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

    def accumulators(self, m: Module) -> "Accumulators":
        """One for every row, of which `row` and `write` choose."""
        rows = self.scaling.rows
        m.submodules.accumulators = accumulators = Accumulators(self.scaling.state, rows)
        m.d.comb += [
            accumulators.en.eq(self.en),
            accumulators.row.eq(self.row & (~self.begin).replicate(rows)),
            accumulators.write.eq(self.write),
        ]
        return accumulators

    def registered(self, m: Module, value: Value, name: str) -> Value:
        """The same a cycle later."""
        held = Signal(value.shape(), name=name, reset_less=True)
        with m.If(self.en):
            m.d.sync += held.eq(value)
        return held


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


def taken_apart(scale: Value, number: FloatFormat) -> tuple[Value, Value]:
    """Significand and exponent field of a positive number; a subnormal has the field 1."""
    field = scale[number.mantissa_bits : number.magnitude_bits]
    normal = field.any()
    return Cat(scale[: number.mantissa_bits], normal), Cat(field[0] | ~normal, field[1:])
