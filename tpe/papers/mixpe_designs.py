"""Designs of the MixPE tables, their operands, and their price at one clock."""

from typing import Any

from numpy.typing import NDArray

from golden.spec import EngineSpec
from sim.operands import random_operands
from synth.cost import Cost, estimate
from tpe.pool import Measured

CLOCK = 2.0
"""Period in ns: the paper's 500 MHz."""

FLOAT_CLOCK = 3.0
"""Period in ns of FP16, whose FMA needs 2.44 at least. Of 2.44, 3 and 4 it has the best
`efficiency` at 3."""

GROUP = 128
"""Weights that share a scale, as in the paper. A sum has as many products."""

SIDE = 32
"""Of engines: that of the paper's INT8 array, whose area all of them get."""

PRICED, FLOAT_PRICED = 8, 4
"""Side of the arrays that are mapped for that: of FP16, edges are next to nothing."""

INTEGERS = "normal:0:20"
"""Distribution of int8 activations and weights, rounded; of weights before they are quantised."""

SHORT_INTEGERS = "normal:0:1.25"

FLOATS = "normal:0:1"


WHOLE = {"accumulator": "whole"}
"""Options of an int8 element whose sums are kept as those of groups and of rivals are."""


def plain(element: str, **fields: Any) -> EngineSpec:
    """An element without groups on an output-stationary array."""
    return EngineSpec.make(element=element, array="systolic-os", **fields)


def grouped(b: str = "int4", *, options: dict[str, Any] | None = None, **fields: Any) -> EngineSpec:
    """The element `mixpe` for weights of format `b`, on such an array."""
    return plain("mixpe", b=b, options={"group": GROUP, **(options or {})}, **fields)


def distribution(spec: EngineSpec) -> str:
    """Of activations, and of weights before they are quantised."""
    if spec.a == "fp16":
        return FLOATS
    return SHORT_INTEGERS if spec.groups and spec.a == "int4" else INTEGERS


def operands(spec: EngineSpec, side: int) -> tuple[NDArray, Any]:
    """A (side, GROUP) and B (GROUP, side).

    Weights of groups, and all of int4, are the codes that quantisation finds: they use the whole of
    their range. Without groups int8 weights are as activations.
    """
    if spec.groups or "int4" not in (spec.a, spec.b):
        return random_operands(spec, side, GROUP, side, dist=distribution(spec))
    a, weights = operands(grouped(), side)
    return (a, weights.codes) if spec.b == "int4" else (weights.codes.T, a.T)


def at_clock(spec: EngineSpec, a: NDArray, b: Any, *, element_only: bool = False) -> Cost:
    """The price at `CLOCK`, of the FMA at `FLOAT_CLOCK`.

    Raises
    ------
    CostError
        If it cannot be met, or a tool fails.
    """
    period = FLOAT_CLOCK if spec.element == "fmac" else CLOCK
    return estimate(spec, a, b, clock=period, element_only=element_only)


def efficiency(cost: Cost) -> float:
    """1 / (area x power) of what makes a product every `CLOCK`, in 1 / (um^2 mW).

    A slower element has to be there more than once for that: area x period x energy decides.
    """
    macs = cost.macs_per_cycle / cost.period_ns * CLOCK
    return 1 / (cost.area_um2 / macs * cost.energy_per_mac_pj / CLOCK)


def small(spec: EngineSpec) -> EngineSpec:
    """The engine that is mapped for one of `SIDE` rows and columns."""
    side = FLOAT_PRICED if spec.element == "fmac" else PRICED
    return spec.override(rows=side, cols=side)


def clocked_cost(spec: EngineSpec) -> Cost:
    """The price of an engine, `at_clock`."""
    return at_clock(spec, *operands(spec, SIDE))


engine_cost = Measured(clocked_cost)
"""That, measured once."""


SHIFT_ADD = grouped(rows=SIDE, cols=SIDE)
"""W4A8: int4 weights in groups of 128 with scales in fp16, added up in fp32."""
