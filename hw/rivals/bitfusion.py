"""The fusion unit of Bit Fusion in hardware, see `golden.rivals.bitfusion`.

A brick is four AND gates: bits of negative weight are inverted, and what all inversions of a mode
add up to is a constant, one of the settings, that goes into the last adder. Four bricks are shifted
and added, then four of those. Settings are decoded once for a whole array, and so are the digits
that every brick gets once for a row or a column.
"""

from functools import cache, partial
from itertools import product

from amaranth.hdl import Cat, Module, Mux, Signal, Value
from amaranth.lib import data, wiring
from amaranth.lib.wiring import In, Out

from golden.formats import IntFormat
from golden.rivals.bitfusion import ACC, SIDE, WORD, Mode, modes
from hw.arith.heap import Heap
from hw.element import Lanes
from hw.rivals.alone import rival_signature

SUM_BITS = 16
"""Of the products of all bricks, as if none had a sign."""

LEVEL = data.StructLayout({"a": 1, "b": 1, "neither": 1, "one": 1, "both": 1})
"""Whether numbers of A and of B go beyond a digit of this level: `neither` does, `one`, `both`."""

BRICK_DELAY, GROUP_DELAY = 4.0, 12.0
"""About when bricks and groups are there, in delays of an XOR gate."""

SIGNS = SIDE
"""Digits of an operand that may have a sign of their own."""


@cache
def constant_bits() -> tuple[int, ...]:
    """The places of the constant that any mode sets."""
    found = 0
    for mode in modes():
        found |= constant(mode)
    return tuple(place for place in range(found.bit_length()) if found >> place & 1)


