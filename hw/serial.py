"""What the column array needs to know of a digit-serial element.

Such an element adds one shifted copy of its operand B, or its negative, a cycle: a *term*. The
array keeps the digits of A, says which term is next, and adds the registers: those of the operands
B, one behind the first half of the element, which makes the term, and one for the accumulator.
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
        Of the number of places by which B is shifted, at least 2. The first half of the element
        does not shift by the highest bit of it, the second does.
    term : int
        What the first half hands over.
    state : int
        The accumulator as the element keeps it. All zeros is the number 0.
    """

    place: int
    term: int
    state: int


def select_signature(b: IntFormat, lanes: SerialLanes) -> wiring.Signature:
    """Ports of an element's first half: an operand and a digit in, most of their product out."""
    return wiring.Signature(
        {
            "b": In(b.bits),
            "near": In(lanes.place - 1),
            "neg": In(1),
            "o": Out(lanes.term),
        }
    )


def add_signature(lanes: SerialLanes, ways: int) -> wiring.Signature:
    """Ports of its second half: terms, which count, the rest of their digits, the accumulator."""
    return wiring.Signature(
        {
            "term": In(ways * lanes.term),
            "used": In(ways),
            "far": In(ways),
            "neg": In(ways),
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
    ways : int
        Digits, of as many numbers of A, that are added at a time.
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
    ways: int
    skips_zeros: bool
    shares_digits: bool
    lanes: SerialLanes
    encode_a: Make
    resolve: Make

    def select(self) -> wiring.Component:
        """`o` = `b` shifted by `near`, every bit inverted if `neg`, with `select_signature`."""

    def add(self) -> wiring.Component:
        """`o` = `state` + each `term` in use, shifted if `far`, plus 1 if `neg`, `add_signature`.

        At least one term is in use.
        """
