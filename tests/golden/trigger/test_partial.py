"""Partial sums: added as numpy and ml_dtypes add, and slices of K that add up to the whole."""

from dataclasses import replace
from functools import reduce
from typing import Any

import ml_dtypes
import numpy as np
import pytest
from numpy.typing import NDArray

from golden.floats import FloatFormat, parse_float
from golden.spec import EngineSpec
from golden.trigger.partial import Partial
from sim.operands import random_operands

pytestmark = pytest.mark.fast

ORACLES = {
    "fp32": np.float32,
    "fp16": np.float16,
    "bf16": ml_dtypes.bfloat16,
    "e5m2": ml_dtypes.float8_e5m2,
    "e4m3": ml_dtypes.float8_e4m3fn,
    "e3m4": ml_dtypes.float8_e3m4,
}


def partial_of(element: str, array: str = "systolic-os", **fields: Any) -> Partial:
    return Partial(EngineSpec.make(element=element, array=array, **fields))


def pairs_of(number: FloatFormat) -> NDArray[np.uint64]:
    """All pairs of codes of up to 8 bits, else special ones, near ones and random ones: (2, n)."""
    if number.bits <= 8:
        every = np.arange(1 << number.bits, dtype=np.uint64)
        return np.stack([np.repeat(every, len(every)), np.tile(every, len(every))])
    least, one = 1 << number.mantissa_bits, number.bias << number.mantissa_bits
    top = number.max_code
    ends = [0, 1, 2, least - 1, least, least + 1, one - 1, one, one + 1, top - 1, top, top + 1]
    ends = [code | sign << number.magnitude_bits for code in ends for sign in (0, 1)]
    ends.append(int(number.nan_code or 0))
    special = np.array([(x, y) for x in ends for y in ends], np.uint64).T
    rng = np.random.default_rng(7)
    wild = rng.integers(0, 1 << number.bits, (2, 50_000), np.uint64)
    # Exponents close to each other, which is where digits cancel and roundings are ties.
    near = wild.copy()
    fields = rng.integers(0, 3, near.shape[1], np.uint64) << np.uint64(number.mantissa_bits)
    signs = rng.integers(0, 2, near.shape[1], np.uint64) << np.uint64(number.magnitude_bits)
    near[1] = ((near[0] + fields) & np.uint64(top)) ^ signs ^ (near[1] & np.uint64(least - 1))
    return np.concatenate([special, wild, near], axis=1)


@pytest.mark.parametrize("name", ORACLES)
def test_floats_are_added_as_others_add_them(name: str) -> None:
    number = parse_float(name)
    assert number
    x, y = pairs_of(number)
    partial = partial_of("fmac", acc=name)
    unsigned = {8: np.uint8, 16: np.uint16, 32: np.uint32}[number.bits]
    with np.errstate(invalid="ignore", over="ignore"):
        total = x.astype(unsigned).view(ORACLES[name]) + y.astype(unsigned).view(ORACLES[name])
        nan = np.isnan(total)
    expected = np.where(nan, number.nan_code, total.view(unsigned)).astype(np.uint64)
    np.testing.assert_array_equal(partial.add(x, y), expected)
    np.testing.assert_array_equal(partial.add(y, x), expected)


@pytest.mark.parametrize("name", ["e6m9", "e2m5", "tf32"])
def test_a_float_sum_is_the_exact_one_rounded(name: str) -> None:
    number = parse_float(name)
    assert number
    x, y = pairs_of(number)[:, ::50]
    for code, left, right in zip(partial_of("fmac", acc=name).add(x, y), x, y, strict=True):
        terms = [number.decode_reference(int(one)) for one in (left, right)]
        # A double holds any sum of two numbers of up to 16 bits of exponent and mantissa.
        expected = number.decode_reference(number.encode_reference(float(sum(terms))))
        np.testing.assert_equal(number.decode_reference(int(code)), expected)


@pytest.mark.parametrize("acc", ["int9", "int32", "int64", "uint64", "uint5"])
def test_integers_are_added_modulo_their_range(acc: str) -> None:
    partial = partial_of("mac", a="uint4", b="uint4", acc=acc)
    most = (1 << partial.bits) - 1
    x, y = np.random.default_rng(1).integers(0, most, (2, 1000), np.uint64, endpoint=True)
    expected = [(int(p) + int(q)) % (1 << partial.bits) for p, q in zip(x, y, strict=True)]
    assert partial.add(x, y).tolist() == expected


