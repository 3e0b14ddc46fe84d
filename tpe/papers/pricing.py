"""The prices of papers' engines."""

from golden.spec import EngineSpec
from synth.cost import Cost, estimate
from synth.report import usual_operands


def best_cost(spec: EngineSpec) -> Cost:
    """The price at the clock with the least area x period, on the usual operands."""
    return estimate(spec, clock="best")


def cost_at(design: tuple[EngineSpec, float]) -> Cost:
    """The price of the smallest design that meets a clock in ns, on the usual operands."""
    spec, clock = design
    return estimate(spec, clock=clock)


def cost_on(design: tuple[EngineSpec, str]) -> Cost:
    """The price at the clock with the least area x period, on operands of a distribution."""
    spec, dist = design
    a, b = usual_operands(spec, element_only=False, dist=dist)
    return estimate(spec, a, b, clock="best")
