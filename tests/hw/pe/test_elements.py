"""Every element: all pairs of operands, long sums, every accumulator, and broken ones found out.

The emitted Verilog runs under Verilator. An outer product (K = 1) meets every pair of operands.
"""

import numpy as np
import pytest

from golden.catalog import ARRAYS, ONE_BY_ONE, elements
from golden.formats import parse_format
from golden.recodings import RECODINGS
from golden.spec import EngineSpec
from hw.pe.opt1 import Opt1
from sim.operands import random_operands
from sim.run import simulate
from tests.hw.faults import undetected

ELEMENTS = sorted(
    name
    for name, one in elements().items()
    if one.operands == "integer" and not ARRAYS[one.arrays[0]].spatial
)


def _all_values(name: str) -> np.ndarray:
    number = parse_format(name)
    return np.arange(number.min, number.max + 1, dtype=number.dtype)


def _spec(element: str, a: str, b: str, acc: str = "int32", **fields) -> EngineSpec:
    sizes = {"rows": 4, "cols": 4, **fields}
    array = elements()[element].arrays[0]
    return EngineSpec.make(element=element, array=array, a=a, b=b, acc=acc, **sizes)


@pytest.mark.parametrize("element", ELEMENTS)
@pytest.mark.parametrize(
    ("a", "b"), [("int8", "int8"), ("uint8", "uint8"), ("uint8", "int8"), ("int3", "uint7")]
)
def test_all_pairs(element: str, a: str, b: str) -> None:
    x, y = _all_values(a), _all_values(b)
    run = simulate(_spec(element, a, b), x[:, None], y[None, :])
    assert run.passed, str(run.first_mismatch)
    assert np.array_equal(run.c, np.multiply.outer(x.astype(int), y.astype(int)))


@pytest.mark.parametrize("recoding", RECODINGS)
@pytest.mark.parametrize(("a", "b"), [("int8", "int8"), ("uint7", "uint8")])
def test_all_pairs_of_every_recoding(recoding: str, a: str, b: str) -> None:
    x, y = _all_values(a), _all_values(b)
    spec = _spec("opt4e", a, b, options={"recoding": recoding})
    run = simulate(spec, x[:, None], y[None, :], stall=0.2)
    assert run.passed, str(run.first_mismatch)
    assert np.array_equal(run.c, np.multiply.outer(x.astype(int), y.astype(int)))


@pytest.mark.parametrize("element", ELEMENTS)
@pytest.mark.parametrize(
    ("a", "b", "acc"),
    [
        ("int8", "int8", "int2"),
        ("int8", "int8", "uint13"),
        ("uint5", "int6", "int40"),
        ("int2", "uint2", "int64"),
        ("int32", "uint3", "int64"),
        ("uint32", "uint32", "uint64"),
    ],
)
@pytest.mark.parametrize("dist", ["uniform", "min", "max"])
def test_long_sums_in_every_accumulator(element: str, a: str, b: str, acc: str, dist: str) -> None:
    # Long words take long to build, and one element is as wide as many.
    spec = _spec(element, a, b, acc, rows=1, cols=2)
    run = simulate(spec, *random_operands(spec, 4, 300, 6, dist=dist, seed=1))
    assert run.passed, str(run.first_mismatch)


@pytest.mark.parametrize("element", [name for name in ELEMENTS if elements()[name].steps])
@pytest.mark.parametrize(("k", "dist"), [(5000, "min"), (5000, "max"), (9000, "normal:0:40")])
def test_carries_pass_all_blocks(element: str, k: int, dist: str) -> None:
    spec = _spec(element, "int8", "int8", rows=1, cols=2)
    # A digit adds 2**14 on average, whatever its sign, and two blocks count those up to 2**25.
    assert k > 2**25 >> 14
    run = simulate(spec, *random_operands(spec, 3, k, 4, dist=dist, seed=5))
    assert run.passed, str(run.first_mismatch)


@pytest.mark.parametrize(
    ("a", "b", "acc"),
    [("int8", "int8", "int17"), ("uint4", "int5", "uint9"), ("int4", "int4", "int3")],
)
def test_mac_saturates(a: str, b: str, acc: str) -> None:
    spec = _spec("mac", a, b, acc, rows=3, cols=2, options={"overflow": "saturate"})
    overflows = 0
    for dist in ("uniform", "max", "min"):
        run = simulate(spec, *random_operands(spec, 9, 60, 8, dist=dist, seed=2))
        assert run.passed, str(run.first_mismatch)
        overflows += run.expected.overflows
    assert overflows > 0


@pytest.mark.parametrize(
    ("array", "ripple"), [("systolic-os", "3"), ("systolic-os", "32"), ("cube", "8")]
)
def test_opt1_however_far_carries_run(array: str, ripple: str) -> None:
    x = _all_values("int8")
    spec = EngineSpec.make(element="opt1", array=array, rows=4, cols=4, options={"ripple": ripple})
    run = simulate(spec, x[:, None], x[None, :])
    assert run.passed, str(run.first_mismatch)
    for dist in ("uniform", "min"):
        run = simulate(spec, *random_operands(spec, 4, 300, 6, dist=dist, seed=3), stall=0.5)
        assert run.passed, str(run.first_mismatch)


def test_carries_that_run_further_take_fewer_flip_flops() -> None:
    formats = [parse_format(name) for name in ("int8", "int8", "int32")]
    for accumulator in ("whole", "split"):
        built = [
            Opt1(*formats, ripple=str(ripple), accumulator=accumulator) for ripple in (3, 5, 8, 20)
        ]
        states = [element.lanes.state for element in built]
        assert states == sorted(states, reverse=True)
        assert len(set(states)) == len(states)
        assert states[-1] < 32 + 4


SPLIT = {"accumulator": "split"}

KEPT = [
    *(
        (element, array, options)
        for array in ONE_BY_ONE
        for element, options in (
            ("mac", SPLIT),
            ("mac", {"accumulator": "whole"}),
            ("opt1", {**SPLIT, "ripple": "3"}),
            ("opt1", {**SPLIT, "ripple": "9"}),
        )
    ),
    *((name, "column", {}) for name in ELEMENTS if elements()[name].steps),
]


@pytest.mark.parametrize(("element", "array", "options"), KEPT, ids=str)
def test_sums_that_come_and_go(element: str, array: str, options: dict[str, str]) -> None:
    # Rows that fall while others rise, all far beyond a product, and the narrow ones around.
    for a, b, acc in (("int8", "int8", "int32"), ("uint6", "int7", "int16")):
        spec = EngineSpec.make(
            element=element, array=array, rows=2, cols=3, a=a, b=b, acc=acc, options=options
        )
        x, y = random_operands(spec, 5, 1200, 6, seed=7)
        ends = parse_format(a)
        x[:3] = [[ends.min], [ends.max], [0]]
        x[2, 300:900], x[2, 900:] = ends.max, ends.min
        y[:, :2] = [parse_format(b).min, parse_format(b).max]
        run = simulate(spec, x, y, stall=0.2)
        assert run.passed, str(run.first_mismatch)
        assert np.abs(x.astype(int) @ y).max() > 2**22


@pytest.mark.parametrize("element", ELEMENTS)
def test_a_fault_in_any_line_is_found(element: str) -> None:
    spec = _spec(element, "int4", "int4", "int12", rows=1, cols=1)
    # An odd K: inverting the top bit an even number of times changes nothing.
    a, b = random_operands(spec, 20, 17, 20, seed=4)
    parts = r"step|count|pe_select_\d|add|(issue_)?encode_a(_\d)?|resolve|finish"
    assert not undetected(spec, parts, [(a, b)])
