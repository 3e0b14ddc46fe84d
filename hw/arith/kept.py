"""How sums are kept to which something is added again and again.

*Whole*: all columns take part in every addition. *Split*: the low columns, just enough for what is
added, are a number in two's complement, and the high ones count its overflows. An overflow, +1 or
-1, waits in a bit of its own for the next addition. So the adder is short, and while a sum stays
where it is, also around zero, where its sign changes, the high part needs no clock.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from amaranth.hdl import Cat, Const, Module, Signal, Value
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from hw.arith.heap import Heap
from hw.arith.sums import Finish, Inputs, Layout, Sum, added, carry_save, example, layout_of
from hw.distinct import Make


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A sum between two additions: the bits of its columns, an overflow that waits, the high part.

    Parameters
    ----------
    heights : sequence of int
        Bits in each column that takes part in additions.
    high : int
        Columns above, which count overflows. 0: the sum is whole, and no overflow waits.
    finish : callable (heights) -> Finish
        How columns of these heights are made.
    """

    heights: Sequence[int]
    high: int = 0
    finish: Callable[[Sequence[int]], Finish]

    @property
    def layout(self) -> Layout:
        """Of the bits that take part in additions."""
        return layout_of(self.heights)

    @property
    def state(self) -> int:
        """All bits."""
        return sum(self.heights) + self.high + (self.high > 0)

    @property
    def resolve(self) -> Make:
        """What makes a number of it."""
        return partial(Resolve, self.heights, self.high)

    def accumulate(self, inputs: Inputs) -> Make:
        """`o` = `state` + `inputs`, but for the high part: `o` ends with the overflow.

        The constant of `inputs` is that of all they bring.
        """
        words = {**inputs.words, "state": self.layout}
        columns = len(self.heights)
        if not self.high:
            return partial(Sum, columns, replace(inputs, words=words), self.finish(self.heights))
        # An overflow more makes every sum positive; `_waiting` takes it off.
        constant = inputs.constant + (1 << columns)
        inputs = replace(inputs, words=words, signed=frozenset({"state"}), constant=constant)
        return partial(Sum, columns + 1, inputs, _waiting(self.finish([*self.heights, 1])))


class Keeping(ABC):
    """A form of sums: how an addition leaves them.

    Attributes
    ----------
    resolves : bool
        They are no plain numbers.
    """

    resolves: bool

    @abstractmethod
    def heights(self, heap: Heap) -> Sequence[int]:
        """Bits in each column of a sum to which `heap` is added. The heap is used up."""

    @abstractmethod
    def low_heights(self, heap: Heap) -> Sequence[int] | None:
        """The same of all columns but the last, if that and the one before have one bit in time;
        otherwise None.
        """

    @abstractmethod
    def finish(self, heights: Sequence[int]) -> Finish:
        """Makes columns of these heights."""

    def whole(self, inputs: Inputs, width: int) -> Kept:
        """A sum modulo 2**`width` to which `inputs` are added again and again."""
        return Kept(heights=self.heights(example(inputs, width)), finish=self.finish)

    def split(self, inputs: Inputs, width: int, ends: tuple[int, int]) -> Kept:
        """The same in two parts, if it has more columns than what is added needs.

        Parameters
        ----------
        inputs : Inputs
        width : int
        ends : tuple of int
            The least and the largest number that they add.
        """
        least, most = ends
        for columns in range(_signed_bits(least, most), width):
            heap = example(inputs, columns + 1)
            heap.add_constant(1 << columns - 1)
            heights = self.low_heights(heap)
            # A redundant number may be that much more than its sign says.
            spare = sum(1 << column for column, bits in enumerate(heights or ()) if bits > 1)
            if heights and most + spare <= 1 << columns - 1:
                return Kept(heights=heights, high=width - columns, finish=self.finish)
        return self.whole(inputs, width)


@dataclass(frozen=True)
class Resolved(Keeping):
    """Numbers, made with an adder."""

    resolves = False

    def heights(self, heap: Heap) -> Sequence[int]:
        return [1] * heap.width

    def low_heights(self, heap: Heap) -> Sequence[int]:
        return [1] * (heap.width - 1)

    def finish(self, heights: Sequence[int]) -> Finish:
        return added


