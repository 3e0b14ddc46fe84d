"""L-Mul: formulas against fast twins, the published error table, offsets, and every rule."""

from itertools import product
from typing import Any, get_args

import numpy as np
import pytest

from golden.floats import NAMED_FLOATS, FloatFormat, parse_float
from golden.lmul import (
    BEST_OFFSETS,
    Form,
    LMul,
    Subnormals,
    best_offset,
    paper_offset,
    relative_errors,
)
from golden.lmul_codes import LMulCodes
from golden.products import ExactMultiplier, Multiplier

pytestmark = pytest.mark.fast

E4M3, E5M2, BF16 = (NAMED_FLOATS[name] for name in ("e4m3", "e5m2", "bf16"))
PAIRS = [("e4m3", "e4m3"), ("e5m2", "e5m2"), ("e4m3", "e5m2"), ("e2m1", "e3m4")]
RULES: list[dict[str, Any]] = [
    {"offset": "paper", "form": "value"},
    {"offset": 3, "subnormals": "linear"},
    {"offset": -1, "specials": "ignore"},
    {"offset": "none", "cut": 2},
]


def number(name: str) -> FloatFormat:
    found = parse_float(name)
    assert found is not None
    return found


def check_all_pairs(multiplier: Multiplier, a: FloatFormat, b: FloatFormat) -> None:
    x, y = np.arange(1 << a.bits), np.arange(1 << b.bits)
    got = multiplier.multiply(x[:, None], y[None, :]).values()
    expected = [[multiplier.reference(i, j) for j in y.tolist()] for i in x.tolist()]
    np.testing.assert_array_equal(got, expected)
    known = ~np.isnan(got)
    np.testing.assert_array_equal(np.signbit(got)[known], np.signbit(expected)[known])


@pytest.mark.parametrize(
    ("a", "b", "rules"),
    [*((a, b, {}) for a, b in PAIRS), *(("e4m3", "e5m2", rules) for rules in RULES)],
    ids=str,
)
def test_all_pairs_equal_the_formulas(a: str, b: str, rules: dict[str, Any]) -> None:
    check_all_pairs(LMul(number(a), number(b), **rules), number(a), number(b))


@pytest.mark.parametrize(("a", "b"), [("e4m3", "e4m3"), ("e5m2", "e5m2"), ("e2m1", "e2m1")])
def test_carry_equals_its_formula(a: str, b: str) -> None:
    check_all_pairs(LMul(number(a), number(b), "none", carry=True), number(a), number(b))


@pytest.mark.parametrize("subnormals", ["keep", "flush"])
@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_exact_products_of_all_pairs(a: str, b: str, subnormals: Any) -> None:
    with np.errstate(invalid="ignore"):
        check_all_pairs(ExactMultiplier(number(a), number(b), subnormals), number(a), number(b))


PUBLISHED = {
    # mantissa bits: bit form, value form, both with the paper's offset, and no offset
    2: (0.147, 0.111, 0.036),
    3: (0.0524, 0.0689, 0.0378),
    4: (0.0514, 0.0694, 0.0383),
    5: (0.0267, 0.0731, 0.0384),
    6: (0.0266, 0.0744, 0.0385),
}


@pytest.mark.parametrize("bits", PUBLISHED)
def test_mean_relative_errors(bits: int) -> None:
    paper = paper_offset(bits)
    forms: list[tuple[int, Form]] = [(paper, "bit"), (paper, "value"), (0, "bit")]
    for (offset, form), published in zip(forms, PUBLISHED[bits], strict=True):
        mean = np.abs(relative_errors(bits, bits, offset, form=form)).mean()
        assert mean == pytest.approx(published, abs=0.5 * 10.0 ** -len(str(published)[2:]))


def test_ranges_of_the_errors() -> None:
    e4m3 = relative_errors(3, 3, paper_offset(3))
    assert (e4m3.min(), e4m3.max()) == pytest.approx((-0.030, 0.125), abs=5e-4)
    long = relative_errors(10, 10, paper_offset(10))
    assert (long.min(), long.max()) == pytest.approx((-0.073, 0.0625), abs=1e-3)
    mitchell = relative_errors(10, 10, 0)
    assert (mitchell.min(), mitchell.max()) == pytest.approx((-1 / 9, 0), abs=1e-4)


@pytest.mark.parametrize(
    ("name", "constant"),
    [("fp32", -0x3F780000), ("bf16", -0x3F78), ("fp16", -15296), ("e4m3", -55), ("e5m2", -59)],
)
def test_the_papers_constants(name: str, constant: int) -> None:
    assert LMulCodes(NAMED_FLOATS[name], "paper").constant == constant


@pytest.mark.parametrize("bits", range(8))
def test_best_offsets(bits: int) -> None:
    assert best_offset(bits, bits) == BEST_OFFSETS[bits]
    best, none, paper = (
        np.abs(relative_errors(bits, bits, offset)).mean()
        for offset in (BEST_OFFSETS[bits], 0, paper_offset(bits))
    )
    assert best <= min(none, paper)
    assert bits < 4 or best < min(none, paper)


