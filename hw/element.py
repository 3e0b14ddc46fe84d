"""What an array needs to know of a processing element.

An element is arithmetic without registers: one combinational step that adds a product to an
accumulator in whatever redundant form the element likes. The array adds the registers, moves the
operands and decides when an accumulator is cleared, so one element serves every array.
"""

from dataclasses import dataclass
from functools import partial
from typing import Protocol

from amaranth.hdl import Cat, Const, Module, Mux, Signal, Value
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from golden.formats import Format
from hw.arith.kept import Count
from hw.distinct import Distinct, Make


@dataclass(frozen=True, kw_only=True)
class Lanes:
    """Widths in bits of what moves through an array.

    Parameters
    ----------
    a, b : int
        Operands as they travel between elements, after `encode_a` and `encode_b`. All zeros on
        `a` is the encoded number 0.
    state : int
        The accumulator as the element keeps it. All zeros is the number 0.
    high : int
        The highest bits of it, which no step adds to: they count overflows, of which one waits in
        the bit below them (`hw.arith.kept`). 0: there is no such bit, either.
    """

    a: int
    b: int
    state: int
    high: int = 0


def step_signature(lanes: Lanes) -> wiring.Signature:
    """Ports of an element's step: operands and accumulator in, the new accumulator out.

    If it has a high part it is not among them, and the overflow that waits only comes out.
    """
    low = lanes.state - lanes.high
    return wiring.Signature(
        {
            "a": In(lanes.a),
            "b": In(lanes.b),
            "state": In(low - (lanes.high > 0)),
            "o": Out(low),
        }
    )


class Formats(Protocol):
    """What has formats of operands and of an accumulator."""

    @property
    def a(self) -> Format: ...

    @property
    def b(self) -> Format: ...

    @property
    def acc(self) -> Format: ...


class Element(Protocol):
    """A processing element for operands of formats `a` and `b` and an accumulator of format `acc`.

    Attributes
    ----------
    a, b, acc : Format
    lanes : Lanes
    encode_a, encode_b : callable () -> Component, or None
        Recodes an operand once at the array's edge: `i` In(a.bits), `o` Out(lanes.a), likewise b.
        None: it travels as it is.
    resolve : callable () -> Component, or None
        A finished accumulator as a number: `i` In(lanes.state), `o` Out(acc.bits). None: it is one.
    """

    a: Format
    b: Format
    acc: Format
    lanes: Lanes
    encode_a: Make | None
    encode_b: Make | None
    resolve: Make | None

    def step(self) -> wiring.Component:
        """`o` = `state` + `a` * `b`, with the ports of `step_signature`. Combinational."""


@dataclass(frozen=True, kw_only=True)
class Total:
    """How an element accumulates sums of products.

    Parameters
    ----------
    state : int
        Width of the accumulator. All zeros is the number 0.
    accumulate : callable () -> Component
        `o` = `state` + `i`, a sum of products, with ports as those of a step.
    resolve : callable () -> Component, or None
        As for `Element`.
    """

    state: int
    accumulate: Make
    resolve: Make | None


@dataclass(frozen=True, kw_only=True)
class DotProduct:
    """A sum of products of many lanes, made in stages with a register before each but the first.

    Parameters
    ----------
    stages : tuple of callable () -> Component
        The first has ports `a` and `b`, all lanes side by side, and `o`; the others `i` and `o`.
    of_row : callable () -> Component, or None
        What depends on `a` alone, the same for all columns: `a` In, `o` Out. The second stage takes
        it, from a register, as `row`.
    total : Total
        Takes what the last stage makes, from a register.
    """

    stages: tuple[Make, ...]
    of_row: Make | None
    total: Total


@dataclass(frozen=True, kw_only=True)
class Chain:
    """A sum of products that grows by one in each of `depth` elements, a register behind each.

    Parameters
    ----------
    first : callable () -> Component
        `o` = `a` * `b`.
    link : callable () -> Component
        `o` = `i` + `a` * `b`.
    total : Total
        Takes what the last of them makes, from a register.
    """

    first: Make
    link: Make
    total: Total