def test_fixed_point_sums_keep_their_nan() -> None:
    partial = partial_of("fmac", acc="q4.2")
    assert partial.bits == 7
    assert partial.add([1, 63, 64, 64, 65], [2, 2, 3, 64, 63]).tolist() == [3, 1, 67, 64, 64]
    np.testing.assert_equal(
        partial.finish([0, 1, 31, 32, 63, 64, 70]),
        np.array([0, 0.25, 7.75, -8, -0.25, np.nan, np.nan], np.float32),
    )


ENGINES: list[tuple[str, str, dict[str, Any]]] = [
    ("mac", "systolic-os", {"acc": "int12"}),
    ("mac", "cube", {"acc": "int32", "depth": 4}),
    ("opt1", "systolic-ws", {"a": "uint8", "acc": "int17"}),
    ("opt4e", "column", {}),
    ("fmac", "systolic-os", {"acc": "exact"}),
    ("fmac", "cube", {"acc": "exact", "depth": 4}),
    ("fmac", "adder-tree", {"depth": 4}),
    ("fmac", "matrix2d", {"a": "e4m3", "b": "e5m2", "acc": "q7.3"}),
    ("lmul", "systolic-ws", {"a": "e4m3", "b": "e4m3", "acc": "exact"}),
    ("mixpe", "systolic-os", {"acc": "q20.30", "options": {"group": "4"}}),
    ("mixpe", "systolic-os", {"a": "fp16", "acc": "q30.60", "options": {"group": "4"}}),
]


def slices(spec: EngineSpec, a: NDArray, b: Any, size: int) -> list[tuple[NDArray, Any]]:
    """A and B in slices of K."""
    starts = range(0, a.shape[1], size)
    if not spec.groups:
        return [(a[:, k : k + size], b[k : k + size]) for k in starts]
    return [
        (
            a[:, k : k + size],
            replace(
                b, codes=b.codes[k : k + size], scales=b.scales[k // b.group :][: size // b.group]
            ),
        )
        for k in starts
    ]


@pytest.mark.parametrize(("element", "array", "fields"), ENGINES, ids=str)
def test_slices_of_k_add_up_to_the_whole(element: str, array: str, fields: dict[str, Any]) -> None:
    partial = partial_of(element, array, **fields)
    a, b = random_operands(partial.spec, 5, 32, 4, seed=3)
    if a.dtype == np.float32 and partial.spec.a != "e4m3":
        a[0, 3], a[1, 20] = np.inf, np.nan
    whole = partial.spec.model(a, b).c
    parts = [partial.of(*pair) for pair in slices(partial.spec, a, b, 8)]
    assert len(parts) == 4
    for order in (parts, parts[::-1], parts[2:] + parts[:2]):
        np.testing.assert_array_equal(partial.finish(reduce(partial.add, order)), whole)


@pytest.mark.parametrize("acc", ["fp32", "bf16", "exact", "q30.8"])
def test_partial_sums_of_all_of_k_are_the_result(acc: str) -> None:
    partial = partial_of("fmac", acc=acc)
    a, b = random_operands(partial.spec, 6, 9, 5, dist="normal:0:3")
    np.testing.assert_array_equal(partial.finish(partial.of(a, b)), partial.spec.model(a, b).c)


def test_codes_beyond_64_bits_are_python_integers() -> None:
    partial = partial_of("fmac", acc="exact")
    assert partial.bits == 541
    codes = partial.of(np.ones((1, 1), np.float32), -np.ones((1, 1), np.float32))
    assert codes.dtype == object
    assert codes[0, 0] == (1 << 540) - (1 << 266)
    assert partial.add(codes, codes)[0, 0] == (1 << 540) - (1 << 267)


def test_clamped_sums_are_refused() -> None:
    spec = EngineSpec.make(element="mac", array="systolic-os", options={"overflow": "saturate"})
    with pytest.raises(ValueError, match="'saturate' given, use 'wrap'"):
        Partial(spec)
