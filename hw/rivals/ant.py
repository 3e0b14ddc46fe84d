"""An integer multiply-accumulate element behind ANT's decoders, see `golden.rivals.ant`.

A decoder makes a base and a shift of a code once at the array's edge. The element multiplies bases
and shifts the product by the sum of the shifts.
"""

from functools import partial

from amaranth.hdl import Cat, Module, Mux, Signal, Value
from amaranth.lib import data, wiring
from amaranth.lib.wiring import In, Out

from golden.formats import IntFormat
from golden.rivals.ant import BASE, CODE, LARGEST_SHIFT, AntFormat
from hw.arith.booth import BoothEncoder, add_booth_rows, recoded_bits
from hw.arith.heap import Heap
from hw.element import Lanes
from hw.rivals.alone import rival_signature

SHIFT_BITS = LARGEST_SHIFT.bit_length()

SHIFTED_DELAY = 12.0
"""About when shifted products are there, in delays of an XOR gate."""

SETTINGS = data.StructLayout({"pot": 1, "flint": 1})
"""The type of codes; of A's above those of B's, if there are two."""


def settings_of(*types: AntFormat) -> int:
    """The settings for codes of B, and of A."""
    return sum(
        ((kind.name == "pot4") + 2 * (kind.name == "flint4")) << SETTINGS.size * place
        for place, kind in enumerate(types)
    )


class AntMac:
    """Codes of B by integers, or by codes of A. A `hw.rivals.alone.Rival`.

    B's bases travel as Booth digits.

    Parameters
    ----------
    a : IntFormat or None
        None: codes of 4 bits.
    acc : IntFormat
    """

    def __init__(self, a: IntFormat | None, acc: IntFormat) -> None:
        self.acc = acc
        self.number = a or BASE
        self.decodes_a = a is None
        self.words = (CODE.bits if a is None else a.bits, CODE.bits)
        self.lanes = Lanes(
            a=BASE.bits + SHIFT_BITS if a is None else a.bits,
            b=recoded_bits(BASE) + SHIFT_BITS,
            state=acc.bits,
        )
        self.settings = SETTINGS.size * (2 if self.decodes_a else 1)
        self.encode_a = partial(Decoder, self, of_a=True) if self.decodes_a else None
        self.encode_b = partial(Decoder, self, of_a=False)

    def step(self) -> wiring.Component:
        return AntStep(self)


class Decoder(wiring.Component):
    """A code as a base, of B in Booth digits, and above it a shift.

    Members
    -------
    i : In(4)
    settings : In
    o : Out(lanes)
    """

    def __init__(self, element: AntMac, *, of_a: bool) -> None:
        self._of_a = of_a
        lanes = element.lanes
        super().__init__(
            {
                "i": In(CODE.bits),
                "settings": In(element.settings),
                "o": Out(lanes.a if of_a else lanes.b),
            }
        )

    def elaborate(self, platform: object) -> Module:
        m = Module()
        kind = SETTINGS(self.settings.word_select(int(self._of_a), SETTINGS.size))
        size, negative = self.i[:3], self.i[3]
        # The place of the first 1 below that of a flint with exponent.
        above, first, second = size[2], size[1], size[0]
        base, magnitude, shift = Signal(BASE.bits), Signal(2), Signal(SHIFT_BITS)
        with m.If(kind.pot):
            m.d.comb += [magnitude.eq(size.any()), shift.eq(Mux(size.any(), size - 1, 0))]
        with m.Elif(kind.flint):
            m.d.comb += [
                magnitude.eq(Mux(above & ~first, 1, size[:2])),
                shift.eq(Mux(above, Mux(first, 1, Mux(second, 3, 4)), 0)),
            ]
        with m.If(kind.pot | kind.flint):
            m.d.comb += base.eq(Mux(negative, -magnitude, magnitude))
        with m.Else():
            m.d.comb += base.eq(self.i)
        if self._of_a:
            m.d.comb += self.o.eq(Cat(base, shift))
        else:
            m.submodules.digits = digits = BoothEncoder(BASE)
            m.d.comb += [digits.i.eq(base), self.o.eq(Cat(digits.o, shift))]
        return m


class AntStep(wiring.Component):
    """`o` = `state` + `a` * `b`."""

    def __init__(self, element: AntMac) -> None:
        self._element = element
        super().__init__(rival_signature(element))

    def elaborate(self, platform: object) -> Module:
        m = Module()
        element = self._element
        number = element.number
        digits = self.b[: recoded_bits(BASE)]
        shift: Value = self.b[recoded_bits(BASE) :]
        largest = LARGEST_SHIFT
        if element.decodes_a:
            shift = self.a[number.bits :] + shift
            largest = 2 * LARGEST_SHIFT
        product = Heap(number.bits + BASE.bits)
        add_booth_rows(product, digits, self.a[: number.bits], BASE, number)
        x, y = product.add_up(m)
        moved = Signal(product.width)
        m.d.comb += moved.eq(x + y)
        wide = min(product.width + largest, element.acc.bits)
        shifted = Signal(wide)
        m.d.comb += shifted.eq(moved.as_signed() << shift[: largest.bit_length()])
        heap = Heap(element.acc.bits)
        heap.add_word(shifted, signed=wide < element.acc.bits, time=SHIFTED_DELAY)
        heap.add_word(self.state, signed=False)
        x, y = heap.add_up(m)
        m.d.comb += self.o.eq(x + y)
        return m
