"""From Verilog to cells: what Yosys, ABC and the readers of their files do changes no result."""

import numpy as np
import pytest

from synth.abc import technology_map
from synth.errors import CostError
from synth.lanes import Lanes, bits_of, codes_of
from synth.library import Library
from synth.netlist import Instance, Module, Port, flatten, multiplicity
from synth.recipes import RECIPES, Recipe
from synth.rtl import ADDERS, CLOCK_GATE_BITS, elaborate

VERILOG = """
module part(clk, x, y, o);
  input clk; input [7:0] x, y; output [7:0] o; reg [7:0] o;
  always @(posedge clk) o <= x + y;
endmodule
module top(clk, en, a, b, s, sum, product, pick, copy, one);
  input clk, en, s; input [7:0] a, b; output [7:0] sum; output [15:0] product; reg [15:0] product;
  output [7:0] pick, copy; output one;
  wire [7:0] first;
  part p(clk, a, b, first);
  part q(clk, first, b, sum);
  always @(posedge clk) if (en) product <= a * b;
  assign pick = s ? a : ~b;
  assign copy = a;
  assign one = 1'b1;
endmodule
"""


@pytest.fixture(scope="module", params=ADDERS)
def adder(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.name)
def test_cells_compute_what_the_verilog_says(nangate: Library, adder: str, recipe) -> None:
    modules = elaborate(VERILOG, "top", ["part"], nangate, adder)
    for order, target in enumerate((None, 0.3)):
        mapped = {
            name: technology_map(module, nangate, [(recipe, target)], order=order)[0]
            for name, module in modules.items()
        }
        lanes = Lanes(flatten(mapped, "top", nangate), 200, None)
        random = np.random.default_rng(0)
        a, b = random.integers(0, 256, (2, 200), dtype=np.uint64)
        select = random.integers(0, 2, 200, dtype=np.uint64)
        enable = random.integers(0, 2, 200, dtype=np.uint64)
        ports = {"a": (a, 8), "b": (b, 8), "s": (select, 1), "en": (enable, 1)}
        for _ in range(2):
            for name, (values, width) in ports.items():
                lanes.drive(name, bits_of(values, width))
            lanes.simulator.settle()
            lanes.simulator.clock()
        lanes.simulator.settle()
        assert (codes_of(lanes.read("sum")) == (a + 2 * b) % 256).all()
        assert (codes_of(lanes.read("product")) == np.where(enable, a * b, 0)).all()
        assert (codes_of(lanes.read("pick")) == np.where(select, a, 255 - b)).all()
        assert (codes_of(lanes.read("copy")) == a).all()
        assert lanes.read("one").all()


def test_an_enable_becomes_a_clock_gate_if_it_pays(nangate: Library) -> None:
    def cells(bits: int) -> list[str]:
        text = f"""module top(clk, en, d, q); input clk, en; input [{bits - 1}:0] d;
            output [{bits - 1}:0] q; reg [{bits - 1}:0] q;
            always @(posedge clk) if (en) q <= d; endmodule"""
        modules = elaborate(text, "top", [], nangate, "ripple")
        return [instance.kind for instance in modules["top"].instances]

    assert sum(kind.startswith("CLKGATE") for kind in cells(CLOCK_GATE_BITS)) == 1
    assert not any(kind.startswith("CLKGATE") for kind in cells(CLOCK_GATE_BITS - 1))


def test_registers_keep_their_names(nangate: Library) -> None:
    modules = elaborate(VERILOG, "top", ["part"], nangate, "ripple")
    names = {i.name for i in modules["top"].instances if i.kind == "DFF_X1"}
    assert names == {f"product[{bit}]" for bit in range(16)}


@pytest.mark.fast
def test_modules_are_counted_with_what_is_in_them() -> None:
    def module(name: str, below: list[str]) -> Module:
        instances = tuple(Instance(name=f"u{i}", kind=k, pins={}) for i, k in enumerate(below))
        return Module(name=name, ports={}, instances=instances, nets=2)

    modules = {
        "top": module("top", ["row", "row", "INV"]),
        "row": module("row", ["pe", "pe", "pe"]),
        "pe": module("pe", ["NAND"]),
    }
    assert multiplicity(modules, "top") == {"top": 1, "row": 2, "pe": 6}


@pytest.mark.fast
def test_flat_netlist_joins_what_a_module_connects(tiny: Library) -> None:
    """A module that only passes its input on makes two nets of its parent one."""
    wire = Module(
        name="wire",
        ports={"i": Port(direction="input", nets=(2,)), "o": Port(direction="output", nets=(2,))},
        instances=(),
        nets=3,
    )
    top = Module(
        name="top",
        ports={"a": Port(direction="input", nets=(2,)), "y": Port(direction="output", nets=(4,))},
        instances=(
            Instance(name="w", kind="wire", pins={"i": (2,), "o": (3,)}),
            Instance(name="v", kind="INV", pins={"A": (3,), "Y": (4,)}),
        ),
        nets=5,
    )
    flat = flatten({"top": top, "wire": wire}, "top", tiny)
    assert flat.nets[0, 0] == flat.ports["a"][1][0]
    assert flat.area == tiny.cells["INV"].area


def test_verilog_that_is_none(nangate: Library) -> None:
    with pytest.raises(CostError, match="Yosys cannot synthesise top"):
        elaborate("module top(; endmodule", "top", [], nangate, "ripple")


@pytest.mark.fast
def test_a_script_that_abc_does_not_know(nangate: Library) -> None:
    gate = Instance(name="g", kind="$_NOT_", pins={"A": (2,), "Y": (3,)})
    ports = {"a": Port(direction="input", nets=(2,)), "y": Port(direction="output", nets=(3,))}
    module = Module(name="m", ports=ports, instances=(gate,), nets=4)
    broken = Recipe(name="broken", structure="strash", mapping="nonsense", summary="")
    with pytest.raises(CostError, match="ABC cannot map module m"):
        technology_map(module, nangate, [(broken, None)])
