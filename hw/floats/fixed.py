"""Fixed-point accumulation of floating-point products."""

from amaranth.hdl import Cat, Const, Module, Mux, Signal, Value
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from golden.fixed import FP32, FixedPoint, UnroundedFixedPoint
from hw.floats.pack import Pack
from hw.floats.product import ProductShape

FINE_BITS = 2
"""Bits of the exponent that shift a significand; the others select where it goes."""


class Align(wiring.Component):
    """A product's magnitude in units of an accumulator's last place, modulo its range.

    The lowest bits of the exponent shift the significand by 0 to 3 places. What the others can be,
    few values bring the significand into the accumulator: each of them has a place of its own, and
    no bias is ever subtracted. Bits below the last place are dropped.

    Members
    -------
    zero, exponent, significand : In
    o : Out(width)
    """

    def __init__(self, shape: ProductShape, acc: FixedPoint) -> None:
        self._shape, self._acc = shape, acc
        super().__init__(
            {
                "zero": In(1),
                "exponent": In(shape.exponent_bits),
                "significand": In(shape.significand_bits),
                "o": Out(acc.width),
            }
        )

    def elaborate(self, platform: object) -> Module:
        m = Module()
        steps = 1 << FINE_BITS
        chunk = Signal(self._shape.significand_bits + steps - 1)
        m.d.comb += chunk.eq(self.significand << self.exponent[:FINE_BITS])
        coarse = self.exponent[FINE_BITS:]
        terms: list[list[Value]] = [[] for _ in range(self._acc.width)]
        for value in range(1 << len(coarse)):
            place = value * steps + self._shape.unit + self._acc.fraction
            inside = range(max(-place, 0), min(self._acc.width - place, len(chunk)))
            if not inside:
                continue
            selected = Signal(name=f"selected_{value}")
            m.d.comb += selected.eq(~self.zero & (coarse == value))
            for bit in inside:
                terms[place + bit].append(selected & chunk[bit])
        m.d.comb += self.o.eq(Cat(Cat(*bits).any() if bits else Const(0, 1) for bits in terms))
        return m


class FixedAdd(wiring.Component):
    """`o` = `state` + product, in fixed point.

    The state is the sum, and above it a bit that says that a product was infinite or NaN.

    Members
    -------
    product : In(shape.layout)
    state : In(width + 1)
    o : Out(width + 1)
    """

    def __init__(self, shape: ProductShape, acc: FixedPoint) -> None:
        self._shape, self._acc = shape, acc
        super().__init__(
            {
                "product": In(shape.layout),
                "state": In(acc.width + 1),
                "o": Out(acc.width + 1),
            }
        )

    def elaborate(self, platform: object) -> Module:
        m = Module()
        m.submodules.align = align = Align(self._shape, self._acc)
        width, negative = self._acc.width, self.product.negative
        addend = Signal(width)
        m.d.comb += [
            align.zero.eq(self.product.zero),
            align.exponent.eq(self.product.exponent),
            align.significand.eq(self.product.significand),
            addend.eq(align.o ^ negative.replicate(width)),
            self.o[:width].eq(self.state[:width] + addend + negative),
            self.o[width].eq(self.state[width] | self.product.infinite | self.product.nan),
        ]
        return m


class FixedToFloat(wiring.Component):
    """A finished fixed-point sum as fp32.

    Members
    -------
    i : In(width + 1)
    o : Out(32)
    """

    def __init__(self, acc: FixedPoint) -> None:
        self._acc = acc
        super().__init__({"i": In(acc.width + 1), "o": Out(FP32.bits)})

    def elaborate(self, platform: object) -> Module:
        m = Module()
        acc = self._acc
        negative = self.i[acc.width - 1]
        size = Signal(acc.width)
        m.d.comb += size.eq((self.i[: acc.width] ^ negative.replicate(acc.width)) + negative)
        # Below a short sum come zeros.
        behind = max(FP32.mantissa_bits + 3 - acc.width, 0)
        field = acc.integer - 1 + FP32.bias
        m.submodules.pack = pack = Pack(FP32, acc.width + behind, field.bit_length())
        m.d.comb += [
            pack.negative.eq(negative),
            pack.magnitude.eq(Cat(Const(0, behind), size)),
            pack.field.eq(field),
            self.o.eq(Mux(self.i[acc.width], FP32.nan_code, pack.o)),
        ]
        return m


class Unrounded(wiring.Component):
    """A finished fixed-point sum as the code of `golden.fixed.UnroundedFixedPoint`.

    Members
    -------
    i, o : In(width + 1), Out(width + 1)
    """

    def __init__(self, acc: FixedPoint) -> None:
        super().__init__({"i": In(acc.width + 1), "o": Out(acc.width + 1)})

    def elaborate(self, platform: object) -> Module:
        m = Module()
        nan = self.i[-1]
        # What stands below a NaN depends on how the element multiplies.
        m.d.comb += self.o.eq(Cat(Mux(nan, 0, self.i[:-1]), nan))
        return m


def convert_sum(acc: FixedPoint) -> FixedToFloat | Unrounded:
    """What makes a finished sum, `i`, a result, `o`."""
    return Unrounded(acc) if isinstance(acc, UnroundedFixedPoint) else FixedToFloat(acc)
