"""Engines whose results are partial sums, and what adds them."""

from amaranth.hdl import Module
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from golden.spec import EngineSpec
from golden.trigger.spec import RingSpec
from hw.build import build
from hw.trigger.layouts import Widths


class IntegerAdder(wiring.Component):
    """`o` = `x` + `y` modulo 2**bits."""

    def __init__(self, bits: int) -> None:
        super().__init__({"x": In(bits), "y": In(bits), "o": Out(bits)})

    def elaborate(self, platform: object) -> Module:
        m = Module()
        m.d.comb += self.o.eq(self.x + self.y)
        return m


def partial_engine(spec: EngineSpec) -> wiring.Component:
    return build(spec)


def lane_adder(spec: EngineSpec) -> wiring.Component:
    return IntegerAdder(spec.formats[2].bits)


def ring_widths(spec: EngineSpec, ring: RingSpec) -> Widths:
    return Widths.of(ring, spec.cols, spec.formats[2].bits)
