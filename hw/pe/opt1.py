"""OPT1: multiply and accumulate without carry propagation.

The product's partial products and the accumulator go through one compressor tree, and the
accumulator stays a carry-save number ("Exploring the Performance Improvement of Tensor Processing
Engines through Transformation in the Bit-weight Dimension of MACs", HPCA 2025, OPT1).

Beyond the paper: nothing is sign-extended, and a column whose sum is early keeps one bit instead of
two, so that the low columns and most of those above the product have no carry register. How early,
is an option: from a sum that is all carry-save to one that is nearly resolved. Another keeps the
columns above the product as a count of overflows.
"""

from golden.formats import IntFormat
from golden.gemm import Overflow
from hw.arith.kept import CarrySave
from hw.pe.booth_element import BoothElement


class Opt1(BoothElement):
    """A carry-save multiply-accumulate element. Sums are modulo 2**acc.bits.

    Parameters
    ----------
    a, b, acc : IntFormat
        Operands and accumulator.
    overflow : str
        "wrap".
    ripple : str
        Until when a column's sum has to be there to be kept in one bit, in delays of an XOR gate.
    accumulator : str
        "whole": all columns take part in additions. "split": those above a product count.
    """

    last = 4

    def __init__(
        self,
        a: IntFormat,
        b: IntFormat,
        acc: IntFormat,
        *,
        overflow: Overflow = "wrap",
        ripple: str = "7",
        accumulator: str = "whole",
    ) -> None:
        super().__init__(a, b, acc, keeping=CarrySave(float(ripple)), accumulator=accumulator)
