"""Dot products in groups: the fast model against the scalar one, widths, and weights split up."""

from typing import Any

import numpy as np
import pytest

from golden.fitting import fitted, unfit
from golden.fixed import FixedPoint, parse_scaled
from golden.floats import FloatFormat, parse_float
from golden.formats import IntFormat, parse_format
from golden.groups import (
    FloatGroups,
    Groups,
    IntegerGroups,
    grouped_gemm,
    grouped_reference,
    parse_groups,
)
from golden.quantize import QuantizedWeights, quantize
from golden.spec import EngineSpec, SpecError

pytestmark = pytest.mark.fast

EXACT = FixedPoint(48, 150)
"""Holds every sum of these tests without rounding."""


def _groups(a: str = "int8", b: str = "int4", **options: Any) -> Groups:
    zeros = "off" if b.startswith("int") else "on"
    given = {"group": "8", "scale": "fp16", **options}
    return parse_groups(parse_float(a) or parse_format(a), parse_format(b), zeros=zeros, **given)


def _operands(groups: Groups, m: int, k: int, n: int, seed: int = 0) -> tuple[Any, Any]:
    random = np.random.default_rng(seed)
    if isinstance(groups.a, FloatFormat):
        codes = random.integers(0, groups.a.max_code, (m, k), endpoint=True)
        a = groups.a.decode(codes | random.integers(0, 2, (m, k)) << groups.a.magnitude_bits)
    else:
        a = random.integers(groups.a.min, groups.a.max, (m, k), endpoint=True)
    weights = quantize(
        random.normal(0, 1, (k, n)) * 2.0 ** random.integers(-3, 3, n),
        bits=groups.b.bits,
        group=groups.group,
        scale=groups.scale,
        zero_point=groups.zeros,
    )
    return a, weights


@pytest.mark.parametrize("acc", ["fp32", "bf16", "fp16", "q12.9", "q3.2"])
@pytest.mark.parametrize("scale", ["fp16", "fp32", "pow2"])
@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("int8", "int4"),
        ("int4", "int8"),
        ("uint8", "uint2"),
        ("int16", "uint3"),
        ("fp16", "int4"),
        ("bf16", "int3"),
        ("e4m3", "int8"),
    ],
)
def test_the_fast_model_is_the_scalar_one(a: str, b: str, scale: str, acc: str) -> None:
    groups = _groups(a, b, scale=scale)
    for k in (1, 8, 21):
        operands = _operands(groups, 5, k, 4, seed=k)
        total = parse_scaled(acc, integers=isinstance(groups, IntegerGroups))
        fast = grouped_gemm(*operands, groups, total).c
        assert np.array_equal(fast, grouped_reference(*operands, groups, total))


@pytest.mark.parametrize("acc", ["fp32", "q20.10"])
def test_special_activations(acc: str) -> None:
    groups = _groups("fp16", "int4")
    a, weights = _operands(groups, 6, 21, 4)
    a[0, 3], a[1, 9], a[2, 20] = np.nan, np.inf, -np.inf
    a[3], a[4] = 0.0, -0.0
    a[5] = groups.a.max
    total = parse_scaled(acc, integers=False)
    c = grouped_gemm(a, weights, groups, total).c
    assert np.array_equal(c, grouped_reference(a, weights, groups, total), equal_nan=True)
    assert np.isnan(c[:3]).all()
    assert not c[3:5].any()


def test_scaled_integers_in_fixed_point_are_rounded_to_nearest() -> None:
    groups = _groups("int8", "int4", group="1", scale="pow2")
    total = parse_scaled("q3.2", integers=True)
    a = np.array([[1], [-1], [3], [-3], [5]])
    scales = np.array([[1 / 8, 1 / 16, 1.0]], np.float32)
    weights = QuantizedWeights(
        codes=np.ones((1, 3), int),
        scales=scales,
        zeros=None,
        weights=IntFormat(4, signed=True),
        group=1,
        scale="pow2",
    )
    # Units of 1/4: halves go up, and sums wrap at 4.
    expected = [[0.25, 0, 1], [0, 0, -1], [0.5, 0.25, 3], [-0.25, -0.25, -3], [0.75, 0.25, -3]]
    assert grouped_gemm(a, weights, groups, total).c.tolist() == expected


@pytest.mark.parametrize("group", [1, 3, 16, 128])
@pytest.mark.parametrize(("a", "b"), [("fp16", "int4"), ("fp16", "int2"), ("e4m3", "int8")])
def test_floating_point_sums_of_a_group_are_exact(a: str, b: str, group: int) -> None:
    groups = _groups(a, b, group=str(group))
    assert isinstance(groups, FloatGroups)
    half = 2 ** (groups.sum.width - 1)
    units = int(groups.a.max * 2.0**groups.sum.fraction) * -groups.b.min * group
    assert half // 2 <= units < half
    assert groups.a.contains([2.0**-groups.sum.fraction])


