"""Engines whose results are partial sums."""

from amaranth.lib import wiring

from golden.spec import EngineSpec
from golden.trigger.partial import Partial
from golden.trigger.spec import RingSpec
from hw.build import build
from hw.trigger.layouts import Widths


def partial_engine(spec: EngineSpec) -> wiring.Component:
    """The hardware of `spec` with lanes of `golden.trigger.partial` on its stream `c`.

    It differs from the engine itself where that rounds fixed-point sums, and not in time.

    Raises
    ------
    ValueError
        If the engine's results are no partial sums.
    """
    return build(spec, Partial(spec).format)


def ring_widths(spec: EngineSpec, ring: RingSpec) -> Widths:
    """Bits of what moves in a ring of engines of `spec`."""
    return Widths.of(ring, spec.cols, Partial(spec).bits)
