"""What a component costs by itself: a multiplier, a table, an element of no engine of ours."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hw import verilog
from hw.distinct import Make
from synth.activity import clocked_activity, delay_steps
from synth.build import Build
from synth.clocktree import clock_tree
from synth.engine import Choices
from synth.errors import CostError
from synth.lanes import MAX_LANES, Lanes, bits_of, codes_of
from synth.liberty import default_liberty, read_library
from synth.library import Library
from synth.power import cell_power
from synth.report import Clock


@dataclass(frozen=True, kw_only=True)
class BlockCost:
    """The price of a component, before placement and routing.

    Parameters
    ----------
    area_um2, sequential_area_um2 : float
        All, and of that what flip-flops and clock gates take.
    delay_ns : float
        From inputs to outputs, or the shortest clock period.
    cells : int
    energy_pj : float or None
        Dynamic energy for each new set of inputs, glitches, clock and its tree included; None
        without inputs.
    leakage_uw : float or None
    recipe, library : str
    """

    area_um2: float
    sequential_area_um2: float
    delay_ns: float
    cells: int
    energy_pj: float | None
    leakage_uw: float | None
    recipe: str
    library: str


def price(
    name: str,
    make: Make,
    *,
    liberty: Path | None = None,
    clock: Clock = None,
    inputs: Mapping[str, NDArray] | None = None,
) -> BlockCost:
    """Map a component with every recipe and take the best for `clock`.

    Parameters
    ----------
    name : str
        Of the Verilog module.
    make : callable () -> Component
        Its ports are plain numbers. One that has a clock also has ports `clk` and `rst`, which it
        leaves alone; it is priced without `inputs`.
    liberty : Path or None
        Cell library; None takes Nangate 45 nm.
    clock : float, "fastest", "best" or None
        The smallest that meets a delay in ns, the fastest, the one with the least product of area
        and delay, or the smallest of all.
    inputs : dict of str to uint64 array (steps,), or None
        Codes for every input port, one after the other, for the energy.

    Raises
    ------
    CostError
        If the library cannot be used, the delay cannot be met or a tool fails.
    """
    library = read_library(liberty or default_liberty())
    design = verilog.generate_block(name, make())
    build = Choices.for_clock(design, library, clock, lambda share: None).at(clock)
    energy, leakage = (None, None) if inputs is None else _energy(build, inputs)
    return _cost(build, library, energy, leakage)


def price_clocked(
    name: str,
    make: Make,
    inputs: Mapping[str, NDArray],
    expected: Mapping[str, NDArray],
    *,
    clock: float,
    liberty: Path | None = None,
) -> BlockCost:
    """The same for a component with registers, at a period in ns.

    Parameters
    ----------
    inputs : dict of str to uint64 array (cycles, lanes)
        Codes for every input port in every cycle, of runs side by side.
    expected : dict of str to uint64 array (lanes,)
        Codes of output ports in the end.

    Raises
    ------
    CostError
        As for `price`, and if an output is not what is expected.
    """
    library = read_library(liberty or default_liberty())
    design = verilog.generate_block(name, make(), clocked=True)
    build = Choices.for_clock(design, library, clock, lambda share: None).at(clock)
    netlist = build.netlist
    cycles, count = next(iter(inputs.values())).shape
    lanes = Lanes(netlist, count, delay_steps(build.timing))
    bits = {port: bits_of(codes, lanes.width(port)) for port, codes in inputs.items()}
    for cycle in range(cycles):
        for port, values in bits.items():
            lanes.drive(port, values[cycle])
        lanes.simulator.settle()
        lanes.simulator.clock()
    for port, codes in expected.items():
        if not (codes_of(lanes.read(port)) == codes).all():
            raise CostError([f"{name}: the mapped netlist does not compute what {port} should be"])
    activity = clocked_activity(netlist, lanes, glitches=True)
    power = cell_power(netlist, build.timing, activity)
    spent = power.internal + power.switching + power.clocked
    energy = float(spent.sum()) + clock_tree(netlist, activity).energy
    return _cost(build, library, energy * 1e-3, float(power.leakage.sum()) * 1e-3)


def _cost(build: Build, library: Library, energy: float | None, leakage: float | None) -> BlockCost:
    return BlockCost(
        area_um2=build.area,
        sequential_area_um2=_held(build),
        delay_ns=build.period,
        cells=len(build.netlist.kind),
        energy_pj=energy,
        leakage_uw=leakage,
        recipe=build.chosen[build.top].recipe,
        library=f"{library.name} ({library.path.name}, {library.key})",
    )


def _held(build: Build) -> float:
    """um^2 of what holds state."""
    netlist = build.netlist
    cells = [netlist.library.cells[name] for name in netlist.cells]
    areas = [cell.area * (cell.kind in ("flip-flop", "clock gate")) for cell in cells]
    return float(np.array(areas)[netlist.kind].sum())


def _energy(build: Build, inputs: Mapping[str, NDArray]) -> tuple[float, float]:
    """pJ per set of inputs and leakage in uW; the steps are dealt out to lanes."""
    netlist = build.netlist
    steps = len(next(iter(inputs.values())))
    count = min(MAX_LANES, max(1, steps // 2))
    lanes = Lanes(netlist, count, delay_steps(build.timing))
    bits = {
        name: bits_of(np.asarray(codes, np.uint64), lanes.width(name)).reshape(steps, -1)
        for name, codes in inputs.items()
    }
    for step in range(steps // count):
        for name, values in bits.items():
            lanes.drive(name, values[step * count : (step + 1) * count])
        lanes.simulator.settle()
        if step == 0:
            lanes.simulator.reset_counts()
        else:
            lanes.simulator.clock()
    power = cell_power(netlist, build.timing, lanes.activity(glitches=True))
    return float((power.internal + power.switching).sum()) * 1e-3, float(power.leakage.sum()) * 1e-3
