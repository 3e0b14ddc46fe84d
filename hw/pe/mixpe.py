"""MixPE: products of activations and short weights by shift and add (arXiv 2411.16158, section 3).

A weight selects shifted copies of the activation, by its bits or, with half as many rows, by
radix-4 digits that are made once at the array's edge. The rows go through one compressor tree with
the accumulator, which is just wide enough for the sum of a group.
"""

from functools import partial

from amaranth.hdl import Cat, Const, Module, Mux, Signal, Value
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from golden.fixed import Accumulator
from golden.formats import Format, IntFormat
from golden.groups import FloatGroups, IntegerGroups
from golden.pe.mixpe import mixpe_groups
from hw.arith.booth import BoothEncoder, add_booth_rows, recoded_bits
from hw.arith.heap import AND_DELAY, Heap
from hw.distinct import Make
from hw.element import Lanes, step_signature
from hw.floats.element import Resolve
from hw.floats.fixed import FixedAdd
from hw.floats.product import Parts, ProductShape


def mixpe(
    a: Format, b: IntFormat, acc: Accumulator, *, digits: str, **options: str
) -> "MixPE | FloatMixPE":
    """The element for activations of format `a` and weights of format `b`."""
    groups = mixpe_groups(a, b, digits=digits, **options)
    if isinstance(groups, IntegerGroups):
        return MixPE(groups, acc, digits)
    return FloatMixPE(groups, acc)


class MixPE:
    """A multiply-accumulate element for integer activations.

    Parameters
    ----------
    groups : IntegerGroups
    total : FloatFormat or FixedPoint
        Takes the scaled sums of groups, behind the array.
    digits : str
        "booth" or "bits": what weights multiply by.

    Attributes
    ----------
    acc : IntFormat
        The element's own accumulator, for the sum of a group.
    """

    encode_a = None
    resolve = None

    def __init__(self, groups: IntegerGroups, total: Accumulator, digits: str) -> None:
        self.groups, self.total = groups, total
        self.a, self.b, self.acc = groups.a, groups.b, groups.sum
        recoded = digits == "booth"
        self.encode_b: Make | None = partial(BoothEncoder, self.b) if recoded else None
        self.lanes = Lanes(
            a=self.a.bits, b=recoded_bits(self.b) if recoded else self.b.bits, state=self.acc.bits
        )

    def step(self) -> wiring.Component:
        return MixPEStep(self)


class MixPEStep(wiring.Component):
    """`o` = `state` + `a` * `b`."""

    def __init__(self, element: MixPE) -> None:
        self._element = element
        super().__init__(step_signature(element.lanes))

    def elaborate(self, platform: object) -> Module:
        m = Module()
        element = self._element
        heap = Heap(element.acc.bits)
        if element.encode_b:
            add_booth_rows(heap, self.b, self.a, element.b, element.a)
        else:
            add_shifted(heap, self.b, self.a, element.b, element.a)
        heap.add_word(self.state, signed=False)
        x, y = heap.add_up(m)
        m.d.comb += self.o.eq(x + y)
        return m


def add_shifted(
    heap: Heap, weight: Value, number: Value, weight_format: IntFormat, number_format: IntFormat
) -> None:
    """Add `weight` * `number`: a copy of the number for every bit of the weight that is set.

    Of two bits with a negative weight the product's weight is positive, of one it is negative.
    """
    for place, chosen in enumerate(weight):
        chosen_negative = weight_format.signed and place == len(weight) - 1
        for index, bit in enumerate(number):
            negative = number_format.signed and index == len(number) - 1
            if negative != chosen_negative:
                heap.subtract_bit(bit & chosen, place + index, AND_DELAY)
            else:
                heap.add_bit(bit & chosen, place + index, AND_DELAY)


class FloatMixPE:
    """A multiply-accumulate element for floating-point activations.

    A weight travels as sign and magnitude, and multiplies the significand; the product is exact. It
    is aligned to a fixed-point accumulator that holds every sum of a group.

    Parameters
    ----------
    groups : FloatGroups
    total : FloatFormat or FixedPoint
        Takes the scaled sums of groups, behind the array.

    Attributes
    ----------
    acc : FixedPoint
        The element's own accumulator, for the sum of a group. It leaves the array as fp32.
    """

    encode_a = None

    def __init__(self, groups: FloatGroups, total: Accumulator) -> None:
        self.groups, self.total = groups, total
        self.a, self.b, self.acc = groups.a, groups.b, groups.sum
        self.lanes = Lanes(a=self.a.bits, b=self.b.bits + 1, state=self.acc.width + 1)
        self.encode_b: Make = partial(SignMagnitude, self.b)
        self.resolve: Make = partial(Resolve, self.acc)

    @property
    def product(self) -> ProductShape:
        """Of a significand and a weight."""
        width = self.a.mantissa_bits + self.b.bits
        return ProductShape(
            significand_bits=width,
            exponent_bits=self.a.exponent_bits,
            unit=self.a.least_exponent - 1,
            leading_zeros=width - 1,
        )

    def step(self) -> wiring.Component:
        return FloatMixPEStep(self)


class FloatMixPEStep(wiring.Component):
    """`o` = `state` + `a` * `b`."""

    def __init__(self, element: FloatMixPE) -> None:
        self._element = element
        super().__init__(step_signature(element.lanes))

    def elaborate(self, platform: object) -> Module:
        m = Module()
        element = self._element
        x = Parts.of(self.a, element.a)
        size, negative = self.b[:-1], self.b[-1]
        significand = Signal(element.a.mantissa_bits + 1)
        m.d.comb += significand.eq(Cat(x.mantissa, x.normal))
        heap = Heap(element.product.significand_bits)
        rows = [Signal(len(significand), name=f"row_{place}") for place in range(len(size))]
        for place, (row, chosen) in enumerate(zip(rows, size, strict=True)):
            m.d.comb += row.eq(significand & chosen.replicate(len(significand)))
            if place < len(size) - 1:
                heap.add_word(row, signed=False, column=place, time=AND_DELAY)
        high, low = heap.add_up(m)
        # The magnitude's highest bit is set in one number only, whose other bits are 0.
        alone = Cat(Const(0, len(size) - 1), rows[-1])
        m.submodules.add = add = FixedAdd(element.product, element.acc)
        m.d.comb += [
            add.product.negative.eq(x.negative ^ negative),
            add.product.exponent.eq(Cat(x.field[0] | ~x.normal, x.field[1:])),
            add.product.significand.eq((high + low) | alone),
            # The significand says it.
            add.product.zero.eq(0),
            add.product.infinite.eq(x.infinite),
            add.product.nan.eq(x.nan),
            add.state.eq(self.state),
            self.o.eq(add.o),
        ]
        return m


class SignMagnitude(wiring.Component):
    """A number in two's complement as magnitude and, above it, sign."""

    def __init__(self, number: IntFormat) -> None:
        super().__init__({"i": In(number.bits), "o": Out(number.bits + 1)})

    def elaborate(self, platform: object) -> Module:
        m = Module()
        negative = self.i[-1]
        m.d.comb += self.o.eq(Cat(Mux(negative, -self.i, self.i)[: len(self.i)], negative))
        return m
