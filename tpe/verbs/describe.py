"""`tpe describe`: the resolved spec, its ports, how long it takes and how much it does."""

import inspect
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from golden import grouped
from golden.formats import IntFormat
from golden.recodings import RECODINGS
from golden.spec import EngineSpec
from hw.verilog import Port, generate
from sim.operands import default_depth, random_operands

USUAL_DATA = "normal:0:20"
"""What the time and the digits of operands are stated for unless there are operands."""

SIDE = 512
"""Rows and columns of the operands whose digits are counted."""


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How fast an engine is at one depth K, when no stream stalls.

    Parameters
    ----------
    k : int
        Products that each element of C sums.
    latency_cycles : int
        Cycles from a tile's first beat to its first row of C, both included.
    cycles_per_tile : float
        Cycles for R x N elements of C while tiles follow each other.
    macs_per_cycle : float
        Products a cycle while tiles follow each other.
    """

    k: int
    latency_cycles: int
    cycles_per_tile: float
    macs_per_cycle: float


@dataclass(frozen=True, kw_only=True)
class Digits:
    """What a recoding makes of operands.

    Parameters
    ----------
    recoding : str
    average_a, average_b : float
        Digits of a number of A and of B that are not zero, on average: partial products of it.
    """

    recoding: str
    average_a: float
    average_b: float


@dataclass(frozen=True, kw_only=True)
class Description:
    """An engine before anything is built.

    Parameters
    ----------
    name, hash : str
        Of the spec.
    spec : EngineSpec
    ports : tuple of Port
        Of the Verilog's top module.
    k : int
        The depth that `latency_cycles` and `macs_per_cycle` hold for: `sim.operands.default_depth`.
    latency_cycles : int
    macs_per_cycle : float
    peak_macs_per_cycle : int
        One product for every element.
    pace : tuple of Pace
        The same for several depths.
    operands : str
        What `digits` is counted on, and the time where it depends on operands.
    digits : tuple of Digits
        One for every recoding.
    data_flow : str
        How data moves and what bounds the cycles.
    """

    name: str
    hash: str
    spec: EngineSpec
    ports: tuple[Port, ...]
    k: int
    latency_cycles: int
    macs_per_cycle: float
    peak_macs_per_cycle: int
    pace: tuple[Pace, ...]
    operands: str
    digits: tuple[Digits, ...]
    data_flow: str


def describe(spec: EngineSpec, a: NDArray | None = None, b: Any = None) -> Description:
    """Ports, latency and throughput of `spec`.

    What depends on operands is said of A (M, K) and B (K, N), or else of `USUAL_DATA`.
    """
    depths = sorted({1, spec.rows, default_depth(spec), 1000})
    given = a is not None and b is not None
    if a is None or b is None:
        a, b = random_operands(spec, SIDE, SIDE, SIDE, dist=USUAL_DATA)
        k = default_depth(spec)
        pace = {depth: _pace(spec, *_usual(spec, depth)) for depth in depths}
    else:
        k = a.shape[1]
        pace = {k: _pace(spec, a, b)}
    model = spec.array_info.golden
    timing = model.cycles_on if spec.element_info.steps else model.cycles
    flow = (model, timing, grouped, grouped.grouped_cycles) if spec.groups else (model, timing)
    return Description(
        name=spec.name,
        hash=spec.hash,
        spec=spec,
        ports=generate(spec).ports,
        k=k,
        latency_cycles=pace[k].latency_cycles,
        macs_per_cycle=pace[k].macs_per_cycle,
        peak_macs_per_cycle=spec.rows * spec.cols * spec.depth,
        pace=tuple(pace.values()),
        operands="operands as given" if given else USUAL_DATA,
        digits=_digits(spec, a, b),
        data_flow="\n\n".join(inspect.getdoc(part) or "" for part in flow),
    )


def _usual(spec: EngineSpec, k: int) -> tuple[NDArray, Any]:
    """Operands of depth `k`: tiles below each other, as many as make a fair sample."""
    tiles = max(2, min(64, SIDE**2 // (spec.rows * k)))
    return random_operands(spec, tiles * spec.rows, k, spec.cols, dist=USUAL_DATA)


def _pace(spec: EngineSpec, a: NDArray, b: Any) -> Pace:
    """What one run takes more than another half as long has no start and no end in it."""
    macs_per_cycle = spec.pace(a, b)
    k = a.shape[1]
    return Pace(
        k=k,
        latency_cycles=spec.latency(k),
        cycles_per_tile=spec.rows * k * spec.cols / macs_per_cycle,
        macs_per_cycle=macs_per_cycle,
    )


def _digits(spec: EngineSpec, a: NDArray, b: Any) -> tuple[Digits, ...]:
    """Of whole numbers: floating-point ones are not recoded."""
    x, y, _ = spec.formats
    if not (isinstance(x, IntFormat) and isinstance(y, IntFormat)):
        return ()
    codes = b.codes if spec.groups else b
    return tuple(
        Digits(
            recoding=name,
            average_a=recoding.average_nonzero(a, x),
            average_b=recoding.average_nonzero(codes, y),
        )
        for name, recoding in RECODINGS.items()
    )