@dataclass(frozen=True)
class CarrySave(Keeping):
    """Numbers in carry-save form, of which columns that are there by `deadline` keep one bit.

    Parameters
    ----------
    deadline : float
        In delays of an XOR gate.
    """

    deadline: float

    resolves = True

    def heights(self, heap: Heap) -> Sequence[int]:
        return heap.carry_save_heights(self.deadline)

    def low_heights(self, heap: Heap) -> Sequence[int] | None:
        last = heap.width - 1
        heights = heap.carry_save_heights(self.deadline, last)
        return heights if heights[-1] == 1 and len(heap.times[last]) == 1 else None

    def finish(self, heights: Sequence[int]) -> Finish:
        return carry_save(heights)


class Count(wiring.Component):
    """The high part of a sum: `o` = `i` + `sign` - `waits`.

    Both of these change with every change of the sum's sign, but nothing behind them does before an
    overflow waits: then one is set and the other is not.

    Members
    -------
    i, o : In(width), Out(width)
    sign, waits : In(1)
        The last two bits of the low part.
    """

    def __init__(self, width: int) -> None:
        super().__init__({"i": In(width), "sign": In(1), "waits": In(1), "o": Out(width)})

    def elaborate(self, platform: object) -> Module:
        m = Module()
        up, down = self.sign & ~self.waits, self.waits & ~self.sign
        ones, zeros = (_all_below(m, bits) for bits in (self.i, ~self.i))
        flips = (ones & up.replicate(len(ones))) | (zeros & down.replicate(len(zeros)))
        m.d.comb += self.o.eq(self.i ^ flips)
        return m


class Resolve(wiring.Component):
    """A kept sum as one word: `o` = the number that the bits `i` stand for.

    Parameters
    ----------
    heights : sequence of int
        Bits in each column of the low part, 1 or 2.
    high : int
        Columns of the high part.
    """

    def __init__(self, heights: Sequence[int], high: int = 0) -> None:
        self._heights, self._high = heights, high
        kept = sum(heights) + high + (high > 0)
        super().__init__({"i": In(kept), "o": Out(len(heights) + high)})

    def elaborate(self, platform: object) -> Module:
        m = Module()
        low = sum(self._heights)
        columns = columns_of(self.i[:low], self._heights)
        sums = Cat(bits[0] for bits in columns)
        carries = Cat(bits[1] if len(bits) > 1 else Const(0, 1) for bits in columns)
        total = sums + carries
        if not self._high:
            m.d.comb += self.o.eq(total)
            return m
        m.submodules.count = count = Count(self._high)
        m.d.comb += [
            count.i.eq(self.i[low + 1 :]),
            count.sign.eq(total[-1]),
            count.waits.eq(self.i[low]),
            self.o.eq(Cat(total[:-1], count.o)),
        ]
        return m


def columns_of(state: Value, heights: Sequence[int]) -> list[Value]:
    """The bits of each column of a carry-save number."""
    ends = [sum(heights[: index + 1]) for index in range(len(heights))]
    return [state[end - height : end] for end, height in zip(ends, heights, strict=True)]


def _all_below(m: Module, bits: Value) -> Value:
    """For each bit whether all that are below it are set."""
    runs: Value = Cat(Const(1, 1), bits[:-1])
    distance = 1
    while distance < len(bits):
        longer = Signal(len(bits))
        m.d.comb += longer.eq(runs & Cat(Const(-1, distance), runs[:-distance]))
        runs, distance = longer, 2 * distance
    return runs


def _waiting(finish: Finish) -> Finish:
    """The last column, by which a sum is too large, inverted: zeros are the number 0 then."""

    def finished(heap: Heap) -> list[list[Value]]:
        *columns, last = finish(heap)
        return [*columns, [~last[0]]]

    return finished


def _signed_bits(least: int, most: int) -> int:
    """Of the least number in two's complement that holds both."""
    return 1 + max(end.bit_length() if end >= 0 else (~end).bit_length() for end in (least, most))
