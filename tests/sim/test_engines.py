"""Every element on every array returns the golden model's C, in the cycles that the spec states.

The emitted Verilog runs under Verilator. The native backend takes the volume; `test_backends.py`
shows that cocotb agrees with it cycle for cycle.
"""

from typing import Any

import pytest

from golden.catalog import ARRAYS
from golden.spec import EngineSpec
from sim.operands import random_operands
from sim.run import Run, simulate
from tests.sim.specs import FEWER_ENGINES, NARROW, small

pytestmark = pytest.mark.parametrize(("element", "array"), FEWER_ENGINES)

FORMATS = [("int8", "int8"), ("uint4", "int8"), ("int5", "uint3"), ("int16", "int8")]
SIZES = [(1, 1), (1, 7), (7, 1)]
DISTRIBUTIONS = ["uniform", "normal:0:20", "min", "zero"]


def _run(spec: EngineSpec, m: int, k: int, n: int, *, dist: str = "uniform", **how: Any) -> Run:
    a, b = random_operands(spec, m, k, n, dist=dist, seed=k)
    run = simulate(spec, a, b, **how)
    assert run.passed, str(run.first_mismatch)
    assert run.outputs == m * n
    assert run.macs == m * k * n
    if not how:
        assert run.cycles == spec.cycles_on(a, b)
    return run


@pytest.mark.parametrize("k", [1, 2, 17, 1000])
@pytest.mark.parametrize(("rows", "cols"), SIZES)
def test_sizes(element: str, array: str, rows: int, cols: int, k: int) -> None:
    _sizes(small(element, array, rows=rows, cols=cols, **NARROW), k)


@pytest.mark.parametrize("k", [1, 2, 17, 1000])
def test_usual_formats(element: str, array: str, k: int) -> None:
    _sizes(small(element, array), k)


def _sizes(spec: EngineSpec, k: int) -> None:
    rows, cols = spec.rows, spec.cols
    run = _run(spec, rows, k, cols)
    assert _run(spec, rows, k, cols, stall=0.5, seed=k).cycles >= run.cycles


@pytest.mark.parametrize("k", [1, 17])
def test_a_square_array(element: str, array: str, k: int) -> None:
    # Narrow operands: what is at stake is the wiring of many elements, which build faster. Of nine
    # in a line one stands behind other registers than eight do.
    side = 16 if element == "mac" and not ARRAYS[array].spatial else 9
    spec = small(element, array, rows=side, cols=side, a="int3", b="uint2", acc="int12")
    _run(spec, side, k, side)
    _run(spec, 33, k, 33, stall=0.5)


@pytest.mark.parametrize("dist", DISTRIBUTIONS)
@pytest.mark.parametrize(("a", "b"), FORMATS)
def test_formats(element: str, array: str, a: str, b: str, dist: str) -> None:
    spec = small(element, array, a=a, b=b)
    _run(spec, 3, 1000, 5, dist=dist)
    _run(spec, 3, 1000, 5, dist=dist, stall=0.5)


@pytest.mark.parametrize("k", [1, 2, 17])
def test_tiles_back_to_back(element: str, array: str, k: int) -> None:
    spec = small(element, array)
    run = _run(spec, 10, k, 13)
    assert run.tiles > 1
    for seed in range(5):
        _run(spec, 10, k, 13, stall=0.5, seed=seed)


@pytest.mark.parametrize("stall", [0.0, 0.5])
def test_reset_in_the_middle(element: str, array: str, stall: float) -> None:
    spec = small(element, array)
    undisturbed = _run(spec, 10, 17, 13)
    # In the first tile before any result, between results of two tiles, and twice in a row.
    between = 5 + spec.latency(17) + spec.rows + 4
    resets = (5, between, between + 60, between + 61)
    run = _run(spec, 10, 17, 13, stall=stall, resets=resets)
    assert stall or run.cycles == undisturbed.cycles
