"""OPT4C: digit-serial, the digits come from a recoder that a whole row of elements shares.

Only digits that are not zero reach the element, one a cycle. It keeps a shifter for its operand and
a carry-save accumulator ("Exploring the Performance Improvement of Tensor Processing Engines
through Transformation in the Bit-weight Dimension of MACs", HPCA 2025, OPT3 and OPT4).

Beyond the paper: the digits of one number follow each other, so that nothing has to be kept or sent
again for each bit weight, and zeros take no time at all. Digits may be of odd multiples of B, which
a column makes once for all its elements: that takes fewer digits than any sum of powers of two.
Terms are not sign-extended: what that adds to a sum, the same in every cycle, a row takes off when
the sum leaves. So the accumulator's high part only counts carries, which are rare, and its
registers are not clocked in between.
"""

from collections.abc import Iterable
from functools import partial, reduce
from operator import or_

from amaranth.hdl import Cat, Const, Module, Mux, Shape, Signal, Value
from amaranth.lib import data, wiring
from amaranth.lib.wiring import In, Out

from golden.formats import IntFormat
from golden.recodings import RECODINGS
from hw.arith.heap import Heap
from hw.arith.recode import recoder
from hw.arith.sums import added, layout_of
from hw.distinct import Make
from hw.serial import SerialLanes, add_signature, select_signature

RARE = 3
"""Carries leave the low part in one of 2**RARE additions: it has that many columns for them."""

FAN_OUT_DELAY = 1.0
"""What tells elements of a digit drives all bits of a few of them, in delays of an XOR gate..."""

TERM_DELAY = FAN_OUT_DELAY + 1.0
"""...and a term is behind a level of gates. The accumulator's bits are there at once."""

BLOCK = 8
"""Columns of the high part that a carry passes in one step."""


