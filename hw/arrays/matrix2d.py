"""2-D broadcast array: a row of elements shares A and a column shares B.

An element has no operand registers, and its accumulator is its place in the drain as well: rows of
C move up through the elements' steps, with zeros on A. As the last row leaves, all other elements
take in zeros from below, so the next tile starts in that very cycle.
"""

from functools import partial

from amaranth.hdl import Module, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from hw.arrays.broadcast import BroadcastArray, Cells, Size
from hw.distinct import Distinct
from hw.element import Element, accumulate


class Cell(wiring.Component):
    """An element with its accumulator.

    Members
    -------
    en : In(1)
    a, b : In
        Operands.
    leave : In(1)
        Take the sum from below in the next cycle.
    below, o : In/Out(state)
        The sum of the element below, and one's own.
    """

    def __init__(self, element: Element) -> None:
        self._element = element
        lanes = element.lanes
        super().__init__(
            {
                "en": In(1),
                "a": In(lanes.a),
                "b": In(lanes.b),
                "leave": In(1),
                "below": In(lanes.state),
                "o": Out(lanes.state),
            }
        )

    def elaborate(self, platform: object) -> Module:
        m = Module()
        step = Distinct("step", self._element.step).place(m, "step")
        leave = Signal(reset_less=True)
        high = self._element.lanes.high
        state = accumulate(m, step, high, en=self.en, start=leave, initial=self.below)
        m.d.comb += [step.a.eq(self.a), step.b.eq(self.b), self.o.eq(state)]
        with m.If(self.en):
            m.d.sync += leave.eq(self.leave)
        return m


class Matrix2D(BroadcastArray):
    """R x N elements: C[R, N] += A[R, K] B[K, N], a beat of A and one of B a cycle, R rows of C.

    Latency: `golden.arrays.matrix2d.latency`. Throughput: R N products in K of K + R - 1 cycles.
    """

    def __init__(self, element: Element, rows: int, cols: int) -> None:
        cell = Distinct("pe", partial(Cell, element))
        cells = Cells(
            one=cell,
            bottom=cell,
            marks=("leave",),
            delay=0,
            state=element.lanes.state,
            resolve=element.resolve,
        )
        super().__init__(element, cells, Size(rows=rows, cols=cols), skew=False, waits=True)
