"""Numbers on their way into a digit-serial array: recoded, and waiting for each other."""

from amaranth.hdl import Module, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from golden.arrays.column import FRONT
from hw.arrays.serial.digits import recoded_bits
from hw.arrays.serial.ports import own_digits
from hw.serial import SerialElement


class Front(wiring.Component):
    """The registers of one number of A before it waits for B: as it came, recoded, recoded.

    Members
    -------
    en : In(FRONT)
        Loads of the registers.
    a : In(a.bits)
    soon : Out(1)
        The second register holds a number that takes time.
    some, digits : Out
        The same of the last register, and its digits.
    number : Out(a.bits)
        As it came, for elements that recode themselves.
    """

    def __init__(self, element: SerialElement) -> None:
        self._element = element
        super().__init__(
            {
                "en": In(FRONT),
                "a": In(element.a.bits),
                "soon": Out(1),
                "some": Out(1),
                "digits": Out(recoded_bits(element)),
                **own_digits(element, Out),
            }
        )

    def elaborate(self, platform: object) -> Module:
        m = Module()
        m.submodules.encode_a = encode = self._element.encode_a()
        kept = 1 if self._element.shares_digits else FRONT
        numbers = [Signal.like(self.a, name=f"number_{i}", reset_less=True) for i in range(kept)]
        early, digits = (
            Signal.like(encode.o, name=name, reset_less=True) for name in ("early", "digits")
        )
        some = Signal(reset_less=True)
        m.d.comb += [
            encode.i.eq(numbers[0]),
            self.soon.eq(early.any() if self._element.skips_zeros else 1),
            self.some.eq(some),
            self.digits.eq(digits),
        ]
        if not self._element.shares_digits:
            m.d.comb += self.number.eq(numbers[-1])
        for level, number in enumerate(numbers):
            with m.If(self.en[level]):
                m.d.sync += number.eq(numbers[level - 1] if level else self.a)
        with m.If(self.en[1]):
            m.d.sync += early.eq(encode.o)
        with m.If(self.en[2]):
            m.d.sync += [digits.eq(early), some.eq(self.soon)]
        return m


class FrontB(wiring.Component):
    """The same for one number of B that is kept as terms.

    Members
    -------
    en : In(FRONT)
    b : In(b.bits)
    soon : Out(1)
        The second register holds a number that is not zero.
    terms : Out(b_terms)
        Which terms there are in the last register.
    o : Out(lanes.b)
    """

    def __init__(self, element: SerialElement) -> None:
        self._element = element
        super().__init__(
            {
                "en": In(FRONT),
                "b": In(element.b.bits),
                "soon": Out(1),
                "terms": Out(element.b_terms),
                "o": Out(element.lanes.b),
            }
        )

    def elaborate(self, platform: object) -> Module:
        m = Module()
        assert self._element.encode_b and self._element.list_b
        m.submodules.encode_b = encode = self._element.encode_b()
        m.submodules.list_b = make_list = self._element.list_b()
        number, digits = (
            Signal.like(self.b, reset_less=True),
            Signal.like(encode.o, reset_less=True),
        )
        terms, kept = Signal.like(self.terms, reset_less=True), Signal.like(self.o, reset_less=True)
        m.d.comb += [
            encode.i.eq(number),
            make_list.i.eq(digits),
            self.soon.eq(make_list.terms.any()),
            self.terms.eq(terms),
            self.o.eq(kept),
        ]
        with m.If(self.en[0]):
            m.d.sync += number.eq(self.b)
        with m.If(self.en[1]):
            m.d.sync += digits.eq(encode.o)
        with m.If(self.en[2]):
            m.d.sync += [terms.eq(make_list.terms), kept.eq(make_list.o)]
        return m