def constant(mode: Mode) -> int:
    """2**16 less the weight of all inverted bits."""
    inverted = 0
    for i, j in product(range(SIDE), repeat=2):
        place = 2 * (i % (mode.a.bits // 2) + j % (mode.b.bits // 2))
        signed = (_top(mode.a, i), _top(mode.b, j))
        for x, y in product(range(2), repeat=2):
            negative = (signed[0] and x == 1) != (signed[1] and y == 1)
            inverted += (negative << x + y) << place
    return (1 << SUM_BITS) - inverted


def _top(number: IntFormat, index: int) -> bool:
    return number.signed and index % (number.bits // 2) == number.bits // 2 - 1


def settings_layout() -> data.StructLayout:
    """How 4 bricks and 4 such groups are fused, signs of digits, whether they differ, constant."""
    return data.StructLayout(
        {
            "bricks": LEVEL,
            "groups": LEVEL,
            "sign_a": SIGNS,
            "sign_b": SIGNS,
            "differ": SIGNS * SIGNS,
            "constant": len(constant_bits()),
        }
    )


def settings_of(mode: Mode) -> int:
    """The settings for a mode."""
    bits: list[bool] = []
    for digit in (2, 4):
        a, b = mode.a.bits > digit, mode.b.bits > digit
        bits += [a, b, not (a or b), a != b, a and b]
    sign_a, sign_b = ([_top(number, index) for index in range(SIDE)] for number in (mode.a, mode.b))
    bits += [*sign_a, *sign_b, *(x != y for x, y in product(sign_a, sign_b))]
    bits += [bool(constant(mode) >> place & 1) for place in constant_bits()]
    return sum(bit << place for place, bit in enumerate(bits))


class FusionUnit:
    """16 bricks and an accumulator of 32 bits. A `hw.rivals.alone.Rival`."""

    words = (WORD, WORD)
    lanes = Lanes(a=WORD, b=WORD, state=ACC.bits)

    def __init__(self) -> None:
        self.settings = settings_layout().size
        self.encode_a = partial(Digits, of_a=True)
        self.encode_b = partial(Digits, of_a=False)

    def step(self) -> wiring.Component:
        return FusionStep(self)


class Digits(wiring.Component):
    """A word as the digits that every brick gets, brick (i, j) at place 4 i + j.

    Parameters
    ----------
    of_a : bool
        A word of A, else of B.

    Members
    -------
    i : In(32)
    settings : In
    o : Out(32)
    """

    def __init__(self, *, of_a: bool) -> None:
        self._of_a = of_a
        super().__init__({"i": In(WORD), "settings": In(settings_layout().size), "o": Out(WORD)})

    def elaborate(self, platform: object) -> Module:
        m = Module()
        settings = settings_layout()(self.settings)
        levels = (settings.bricks, settings.groups)
        four, eight = (level.b if self._of_a else level.a for level in levels)
        found = []
        for i, j in product(range(SIDE), repeat=2):
            own, other = (i, j) if self._of_a else (j, i)
            # The other operand's digits: of 2 bits, of 4 bits and of 8 bits.
            places = [SIDE * (other % 2 * 2 + other // 2) + own, SIDE * (other // 2) + own, own]
            two, four_bits, eight_bits = (self.i.word_select(place, 2) for place in places)
            digit = two if places[0] == places[1] else Mux(four, four_bits, two)
            found.append(digit if places[1] == places[2] else Mux(eight, eight_bits, digit))
        m.d.comb += self.o.eq(Cat(found))
        return m


class FusionStep(wiring.Component):
    """`o` = `state` + the sum of products."""

    def __init__(self, element: FusionUnit) -> None:
        super().__init__(rival_signature(element))

    def elaborate(self, platform: object) -> Module:
        m = Module()
        settings = settings_layout()(self.settings)
        groups = []
        for high in product(range(2), repeat=2):
            places = [(2 * high[0] + i, 2 * high[1] + j) for i, j in product(range(2), repeat=2)]
            bricks = [self._brick(m, settings, *place) for place in places]
            heap = Heap(SUM_BITS // 2)
            for brick in _shifted(bricks, settings.bricks, 2):
                heap.add_word(brick, signed=False, time=BRICK_DELAY)
            x, y = heap.add_up(m)
            group = Signal(SUM_BITS // 2, name=f"group_{high[0]}{high[1]}")
            m.d.comb += group.eq(x + y)
            groups.append(group)
        heap = Heap(ACC.bits)
        for group in _shifted(groups, settings.groups, 4):
            heap.add_word(group, signed=False, time=GROUP_DELAY)
        for place, bit in zip(constant_bits(), settings.constant, strict=True):
            heap.add_bit(bit, place)
        heap.add_constant(-1 << SUM_BITS)
        heap.add_word(self.state, signed=False)
        x, y = heap.add_up(m)
        m.d.comb += self.o.eq(x + y)
        return m

    def _brick(self, m: Module, settings: data.View, i: int, j: int) -> Value:
        """The product of two digits, bits of negative weight inverted."""
        x, y = (word.word_select(SIDE * i + j, 2) for word in (self.a, self.b))
        name = f"brick_{i}{j}"
        cross = Signal(2, name=f"{name}_cross")
        top, carry, o = (
            Signal(name=f"{name}_top"),
            Signal(name=f"{name}_carry"),
            Signal(4, name=name),
        )
        m.d.comb += [
            cross[0].eq((x[1] & y[0]) ^ settings.sign_a[i]),
            cross[1].eq((x[0] & y[1]) ^ settings.sign_b[j]),
            top.eq((x[1] & y[1]) ^ settings.differ[SIDE * i + j]),
            carry.eq(cross.all()),
            o.eq(Cat(x[0] & y[0], cross.xor(), top ^ carry, top & carry)),
        ]
        return o


def _shifted(parts: list[Value], level: data.View, step: int) -> list[Value]:
    """Four parts, each shifted by `step` for A, B or both if it is of an upper digit of theirs."""
    first, upper_b, upper_a, upper = parts

    def moved(part: Value, once: Value) -> Value:
        return Mux(once, part << step, part)

    both = upper << 2 * step
    chosen = (upper & level.neither.replicate(len(upper))) | (
        (upper << step) & level.one.replicate(len(upper) + step)
    )
    return [
        first,
        moved(upper_b, level.b),
        moved(upper_a, level.a),
        chosen | (both & level.both.replicate(len(both))),
    ]
