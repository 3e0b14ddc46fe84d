"""What is read from Liberty files, and what is said of those that cannot be used."""

from pathlib import Path

import numpy as np
import pytest

from synth.errors import CostError
from synth.liberty import default_liberty, read_library
from synth.library import Library, WireLoad
from tests.synth.tiny import LIBERTY, LOADS, SETUP, SLEWS

pytestmark = pytest.mark.fast


def test_cells(tiny: Library) -> None:
    kinds = {name: cell.kind for name, cell in tiny.cells.items()}
    assert kinds == {
        "INV": "logic",
        "BUF": "logic",
        "NAND": "logic",
        "DFF": "flip-flop",
        "GATE": "clock gate",
    }
    flop = tiny.cells["DFF"]
    assert (flop.state, flop.clock_pin, flop.stored) == ("D", "CK", ("IQ", "IQN"))
    assert flop.setups[0].pin == "D"
    assert flop.setups[0].time[0].values == [[SETUP]]
    assert [cell.name for cell in tiny.buffers] == ["BUF"]
    assert tiny.cells["INV"].leakage_states == (("A", 4.0), ("!A", 8.0))
    assert tiny.corner == "nominal, 2 V, 25 C"


def test_units_are_converted(tmp_path: Path, tiny: Library) -> None:
    path = tmp_path / "other.lib"
    path.write_text(
        LIBERTY.replace('time_unit : "1ns"', 'time_unit : "10ps"')
        .replace("(1, ff)", "(1, pf)")
        .replace('"1nW"', '"1uW"')
    )
    cell, plain = read_library(path).cells["INV"], tiny.cells["INV"]
    table, wanted = cell.delays[0].delay[0], plain.delays[0].delay[0]
    assert table.values == pytest.approx(wanted.values * 0.01)
    assert table.x == pytest.approx(wanted.x * 0.01)
    assert table.y == pytest.approx(wanted.y * 1000)
    assert cell.capacitance["A"] == (1000.0, 1000.0)
    assert cell.leakage == pytest.approx(1000 * plain.leakage)
    energy, plainly = cell.energies[0].energy[0], plain.energies[0].energy[0]
    assert energy.values == pytest.approx(plainly.values * 1000)


def test_axes_in_the_other_order(tmp_path: Path, tiny: Library) -> None:
    path = tmp_path / "swapped.lib"
    swapped = LIBERTY.replace("variable_1 : input_net", "variable_9 : input_net")
    swapped = swapped.replace("variable_2 : total", "variable_1 : total")
    swapped = swapped.replace("variable_9", "variable_2")
    swapped = swapped.replace(f'index_1 ("{SLEWS}"); index_2 ("{LOADS}");', "")
    swapped = swapped.replace("{ index_1", f'{{ index_1 ("{LOADS}"); index_2')
    path.write_text(swapped)
    table = read_library(path).cells["INV"].delays[0].delay[0]
    assert table.x.tolist() == [0.001, 0.1, 1]
    assert table.y.tolist() == [1, 5, 10]
    # The text still lists the values row by row, so rows now are loads.
    assert table.values == pytest.approx(tiny.cells["INV"].delays[0].delay[0].values.T)


def test_default_library(nangate: Library) -> None:
    assert nangate.name == "NangateOpenCellLibrary"
    assert nangate.corner == "typical, 1.1 V, 25 C"
    assert nangate.cells["NAND2_X1"].area == 0.798
    assert nangate.sizes["NAND2_X2"] == ("NAND2_X1", "NAND2_X2", "NAND2_X4")
    assert nangate.cells["DFF_X1"].kind == "flip-flop"
    assert nangate.cells["SDFF_X1"].kind == "other", "a scan flip-flop has a multiplexer in it"
    assert nangate.cells["DFFR_X1"].kind == "other", "an asynchronous reset has to be tied"
    assert {cell.name for cell in nangate.of_kind("clock gate")} >= {"CLKGATE_X1"}
    assert nangate.wire_load is not None
    assert nangate.wire_load.name == "5K_hvratio_1_1"


def test_wire_load_between_and_beyond_its_points() -> None:
    wires = WireLoad(name="w", per_length=2.0, slope=5.0, lengths=((1.0, 1.0), (3.0, 7.0)))
    assert wires.capacitance(np.array([0, 1, 2, 3, 5])).tolist() == [0, 2, 8, 14, 34]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "not a Liberty file"),
        ("library (x) { cell (A) {", "not a Liberty file"),
        ("#!/bin/sh\necho hello\n", "not a Liberty file"),
        ("module (x) { }", "holds no library"),
        ("library (x) { }", "no usable logic cell"),
        (LIBERTY.replace("ff (IQ", "latch (IQ"), "no usable flip-flop cell"),
        (LIBERTY.replace('function : "!A"', 'function : "!A &"'), "cell INV cannot be understood"),
        (LIBERTY.replace("(loads) { index", "(other) { index"), "template other is not defined"),
    ],
)
def test_libraries_that_cannot_be_used(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "bad.lib"
    path.write_text(text)
    with pytest.raises(CostError, match=said) as caught:
        read_library(path)
    assert all("\n" not in problem and "bad.lib" in problem for problem in caught.value.problems)


def test_a_library_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CostError, match=r"nowhere\.lib cannot be read: No such file"):
        read_library(tmp_path / "nowhere.lib")


def test_a_library_that_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "binary.lib"
    path.write_bytes(b"\xff\xfe\x00" * 100)
    with pytest.raises(CostError, match="not a Liberty file"):
        read_library(path)


def test_default_liberty_is_there() -> None:
    assert default_liberty().is_file()
