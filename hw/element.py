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


class Step(Protocol):
    """A step in its place: the ports of the sum."""

    state: Signal
    o: Signal


def accumulate(
    m: Module, step: Step, high: int, *, en: Value, start: Value, initial: Value | None = None
) -> Value:
    """The registers of an accumulator around a step in `m`: what it keeps.

    They are part of the module of the operands' registers, so that gates between them are mapped
    as a whole.

    Parameters
    ----------
    step : Step
    high : int
        As in `Lanes`. These bits have a clock only where they change.
    en, start : Value
        Take the step's result. With `start` the step adds to `initial`, or to 0, instead.
    """
    low = Signal(len(step.o), name="state_low" if high else "state", reset_less=True)
    kept = [Signal(high, name="state_high", reset_less=True)] if high else []
    state = Cat(low, *kept)
    now = Signal(len(state), name="state_now")
    m.d.comb += [
        now.eq(Mux(start, 0 if initial is None else initial, state)),
        step.state.eq(now[: len(step.state)]),
    ]
    with m.If(en):
        m.d.sync += low.eq(step.o)
    for number in kept:
        total = counted(m, now, high)
        with m.If(en & (start | low[-2:].xor())):
            m.d.sync += number.eq(total)
    return state


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
        m.submodules.step = step = self._element.step()
        high = self._element.lanes.high
        m.d.comb += [
            step.a.eq(self._registered(m, self.a, self._element.encode_a, "a")),
            step.b.eq(self._registered(m, self.b, self._element.encode_b, "b")),
            self.o.eq(accumulate(m, step, high, en=Const(1), start=self.clear)),
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
