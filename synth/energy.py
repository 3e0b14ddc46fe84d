"""Energy and leakage of a design that works, by component."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from golden.spec import EngineSpec
from synth.activity import STEP, delay_steps, run_element, run_engine
from synth.clocktree import clock_tree
from synth.components import by_component, component_of
from synth.power import Activity, cell_power, uniform_activity
from synth.scaling import Scaled


@dataclass(frozen=True, kw_only=True)
class Spent:
    """What the whole design takes.

    Parameters
    ----------
    dynamic, glitch_free : float
        fJ per clock cycle, with glitches and without.
    leakage : float
        In nW.
    macs_per_cycle : float
        In the run that the energy is of, its start, its end and its stalls included.
    depth : int or None
        Products a sum has in that run; None without one.
    sequential_area : float
        Flip-flops and clock gates, in um^2.
    components : dict of str to dict
        `area_um2` and `energy_per_mac_pj` (dynamic) of each.
    source : str
        Where the toggles come from.
    """

    dynamic: float
    glitch_free: float
    leakage: float
    macs_per_cycle: float
    depth: int | None
    sequential_area: float
    components: dict[str, dict[str, float]]
    source: str


def assumed(scaled: Scaled, spec: EngineSpec, toggles: float, *, element_only: bool) -> Spent:
    """With `toggles` of every net in every cycle, and a product of every element.

    `spec` is that of the design that would run.
    """
    activity = uniform_activity(scaled.run.netlist, toggles)
    elements = 1 if element_only else spec.rows * spec.cols * spec.depth
    source = f"{toggles:g} toggles of each net a cycle, assumed"
    return _spent(
        scaled,
        (activity, activity),
        elements,
        depth=None,
        source=source,
        element_only=element_only,
    )


def simulated(
    scaled: Scaled,
    spec: EngineSpec,
    a: NDArray,
    b: NDArray,
    operands: str,
    *,
    stall: float,
    element_only: bool,
) -> Spent:
    """With the toggles of a run of the netlist on A and B; `spec` is that of the design that runs.

    Its streams stall with probability `stall`; an element alone has none.

    Raises
    ------
    CostError
        If the netlist does not compute what the golden model does.
    """
    netlist = scaled.run.netlist
    steps = delay_steps(scaled.run.timing)
    if element_only:
        run = run_element(netlist, spec, a, b, steps)
    else:
        run = run_engine(netlist, spec, a, b, steps, stall=stall)
    size = " x ".join(map(str, spec.size.values()))
    array = "one element" if element_only else f"{size} elements"
    stalls = f", streams stalled with probability {stall:g}" if stall else ""
    source = (
        f"netlist of {array} simulated with cell delays in steps of {STEP:g} ns on {operands}:"
        f" {run.tiles} tiles in {run.lanes} lanes, {run.cycles} cycles each{stalls}"
    )
    return _spent(
        scaled,
        (run.activity, run.settled),
        run.macs / run.cycles,
        depth=a.shape[1],
        source=source,
        element_only=element_only,
    )


def _spent(
    scaled: Scaled,
    activities: tuple[Activity, Activity],
    macs_per_cycle: float,
    *,
    depth: int | None,
    source: str,
    element_only: bool,
) -> Spent:
    """From the activity with glitches and the one without."""
    build = scaled.run
    netlist = build.netlist
    component = component_of(netlist, build.modules_by_scope(), element_only=element_only)
    pace = macs_per_cycle * scaled.elements
    with_glitches, leakage = _energy(scaled, activities[0], component)
    without, _ = _energy(scaled, activities[1], component)
    cells = [netlist.library.cells[name] for name in netlist.cells]
    areas = np.array([cell.area for cell in cells])[netlist.kind] * scaled.weights
    held = np.array([cell.kind in ("flip-flop", "clock gate") for cell in cells])[netlist.kind]
    area = by_component(areas, component)
    return Spent(
        dynamic=sum(with_glitches.values()),
        glitch_free=sum(without.values()),
        leakage=leakage,
        macs_per_cycle=pace,
        depth=depth,
        sequential_area=float(areas @ held),
        components={
            name: {"area_um2": area[name], "energy_per_mac_pj": with_glitches[name] / pace * 1e-3}
            for name in area
        },
        source=source,
    )


def _energy(
    scaled: Scaled, activity: Activity, component: NDArray[np.int64]
) -> tuple[dict[str, float], float]:
    """fJ per cycle of each component, what clock pins and tree take being the clock's; and nW."""
    build = scaled.run
    power = cell_power(build.netlist, build.timing, activity)
    weights = scaled.weights
    found = by_component((power.internal + power.switching) * weights, component)
    clocked = float(power.clocked @ weights)
    if power.clocked.any():
        found["clock"] += clocked
        # The tree grows with the registers.
        tree = clock_tree(build.netlist, activity).energy
        found["clock"] += tree * clocked / float(power.clocked.sum())
    return found, float(power.leakage @ weights)
