"""OPT4E: digit-serial, several digits go through one compression tree (HPCA 2025).

Two lanes, each with its shifter, share the carry-save accumulator and its registers, which are more
than half of an OPT4C element. The paper's four lanes would starve: a beat brings one number of A a
cycle, and a number has fewer than two digits that are not zero.
"""

from hw.pe.opt4c import Opt4c


class Opt4e(Opt4c):
    """An element that adds digits of two numbers of A at a time. Sums are modulo 2**acc.bits."""

    ways = 2
    deadline = 7.5
