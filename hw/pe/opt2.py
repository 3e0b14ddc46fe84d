"""OPT2: partial products of equal weight are added up along K first.

The 1 that makes a negative multiple of an inverted one has the same weight for all columns and
depends on A alone: those of all lanes are counted once, for a whole row of dot products, and the
count is added to each in the second stage of its tree. ("Exploring the Performance Improvement of
Tensor Processing Engines through Transformation in the Bit-weight Dimension of MACs", HPCA 2025,
OPT2, adds up whole partial products by weight, and shifts afterwards; in one tree whose stages add
early bits first, that is a special order of the same additions.)
"""

from hw.arith.sums import Products
from hw.pe.opt1 import Opt1


class Opt2(Opt1):
    """A carry-save dot product of many lanes. Sums are modulo 2**acc.bits.

    A lane by itself is that of `Opt1`.
    """

    def _products(self, depth: int, registers: int) -> Products:
        return Products(a=self.a, b=self.b, depth=depth, inverted=registers > 1)
