"""OPT3: digit-serial, every element with a recoder of its own (HPCA 2025).

It is OPT4C before the recoder was moved out of the element.
"""

from hw.pe.opt4c import Opt4c


class Opt3(Opt4c):
    """An element that recodes its numbers of A itself. Sums are modulo 2**acc.bits."""

    shares_digits = False
    reach = 1
