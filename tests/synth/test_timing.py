"""Static timing against sums done by hand."""

import numpy as np
import pytest

from synth.errors import CostError
from synth.library import Library
from synth.timing import analyse, net_levels
from tests.synth.tiny import (
    INPUT_CAPACITANCE,
    INVERTER_DELAY,
    LAUNCH,
    NAND_DELAY,
    PER_LOAD,
    SETUP,
    net,
    netlist_of,
)

pytestmark = pytest.mark.fast

ONE_PIN = PER_LOAD * INPUT_CAPACITANCE


def test_chain_of_two_inverters_between_ports(tiny: Library) -> None:
    chain = netlist_of(
        tiny, [("INV", {"A": "i", "Y": "m"}), ("INV", {"A": "m", "Y": "o"})], "i", "o"
    )
    timing = analyse(chain)
    # The first drives a pin, the second nothing.
    assert timing.paths["input to output"].delay == pytest.approx(2 * INVERTER_DELAY + ONE_PIN)
    assert [cell for _, cell, _ in timing.paths["input to output"].cells] == ["INV", "INV"]
    assert timing.paths.keys() == {"input to output"}


def test_register_to_register_has_launch_and_setup(tiny: Library) -> None:
    loop = netlist_of(
        tiny,
        [("DFF", {"D": "d", "CK": "clk", "Q": "q"}), ("NAND", {"A": "q", "B": "i", "Y": "d"})],
        "clk i",
        "q",
    )
    paths = analyse(loop).paths
    step = NAND_DELAY + ONE_PIN
    assert paths["register to register"].delay == pytest.approx(LAUNCH + ONE_PIN + step + SETUP)
    assert paths["input to register"].delay == pytest.approx(step + SETUP)
    assert paths["register to output"].delay == pytest.approx(LAUNCH + ONE_PIN)
    assert [name for name, _, _ in paths["register to register"].cells] == ["u0", "u1"]
    assert analyse(loop).period == pytest.approx(LAUNCH + ONE_PIN + step + SETUP)


def test_the_later_input_decides(tiny: Library) -> None:
    late = netlist_of(
        tiny,
        [
            ("INV", {"A": "i", "Y": "m"}),
            ("INV", {"A": "m", "Y": "n"}),
            ("NAND", {"A": "j", "B": "n", "Y": "o"}),
        ],
        "i j",
        "o",
    )
    path = analyse(late).paths["input to output"]
    assert path.delay == pytest.approx(2 * (INVERTER_DELAY + ONE_PIN) + NAND_DELAY)
    assert len(path.cells) == 3


def test_every_pin_on_a_net_costs_time(tiny: Library) -> None:
    sinks = [("INV", {"A": "m", "Y": f"y{k}"}) for k in range(7)]
    fan = netlist_of(tiny, [("INV", {"A": "i", "Y": "m"}), *sinks], "i", "m")
    arrival = analyse(fan).arrival[1, :, net(fan, "m")]
    assert arrival == pytest.approx([INVERTER_DELAY + 7 * ONE_PIN] * 2)


def test_clock_gates_end_paths(tiny: Library) -> None:
    gated = netlist_of(
        tiny,
        [
            ("DFF", {"D": "i", "CK": "clk", "Q": "e"}),
            ("GATE", {"E": "e", "CK": "clk", "GCK": "g"}),
            ("DFF", {"D": "i", "CK": "g", "Q": "q"}),
        ],
        "clk i",
        "q",
    )
    paths = analyse(gated).paths
    assert paths["register to register"].delay == pytest.approx(LAUNCH + ONE_PIN + SETUP)
    assert paths["register to output"].delay == pytest.approx(LAUNCH)


def test_a_loop_is_named(tiny: Library) -> None:
    loop = netlist_of(
        tiny,
        [("NAND", {"A": "i", "B": "b", "Y": "a"}), ("INV", {"A": "a", "Y": "b"})],
        "i",
        "b",
    )
    with pytest.raises(CostError, match="combinational loop, through u"):
        analyse(loop)


def test_levels_follow_the_longest_way(tiny: Library) -> None:
    tree = netlist_of(
        tiny,
        [
            ("NAND", {"A": "i", "B": "n", "Y": "o"}),
            ("INV", {"A": "m", "Y": "n"}),
            ("INV", {"A": "i", "Y": "m"}),
        ],
        "i",
        "o",
    )
    levels = net_levels(tree)
    assert levels[net(tree, "o")] == 3
    assert levels[net(tree, "i")] == 0


def test_mean_delay_of_the_cell_behind_each_net(tiny: Library) -> None:
    chain = netlist_of(
        tiny, [("INV", {"A": "i", "Y": "m"}), ("NAND", {"A": "m", "B": "i", "Y": "o"})], "i", "o"
    )
    delays = analyse(chain).gate_delay
    assert delays[net(chain, "o")] == pytest.approx(NAND_DELAY)
    assert np.count_nonzero(delays) == 2


def test_wires_add_load(nangate: Library) -> None:
    pair = netlist_of(
        nangate, [("INV_X1", {"A": "i", "ZN": "m"}), ("INV_X1", {"A": "m", "ZN": "o"})], "i", "o"
    )
    assert analyse(pair).period > analyse(pair, wires="none").period
