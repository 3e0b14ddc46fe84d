"""An element with settings by itself, as `hw.element.StandAlone` is one without."""

from typing import Any, Protocol

from amaranth.hdl import Module, Mux, Signal, Value
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from hw.distinct import Make
from hw.element import Lanes


class Rival(Protocol):
    """An element that is told what to do by settings, which stay as they are for a whole matrix.

    Attributes
    ----------
    words : (int, int)
        Bits of an operand A and of an operand B outside the array.
    lanes : Lanes
        The same between elements.
    settings : int
        Bits of the settings; `step` and what recodes have them as an input `settings`. With 0 there
        is no such input.
    encode_a, encode_b : callable () -> Component, or None
        As for `hw.element.Element`.
    """

    @property
    def words(self) -> tuple[int, int]: ...

    @property
    def lanes(self) -> Lanes: ...

    @property
    def settings(self) -> int: ...

    @property
    def encode_a(self) -> Make | None: ...

    @property
    def encode_b(self) -> Make | None: ...

    def step(self) -> wiring.Component:
        """`o` = `state` + `a` * `b`. Combinational."""


class Alone(wiring.Component):
    """Registered operands, recoding, step, accumulator.

    Parameters
    ----------
    element : Rival
    recodes : bool
        Without, it is the element as it is inside an array: operands come recoded.

    Members
    -------
    a, b : In
        Operands; they meet the accumulator one cycle later.
    clear : In(1)
        The operands in the registers start a new sum.
    settings : In(settings)
        No registers: they come from what the whole array shares.
    o : Out(lanes.state)
    """

    def __init__(self, element: Rival, *, recodes: bool = True) -> None:
        self._element, self._recodes = element, recodes
        lanes = element.lanes
        widths = element.words if recodes else (lanes.a, lanes.b)
        super().__init__(
            {
                "a": In(widths[0]),
                "b": In(widths[1]),
                "clear": In(1),
                **({"settings": In(element.settings)} if element.settings else {}),
                "o": Out(lanes.state),
            }
        )

    def elaborate(self, platform: object) -> Module:
        m = Module()
        element = self._element
        m.submodules.step = step = element.step()
        state = Signal(element.lanes.state, reset_less=True)
        m.d.comb += [
            step.a.eq(self._registered(m, self.a, element.encode_a, "a")),
            step.b.eq(self._registered(m, self.b, element.encode_b, "b")),
            step.state.eq(Mux(self.clear, 0, state)),
            self.o.eq(state),
        ]
        m.d.sync += state.eq(step.o)
        if element.settings:
            m.d.comb += step.settings.eq(self.settings)
        return m

    def _registered(self, m: Module, operand: Value, encode: Make | None, name: str) -> Value:
        held = Signal.like(operand, name=f"{name}_held", reset_less=True)
        m.d.sync += held.eq(operand)
        if encode is None or not self._recodes:
            return held
        m.submodules[f"encode_{name}"] = recoder = encode()
        m.d.comb += recoder.i.eq(held)
        if self._element.settings:
            m.d.comb += recoder.settings.eq(self.settings)
        return recoder.o


class Plain:
    """A `hw.element.Element` as a `Rival` without settings."""

    settings = 0

    def __init__(self, element: Any) -> None:
        self.words = (element.a.bits, element.b.bits)
        self.lanes = element.lanes
        self.encode_a, self.encode_b = element.encode_a, element.encode_b
        self.step = element.step


def rival_signature(element: Rival) -> wiring.Signature:
    """Ports of a step."""
    lanes = element.lanes
    return wiring.Signature(
        {
            "a": In(lanes.a),
            "b": In(lanes.b),
            "settings": In(element.settings),
            "state": In(lanes.state),
            "o": Out(lanes.state),
        }
    )
