"""Sums of products and of other sums, as components.

Sums between registers are exact and not negative: bits of negative weight are added inverted, and
the constant that makes up for it is added once, where the sum is accumulated. So a carry-save sum
needs no more columns than the number in it, and none of it is sign-extended.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from amaranth.hdl import Cat, Module, Signal, Value
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from golden.formats import IntFormat
from hw.arith.booth import add_booth_rows, add_negations, recoded_bits
from hw.arith.heap import Heap

Layout = tuple[int, ...]
"""The column of each bit of a word: bit i has weight 2**layout[i]."""


def layout_of(heights: Iterable[int]) -> Layout:
    """Of a word with so many bits in each column, the lowest column first."""
    return tuple(column for column, bits in enumerate(heights) for _ in range(bits))


Finish = Callable[[Heap], list[list[Value]]]
"""Adds up a heap to the columns of bits that are kept."""


def early(deadline: float) -> Finish:
    """What can be added up by `deadline`, in delays of an XOR gate."""
    return lambda heap: heap.compress_early(deadline)


def carry_save(heights: Sequence[int]) -> Finish:
    """`heights[i]` bits in column i."""
    return lambda heap: heap.compress(heights)


def added(heap: Heap) -> list[list[Value]]:
    """A number, with one carry-propagating adder."""
    columns = heap.compress([2] * heap.width)
    x, y = (Cat(column[index] for column in columns) for index in (0, 1))
    total = Signal(heap.width, name="total")
    heap.statements.append(total.eq(x + y))
    return [[bit] for bit in total]


@dataclass(frozen=True, kw_only=True)
class Negations:
    """What `depth` inverted products lack: 1 for every negative digit of recoded numbers."""

    a: IntFormat
    depth: int

    @property
    def ports(self) -> dict[str, wiring.Member]:
        """Input `a`, all lanes side by side."""
        return {"a": In(self.depth * recoded_bits(self.a))}

    def add_to(self, heap: Heap, ports: Mapping[str, Value]) -> None:
        """Put one bit for each digit on `heap`."""
        digits = recoded_bits(self.a)
        for lane in range(self.depth):
            add_negations(heap, ports["a"].word_select(lane, digits), self.a)


@dataclass(frozen=True, kw_only=True)
class Products:
    """`depth` products: recoded numbers of format `a` times numbers of format `b`.

    With `inverted`, negative digits lack a 1 that `negations` adds.
    """

    a: IntFormat
    b: IntFormat
    depth: int
    inverted: bool = False

    @property
    def ports(self) -> dict[str, wiring.Member]:
        """Inputs `a` and `b`, all lanes side by side, lane 0 lowest."""
        return {"a": In(self.depth * recoded_bits(self.a)), "b": In(self.depth * self.b.bits)}

    @property
    def ends(self) -> tuple[int, int]:
        """The least and the largest sum of them."""
        ends = [x * y for x in (self.a.min, self.a.max) for y in (self.b.min, self.b.max)]
        return self.depth * min(ends), self.depth * max(ends)

    @property
    def negations(self) -> Negations:
        """What they lack if they are inverted."""
        return Negations(a=self.a, depth=self.depth)

    def add_to(self, heap: Heap, ports: Mapping[str, Value]) -> None:
        """Put all partial products on `heap`."""
        for lane in range(self.depth):
            add_booth_rows(
                heap,
                ports["a"].word_select(lane, recoded_bits(self.a)),
                ports["b"].word_select(lane, self.b.bits),
                self.a,
                self.b,
                inverted=self.inverted,
            )


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """What a `Sum` adds.

    Parameters
    ----------
    products : Products or Negations, or None
        Of inputs `a` and `b`, without their constant.
    words : dict of str to Layout
        Inputs by name.
    signed : frozenset of str
        Words whose last bit has a negative weight.
    constant : int
        Of all that is added, if it is to be accounted for here.
    """

    products: Products | Negations | None = None
    words: dict[str, Layout] = field(default_factory=dict)
    signed: frozenset[str] = frozenset()
    constant: int = 0

    @property
    def ports(self) -> dict[str, wiring.Member]:
        """All inputs."""
        words = {name: In(len(layout)) for name, layout in self.words.items()}
        return {**words, **(self.products.ports if self.products else {})}

    def add_to(self, heap: Heap, ports: Mapping[str, Value]) -> None:
        """Put all that is added on `heap`."""
        if self.products:
            self.products.add_to(heap, ports)
            heap.take_constant()
        for name, layout in self.words.items():
            signs = int(name in self.signed)
            positive = len(layout) - signs
            heap.add_bits(ports[name][:positive], layout[:positive])
            if signs:
                heap.subtract_bit(ports[name][-1], layout[-1])
        heap.add_constant(self.constant)


def example(addends: Products | Negations | Inputs, width: int) -> Heap:
    """A heap, modulo 2**`width`, with all that `addends` put there."""
    heap = Heap(width)
    addends.add_to(heap, {name: Signal(port.shape) for name, port in addends.ports.items()})
    return heap


class Sum(wiring.Component):
    """`o` = the sum of all inputs, modulo 2**width.

    Attributes
    ----------
    layout : Layout
        Of `o`.
    """

    _MustUse__silence = True  # Some are made only to learn their layout.

    def __init__(self, width: int, inputs: Inputs, finish: Finish) -> None:
        self._width, self._inputs, self._finish = width, inputs, finish
        ports = inputs.ports
        _, columns = self._add({name: Signal(port.shape) for name, port in ports.items()})
        self.layout = layout_of(map(len, columns))
        super().__init__({**ports, "o": Out(len(self.layout))})

    def elaborate(self, platform: object) -> Module:
        m = Module()
        names = [name for name in self.signature.members if name != "o"]
        heap, columns = self._add({name: getattr(self, name) for name in names})
        m.d.comb += [*heap.statements, self.o.eq(Cat(columns))]
        return m

    def _add(self, ports: dict[str, Value]) -> tuple[Heap, list[list[Value]]]:
        heap = Heap(self._width)
        self._inputs.add_to(heap, ports)
        return heap, self._finish(heap)
