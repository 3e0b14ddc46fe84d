"""What the column array needs to know of a digit-serial element.

Such an element adds one shifted copy of its operand B, or its negative, a cycle: a *term*. The
array keeps the digits of A, says which term is next, and adds the registers: one around the operand
B, one behind the term, one for the accumulator.
"""

from dataclasses import dataclass
from typing import Protocol

from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from golden.formats import IntFormat
from golden.recodings import Recoding
from hw.distinct import Make


@dataclass(frozen=True, kw_only=True)
class SerialLanes:
    """Widths in bits of what moves through an element.

    Parameters
    ----------
    place : int
        Of the number of places by which B is shifted.
    term : int
    state : int
        The accumulator as the element keeps it. All zeros is the number 0.
    """

    place: int
    term: int
    state: int


def select_signature(b: IntFormat, lanes: SerialLanes) -> wiring.Signature:
    """Ports of an element's first half: an operand and a digit in, their product out."""
    return wiring.Signature(
        {
            "b": In(b.bits),
            "place": In(lanes.place),
            "neg": In(1),
            "o": Out(lanes.term),
        }
    )


def add_signature(lanes: SerialLanes) -> wiring.Signature:
    """Ports of its second half: a term, its sign and the accumulator in, the new one out."""
    return wiring.Signature(
        {
            "term": In(lanes.term),
            "neg": In(1),
            "state": In(lanes.state),
            "o": Out(lanes.state),
        }
    )


class SerialElement(Protocol):
    """A digit-serial element for operands of formats `a` and `b` and an accumulator `acc`.

    Attributes
    ----------
    a, b, acc : IntFormat
    recoding : Recoding
        Of A.
    skips_zeros : bool
        Only digits that are not zero take a cycle.
    shares_digits : bool
        The row recodes A for all its elements; otherwise each has a recoder.
    lanes : SerialLanes
    encode_a : callable () -> Component
        The recoder of A: `i` In(a.bits), `o` its digits, each `hw.arith.booth.DIGIT`.
    resolve : callable () -> Component
        A finished accumulator as a number: `i` In(lanes.state), `o` Out(acc.bits).
    """

    a: IntFormat
    b: IntFormat
    acc: IntFormat
    recoding: Recoding
    skips_zeros: bool
    shares_digits: bool
    lanes: SerialLanes
    encode_a: Make
    resolve: Make

    def select(self) -> wiring.Component:
        """`o` = `b` shifted by `place`, every bit inverted if `neg`, with `select_signature`."""

    def add(self) -> wiring.Component:
        """`o` = `state` + `term`, plus 1 if `neg`, with the ports of `add_signature`."""
