"""The netlist simulator: values, registers, clock gates, and what counts as a toggle."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synth.library import Library
from synth.netlist import Netlist
from synth.simulate import Simulator
from tests.synth.tiny import net, netlist_of

pytestmark = pytest.mark.fast

ALL = -1


def set_port(simulator: Simulator, netlist: Netlist, port: str, word: int) -> None:
    nets = netlist.ports[port][1]
    simulator.drive(nets, np.full((1, len(simulator.mask)), word))


def toggles(simulator: Simulator, netlist: Netlist, port: str) -> int:
    return int(simulator.toggles[net(netlist, port)])


@pytest.fixture(scope="module")
def hazard(tiny: Library) -> Netlist:
    """o = !(i & !i): constant 1, but for the inverter's delay."""
    return netlist_of(
        tiny, [("INV", {"A": "i", "Y": "m"}), ("NAND", {"A": "i", "B": "m", "Y": "o"})], "i", "o m"
    )


def delays(netlist: Netlist, **steps: int) -> np.ndarray:
    found = np.ones(netlist.count, np.int64)
    for port, delay in steps.items():
        found[net(netlist, port)] = delay
    return found


def test_without_delays_there_is_no_glitch(hazard: Netlist) -> None:
    simulator = Simulator(hazard, 1)
    for word in (ALL, 0, ALL):
        set_port(simulator, hazard, "i", word)
        simulator.settle()
    assert toggles(simulator, hazard, "o") == 0
    assert toggles(simulator, hazard, "m") == 3 * 64


def test_an_inverter_slower_than_the_gate_makes_a_pulse(hazard: Netlist) -> None:
    simulator = Simulator(hazard, 1, delays(hazard, m=3, o=2))
    set_port(simulator, hazard, "i", ALL)
    simulator.settle()
    assert toggles(simulator, hazard, "o") == 2 * 64
    set_port(simulator, hazard, "i", 0)
    simulator.settle()
    assert toggles(simulator, hazard, "o") == 2 * 64, "a falling input is no hazard"


def test_a_pulse_shorter_than_the_delay_is_swallowed(hazard: Netlist) -> None:
    simulator = Simulator(hazard, 1, delays(hazard, m=2, o=3))
    set_port(simulator, hazard, "i", ALL)
    simulator.settle()
    assert toggles(simulator, hazard, "o") == 0


def test_ways_of_one_delay_make_no_pulse_whatever_their_number_of_cells(tiny: Library) -> None:
    inverters = ["i", "m1", "m2", "m3", "m4"]
    cells = [("INV", {"A": a, "Y": y}) for a, y in pairwise(inverters)]
    cells += [("INV", {"A": "i", "Y": "n"}), ("NAND", {"A": "m4", "B": "n", "Y": "o"})]
    netlist = netlist_of(tiny, cells, "i", "o m4 n")
    for slow, pulses in ((4, 0), (7, 1)):
        simulator = Simulator(netlist, 1, delays(netlist, n=slow))
        for word in (ALL, 0):
            set_port(simulator, netlist, "i", word)
            simulator.settle()
        assert toggles(simulator, netlist, "n") == 2 * 64
        assert toggles(simulator, netlist, "o") == pulses * 2 * 64


def test_only_masked_lanes_count(hazard: Netlist) -> None:
    simulator = Simulator(hazard, 2)
    simulator.mask[:] = 0b111, 0
    set_port(simulator, hazard, "i", ALL)
    simulator.settle()
    assert toggles(simulator, hazard, "m") == 3
    simulator.clock()
    assert simulator.high[net(hazard, "i")] == 3


@pytest.fixture(scope="module")
def gated(tiny: Library) -> Netlist:
    return netlist_of(
        tiny,
        [
            ("GATE", {"E": "e", "CK": "clk", "GCK": "g"}),
            ("DFF", {"D": "d", "CK": "g", "Q": "held"}),
            ("DFF", {"D": "d", "CK": "clk", "Q": "free"}),
        ],
        "clk e d",
        "held free g",
    )


@given(st.lists(st.tuples(st.integers(0, 2**63 - 1), st.integers(0, 2**63 - 1)), max_size=6))
def test_registers_lane_by_lane(gated: Netlist, cycles: list[tuple[int, int]]) -> None:
    simulator = Simulator(gated, 1)
    held = enabled = 0
    for enable, data in cycles:
        set_port(simulator, gated, "e", enable)
        set_port(simulator, gated, "d", data)
        simulator.settle()
        simulator.clock()
        held = (data & enable) | (held & ~enable)
        enabled += enable.bit_count()
        assert simulator.values[net(gated, "free"), 0] == data
        assert simulator.values[net(gated, "held"), 0] == held
    assert toggles(simulator, gated, "g") == 2 * enabled
    assert simulator.cycles == len(cycles)


@given(st.integers(0, 2**32 - 1), st.integers(1, 3), st.integers(0, 2**63 - 1))
def test_delays_change_no_result(tiny: Library, seed: int, delay: int, word: int) -> None:
    random = np.random.default_rng(seed)
    nets = ["i", "j"]
    cells = []
    for index in range(12):
        a, b = random.choice(nets, 2)
        kind = random.choice(["INV", "NAND"])
        pins = {"A": str(a), "Y": f"n{index}"} | ({"B": str(b)} if kind == "NAND" else {})
        cells.append((str(kind), pins))
        nets.append(f"n{index}")
    netlist = netlist_of(tiny, cells, "i j", "n11")
    steps = random.integers(1, delay + 1, netlist.count)
    results = []
    for timed in (None, steps):
        simulator = Simulator(netlist, 1, timed)
        set_port(simulator, netlist, "i", word)
        set_port(simulator, netlist, "j", ~word >> 1)
        simulator.settle()
        results.append((simulator.values.copy(), simulator.toggles.sum()))
    assert (results[0][0] == results[1][0]).all()
    assert results[1][1] >= results[0][1], "glitches only add toggles"