class Opt4c:
    """A digit-serial element with a carry-save accumulator. Sums are modulo 2**acc.bits.

    Parameters
    ----------
    a, b, acc : IntFormat
        Operands and accumulator.
    recoding : str
        How A becomes digits, a name of `golden.recodings.RECODINGS`.

    Attributes
    ----------
    deadline : float
        Until when a column's sum has to be there to be kept in one bit, in delays of an XOR gate.
    multiples : StructLayout
        What the array keeps of a number of B.
    shifted : int
        Bits of a term behind both shifters.
    heights : list of int
        Bits of each column of the accumulator's low part, 1 or 2, the lowest first.
    low_layout, layout : Layout
        The column of each bit of it, and of the whole accumulator.
    """

    ways = 1
    b_terms = 1
    encode_b: Make | None = None
    list_b: Make | None = None
    deadline = 5.5
    skips_zeros = True
    shares_digits = True
    reach = 32

    def __init__(self, a: IntFormat, b: IntFormat, acc: IntFormat, *, recoding: str) -> None:
        self.a, self.b, self.acc = a, b, acc
        self.recoding = RECODINGS[recoding]
        self.picks = self.recoding.multiples
        self.multiples = multiples_layout(b, self.picks)
        self.keep_b: Make | None = partial(Multiply, b, self.picks)
        places = self.recoding.count(a) * (self.recoding.radix // 2)
        place = max(2, (places - 1).bit_length())
        signed, widest, kept = self._operand_bits()
        # No digit at its place is more than 2**(places - 1), be it of a larger multiple or not.
        self.shifted = signed + places - 1
        term = min(self.shifted, widest + (1 << (place - 1)) - 1)
        self.heights, excess = self._low_part()
        starts = range(len(self.heights), acc.bits, BLOCK)
        high = [range(start, min(start + BLOCK, acc.bits)) for start in starts]
        self.low_layout = layout_of(self.heights)
        self.layout = (*self.low_layout, *(i for block in high for i in (block[0], *block)))
        self.lanes = SerialLanes(
            place=place,
            b=kept,
            term=term,
            low=sum(self.heights),
            high=tuple(map(len, high)),
            excess=max(1, acc.bits - excess),
        )
        self.encode_a = recoder(recoding, a)
        self.resolve = partial(Resolve, self, excess)

    def _low_part(self) -> tuple[list[int], int]:
        """Heights of the low part, and log2 of the excess.

        It ends where a single carry leaves it, or has all columns if none does.
        """
        heap, excess = self._terms()
        for columns in range(excess + RARE, self.acc.bits):
            heights = heap.carry_save_heights(self.deadline, columns)
            if len(heap.times[columns]) == 1:
                return heights, excess
            heap, _ = self._terms()
        return heap.carry_save_heights(self.deadline), excess

    def _terms(self) -> tuple[Heap, int]:
        """What an addition adds, and log2 of what that is more than the terms."""
        heap = Heap(self.acc.bits)
        for _ in range(self.ways):
            add_term(heap, Signal(self.shifted), Signal())
        return heap, (-heap.take_constant()).bit_length() - 1

    def _operand_bits(self) -> tuple[int, int, int]:
        """Bits of B with a sign, of its largest multiple with a sign, and of all that is kept."""
        sizes = [field.width for name, field in self.multiples if name != "sign"]
        return 1 + sizes[0], 1 + sizes[-1], self.multiples.size

    def select(self, window: int) -> wiring.Component:
        return Select(self, window)

    def add(self) -> wiring.Component:
        return Add(self)


def multiples_layout(b: IntFormat, count: int) -> data.StructLayout:
    """The first `count` odd multiples of a number of format `b`: b, 3 b, 5 b...

    If B has a sign it is apart, and negative multiples are inverted: so next to nothing moves in
    the upper bits of small numbers, whatever their sign.
    """
    size = b.bits - b.signed
    multiples = {f"times_{m}": size + (m - 1).bit_length() for m in range(1, 2 * count, 2)}
    return data.StructLayout({**({"sign": 1} if b.signed else {}), **multiples})


def add_term(heap: Heap, term: Value, neg: Value) -> None:
    """Add a signed term that is inverted if `neg`: two's complement needs 1 more then."""
    heap.add_word(term, signed=True, time=TERM_DELAY)
    heap.add_bit(neg, 0, FAN_OUT_DELAY)


def chosen(lines: Value, numbers: Iterable[Value]) -> Value:
    """The unsigned number whose line is 1; several levels of multiplexers would glitch more."""
    pairs = zip(lines, numbers, strict=True)
    return reduce(or_, (Mux(line, number, 0) for line, number in pairs))


def shifted(number: Value, near: Value, fill: Value) -> Value:
    """A number, not negative, times 2**i for the line i of `near` that is 1; `fill` comes in."""
    return chosen(near, (Cat(fill.replicate(index), number) for index in range(len(near))))


class Multiply(wiring.Component):
    """`o` = the first `count` odd multiples of `i`, up to 7, as a `multiples_layout`."""

    def __init__(self, b: IntFormat, count: int) -> None:
        self._count = count
        self._layout = multiples_layout(b, count)
        super().__init__({"i": In(Shape(b.bits, b.signed)), "o": Out(self._layout.size)})

    def elaborate(self, platform: object) -> Module:
        m = Module()
        multiples = Signal(self._layout)
        sign = _sign(multiples)
        if len(sign):
            m.d.comb += sign.eq(self.i[-1])
        for multiple in range(1, 2 * self._count, 2):
            power = next(power for power in range(4) if abs(multiple - (1 << power)) <= 1)
            shifted = self.i << power
            total = {0: shifted, 1: shifted + self.i, -1: shifted - self.i}
            size = multiples[f"times_{multiple}"]
            m.d.comb += size.eq(total[multiple - (1 << power)] ^ sign.replicate(len(size)))
        m.d.comb += self.o.eq(multiples)
        return m


def _sign(multiples: data.View) -> Value:
    """The sign of a number of B; of no bits if it has none."""
    return multiples.sign if "sign" in multiples.shape().members else Const(0, 0)


class Select(wiring.Component):
    """`o` = the multiple `which` of `b`, shifted by `near`, every bit inverted if `neg`.

    All bits of a negative number are inverted in the end, that is again: until then those that its
    shift brings in from below are ones.
    """

    def __init__(self, element: Opt4c, window: int) -> None:
        self._element, self._window = element, window
        super().__init__(select_signature(element.lanes, window, element.picks))

    def elaborate(self, platform: object) -> Module:
        m = Module()
        layout = self._element.multiples
        kept = [layout(self.b.word_select(slot, layout.size)) for slot in range(self._window)]
        sizes = [number[name] for number in kept for name, _ in layout if name != "sign"]
        size, sign = Signal(max(map(len, sizes))), Signal()
        picks = self._element.picks
        slots = Cat(self.which.word_select(slot, picks).any() for slot in range(self._window))
        m.d.comb += [
            size.eq(chosen(self.which, sizes)),
            sign.eq(chosen(slots, map(_sign, kept))),
        ]
        term = shifted(size, self.near, sign)
        m.d.comb += self.o.eq(Cat(term, Const(0, 1)) ^ (sign ^ self.neg).replicate(len(self.o)))
        return m


class Add(wiring.Component):
    """`o` = `low` + each `term` that counts, plus 1 if it is `neg`, in carry-save form.

    And the excess: terms are added without a sign, their sign bit inverted.
    """

    def __init__(self, element: Opt4c) -> None:
        self._element = element
        super().__init__(add_signature(element.lanes, element.ways))

    def elaborate(self, platform: object) -> Module:
        m = Module()
        element = self._element
        heights = element.heights
        into_high = [1] if element.lanes.high else []
        heap = Heap(len(heights) + len(into_high))
        for way in range(element.ways):
            add_term(heap, *self._term(m, way))
        heap.take_constant()
        heap.add_bits(self.low, element.low_layout)
        columns = heap.compress([*heights, *into_high])
        m.d.comb += [*heap.statements, self.o.eq(Cat(columns[: len(heights)]))]
        if into_high:
            m.d.comb += self.carry.eq(columns[-1][0])
        return m

    def _term(self, m: Module, way: int) -> tuple[Value, Value]:
        """A term behind its last shift, zeros if it does not count; whether 1 is to be added."""
        element = self._element
        given = self.term.word_select(way, element.lanes.term)
        lines = Cat(self.as_is[way], self.far[way])
        term, neg = Signal(element.shifted, name=f"term_{way}"), Signal(name=f"neg_{way}")
        by = element.lanes.near
        m.d.comb += [
            neg.eq(given[-1] & lines.any() if element.b_terms > 1 else self.neg[way]),
            term.eq(
                chosen(lines, (Cat(given, given[-1].replicate(by)), Cat(neg.replicate(by), given)))
            ),
        ]
        return term, neg


class Resolve(wiring.Component):
    """A sum as one word: `o` = the accumulator `i`, plus `excess` * 2**`weight`."""

    def __init__(self, element: Opt4c, weight: int) -> None:
        self._element, self._weight = element, weight
        lanes = element.lanes
        super().__init__(
            {"i": In(lanes.state), "excess": In(lanes.excess), "o": Out(element.acc.bits)}
        )

    def elaborate(self, platform: object) -> Module:
        m = Module()
        heap = Heap(len(self.o))
        heap.add_bits(self.i, self._element.layout)
        heap.add_word(self.excess, signed=False, column=self._weight)
        m.d.comb += [self.o.eq(Cat(*added(heap))), *heap.statements]
        return m
