"""Products of floating-point numbers as multipliers hand them to accumulators: not rounded."""

from dataclasses import dataclass

from amaranth.hdl import Cat, Const, Module, Signal, Value
from amaranth.lib import data, wiring
from amaranth.lib.wiring import In, Out

from golden.floats import FloatFormat
from golden.lmul import LMul
from golden.products import ExactMultiplier


@dataclass(frozen=True, kw_only=True)
class ProductShape:
    """Widths and meaning of a product (-1)**negative * significand * 2**(exponent + unit).

    Parameters
    ----------
    significand_bits, exponent_bits : int
        Both are unsigned.
    unit : int
    leading_zeros : int
        Of the significand of a product that is not 0, at most.
    """

    significand_bits: int
    exponent_bits: int
    unit: int
    leading_zeros: int

    @property
    def layout(self) -> data.StructLayout:
        """Where one of `zero`, `infinite` and `nan` is set, the number means nothing."""
        return data.StructLayout(
            {
                "negative": 1,
                "exponent": self.exponent_bits,
                "significand": self.significand_bits,
                "zero": 1,
                "infinite": 1,
                "nan": 1,
            }
        )


class ProductUnit(wiring.Component):
    """Multiplies two numbers. Combinational.

    Parameters
    ----------
    a, b : FloatFormat
    shape : ProductShape

    Members
    -------
    a, b : In(a.bits), In(b.bits)
    o : Out(shape.layout)
    """

    def __init__(self, a: FloatFormat, b: FloatFormat, shape: ProductShape) -> None:
        self.shape = shape
        super().__init__({"a": In(a.bits), "b": In(b.bits), "o": Out(shape.layout)})


@dataclass(frozen=True)
class Parts:
    """A number taken apart: what the codes of one format mean. All are values of a module."""

    negative: Value
    field: Value
    mantissa: Value
    normal: Value
    infinite: Value
    nan: Value

    @classmethod
    def of(cls, code: Value, number: FloatFormat) -> "Parts":
        """The parts of `code`; `normal` is whether its exponent field is not 0."""
        mantissa = code[: number.mantissa_bits]
        field = code[number.mantissa_bits : number.magnitude_bits]
        infinite: Value = Const(0, 1)
        nan: Value = Const(0, 1)
        if number.top == "ieee":
            infinite = field.all() & ~mantissa.any()
            nan = field.all() & mantissa.any()
        elif number.top == "ocp":
            nan = code[: number.magnitude_bits].all()
        return cls(code[number.magnitude_bits], field, mantissa, field.any(), infinite, nan)


class ExactProduct(ProductUnit):
    """The exact product, by `golden.products.ExactMultiplier`.

    Subnormal significands stay as they are, with zeros in front.
    """

    def __init__(self, rules: ExactMultiplier) -> None:
        self._rules = rules
        a, b = rules.a, rules.b
        width = a.mantissa_bits + b.mantissa_bits + 2
        super().__init__(
            a,
            b,
            ProductShape(
                significand_bits=width,
                exponent_bits=max(a.exponent_bits, b.exponent_bits) + 1,
                unit=a.least_exponent + b.least_exponent - 2,
                leading_zeros=width - 1 if rules.subnormals == "keep" else 1,
            ),
        )

    def elaborate(self, platform: object) -> Module:
        m = Module()
        x, y = Parts.of(self.a, self._rules.a), Parts.of(self.b, self._rules.b)
        significands, zeros, fields = [], [], []
        for part in (x, y):
            hidden: Value = Const(1, 1)
            field, zero = part.field, ~part.normal
            if self._rules.subnormals == "keep":
                hidden = part.normal
                field = Cat(field[0] | ~hidden, field[1:])
                zero = zero & ~part.mantissa.any()
            significands.append(Cat(part.mantissa, hidden))
            zeros.append(zero)
            fields.append(field)
        m.d.comb += [
            self.o.negative.eq(x.negative ^ y.negative),
            self.o.exponent.eq(fields[0] + fields[1]),
            self.o.significand.eq(significands[0] * significands[1]),
            self.o.zero.eq(zeros[0] | zeros[1]),
            *_specials(self.o, x, y, zeros[0]),
        ]
        return m


class LMulProduct(ProductUnit):
    """The L-Mul product, by `golden.lmul.LMul`: one addition, and nothing that could overflow."""

    def __init__(self, rules: LMul) -> None:
        self._rules = rules
        a, b, bits = rules.a, rules.b, rules.mantissa_bits
        grown = 1 if rules.form == "value" else 0
        super().__init__(
            a,
            b,
            ProductShape(
                significand_bits=bits + 1 + grown + rules.extra_places,
                exponent_bits=max(a.exponent_bits, b.exponent_bits) + 1,
                unit=-(a.bias + b.bias + bits + rules.extra_places),
                leading_zeros=grown,
            ),
        )

    def elaborate(self, platform: object) -> Module:
        m = Module()
        rules = self._rules
        bits = rules.mantissa_bits
        x, y = Parts.of(self.a, rules.a), Parts.of(self.b, rules.b)
        linear = [self._linear(part) for part in (x, y)]
        zero = Signal()
        flush = rules.subnormals == "flush"
        numbers = [
            part.normal if flush else sum_.any() for part, sum_ in zip((x, y), linear, strict=True)
        ]
        m.d.comb += zero.eq(~numbers[0] | ~numbers[1])
        if rules.form == "bit":
            total = Signal(bits + self.shape.exponent_bits)
            m.d.comb += total.eq(linear[0] + linear[1] + rules.units)
            exponent, significand = total[bits:], Cat(total[:bits], Const(1, 1))
        else:
            total = Signal(bits + 2)
            m.d.comb += total.eq(linear[0][:bits] + linear[1][:bits] + ((1 << bits) + rules.units))
            exponent, significand = linear[0][bits:] + linear[1][bits:], total
        if rules.carry:
            behind = (linear[0][bits - 1] | linear[1][bits - 1]) & ~total[bits - 1]
            above = Const(0, rules.extra_places - 1)
            significand = Cat(behind, above, significand)
        m.d.comb += [
            self.o.negative.eq(x.negative ^ y.negative),
            self.o.exponent.eq(exponent),
            self.o.significand.eq(significand),
            self.o.zero.eq(zero),
        ]
        if rules.specials == "propagate":
            m.d.comb += _specials(self.o, x, y, ~numbers[0])
        return m

    def _linear(self, part: Parts) -> Value:
        """Exponent and mantissa as one number, the mantissa cut and extended to the product's."""
        kept = part.mantissa
        if self._rules.cut is not None:
            kept = kept[max(len(kept) - self._rules.cut, 0) :]
        return Cat(Const(0, self._rules.mantissa_bits - len(kept)), kept, part.field)


def _specials(o: data.View, x: Parts, y: Parts, x_zero: Value) -> list:
    """Infinity and NaN of a product whose `zero` says whether an operand is 0.

    There are none if the first operand is zero, which arrays put where there is no operand.
    """
    infinite = (x.infinite | y.infinite) & ~x_zero
    nan = x.nan | (y.nan & ~x_zero) | (infinite & o.zero)
    return [o.nan.eq(nan), o.infinite.eq(infinite & ~nan)]
