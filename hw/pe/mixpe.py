"""MixPE: products of activations and short weights by shift and add (arXiv 2411.16158, section 3).

A weight selects shifted copies of the activation, by its bits or, with half as many rows, by
radix-4 digits that are made once at the array's edge. The rows go through one compressor tree with
the accumulator, which is just wide enough for the sum of a group.
"""

from functools import partial

from amaranth.hdl import Module, Value
from amaranth.lib import wiring

from golden.accumulators import Accumulator
from golden.formats import IntFormat
from golden.pe.mixpe import mixpe_groups
from hw.arith.booth import BoothEncoder, add_booth_rows, recoded_bits
from hw.arith.heap import AND_DELAY, Heap
from hw.distinct import Make
from hw.element import Lanes, step_signature


class MixPE:
    """A multiply-accumulate element for activations of format `a` and weights of format `b`.

    Parameters
    ----------
    a, b : IntFormat
    acc : FloatFormat or FixedPoint
        Takes the scaled sums of groups, behind the array.
    digits : str
        "booth" or "bits": what weights multiply by.
    options : dict of str to str
        See `golden.groups.parse_groups`.

    Attributes
    ----------
    groups : Groups
    total : FloatFormat or FixedPoint
        The `acc` given.
    acc : IntFormat
        The element's own accumulator, for the sum of a group.
    """

    encode_a = None
    resolve = None

    def __init__(
        self, a: IntFormat, b: IntFormat, acc: Accumulator, *, digits: str, **options: str
    ) -> None:
        self.groups = mixpe_groups(a, b, digits=digits, **options)
        self.a, self.b, self.acc, self.total = a, b, self.groups.sum, acc
        recoded = digits == "booth"
        self.encode_b: Make | None = partial(BoothEncoder, b) if recoded else None
        self.lanes = Lanes(a=a.bits, b=recoded_bits(b) if recoded else b.bits, state=self.acc.bits)

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
