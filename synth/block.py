"""What a component costs by itself: a multiplier, a recoder, a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hw import verilog
from hw.distinct import Make
from synth.activity import STEP
from synth.engine import Build, Choices, Clock
from synth.lanes import MAX_LANES, Lanes, bits_of
from synth.liberty import default_liberty, read_library
from synth.power import cell_power


@dataclass(frozen=True, kw_only=True)
class BlockCost:
    """The price of a component, before placement and routing.

    Parameters
    ----------
    area_um2, sequential_area_um2 : float
        All, and of that what flip-flops and clock gates take.
    delay_ns : float
        From inputs to outputs, or the clock period that it needs.
    cells : int
    energy_pj : float or None
        Dynamic energy for each new set of inputs, glitches included; None without inputs.
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
    build = Choices(design, library, lambda share: None, aimed=clock is not None).at(clock)
    energy, leakage = (None, None) if inputs is None else _energy(build, inputs)
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
    delays = np.rint(build.timing.gate_delay / STEP).astype(np.int64)
    lanes = Lanes(netlist, count, delays)
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
    power = cell_power(netlist, build.timing, lanes.activity())
    return float((power.internal + power.switching).sum()) * 1e-3, float(power.leakage.sum()) * 1e-3
