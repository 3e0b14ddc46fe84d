"""Designs of the MixPE tables, their operands, and their price at one clock."""

from typing import Any

from numpy.typing import NDArray

from golden.spec import EngineSpec
from sim.operands import random_operands
from synth.cost import Cost, estimate
from synth.errors import CostError

CLOCK = 2.0
"""Period in ns: the paper's 500 MHz."""

SLOWER = (2.5, 3.0, 4.0)
"""Periods in ns of what cannot meet `CLOCK`. The most efficient one counts."""

GROUP = 128
"""Weights that share a scale, as in the paper. A sum has as many products."""

INTEGERS = "normal:0:20"
"""Distribution of int8 activations and weights, rounded; of weights before they are quantised."""

SHORT_INTEGERS = "normal:0:1.25"

FLOATS = "normal:0:1"


def plain(element: str, **fields: Any) -> EngineSpec:
    """An element without groups on an output-stationary array."""
    return EngineSpec.make(element=element, array="systolic-os", **fields)


def grouped(b: str = "int4", *, options: dict[str, Any] | None = None, **fields: Any) -> EngineSpec:
    """The element `mixpe` for weights of format `b`, on such an array."""
    return plain("mixpe", b=b, options={"group": GROUP, **(options or {})}, **fields)


def operands(spec: EngineSpec, side: int) -> tuple[NDArray, Any]:
    """A (side, GROUP) and B (GROUP, side).

    int8 is as `INTEGERS` says, int4 activations are a sixteenth of it. Weights of groups, and all
    of int4, are the codes that quantisation finds: they use the whole of their range.
    """
    if spec.element_info.operands == "float":
        return random_operands(spec, side, GROUP, side, dist=FLOATS)
    if spec.groups:
        dist = INTEGERS if spec.a == "int8" else SHORT_INTEGERS
        return random_operands(spec, side, GROUP, side, dist=dist)
    if "int4" not in (spec.a, spec.b):
        return random_operands(spec, side, GROUP, side, dist=INTEGERS)
    a, weights = operands(grouped(), side)
    return (a, weights.codes) if spec.b == "int4" else (weights.codes.T, a.T)


def at_clock(spec: EngineSpec, a: NDArray, b: Any, *, element_only: bool = False) -> Cost:
    """The price at `CLOCK`, else at that of `SLOWER` with the best `efficiency`.

    Raises
    ------
    CostError
        If no period can be met, or a tool fails.
    """
    try:
        return estimate(spec, a, b, clock=CLOCK, element_only=element_only)
    except CostError as error:
        if not _too_fast(error):
            raise
    found = []
    for period in SLOWER:
        try:
            found.append(estimate(spec, a, b, clock=period, element_only=element_only))
        except CostError as error:
            if not _too_fast(error) or (period == SLOWER[-1] and not found):
                raise
    return max(found, key=efficiency)


def _too_fast(error: CostError) -> bool:
    return all(problem.startswith("clock:") for problem in error.problems)


def efficiency(cost: Cost) -> float:
    """1 / (area x power) of what makes a product every `CLOCK`, in 1 / (um^2 mW).

    A slower element has to be there more than once for that: area x period x energy decides.
    """
    macs = cost.macs_per_cycle / cost.period_ns * CLOCK
    return 1 / (cost.area_um2 / macs * cost.energy_per_mac_pj / CLOCK)
