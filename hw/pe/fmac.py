"""Exact floating-point multiply-accumulate."""

from golden.fixed import Accumulator
from golden.floats import FloatFormat
from golden.products import ExactMultiplier, Subnormals
from hw.floats.product import ExactProduct
from hw.floats.spatial import SpatialFloatElement


class Fmac(SpatialFloatElement):
    """Adds exact products, by `golden.pe.fmac`.

    Parameters
    ----------
    a, b, acc : FloatFormat, FloatFormat, FloatFormat or FixedPoint
    subnormals : str
        "keep" or "flush", of the operands.
    """

    def __init__(
        self,
        a: FloatFormat,
        b: FloatFormat,
        acc: Accumulator,
        *,
        subnormals: Subnormals = "keep",
    ) -> None:
        super().__init__(a, b, acc)
        self._rules = ExactMultiplier(a, b, subnormals)

    def product(self) -> ExactProduct:
        return ExactProduct(self._rules)
