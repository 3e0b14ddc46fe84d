"""Laconic: both operands as terms, powers of two with a sign, of which one pair is added a cycle.

S. Sharify et al., "Laconic Deep Learning Inference Acceleration", ISCA 2019: exponents are added,
decoded, and the pairs of several lanes go through one adder per exponent, the histogram, into the
accumulator. Here the histogram is a compressor whose columns are the exponents. The paper's terms
are Booth digits; ours are those of the non-adjacent form, the fewest. Its sixteen lanes are four.
"""

from functools import partial

from amaranth.hdl import Cat, Const, Module, Mux, Signal, Value
from amaranth.lib import data, wiring
from amaranth.lib.wiring import In, Out

from golden.formats import IntFormat
from golden.recodings import RECODINGS
from hw.arith.booth import DIGIT
from hw.arith.recode import recoder
from hw.pe.opt4c import Opt4c, chosen, shifted
from hw.serial import select_signature


class Laconic(Opt4c):
    """An element for pairs of terms of four numbers at a time. Sums are modulo 2**acc.bits."""

    ways = 4
    deadline = 7.0
    reach = 4

    def __init__(self, a: IntFormat, b: IntFormat, acc: IntFormat) -> None:
        digits = RECODINGS["naf"].count(b)
        self.b_terms = max(2, digits)
        self.b_term = data.StructLayout(
            {"some": 1, "place": (2 * digits - 1).bit_length(), "neg": 1}
        )
        self.b_places = 2 * digits
        self.encode_b = recoder("naf", b)
        self.list_b = partial(TermList, digits, self.b_term, self.b_terms)
        super().__init__(a, b, acc, recoding="naf")
        self.picks, self.keep_b = self.b_terms, None

    def _operand_bits(self) -> tuple[int, int, int]:
        return self.b_places + 1, self.b_places + 1, self.b_terms * self.b_term.size

    def select(self, window: int) -> wiring.Component:
        return SelectTerm(self, window)


class SelectTerm(wiring.Component):
    """`o` = the term `which` of `b` shifted by `near`, inverted if its product is negative.

    Zero if there is no such term. The highest bit is the sign.
    """

    def __init__(self, element: Laconic, window: int) -> None:
        self._element = element
        super().__init__(select_signature(element.lanes, window, element.picks))

    def elaborate(self, platform: object) -> Module:
        m = Module()
        element = self._element
        term = Signal(element.b_term)
        terms = (self.b.word_select(i, element.b_term.size) for i in range(len(self.which)))
        power = Mux(term.some, 1 << term.place, 0)[: element.b_places]
        negative = term.some & (self.neg ^ term.neg)
        m.d.comb += [
            term.eq(chosen(self.which, terms)),
            self.o.eq(
                Cat(shifted(power, self.near, Const(0, 1)), Const(0, 1))
                ^ negative.replicate(len(self.o))
            ),
        ]
        return m


class TermList(wiring.Component):
    """The digits that are not zero as terms, the lowest first.

    Members
    -------
    i : In(bits of `digits` radix-4 digits)
    o : Out(length * bits of `term`)
        Those beyond the last term are zero.
    terms : Out(length)
        Which there are.
    """

    def __init__(self, digits: int, term: data.StructLayout, length: int) -> None:
        self._digits, self._term = digits, term
        super().__init__(
            {"i": In(digits * DIGIT.size), "o": Out(length * term.size), "terms": Out(length)}
        )

    def elaborate(self, platform: object) -> Module:
        m = Module()
        digits = [DIGIT(self.i.word_select(index, DIGIT.size)) for index in range(self._digits)]
        some = Cat(digit.one | digit.two for digit in digits)
        terms = [Signal(self._term, name=f"term_{place}") for place in range(len(self.terms))]
        before: Value = Const(0, 1)
        for index, digit in enumerate(digits):
            for place, term in enumerate(terms[: index + 1]):
                with m.If(some[index] & (before == place)):
                    m.d.comb += [
                        term.some.eq(1),
                        term.place.eq(Cat(digit.two, Const(index))),
                        term.neg.eq(digit.neg),
                    ]
            count = Signal(range(index + 2), name=f"terms_to_{index}")
            m.d.comb += count.eq(before + some[index])
            before = count
        m.d.comb += [self.o.eq(Cat(terms)), self.terms.eq(Cat(term.some for term in terms))]
        return m
