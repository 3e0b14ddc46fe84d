"""L-Mul multiply-accumulate."""

from golden.accumulators import Accumulator, FixedPoint
from golden.floats import FloatFormat
from golden.pe.lmul import lmul_rules
from hw.element import Chain, DotProduct
from hw.floats.element import FloatElement
from hw.floats.product import LMulProduct
from hw.floats.spatial import chain, dot_product


class LMulMac(FloatElement):
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

    def dot_product(self, depth: int, registers: int) -> DotProduct:
        return dot_product(self, self._fixed, depth, registers)

    def chain(self, depth: int) -> Chain:
        return chain(self, self._fixed)

    @property
    def _fixed(self) -> FixedPoint:
        """The accumulator, where products are added in space: only fixed-point sums allow that."""
        if not isinstance(self.acc, FixedPoint):
            raise ValueError(f"acc: {self.acc.name} given, use exact or qI.F to add in space")
        return self.acc
