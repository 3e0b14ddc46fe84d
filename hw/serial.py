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
    b : int
        Of a number of B as the array keeps it.
    term : int
        What the first half hands over.
    low : int
        The accumulator's low part, to which terms are added. All zeros is the number 0.
    high : tuple of int
        Columns of each block of its high part, which counts the carries that leave the low one. It
        may have none.
    excess : int
        Of the number of additions in a sum as far as it matters to the result, at least 1.
    """

    place: int
    b: int
    term: int
    low: int
    high: tuple[int, ...]
    excess: int

    @property
    def near(self) -> int:
        """By how many different places the first half shifts."""
        return 1 << (self.place - 1)

    @property
    def state(self) -> int:
        """The accumulator: the low part, then every block behind the carry into it."""
        return self.low + sum(1 + columns for columns in self.high)


def select_signature(lanes: SerialLanes, window: int, picks: int) -> wiring.Signature:
    """Ports of an element's first half: operands and a digit in, most of a product out.

    `which` has a line for every pick of every operand, `near` one for every place.
    """
    return wiring.Signature(
        {
            "b": In(window * lanes.b),
            "which": In(window * picks),
            "near": In(lanes.near),
            "neg": In(1),
            "o": Out(lanes.term),
        }
    )


def add_signature(lanes: SerialLanes, ways: int) -> wiring.Signature:
    """Ports of its second half: terms, what becomes of them, signs of their digits, the low part.

    A term counts as it is if its line of `as_is` is 1, shifted if that of `far` is, else not.
    """
    return wiring.Signature(
        {
            "term": In(ways * lanes.term),
            "as_is": In(ways),
            "far": In(ways),
            "neg": In(ways),
            "low": In(lanes.low),
            "o": Out(lanes.low),
            **({"carry": Out(1)} if lanes.high else {}),
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
    b_terms : int
        Terms of a number of B, each of which is a cycle. 1: it takes part as a whole.
    picks : int
        From how many the array picks for a digit: the terms of a number of B, or its odd multiples.
    skips_zeros : bool
        Only digits that are not zero take a cycle.
    shares_digits : bool
        The row recodes A for all its elements; otherwise each has a recoder.
    reach : int
        How many elements are told of a digit by the same registers.
    lanes : SerialLanes
    encode_a : callable () -> Component
        The recoder of A: `i` In(a.bits), `o` its digits, each `hw.arith.recode.digit_layout`.
    encode_b : callable () -> Component, or None
        The same of B, if it is kept as terms.
    list_b : callable () -> Component, or None
        What makes a list of such digits: `i` digits, `o` Out(lanes.b), `terms` Out(b_terms), which
        of them there are.
    keep_b : callable () -> Component, or None
        What makes of a number of B what the array keeps of it: `i` In(b.bits), `o` Out(lanes.b).
        None if that is what `list_b` makes.
    resolve : callable () -> Component
        A finished accumulator as a number: `i` In(lanes.state), `o` Out(acc.bits), and `excess`
        In(lanes.excess), minus the number of additions.
    """

    a: IntFormat
    b: IntFormat
    acc: IntFormat
    recoding: Recoding
    ways: int
    b_terms: int
    picks: int
    skips_zeros: bool
    shares_digits: bool
    reach: int
    lanes: SerialLanes
    encode_a: Make
    encode_b: Make | None
    list_b: Make | None
    keep_b: Make | None
    resolve: Make

    def select(self, window: int) -> wiring.Component:
        """`o` = that of the terms or multiples of the numbers `b` which a line of `which` says,
        shifted by as much as one of `near` says, inverted if `neg`.

        With the ports of `select_signature`. Bits are inverted one by one.
        """

    def add(self) -> wiring.Component:
        """`o` = `low` + each `term` that counts, plus 1 if it is `neg`, plus the excess.

        With the ports of `add_signature`; `carry` is what does not fit. At least one term counts,
        and one that does not is not `neg`. The excess is the same in every addition, so that no sum
        ever becomes less.
        """
