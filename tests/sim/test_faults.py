"""A broken engine is found out, by both backends, and the report says where to look."""

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from golden.catalog import ONE_BY_ONE, elements
from hw.verilog import generate
from sim.errors import ProtocolError, SimulationError
from sim.operands import random_operands
from sim.run import Backend, Run, simulate
from tests.sim.broken import with_fault
from tests.sim.specs import ENGINES, NARROW, small

SPEC = small("mac", "systolic-os", **NARROW)
A, B = random_operands(SPEC, 6, 17, 10, seed=1)
"""Two by two tiles of three rows."""

BACKENDS: list[Backend] = ["native", "cocotb"]


def _run(fault: str, backend: Backend, **how: Any) -> Run:
    return simulate(SPEC, A, B, design=with_fault(generate(SPEC), fault), backend=backend, **how)


@pytest.mark.parametrize("backend", BACKENDS)
def test_the_shell_alone_breaks_nothing(backend: Backend) -> None:
    assert _run("", backend, stall=0.5, resets=(20,)).passed


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_wrong_bit_is_located(backend: Backend) -> None:
    # Row 4 of all rows is row 1 of tile 1; lane 2 of it is column 5 + 2.
    run = _run("if (row == 4) c_payload[2 * 16 + 1] = ~inner_c_payload[2 * 16 + 1];", backend)
    assert not run.passed
    assert run.mismatches == 1
    first = run.first_mismatch
    assert first is not None
    assert (first.row, first.col, first.tile, first.tiles) == (1, 7, 1, 4)
    assert (first.expected, abs(first.got - first.expected)) == (A[1] @ B[:, 7], 2)
    assert np.array_equal(first.a_row, A[1])
    assert np.array_equal(first.b_col, B[:, 7])
    right = simulate(SPEC, A[:3], B)
    assert np.array_equal(run.c[:3, :5], right.c[:, :5])


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(
    ("fault", "said"),
    [
        pytest.param(
            "if (row == 5) begin c_valid = 0; inner_c_ready = 0; end",
            r"hangs: no beat moved(.*\n)*  stream c: 5 of 12 beats moved, valid = 0, ready = [01]",
            id="no row",
        ),
        pytest.param(
            "if (row == 12) c_valid = 1;",
            r"a row of C too many, all 12 were there already",
            id="extra row",
        ),
        pytest.param(
            "if (row == 4) c_payload[81] = ~inner_c_payload[81];",
            r"row 1 of tile 1 came with first = 0, last = 1, expected first = 0, last = 0",
            id="wrong mark",
        ),
        pytest.param(
            "if (row == 4 && c_ready) c_payload[0] = ~inner_c_payload[0];",
            r"row 4 of C was offered, not taken, and then withdrawn or changed",
            id="row changes",
        ),
        pytest.param(
            "if (row == 4 && c_ready) begin c_valid = 0; inner_c_ready = 0; end",
            r"row 4 of C was offered, not taken, and then withdrawn or changed",
            id="row withdrawn",
        ),
    ],
)
def test_broken_rules(fault: str, said: str, backend: Backend) -> None:
    with pytest.raises(ProtocolError, match=said):
        _run(fault, backend, stall=0.6, seed=3)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize(
    ("fault", "resets"),
    [
        pytest.param("if (row == 2) a_ready = 0;", (), id="a beat is taken twice"),
        pytest.param("inner_rst = 0;", (), id="no reset at all"),
        pytest.param("if (was_reset) inner_rst = 0;", (25,), id="no second reset"),
    ],
)
def test_other_faults_show(fault: str, resets: tuple[int, ...], backend: Backend) -> None:
    try:
        passed = _run(fault, backend, resets=resets).passed
    except ProtocolError:
        passed = False
    assert not passed


@pytest.mark.parametrize(
    ("element", "array"),
    [
        # Others have no module `step`; tests/hw seeks faults in their parts.
        engine
        for engine in ENGINES
        if engine.values[1] in ONE_BY_ONE and elements()[engine.values[0]].operands == "integer"
    ],
)
def test_one_wrong_gate_in_an_element_shows(element: str, array: str) -> None:
    spec = small(element, array, **NARROW)
    design = generate(spec)
    step = re.search(rf"^module {design.top}_step\(.*?^endmodule", design.verilog, re.M | re.S)
    assert step is not None
    gates = list(re.finditer(r"^  assign (\S+ )= (\S+) \^ (\S+);", step[0], re.MULTILINE))
    gate = gates[len(gates) // 2]
    wrong = step[0][: gate.start()] + gate[0].replace("^", "&") + step[0][gate.end() :]
    broken = replace(design, verilog=design.verilog.replace(step[0], wrong))
    a, b = random_operands(spec, 6, 17, 10, seed=1)
    assert simulate(spec, a, b).passed
    assert not simulate(spec, a, b, design=broken).passed


def test_verilog_that_is_none() -> None:
    design = replace(generate(SPEC), verilog="module nonsense; wire")
    with pytest.raises(SimulationError, match=r"verilator_bin failed(.*\n)*.*syntax error"):
        simulate(SPEC, A, B, design=design)


def test_a_combinational_loop_does_not_hang_python() -> None:
    loop = "loop = rst & ~loop; c_payload[0] = inner_c_payload[0] ^ loop;"
    with pytest.raises(SimulationError, match="did not converge"):
        _run(loop, "native")