class Spatial(Element, Protocol):
    """An element that also adds several products in a cycle."""

    def dot_product(self, depth: int, registers: int) -> DotProduct:
        """The sum of `depth` products in `registers` stages."""

    def chain(self, depth: int) -> Chain:
        """The sum of `depth` products, one after the other."""


class Accumulation(wiring.Component):
    """A step with the accumulator that it adds to. Its high part has a clock only for a change.

    Parameters
    ----------
    step : callable () -> Component
        With ports `state` and `o` as those of `step_signature`.
    high : int
        As in `Lanes`.
    moves : bool
        A sum may come from elsewhere.

    Members
    -------
    en : In(1)
    start : In(1)
        Add to 0, or to `initial` if sums move, instead of the accumulator.
    state : Out
        The accumulator.

    And all other inputs of the step.
    """

    def __init__(self, step: Make, high: int = 0, *, moves: bool = False) -> None:
        self._step, self._high, self._moves = Distinct("step", step), high, moves
        members = self._step.component.signature.members
        self._inputs = {name: members[name] for name in members if name not in ("state", "o")}
        width = len(self._step.component.o) + high
        initial = {"initial": In(width)} if moves else {}
        super().__init__(
            {"en": In(1), "start": In(1), **self._inputs, **initial, "state": Out(width)}
        )

    def elaborate(self, platform: object) -> Module:
        m = Module()
        step = self._step.place(m, "step")
        high = self._high
        low = Signal(len(step.o), name="state_low" if high else "state", reset_less=True)
        kept = [Signal(high, name="state_high", reset_less=True)] if high else []
        now = Signal.like(self.state)
        m.d.comb += [
            *(getattr(step, name).eq(getattr(self, name)) for name in self._inputs),
            now.eq(Mux(self.start, self.initial if self._moves else 0, self.state)),
            step.state.eq(now[: len(step.state)]),
            self.state.eq(Cat(low, *kept)),
        ]
        total = counted(m, now, high)
        with m.If(self.en):
            m.d.sync += low.eq(step.o)
        with m.If(self.en & (self.start | low[-2:].xor())):
            m.d.sync += [number.eq(total) for number in kept]
        return m


def counted(m: Module, state: Value, high: int) -> Value:
    """What the `high` bits of an accumulator are when the overflow that waits has been counted."""
    if not high:
        return Const(0, 0)
    count = Distinct("count", partial(Count, high)).place(m, "count")
    low = state[:-high]
    m.d.comb += [count.i.eq(state[-high:]), count.sign.eq(low[-2]), count.waits.eq(low[-1])]
    return count.o


class StandAlone(wiring.Component):
    """An element by itself, as papers price it: registered operands, recoding, step, accumulator.

    Members
    -------
    a, b : In(a.bits), In(b.bits)
        Operands; they meet the accumulator one cycle later.
    clear : In(1)
        The operands in the registers start a new sum.
    o : Out(lanes.state)
        The accumulator, not resolved.
    """

    def __init__(self, element: Element) -> None:
        self._element = element
        super().__init__(
            {
                "a": In(element.a.bits),
                "b": In(element.b.bits),
                "clear": In(1),
                "o": Out(element.lanes.state),
            }
        )

    def elaborate(self, platform: object) -> Module:
        m = Module()
        element = self._element
        m.submodules.sum = total = Accumulation(element.step, element.lanes.high)
        m.d.comb += [
            total.en.eq(1),
            total.a.eq(self._registered(m, self.a, element.encode_a, "a")),
            total.b.eq(self._registered(m, self.b, element.encode_b, "b")),
            total.start.eq(self.clear),
            self.o.eq(total.state),
        ]
        return m

    def _registered(self, m: Module, operand: Value, encode: Make | None, name: str) -> Value:
        held = Signal.like(operand, name=f"{name}_held", reset_less=True)
        m.d.sync += held.eq(operand)
        if encode is None:
            return held
        m.submodules[f"encode_{name}"] = recoder = encode()
        m.d.comb += recoder.i.eq(held)
        return recoder.o
