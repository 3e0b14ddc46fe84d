"""`tpe describe`: the resolved spec, its ports, how long it takes and how much it does."""

import inspect
from dataclasses import dataclass

from golden.spec import EngineSpec
from hw.verilog import Port, generate


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
        The depth that `latency_cycles` and `macs_per_cycle` hold for: `default_depth`.
    latency_cycles : int
    macs_per_cycle : float
    peak_macs_per_cycle : int
        One product for every element.
    pace : tuple of Pace
        The same for several depths.
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
    data_flow: str


def default_depth(spec: EngineSpec) -> int:
    """The K of random operands unless the user says otherwise: deep enough to fill the array."""
    return 4 * spec.rows * spec.depth


def describe(spec: EngineSpec) -> Description:
    """Ports, latency and throughput of `spec`."""
    k = default_depth(spec)
    depths = sorted({1, spec.rows, k, 1000})
    pace = {depth: _pace(spec, depth) for depth in depths}
    model = spec.array_info.golden
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
        data_flow="\n\n".join(inspect.getdoc(part) or "" for part in (model, model.cycles)),
    )


def _pace(spec: EngineSpec, k: int) -> Pace:
    """What one run takes more than another half as long has no start and no end in it."""
    tiles = 64
    height = tiles * spec.rows
    cycles = spec.cycles(2 * height, k, spec.cols) - spec.cycles(height, k, spec.cols)
    return Pace(
        k=k,
        latency_cycles=spec.latency(k),
        cycles_per_tile=cycles / tiles,
        macs_per_cycle=height * k * spec.cols / cycles,
    )
