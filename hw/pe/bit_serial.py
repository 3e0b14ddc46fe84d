"""Bit-serial multiplication: adds the operand once for every bit of A, zeros taking their time.

What digit-serial elements that skip zeros are to be compared with. Everything but the digits is
theirs: the shifter, the carry-save accumulator, the row's control.
"""

from golden.formats import IntFormat
from hw.pe.opt4c import Opt4c


class BitSerial(Opt4c):
    """An element that takes the bits of A one a cycle, ones and zeros. Sums modulo 2**acc.bits."""

    skips_zeros = False

    def __init__(self, a: IntFormat, b: IntFormat, acc: IntFormat) -> None:
        super().__init__(a, b, acc, recoding="bits")