@pytest.mark.parametrize("b", ["int4", "uint4"])
def test_it_is_the_product_with_dequantized_weights(b: str) -> None:
    groups = _groups("int8", b)
    a, weights = _operands(groups, 6, 50, 7)
    exact = a.astype(np.float64) @ weights.dequantized()
    assert np.array_equal(grouped_gemm(a, weights, groups, EXACT).c, exact.astype(np.float32))


@pytest.mark.parametrize("group", [1, 2, 3, 16, 100, 128])
@pytest.mark.parametrize(
    ("a", "b"), [("int8", "int4"), ("uint8", "int4"), ("int8", "uint4"), ("int2", "int2")]
)
def test_sums_have_the_fewest_bits(a: str, b: str, group: int) -> None:
    groups = _groups(a, b, group=str(group))
    steps = [groups.b.min, groups.b.max]
    if groups.zeros:
        steps = [-groups.b.max, groups.b.max]
    sums = [group * x * w for x in (groups.a.min, groups.a.max) for w in steps]
    assert groups.sum.contains(sums)
    assert not IntFormat(groups.sum.bits - 1, signed=True).contains(sums)


@pytest.mark.parametrize("engine", ["int4", "uint4"])
@pytest.mark.parametrize("weights", ["int2", "int3", "int4", "int6", "int8"])
@pytest.mark.parametrize("k", [5, 8, 21])
def test_one_engine_takes_every_width(engine: str, weights: str, k: int) -> None:
    groups, wide = _groups("int8", engine), _groups("int8", weights)
    a, w = _operands(wide, 4, k, 5, seed=k)
    if weights == "int8":
        # Two digits of four bits hold -136 to 119.
        w = QuantizedWeights(**{**vars(w), "codes": np.clip(w.codes, -128, 119)})
    assert not unfit(groups, w)
    again, narrow = fitted(groups, a, w)
    digits = 2 if wide.b.bits > 4 else 1
    whole = w.k if digits == 1 and w.weights == groups.b else min(8, k) * w.groups
    assert (narrow.k, again.shape) == (digits * whole, (4, digits * whole))
    assert narrow.weights == groups.b
    assert groups.b.contains(narrow.codes)
    assert np.array_equal(
        grouped_gemm(again, narrow, groups, EXACT).c, grouped_gemm(a, w, wide, EXACT).c
    )


def test_eight_bits_with_zero_points_on_four() -> None:
    groups, wide = _groups("int8", "uint4"), _groups("int8", "uint8")
    a, w = _operands(wide, 4, 21, 5)
    assert not unfit(groups, w)
    assert np.array_equal(
        grouped_gemm(*fitted(groups, a, w), groups, EXACT).c, grouped_gemm(a, w, wide, EXACT).c
    )


def test_what_does_not_fit_is_said_at_once() -> None:
    groups = _groups("int8", "int3")
    _, w = _operands(_groups("int8", "uint8", group="9"), 1, 20, 2)
    assert unfit(groups, w) == [
        "uint8 given, use at most 6 bits",
        "groups of 9 given, use at most 8",
        "zero points given, use an engine with zeros = 'on'",
    ]
    _, w = _operands(_groups("int8", "int8"), 1, 20, 2)
    assert unfit(_groups(), w) == [
        "codes up to 127 given, two digits of int4 hold 119: use zero points"
    ]
    _, w = _operands(_groups("int8", "int4", scale="fp32"), 1, 20, 2)
    assert unfit(_groups(), w) == ["scales given that are no numbers of fp16"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"b": "uint4"}, "zeros = 'off': use it with b = int4"),
        ({"b": "int4", "options": {"zeros": "on"}}, "zeros = 'on': use it with b = uint4"),
        ({"a": "int20"}, "a has 20 bits: use 2 to 16"),
        ({"b": "int9"}, "b has 9 bits: use 2 to 8"),
        ({"acc": "int32"}, "'int32' is not an accumulator: use qI.F"),
        ({"acc": "q30.24"}, "'q30.24' has 54 bits"),
        ({"acc": "exact"}, "'exact' is not an accumulator: use qI.F"),
        ({"a": "float9"}, "'float9' is not a format"),
        (
            {"a": "fp16", "b": "uint4", "options": {"zeros": "on"}},
            "zeros = 'on': with a = 'fp16' weights have no zero points",
        ),
        ({"options": {"group": 0}}, "group = '0': use 1 to 65535"),
        (
            {"a": "int16", "b": "int8", "options": {"scale": "fp32"}},
            "scale = 'fp32': with group = 128 the product of a sum and its scale has 54 bits",
        ),
    ],
)
def test_errors(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(SpecError) as error:
        EngineSpec.make(element="mixpe", array="systolic-os", **changes)
    assert said in str(error.value)
