"""A heap's columns add up to the sum of all bits, words and constants put on it."""

import random

import pytest
from amaranth.hdl import Const, Module, Signal, Value
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from hw.arith.heap import Bit, Heap, compress_column, heights_by
from hw.combinational import evaluate

pytestmark = pytest.mark.fast

SEEDS = range(8)


class _Sum(wiring.Component):
    """`o` = the words of `i`, signed or not, at random columns, plus a constant."""

    def __init__(self, seed: int) -> None:
        rng = random.Random(seed)
        self.width = rng.randint(1, 20)
        self.words = [
            (rng.randint(1, 6), rng.random() < 0.5, rng.randrange(20), rng.random() * 4)
            for _ in range(rng.randint(1, 9))
        ]
        self.constant = rng.randint(-(2**24), 2**24)
        super().__init__({"i": In(sum(word[0] for word in self.words)), "o": Out(self.width)})

    def elaborate(self, platform: object) -> Module:
        m = Module()
        heap = Heap(self.width)
        start = 0
        for bits, signed, column, time in self.words:
            word = self.i[start : start + bits]
            heap.add_word(word, signed=signed, column=column, time=time)
            start += bits
        heap.add_constant(self.constant)
        x, y = heap.add_up(m)
        m.d.comb += self.o.eq(x + y)
        return m

    def expected(self, code: int) -> int:
        total = self.constant
        for bits, signed, column, _ in self.words:
            value = code & ((1 << bits) - 1)
            total += (value - (signed and value >> (bits - 1)) * (1 << bits)) << column
            code >>= bits
        return total % 2**self.width


@pytest.mark.parametrize("seed", SEEDS)
def test_sums(seed: int) -> None:
    component = _Sum(seed)
    rng = random.Random(seed)
    codes = [0, 2 ** len(component.i) - 1, *(rng.getrandbits(len(component.i)) for _ in range(40))]
    got = evaluate(component, [{"i": code} for code in codes])
    assert got == [component.expected(code) for code in codes]


@pytest.mark.parametrize("bits", range(1, 9))
@pytest.mark.parametrize("height", [1, 2, 3])
def test_a_column_keeps_its_height_and_loses_nothing(bits: int, height: int) -> None:
    column = compress_column([Bit(Const(0, 1), time=1.0)] * bits, height, "x")
    assert len(column.bits) <= height
    adders = len(column.carries)
    full = (bits - len(column.bits)) - adders
    assert 0 <= full <= adders


def test_late_bits_enter_late() -> None:
    # Three early bits and a late one: the late one passes a single half adder.
    bits = [Bit(Const(0, 2)[0], time) for time in (0.0, 0.0, 0.0, 3.0)]
    assert compress_column(bits, 1, "x").time == pytest.approx(4.0)


def _random_bits(seed: int) -> tuple[float, list[tuple[int, float]]]:
    """A deadline, and columns and times of bits."""
    rng = random.Random(seed)
    bits = [(rng.randrange(6), rng.random() * 3) for _ in range(rng.randint(1, 40))]
    return rng.random() * 12, bits


def _heap_of(bits: list[tuple[int, float]], value: Value) -> Heap:
    heap = Heap(12)
    for bit, (column, time) in zip(value, bits, strict=True):
        heap.add_bit(bit, column, time)
    return heap


class _Early(wiring.Component):
    """`o` = the sum of the bits of `i`: what can be added by a deadline first, then the rest."""

    def __init__(self, deadline: float, bits: list[tuple[int, float]]) -> None:
        self._deadline, self._bits = deadline, bits
        super().__init__({"i": In(len(bits)), "o": Out(12)})

    def elaborate(self, platform: object) -> Module:
        m = Module()
        early, rest = _heap_of(self._bits, self.i), Heap(12)
        for index, bits in enumerate(early.compress_early(self._deadline)):
            for bit in bits:
                rest.add_bit(bit, index)
        m.d.comb += early.statements
        x, y = rest.add_up(m)
        m.d.comb += self.o.eq(x + y)
        return m


@pytest.mark.parametrize("seed", range(16))
def test_what_is_added_early_keeps_the_sum(seed: int) -> None:
    deadline, bits = _random_bits(seed)
    rng = random.Random(seed)
    codes = [0, 2 ** len(bits) - 1, *(rng.getrandbits(len(bits)) for _ in range(20))]
    expected = [
        sum((code >> bit & 1) << column for bit, (column, _) in enumerate(bits)) % 4096
        for code in codes
    ]
    assert evaluate(_Early(deadline, bits), [{"i": code} for code in codes]) == expected


@pytest.mark.parametrize("seed", range(16))
def test_heights_are_foretold(seed: int) -> None:
    deadline, bits = _random_bits(seed)
    heap = _heap_of(bits, Signal(len(bits)))
    foretold = heights_by(heap.times, deadline)
    assert foretold == [len(column) for column in heap.compress_early(deadline)]


def test_without_its_constant_a_heap_is_exact() -> None:
    heap = Heap(8)
    heap.add_word(Const(0, 3), signed=True, column=1)
    assert heap.take_constant() == -8
    assert heap.take_constant() == 0
    assert heap.largest == 2 + 4 + 8