def test_best_offset_of_ten_bits_is_a_minimum() -> None:
    errors = [
        np.abs(relative_errors(10, 10, BEST_OFFSETS[10] + step)).mean() for step in (-1, 0, 1)
    ]
    assert errors[1] < min(errors[0], errors[2])


@pytest.mark.parametrize(("a_bits", "b_bits"), [*product([1, 2, 3], repeat=2)])
def test_carry_beats_mitchell_below_four_bits(a_bits: int, b_bits: int) -> None:
    """Which no integer offset does there."""
    with_carry = np.abs(relative_errors(a_bits, b_bits, 0, carry=True)).mean()
    assert with_carry < np.abs(relative_errors(a_bits, b_bits, 0)).mean()


def test_no_carry_helps_two_bits_within_the_format() -> None:
    """Mitchell's product is a number of the format nearest to the exact one, for every pair."""
    exact = np.multiply.outer(1 + np.arange(4) / 4, 1 + np.arange(4) / 4)
    mitchell = exact * (1 + relative_errors(2, 2, 0))
    step = np.where(mitchell < 2, 1 / 4, 1 / 2)
    assert (np.abs(mitchell - exact) <= step / 2).all()


NARROW_RULES = [
    {"offset": offset, "subnormals": subnormals, "overflow": overflow, "specials": specials}
    for offset, subnormals, overflow, specials in product(
        ("best", "paper"),
        get_args(Subnormals),
        ("saturate", "infinity"),
        ("propagate", "ignore"),
    )
]


@pytest.mark.parametrize("rules", NARROW_RULES, ids=lambda rules: "-".join(rules.values()))
@pytest.mark.parametrize("name", ["e4m3", "e5m2", "e3m4", "e2m1"])
def test_codes_of_all_pairs_equal_the_reference(name: str, rules: dict[str, Any]) -> None:
    check_codes(LMulCodes(number(name), **rules))


def test_codes_with_a_carry_equal_the_reference() -> None:
    check_codes(LMulCodes(E4M3, "none", carry=True))
    check_codes(LMulCodes(E4M3, 1, carry=True, subnormals="linear"))


def check_codes(rules: LMulCodes) -> None:
    codes = range(1 << rules.number.bits)
    expected = [[rules.reference(x, y) for y in codes] for x in codes]
    np.testing.assert_array_equal(rules.multiply(np.array(codes)[:, None], codes), expected)


@pytest.mark.parametrize("name", ["bf16", "fp16", "fp32", "e8m5"])
def test_wide_codes_equal_the_reference(name: str) -> None:
    wide = number(name)
    rules = LMulCodes(wide)
    rng = np.random.default_rng(1)
    largest = wide.max_code
    special = [0, 1, 1 << wide.mantissa_bits, largest, largest + 1, largest + 2]
    codes = np.concatenate([special, rng.integers(0, 1 << wide.bits, 60)])
    codes = np.concatenate([codes, codes ^ (1 << wide.magnitude_bits)]).astype(np.int64)
    got = rules.multiply(codes[:, None], codes[None, :])
    assert got.tolist() == [[rules.reference(x, y) for y in codes.tolist()] for x in codes.tolist()]


def test_codes_are_the_unrounded_products_where_those_fit() -> None:
    """Two definitions of one thing: the code arithmetic, and the formula with its exponents."""
    codes = np.flatnonzero(~np.isnan(E4M3.decode(np.arange(256))))
    values = LMul(E4M3, E4M3).multiply(codes[:, None], codes).values()
    sizes = np.abs(values)
    fit = (sizes >= 2.0**-6) & (sizes <= E4M3.max)
    packed = E4M3.decode(LMulCodes(E4M3).multiply(codes[:, None], codes))
    np.testing.assert_array_equal(packed[fit], values[fit])
    assert (packed[sizes < 2.0**-6] == 0).all()
    assert (np.abs(packed[sizes > E4M3.max]) == E4M3.max).all()


def test_carry_within_e4m3_beats_mitchell() -> None:
    ones = (7 << 3) + np.arange(8)
    exact = np.multiply.outer(E4M3.decode(ones), E4M3.decode(ones)).astype(float)
    mean = {}
    for carry in (False, True):
        product = E4M3.decode(LMulCodes(E4M3, "none", carry=carry).multiply(ones[:, None], ones))
        mean[carry] = np.abs(product / exact - 1).mean()
    assert mean[False] == pytest.approx(0.0378, abs=1e-4)
    assert mean[True] == pytest.approx(0.0317, abs=1e-4)


def test_a_carry_where_there_is_no_rule_is_refused() -> None:
    with pytest.raises(ValueError, match="carry: on given for the bit form and 7 mantissa bits"):
        LMul(BF16, BF16, carry=True)
    with pytest.raises(ValueError, match="carry: on given for the value form"):
        LMul(E4M3, E4M3, form="value", carry=True)
    with pytest.raises(ValueError, match="carry: on given for 2 mantissa bits, use it for 3"):
        LMulCodes(E5M2, carry=True)
