"""cocotb and the native harness see the same engine do the same things in the same cycles."""

from typing import Any

import numpy as np
import pytest

from golden.spec import EngineSpec
from sim.operands import random_operands
from sim.run import Run, simulate
from tests.sim.specs import ENGINES, NARROW, small


def _both(spec: EngineSpec, m: int, k: int, n: int, **how: Any) -> list[Run]:
    a, b = random_operands(spec, m, k, n, seed=1)
    runs = [simulate(spec, a, b, backend=backend, **how) for backend in ("native", "cocotb")]
    assert [run.backend for run in runs] == ["native", "cocotb"]
    assert all(run.passed for run in runs)
    return runs


@pytest.mark.parametrize(("element", "array"), ENGINES)
@pytest.mark.parametrize(
    "how",
    [
        pytest.param({}, id="full speed"),
        pytest.param({"stall": 0.5, "seed": 7}, id="stalls"),
        pytest.param({"stall": 0.2, "resets": (13, 40)}, id="resets"),
    ],
)
def test_every_engine(element: str, array: str, how: dict[str, Any]) -> None:
    native, cocotb = _both(small(element, array, **NARROW), 7, 17, 11, **how)
    assert np.array_equal(native.c, cocotb.c)
    assert native.cycles == cocotb.cycles


@pytest.mark.parametrize(
    ("a", "b", "acc"),
    [("int5", "uint3", "int9"), ("int16", "int8", "int32"), ("uint4", "int8", "int40")],
)
def test_lanes_of_other_widths(a: str, b: str, acc: str) -> None:
    native, cocotb = _both(small("mac", "systolic-os", a=a, b=b, acc=acc), 7, 17, 11, stall=0.5)
    assert native.cycles == cocotb.cycles


def test_the_seed_decides() -> None:
    spec = small("mac", "systolic-os")
    a, b = random_operands(spec, 3, 500, 5)
    cycles = [simulate(spec, a, b, stall=0.5, seed=seed).cycles for seed in (1, 1, 2)]
    assert cycles[0] == cycles[1] != cycles[2]
