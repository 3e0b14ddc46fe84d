"""What an array needs to know of a processing element.

An element is arithmetic without registers: one combinational step that adds a product to an
accumulator in whatever redundant form the element likes. The array adds the registers, moves the
operands and decides when an accumulator is cleared, so one element serves every array.
"""

from dataclasses import dataclass
from typing import Protocol

from amaranth.lib import wiring

from golden.formats import IntFormat


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
    """

    a: int
    b: int
    state: int


class Element(Protocol):
    """A processing element for operands of formats `a` and `b` and an accumulator of format `acc`.

    Every method returns a new combinational component. Equal elements build equal components.
    """

    a: IntFormat
    b: IntFormat
    acc: IntFormat
    lanes: Lanes

    def encode_a(self) -> wiring.Component | None:
        """Recode `a` once at the array's edge: `i` In(a.bits), `o` Out(lanes.a). None: as it is."""

    def encode_b(self) -> wiring.Component | None:
        """Recode `b` once at the array's edge: `i` In(b.bits), `o` Out(lanes.b). None: as it is."""

    def step(self) -> wiring.Component:
        """`o` = `state` + `a` * `b`: `a` In(lanes.a), `b` In(lanes.b), `state` In(lanes.state),
        `o` Out(lanes.state)."""

    def resolve(self) -> wiring.Component | None:
        """A finished accumulator as a number: `i` In(lanes.state), `o` Out(acc.bits). None: as it is."""
