"""Engines whose results are partial sums."""

from amaranth.lib import wiring

from golden.spec import EngineSpec
from golden.trigger.partial import Partial
from hw.verilog import build


def partial_engine(spec: EngineSpec) -> wiring.Component:
    """The hardware of `spec` with lanes of `golden.trigger.partial` on its stream `c`.

    It differs from the engine itself where that rounds fixed-point sums, and not in time.

    Raises
    ------
    ValueError
        If the engine's results are no partial sums.
    """
    return build(spec, Partial(spec).format)
