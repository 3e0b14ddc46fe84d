"""What a price is asked for, and what it consists of."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from numpy.typing import NDArray

from golden.spec import EngineSpec
from sim.operands import random_operands

Clock = float | Literal["fastest", "best"] | None
"""A period in ns to meet, the fastest design, the one with the least product of area and period, or
the smallest of all."""

WireModel = Literal["none", "library", "rent"]
"""What wires weigh, see `synth.wires`."""

Scale = float | tuple[float, float] | None
"""A node in nm to scale figures to, or from which to which."""

Progress = Callable[[float], None]
"""Gets the share of the work that is done."""

DEFAULT_OPERANDS = "normal:0:20"
"""Distribution of the operands of an activity run if none are given."""

DEFAULT_TILES = 8
"""Tiles along each side of the result then."""

DEFAULT_BEATS = 32
"""Beats of operands of a tile then."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """A distinct module: how often it occurs, the area in um^2 of one, and how it was mapped."""

    module: str
    count: int
    area_um2: float
    recipe: str


@dataclass(frozen=True, kw_only=True)
class Buffer:
    """A memory beside an engine.

    Parameters
    ----------
    kib : float
    area_um2 : float
    bits_per_mac : float
        That it moves, on average.
    energy_per_mac_pj : float
    """

    kib: float
    area_um2: float
    bits_per_mac: float
    energy_per_mac_pj: float


@dataclass(frozen=True, kw_only=True)
class Point:
    """One design of the curve."""

    period_ns: float
    area_um2: float


@dataclass(frozen=True, kw_only=True)
class Cost:
    """The price of an engine at one clock, before placement and routing.

    Parameters
    ----------
    area_um2, sequential_area_um2 : float
        Of all cells, and of flip-flops and clock gates. Without the clock tree.
    cells : int
    delay_ns, fmax_mhz : float
        The shortest clock period of this netlist, and its inverse.
    period_ns : float
        The period that power is given for: the one asked for, else `delay_ns`.
    power_mw, leakage_uw : float
        At `period_ns`, working on the operands; power includes leakage and the clock tree.
    energy_per_mac_pj : float
        The same per product, glitches included where the activity is simulated.
    energy_per_mac_glitch_free_pj : float
        If every net changed at most once a cycle.
    energy_per_output_pj : float or None
        Of one element of C, for the K of the operands; None without a run.
    energy_per_tile_pj : float or None
        Of all elements of C that the engine computes at once; None without a run or an engine.
    macs_per_cycle : float
        While tiles follow each other without a stall.
    tops, tops_per_mm2 : float
        Two operations a product, at `period_ns`, while tiles follow each other without a stall.
    tops_per_w : float
        Two operations for `energy_per_mac_pj`: of the run, its start, end and stalls included.
    area_delay_per_mac : float
        um^2 ns per product a cycle, at `delay_ns`.
    library, corner, recipe : str
    timing : str
        What was timed.
    activity : str
        Where toggles come from.
    scaled : str or None
        From which node to which, and by what, if the figures are not those of the library.
    tools : dict of str to str
        Versions.
    parts : tuple of Part
        Modules by themselves: buffers between them, and inverters that a flip-flop next door does
        without, make the difference to `area_um2`.
    paths : dict of str to float
        Worst delay in ns of each kind of path.
    critical_path : tuple of (instance, cell, arrival in ns)
    components : dict of str to dict
        `area_um2` and `energy_per_mac_pj` of each part of the engine.
    buffers : dict of str to Buffer
        Memories for A, B and C, if any were asked for. No other figure includes them.
    """

    area_um2: float
    sequential_area_um2: float
    cells: int
    delay_ns: float
    fmax_mhz: float
    period_ns: float
    power_mw: float
    leakage_uw: float
    energy_per_mac_pj: float
    energy_per_mac_glitch_free_pj: float
    energy_per_output_pj: float | None
    energy_per_tile_pj: float | None
    macs_per_cycle: float
    tops: float
    tops_per_mm2: float
    tops_per_w: float
    area_delay_per_mac: float
    library: str
    corner: str
    recipe: str
    timing: str
    activity: str
    scaled: str | None
    tools: dict[str, str]
    parts: tuple[Part, ...]
    paths: dict[str, float]
    critical_path: tuple[tuple[str, str, float], ...]
    components: dict[str, dict[str, float]]
    buffers: dict[str, Buffer]


def usual_operands(
    spec: EngineSpec, *, element_only: bool, dist: str = DEFAULT_OPERANDS, seed: int = 0
) -> tuple[NDArray, Any]:
    """A and B of an activity run if none are given.

    K is a whole group where weights come in groups.

    Raises
    ------
    OperandError
        If the distribution is unknown.
    """
    rows, cols, depth = (1, 1, 1) if element_only else (spec.rows, spec.cols, spec.depth)
    k = spec.groups.group if spec.groups else DEFAULT_BEATS * depth
    m, n = DEFAULT_TILES * rows, DEFAULT_TILES * cols
    return random_operands(spec, m, k, n, dist=dist, seed=seed)
