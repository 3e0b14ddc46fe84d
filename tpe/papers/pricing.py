"""The prices of papers' engines."""

from golden.spec import EngineSpec
from synth.cost import Cost, estimate


def best_cost(spec: EngineSpec) -> Cost:
    """The price at the clock with the least area x period, on the usual operands."""
    return estimate(spec, clock="best")


def cost_at(design: tuple[EngineSpec, float]) -> Cost:
    """The price of the smallest design that meets a clock in ns, on the usual operands."""
    spec, clock = design
    return estimate(spec, clock=clock)
