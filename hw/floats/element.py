"""What processing elements for floating-point numbers share: a product, and a way to add it up."""

from abc import ABC, abstractmethod
from functools import partial

from amaranth.hdl import Module
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from golden.fixed import Accumulator, FixedPoint
from golden.floats import FloatFormat
from hw.distinct import Make
from hw.element import Lanes, step_signature
from hw.floats.fixed import FixedAdd, convert_sum
from hw.floats.floating import FloatAdd
from hw.floats.product import ProductShape, ProductUnit


class FloatElement(ABC):
    """A multiply-accumulate element made of a multiplier and the adder for its accumulator.

    Parameters
    ----------
    a, b : FloatFormat
    acc : FloatFormat or FixedPoint
    """

    encode_a = None
    encode_b = None

    def __init__(self, a: FloatFormat, b: FloatFormat, acc: Accumulator) -> None:
        self.a, self.b, self.acc = a, b, acc
        state = acc.width + 1 if isinstance(acc, FixedPoint) else acc.bits
        self.lanes = Lanes(a=a.bits, b=b.bits, state=state)
        self.resolve: Make = partial(Resolve, acc)

    @abstractmethod
    def product(self) -> ProductUnit:
        """The multiplier."""

    def step(self) -> wiring.Component:
        return FloatStep(self)


class FloatStep(wiring.Component):
    """`o` = `state` + `a` * `b`."""

    def __init__(self, element: FloatElement) -> None:
        self._element = element
        super().__init__(step_signature(element.lanes))

    def elaborate(self, platform: object) -> Module:
        m = Module()
        m.submodules.product = product = self._element.product()
        m.submodules.add = add = _adder(product.shape, self._element.acc)
        m.d.comb += [
            product.a.eq(self.a),
            product.b.eq(self.b),
            add.product.eq(product.o),
            add.state.eq(self.state),
            self.o.eq(add.o),
        ]
        return m


def _adder(shape: ProductShape, acc: Accumulator) -> FixedAdd | FloatAdd:
    return FixedAdd(shape, acc) if isinstance(acc, FixedPoint) else FloatAdd(shape, acc)


class Resolve(wiring.Component):
    """A finished accumulator as a number of its format.

    A fixed-point one becomes fp32 unless it leaves unrounded; another is what it is.
    """

    def __init__(self, acc: Accumulator) -> None:
        self._acc = acc
        width = acc.width + 1 if isinstance(acc, FixedPoint) else acc.bits
        super().__init__({"i": In(width), "o": Out(acc.bits)})

    def elaborate(self, platform: object) -> Module:
        m = Module()
        if isinstance(self._acc, FixedPoint):
            m.submodules.convert = convert = convert_sum(self._acc)
            m.d.comb += [convert.i.eq(self.i), self.o.eq(convert.o)]
        else:
            m.d.comb += self.o.eq(self.i)
        return m
