"""Timing and power against OpenSTA, where it is installed, and against what it said once.

OpenSTA's release of 2019 counts internal energy in its own way: the rising and the falling edge
for every toggle (later releases take their mean), and for each input that may change an output the
input's activity times the probability that the output follows it, both cofactors taken as
independent. `_internal_as_opensta` does the same sums over our tables, loads and slews.
"""

import shutil
from itertools import product

import numpy as np
import pytest

from golden.loading import load_spec
from hw import verilog
from synth import boolean
from synth.build import Build
from synth.engine import Choices
from synth.library import Cell, Energy, Library
from synth.netlist import Netlist
from synth.power import cell_power, clock_nets, uniform_activity
from synth.tables import Tables
from synth.timing import Timing
from tests.synth import opensta

needs_opensta = pytest.mark.skipif(
    shutil.which(opensta.PROGRAM) is None, reason="OpenSTA is not installed"
)
DESIGNS = ("mac element", "opt1 element", "mac-os", "opt1-os", "mac-ws", "opt1-ws")


@pytest.fixture(scope="module")
def builds(nangate: Library) -> dict[str, list[Build]]:
    """The smallest and the fastest build of each element and of 4 x 4 arrays."""
    found = {}
    for name in DESIGNS:
        element, _, alone = name.partition(" ")
        spec = load_spec(f"{element}-os" if alone else element, ["rows=4", "cols=4"])
        design = verilog.generate_element(spec) if alone else verilog.generate(spec)
        choices = Choices(design, nangate, lambda share: None)
        found[name] = [choices.smallest(), choices.fastest()]
    return found


@needs_opensta
@pytest.mark.parametrize("name", DESIGNS)
def test_period_within_three_percent(builds: dict[str, list[Build]], name: str) -> None:
    for build in builds[name]:
        assert build.period == pytest.approx(opensta.worst_period(build.netlist), rel=0.03)


@needs_opensta
@pytest.mark.parametrize("name", DESIGNS[:2])
def test_power_within_ten_percent(builds: dict[str, list[Build]], name: str) -> None:
    for build in builds[name]:
        internal, switching, leakage = opensta.total_power(build.netlist, 0.2, 2.0)
        acted = uniform_activity(build.netlist, 0.2)
        power = cell_power(build.netlist, build.timing, acted)
        clocks = _gated_clocks(build.netlist, build.timing)
        assert (power.switching.sum() + clocks) / 2.0 == pytest.approx(switching, rel=0.1)
        assert power.leakage.sum() * 1e-3 == pytest.approx(leakage, rel=0.1)
        ours = _internal_as_opensta(build.netlist, build.timing, 0.2)
        assert ours / 2.0 == pytest.approx(internal, rel=0.1)


def _gated_clocks(netlist: Netlist, timing: Timing) -> float:
    """Switching energy in fJ per cycle of clocks that cells drive, for us a part of the tree."""
    nets = np.intersect1d(clock_nets(netlist), netlist.nets[~netlist.is_input])
    return float(timing.load.mean(axis=0)[nets].sum()) * netlist.library.voltage**2


def _internal_as_opensta(netlist: Netlist, timing: Timing, toggles: float) -> float:
    """Internal energy in fJ per cycle of all cells in which every net toggles so often."""
    total = 0.0
    for name, _, nets in netlist.groups():
        cell = netlist.library.cells[name]
        column = {pin: index for index, pin in enumerate(cell.inputs + cell.outputs)}
        for entry in cell.energies:
            pin, source = column.get(entry.pin), column.get(entry.source or entry.pin)
            if pin is None or source is None:
                continue
            clocked = bool(cell.clock) and cell.clock_pin in (entry.pin, entry.source)
            rate = (2.0 if clocked and entry.pin in cell.inputs else toggles) * _weight(cell, entry)
            for edge in range(2):
                which = np.full(len(nets), edge)
                slew = np.where(nets[:, source] >= 0, timing.slew[edge, nets[:, source]], 0.0)
                load = np.where(nets[:, pin] >= 0, timing.load[edge, nets[:, pin]], 0.0)
                total += rate * float(Tables(entry.energy)(which, slew, load).sum())
    return total


def _weight(cell: Cell, entry: Energy) -> float:
    if entry.when:
        names = boolean.names(entry.when)
        return float(np.mean(boolean.truth_table(entry.when, names)))
    function = cell.functions.get(entry.pin, "")
    if entry.source not in boolean.names(function or "0"):
        return 1.0
    table = boolean.truth_table(function, cell.inputs)
    rows = list(product((False, True), repeat=len(cell.inputs)))
    at = cell.inputs.index(entry.source)
    low, high = (
        np.mean([value for row, value in zip(rows, table, strict=True) if row[at] == side])
        for side in (False, True)
    )
    return float(low * (1 - high) + high * (1 - low))
