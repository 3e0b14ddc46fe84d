"""Bit heaps: many bits of equal and different weight, compressed column by column.

The earliest bits of a column are added first, as in the three-dimensional method of Oklobdzija,
Villeger and Liu (IEEE Trans. Computers 45(3), 1996), so late bits enter late. With equal arrival
times the number of levels is that of Dadda's scheme (Alta Frequenza 34, 1965).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import Any

from amaranth.hdl import Cat, Const, Module, Signal, Value

XOR_DELAY = 1.0
AND_DELAY = 0.4

Statement = Any
"""An assignment; Amaranth exports no type for it."""


@dataclass(frozen=True)
class Bit:
    """One bit of a heap: its value and when it is there, in delays of an XOR gate."""

    value: Value
    time: float = 0.0

    @property
    def is_constant(self) -> bool:
        return isinstance(self.value, Const)


@dataclass(frozen=True)
class Column:
    """What is left of a compressed column, and its carries into the next one."""

    bits: list[Bit]
    carries: list[Bit]
    statements: list[Statement]

    @property
    def time(self) -> float:
        """When the last bit left in the column is there."""
        return max((bit.time for bit in self.bits), default=0.0)


def half_add(x: Bit, y: Bit, name: str) -> tuple[Bit, Bit, list[Statement]]:
    """Sum and carry of two bits. A constant 1 leaves an inverter."""
    total, carry = Signal(name=f"{name}_s"), Signal(name=f"{name}_c")
    if x.is_constant:
        return Bit(total, y.time), Bit(carry, y.time), [total.eq(~y.value), carry.eq(y.value)]
    statements = [total.eq(x.value ^ y.value), carry.eq(x.value & y.value)]
    time = max(x.time, y.time)
    return Bit(total, time + XOR_DELAY), Bit(carry, time + AND_DELAY), statements


def full_add(x: Bit, y: Bit, z: Bit, name: str) -> tuple[Bit, Bit, list[Statement]]:
    """Sum and carry of three bits, `z` the latest. A constant 1 leaves an XNOR and an OR gate."""
    total, carry = Signal(name=f"{name}_s"), Signal(name=f"{name}_c")
    if x.is_constant:
        statements = [total.eq(~(y.value ^ z.value)), carry.eq(y.value | z.value)]
        return Bit(total, z.time + XOR_DELAY), Bit(carry, z.time + AND_DELAY), statements
    half = Signal(name=f"{name}_h")
    statements = [
        half.eq(x.value ^ y.value),
        total.eq(half ^ z.value),
        carry.eq((x.value & y.value) | (half & z.value)),
    ]
    ready = full_add_delay(x.time, y.time, z.time)
    return Bit(total, ready), Bit(carry, ready - XOR_DELAY + 2 * AND_DELAY), statements


def full_add_delay(x: float, y: float, z: float) -> float:
    """When the sum of three bits is there, `z` being the latest and `y` the second."""
    return max(y + XOR_DELAY, z) + XOR_DELAY


def compress_column(bits: list[Bit], height: int, name: str) -> Column:
    """Add the bits of one column, earliest first, until at most `height` are left.

    A constant 1 is added to another bit even if both would fit: that costs an inverter.

    Parameters
    ----------
    bits : list of Bit
        At most one of them may be the constant 1.
    height : int
        How many bits to leave; the carries belong to the next column.
    name : str
        Prefix of the names of the signals made.
    """
    left = sorted(bits, key=_order)
    carries: list[Bit] = []
    statements: list[Statement] = []
    while True:
        excess = len(left) - height
        absorb = len(left) > 1 and left[0].is_constant
        if excess <= 0 and not absorb:
            return Column(left, carries, statements)
        three = len(left) > 2 and (absorb or excess % 2 == 0)
        label = f"{name}_{len(carries)}"
        if three:
            total, carry, added = full_add(left[0], left[1], left[2], label)
        else:
            total, carry, added = half_add(left[0], left[1], label)
        left = sorted([total, *left[3 if three else 2 :]], key=_order)
        carries.append(carry)
        statements += added


def compress_early(bits: list[Bit], deadline: float, name: str) -> Column:
    """Add three bits of one column at a time, earliest first, as long as sums are there in time.

    Parameters
    ----------
    bits : list of Bit
        None of them constant.
    deadline : float
    name : str
        Prefix of the names of the signals made.
    """
    left = sorted(bits, key=_order)
    carries: list[Bit] = []
    statements: list[Statement] = []
    while len(left) > 2 and full_add_delay(*(bit.time for bit in left[:3])) <= deadline:
        total, carry, added = full_add(left[0], left[1], left[2], f"{name}_{len(carries)}")
        left = sorted([total, *left[3:]], key=_order)
        carries.append(carry)
        statements += added
    return Column(left, carries, statements)


def heights_by(columns: Sequence[Sequence[float]], deadline: float) -> list[int]:
    """How many bits `compress_early` leaves in each column, of bits there at these times."""
    heights = []
    carries: list[float] = []
    for times in columns:
        left = [*times, *carries]
        carries = []
        heapify(left)
        while len(left) > 2:
            earliest = [heappop(left) for _ in range(3)]
            total = full_add_delay(*earliest)
            if total > deadline:
                left += earliest
                break
            heappush(left, total)
            carries.append(total - XOR_DELAY + 2 * AND_DELAY)
        heights.append(len(left))
    return heights


def _order(bit: Bit) -> tuple[bool, float]:
    return (not bit.is_constant, bit.time)


class Heap:
    """A sum modulo 2**width of bits of any weight.

    Parameters
    ----------
    width : int
        Bits of weight 2**width and above are dropped.

    Attributes
    ----------
    statements : list
        The assignments made so far, for a module's combinational domain.
    """

    def __init__(self, width: int) -> None:
        self.width = width
        self.statements: list[Statement] = []
        self._columns: list[list[Bit]] = [[] for _ in range(width)]
        self._constant = 0

    def add_constant(self, value: int) -> None:
        """Add an integer of any sign."""
        self._constant += value

    def add_bit(self, value: Value, column: int, time: float = 0.0) -> None:
        """Add `value` * 2**`column`, there at `time`."""
        if column < self.width:
            self._columns[column].append(Bit(value, time))

    def subtract_bit(self, value: Value, column: int, time: float = 0.0) -> None:
        """Subtract `value` * 2**`column`: add the inverted bit and a constant."""
        self.add_bit(~value, column, time)
        self.add_constant(-1 << column)

    def add_word(self, value: Value, *, signed: bool, column: int = 0, time: float = 0.0) -> None:
        """Add a number in two's complement or an unsigned one."""
        for index, bit in enumerate(value[:-1] if signed else value):
            self.add_bit(bit, column + index, time)
        if signed:
            self.subtract_bit(value[-1], column + len(value) - 1, time)

    def add_bits(self, value: Value, columns: Sequence[int]) -> None:
        """Add bit i of `value` in column `columns[i]`, for all i."""
        for bit, column in zip(value, columns, strict=True):
            self.add_bit(bit, column)

    @property
    def largest(self) -> int:
        """The sum if all bits on the heap are 1, without constants."""
        return sum(len(bits) << index for index, bits in enumerate(self._columns))

    def take_constant(self) -> int:
        """Take the sum of the constants off the heap.

        Without it no bit has a negative weight. In a heap that is wide enough for `largest` nothing
        is dropped then, and a carry-save sum is exact, not modulo a power of two.
        """
        constant, self._constant = self._constant, 0
        return constant

    def carry_save_heights(self, deadline: float, columns: int | None = None) -> list[int]:
        """How many bits an accumulator needs in each column if adding this heap is to be quick.

        One where the column's sum bit is there by `deadline`: there the carries ripple inside the
        step. Two elsewhere, which takes as long as it takes. The heap is used up, but for carries
        out of the lowest `columns` if only they are asked for.
        """
        heights = []
        for index in range(self.width if columns is None else columns):
            one, two = (
                compress_column([*self._column(index), *[Bit(Signal())] * height], height, "trial")
                for height in (1, 2)
            )
            column = one if one.time <= deadline or one.time <= two.time else two
            heights.append(1 if column is one else 2)
            self._replace(index, column)
        return heights

    def compress(self, heights: Sequence[int]) -> list[list[Value]]:
        """Add up until column i has `heights[i]` bits, and return them. The heap is used up."""
        columns: list[list[Value]] = []
        for index, height in enumerate(heights):
            column = compress_column(self._column(index), height, f"column_{index}")
            self._replace(index, column)
            bits = [bit.value for bit in column.bits]
            columns.append(bits + [Const(0, 1)] * (height - len(bits)))
        return columns

    @property
    def times(self) -> list[list[float]]:
        """When the bits of each column are there."""
        return [[bit.time for bit in bits] for bits in self._columns]

    def compress_early(self, deadline: float) -> list[list[Value]]:
        """Add up what can be by `deadline`, and return what is left. The heap is used up.

        It has no constant. Every addition takes a bit off the sum's redundant form.
        """
        columns: list[list[Value]] = []
        for index in range(self.width):
            column = compress_early(self._columns[index], deadline, f"column_{index}")
            self._replace(index, column)
            columns.append([bit.value for bit in column.bits])
        return columns

    def add_up(self, m: Module) -> tuple[Value, Value]:
        """Compress to two words whose sum is the heap's, in module `m`. The heap is used up."""
        columns = self.compress([2] * self.width)
        m.d.comb += self.statements
        return Cat(column[0] for column in columns), Cat(column[1] for column in columns)

    def _column(self, index: int) -> list[Bit]:
        constant = [Bit(Const(1, 1))] if self._constant >> index & 1 else []
        return constant + self._columns[index]

    def _replace(self, index: int, compressed: Column) -> None:
        self._constant &= ~(1 << index)
        self._columns[index] = compressed.bits
        for carry in compressed.carries:
            self.add_bit(carry.value, index + 1, carry.time)
        self.statements += compressed.statements
