"""What the Verilog of an engine looks like."""

import re

import pytest

from golden.loading import load_spec
from golden.spec import EngineSpec
from hw import verilog
from hw.verilog import generate, generate_element
from tests.sim.specs import ENGINES

pytestmark = pytest.mark.fast


@pytest.mark.parametrize(("element", "array"), ENGINES)
def test_modules_do_not_multiply(element: str, array: str) -> None:
    modules = {
        size: generate(EngineSpec.make(element=element, array=array, rows=size, cols=size)).modules
        for size in (9, 64)
    }
    # Blocks of cells and mergers of buses have their sizes in their names.
    kinds = [
        {re.sub(r"_\d+(x\d+)?", "", name.removeprefix(names[0])) for name in names}
        for names in modules.values()
    ]
    assert kinds[1] <= kinds[0]
    assert len(modules[64]) <= len(modules[9]) + 2


def test_the_same_bytes_every_time() -> None:
    spec = load_spec("opt1-ws", ["rows=5", "cols=3"])
    first = generate(spec)
    verilog.generate.cache_clear()
    again = generate(spec)
    assert again is not first
    assert again.verilog == first.verilog


def test_the_header_states_spec_ports_and_latency() -> None:
    spec = load_spec("mac-os", ["rows=5", "cols=3", "a=uint4"])
    design = generate(spec)
    header = design.verilog[: design.verilog.index("\nmodule")]
    assert spec.hash in header
    assert "a = 'uint4'" in header
    assert f"{spec.latency(1)} cycles for K = 1" in header
    for port in design.ports:
        assert re.search(rf"{port.direction} +{port.name} +{port.width} ", header)


def test_ports_are_as_wide_as_stated() -> None:
    design = generate(load_spec("mac-os", ["rows=5", "cols=3", "a=uint4"]))
    top = design.verilog[design.verilog.index(f"module {design.top}(") :]
    top = top[: top.index("endmodule")]
    for port in design.ports:
        bits = f"[{port.width - 1}:0] " if port.width > 1 else ""
        assert f"  {port.direction} {bits}{port.name};" in top


def test_engines_of_one_design_share_no_module() -> None:
    names = [set(generate(load_spec(preset)).modules) for preset in ("mac-os", "mac-ws")]
    assert not names[0] & names[1]


def test_an_element_by_itself() -> None:
    design = generate_element(load_spec("opt1-os"))
    assert [port.name for port in design.ports] == ["clk", "a", "b", "clear", "o"]
    # Operands of 8 bits, and fewer than 64 bits of a carry-save accumulator for 32.
    assert 32 < design.width("o") < 64
    assert design.top == "opt1_int8_int8_int32"
