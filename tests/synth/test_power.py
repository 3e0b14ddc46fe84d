"""Energy of two gates by hand, and what has to hold of any netlist."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.clocktree import clock_tree
from synth.library import Library
from synth.netlist import Netlist
from synth.power import Activity, cell_power, clock_nets, uniform_activity
from synth.timing import analyse
from tests.synth.tiny import INVERTER_ENERGY, NAND_ENERGIES, net, netlist_of

pytestmark = pytest.mark.fast

VOLTAGE = 2.0


@pytest.fixture(scope="module")
def pair(tiny: Library) -> Netlist:
    return netlist_of(
        tiny, [("INV", {"A": "i", "Y": "m"}), ("NAND", {"A": "j", "B": "m", "Y": "o"})], "i j", "o"
    )


def activity(netlist: Netlist, toggles: dict[str, float], high: dict[str, float]) -> Activity:
    found = uniform_activity(netlist, 0.0)
    for port, value in toggles.items():
        found.toggles[net(netlist, port)] = value
    for port, value in high.items():
        found.high[net(netlist, port)] = value
    return found


def test_two_gates_by_hand(tiny: Library, pair: Netlist) -> None:
    middle = int(pair.nets[0, 1])
    acted = activity(pair, {"i": 0.5, "j": 0.25, "o": 0.4}, {"i": 0.75})
    acted.toggles[middle] = 0.5
    power = cell_power(pair, analyse(pair), acted)
    # The inverter's net has one pin of 1 fF on it; the output has none.
    assert power.switching == pytest.approx([0.5 * VOLTAGE**2 / 2, 0.0])
    # The NAND's energy per toggle is the mean over its inputs, by how often each of them toggles.
    mean = (0.25 * NAND_ENERGIES[0] + 0.5 * NAND_ENERGIES[1]) / 0.75
    assert power.internal == pytest.approx([0.5 * INVERTER_ENERGY, 0.4 * mean])
    # 4 nW while the input is high, 8 while it is low; the NAND has one figure.
    assert power.leakage == pytest.approx([0.75 * 4 + 0.25 * 8, 3.0])
    assert not power.clocked.any()


def test_clock_pins_are_apart(tiny: Library) -> None:
    flop = netlist_of(tiny, [("DFF", {"D": "d", "CK": "clk", "Q": "q"})], "clk d", "q")
    power = cell_power(flop, analyse(flop), uniform_activity(flop, 0.0))
    assert clock_nets(flop).tolist() == [net(flop, "clk")]
    assert power.clocked == pytest.approx([2 * 1.0])
    assert not power.internal.any()


@given(st.floats(0, 2), st.floats(0, 2))
def test_more_toggles_never_take_less(pair: Netlist, one: float, other: float) -> None:
    timing = analyse(pair)
    spent = [
        float(power.internal.sum() + power.switching.sum())
        for level in sorted((one, other))
        for power in [cell_power(pair, timing, uniform_activity(pair, level))]
    ]
    assert spent[0] <= spent[1] + 1e-12


def registers(tiny: Library, count: int) -> Netlist:
    cells = [("DFF", {"D": "d", "CK": "clk", "Q": f"q{k}"}) for k in range(count)]
    return netlist_of(tiny, cells, "clk d", "q0")


def test_clock_tree_of_few_registers_has_no_buffer(tiny: Library) -> None:
    few = registers(tiny, 3)
    tree = clock_tree(few, uniform_activity(few, 0.0))
    assert (tree.buffers, tree.area) == (0, 0.0)
    assert tree.energy == pytest.approx(3 * VOLTAGE**2)


def test_clock_tree_grows_level_by_level(tiny: Library) -> None:
    many = registers(tiny, 450)
    tree = clock_tree(many, uniform_activity(many, 0.0))
    # 23 buffers for the registers, 2 for those, and the root drives both.
    assert tree.buffers == 25
    assert tree.area == 25 * tiny.cells["BUF"].area
    assert tree.energy == pytest.approx((450 + 25) * VOLTAGE**2)


def test_an_idle_gated_clock_takes_nothing(tiny: Library) -> None:
    gated = netlist_of(
        tiny,
        [
            ("GATE", {"E": "e", "CK": "clk", "GCK": "g"}),
            *[("DFF", {"D": "d", "CK": "g", "Q": f"q{k}"}) for k in range(30)],
        ],
        "clk e d",
        "q0 g",
    )
    running = uniform_activity(gated, 0.0)
    idle = Activity(toggles=running.toggles.copy(), high=running.high)
    idle.toggles[net(gated, "g")] = 0.0
    timing = analyse(gated)
    # Two branches of 15 registers, and the two buffers before them.
    assert clock_tree(gated, running).energy == pytest.approx((1 + 30 + 2) * VOLTAGE**2)
    assert not cell_power(gated, timing, running).switching.any()
    assert cell_power(gated, timing, running).clocked.sum() == pytest.approx(60.0)
    assert cell_power(gated, timing, idle).clocked.sum() == 0
    assert clock_tree(gated, idle).energy < 0.1 * clock_tree(gated, running).energy


def test_probabilities_of_a_flip_flops_states(nangate: Library) -> None:
    """Q and QN are one variable: a library's states add up to 1 only then."""
    flop = netlist_of(nangate, [("DFF_X1", {"D": "d", "CK": "clk", "Q": "q"})], "clk d", "q")
    timing = analyse(flop)
    values = [value for _, value in nangate.cells["DFF_X1"].leakage_states]
    for high in (0.0, 0.3, 1.0):
        acted = uniform_activity(flop, 0.0)
        acted.high[:] = high
        leakage = cell_power(flop, timing, acted).leakage[0]
        assert min(values) <= leakage <= max(values)
    acted.high[net(flop, "q")], acted.high[net(flop, "d")] = 1.0, 0.0
    low, high = (
        value
        for when, value in nangate.cells["DFF_X1"].leakage_states
        if "!D" in when and "!QN" in when
    )
    assert cell_power(flop, timing, acted).leakage[0] == pytest.approx(np.mean([low, high]))
