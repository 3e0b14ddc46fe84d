"""L-Mul multiply-accumulate."""

from golden.fixed import Accumulator
from golden.floats import FloatFormat
from golden.pe.lmul import lmul_rules
from hw.floats.product import LMulProduct
from hw.floats.spatial import SpatialFloatElement


class LMulMac(SpatialFloatElement):
    """Adds L-Mul products, by `golden.pe.lmul`, whose options are its keywords.

    Parameters
    ----------
    a, b, acc : FloatFormat, FloatFormat, FloatFormat or FixedPoint
    """

    def __init__(self, a: FloatFormat, b: FloatFormat, acc: Accumulator, **options: str) -> None:
        super().__init__(a, b, acc)
        self._rules = lmul_rules(a, b, **options)

    def product(self) -> LMulProduct:
        return LMulProduct(self._rules)
