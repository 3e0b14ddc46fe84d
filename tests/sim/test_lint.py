"""Engines have nothing for Verilator's linter to find but what is justified."""

from dataclasses import replace

import pytest

from hw.verilog import generate
from sim.errors import SimulationError
from sim.lint import lint
from tests.sim.specs import ENGINES, small

pytestmark = pytest.mark.fast


@pytest.mark.parametrize("size", [{}, {"rows": 1, "cols": 1}, {"rows": 9, "cols": 2}], ids=str)
@pytest.mark.parametrize(("element", "array"), ENGINES)
def test_engines_are_clean(element: str, array: str, size: dict[str, int]) -> None:
    assert lint(generate(small(element, array, **size))) == []


def test_a_warning_is_seen() -> None:
    design = generate(small("mac", "systolic-os"))
    careless = (
        "module careless(output wire [3:0] o, input wire [7:0] i);\n  assign o = i;\nendmodule\n"
    )
    (warning,) = lint(replace(design, verilog=careless, top="careless"))
    assert warning.startswith("WIDTHTRUNC: careless.v:2:")


def test_wrong_verilog_is_an_error() -> None:
    design = replace(generate(small("mac", "systolic-os")), verilog="module", top="nothing")
    with pytest.raises(SimulationError, match="syntax error"):
        lint(design)
