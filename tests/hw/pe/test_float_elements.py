"""Elements on floating-point numbers: all pairs of operands, and sums with every accumulator.

The emitted Verilog runs under Verilator. An outer product (K = 1) meets every pair of operands.
"""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from golden.floats import FloatFormat, parse_operand
from golden.spec import EngineSpec
from sim.operands import random_operands
from sim.run import Run, simulate
from tests.hw.faults import undetected


def spec_of(element: str, a: str, b: str, acc: str, **options: str) -> EngineSpec:
    return EngineSpec.make(
        element=element,
        array="systolic-os",
        rows=4,
        cols=4,
        a=a,
        b=b,
        acc=acc,
        options=options,
    )


def check(spec: EngineSpec, a: NDArray, b: NDArray, **how: Any) -> Run:
    with np.errstate(over="ignore", invalid="ignore"):
        run = simulate(spec, a, b, **how)
    assert run.passed, str(run.first_mismatch)
    return run


def all_values(name: str) -> NDArray[np.float32]:
    number = parse_operand(name)
    return number.decode(np.arange(1 << number.bits))


def special_values(number: FloatFormat) -> NDArray[np.float32]:
    """Zeros, ends of all ranges, ones and what is next to them, infinities, NaN; both signs."""
    one = number.bias << number.mantissa_bits
    least_normal = 1 << number.mantissa_bits
    codes = [0, 1, 2, least_normal - 1, least_normal, least_normal + 1, one - 1, one, one + 1]
    codes += [number.max_code - 1, number.max_code, number.max_code + 1, number.max_code + 2]
    return number.decode([*codes, *(code | 1 << number.magnitude_bits for code in codes)])


CASES: list[tuple[str, str, str, str, dict[str, str]]] = [
    ("fmac", "e4m3", "e4m3", "exact", {}),
    ("fmac", "e5m2", "e5m2", "e5m2", {}),
    ("fmac", "e4m3", "e5m2", "fp16", {"subnormals": "flush"}),
    ("lmul", "e4m3", "e4m3", "exact", {}),
    ("lmul", "e5m2", "e5m2", "fp32", {}),
    ("lmul", "e4m3", "e5m2", "q20.12", {"offset": "paper"}),
    ("lmul", "e4m3", "e4m3", "q12.8", {"offset": "none", "carry": "on"}),
    ("lmul", "e5m2", "e4m3", "bf16", {"form": "value", "offset": "paper"}),
    ("lmul", "e3m4", "e5m2", "exact", {"cut": "2", "subnormals": "linear"}),
    ("lmul", "e3m4", "e3m4", "q9.9", {"offset": "-3", "specials": "ignore"}),
]


@pytest.mark.parametrize(("element", "a", "b", "acc", "options"), CASES, ids=str)
def test_all_pairs(element: str, a: str, b: str, acc: str, options: dict[str, str]) -> None:
    spec = spec_of(element, a, b, acc, **options)
    check(spec, all_values(a)[:, None], all_values(b)[None, :])


@pytest.mark.parametrize(("element", "acc"), [("fmac", "fp32"), ("lmul", "q24.16")])
@pytest.mark.parametrize("name", ["bf16", "fp16"])
def test_a_million_pairs_and_all_special_ones(element: str, name: str, acc: str) -> None:
    number = parse_operand(name)
    rng = np.random.default_rng(7)
    a, b = (
        np.concatenate([special_values(number), number.decode(rng.integers(0, 1 << 16, 1024))])
        for _ in "ab"
    )
    check(spec_of(element, name, name, acc), a[:, None], b[None, :])


@pytest.mark.parametrize("name", ["e4m3", "e5m2", "e3m4", "bf16", "fp16"])
def test_the_adder_rounds_every_sum_of_two(name: str) -> None:
    """x times 1 is x, so x + y is rounded: all pairs of 8 bits, many and special ones of 16."""
    number = parse_operand(name)
    if number.bits == 8:
        values = all_values(name)
        x, y = (side.reshape(-1) for side in np.meshgrid(values, values))
    else:
        rng = np.random.default_rng(8)
        special = special_values(number)
        pairs = [side.reshape(-1) for side in np.meshgrid(special, special)]
        near = rng.integers(0, 1 << 16, 1 << 19)
        # Of about the same size, so that they cancel; and of any.
        others = np.concatenate(
            [near ^ rng.integers(0, 1 << number.mantissa_bits + 2, near.size) ^ 1 << 15, near]
        )
        near = np.concatenate([near, rng.permutation(near)])
        x = np.concatenate([pairs[0], number.decode(near)])
        y = np.concatenate([pairs[1], number.decode(others)])
    ones = np.ones((2, 1), np.float32)
    run = check(spec_of("fmac", name, name, name), np.stack([x, y], axis=1), ones)
    with np.errstate(invalid="ignore"):
        exact = x.astype(np.float64) + y
    got = run.c[:, 0]
    # numpy adds 8- and 16-bit numbers exactly in double precision. Only zeros' signs are ours.
    np.testing.assert_array_equal(got, number.round(exact))


@pytest.mark.parametrize(
    ("element", "acc"),
    [
        *(("fmac", acc) for acc in ("exact", "fp32", "bf16", "e4m2", "e4m3")),
        *(("lmul", acc) for acc in ("exact", "q12.10", "q7.0", "fp16")),
    ],
)
def test_long_sums_in_every_accumulator(element: str, acc: str) -> None:
    spec = spec_of(element, "e4m3", "e5m2", acc)
    for dist in ("uniform", "normal:0:1", "max"):
        check(spec, *random_operands(spec, 6, 300, 6, dist=dist, seed=1), stall=0.5)


@pytest.mark.parametrize("element", ["fmac", "lmul"])
def test_a_fixed_point_sum_depends_on_no_order(element: str) -> None:
    spec = spec_of(element, "bf16", "bf16", "q12.14")
    a, b = random_operands(spec, 8, 100, 8, dist="normal:0:1", seed=2)
    order = np.random.default_rng(3).permutation(100)
    results = [
        check(spec, a, b).c,
        check(spec, a[:, order], b[order], stall=0.5).c,
        check(spec.override(array="systolic-ws", rows=3, cols=5), a, b).c,
        check(spec.override(array="adder-tree", depth=5), a, b).c,
        check(spec.override(array="cube", depth=3), a, b).c,
    ]
    for other in results[1:]:
        np.testing.assert_array_equal(other, results[0])


@pytest.mark.parametrize(("element", "acc"), [("fmac", "e4m4"), ("lmul", "q24.22")])
def test_a_fault_in_any_line_is_found(element: str, acc: str) -> None:
    """The fixed-point sums have more bits than fp32, so that they are rounded."""
    spec = EngineSpec.make(
        element=element, array="systolic-os", rows=1, cols=1, a="e3m3", b="e5m2", acc=acc
    )
    # All pairs of operands one by one, sums of two, and sums of many, special ones among them.
    left, right = all_values("e3m3"), all_values("e5m2")
    x, y = (side.reshape(-1) for side in np.meshgrid(left, left))
    ones = np.ones((2, 1), np.float32)
    a, b = random_operands(spec, 20, 17, 20, seed=4)
    special_a, special_b = a.copy(), b.copy()
    special_a[:2, 3], special_b[5, :2] = np.inf, np.nan
    runs = [
        (left[:, None], right[None, :]),
        (np.stack([x, y], axis=1), ones),
        (a, b),
        (special_a, special_b),
    ]
    with np.errstate(over="ignore", invalid="ignore"):
        assert not undetected(spec, r"(?:step|resolve)\w*", runs)
