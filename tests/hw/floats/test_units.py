"""Units that multiply within one format, L-Mul by every rule and exact, in Amaranth's simulator."""

from itertools import product
from typing import Any

import numpy as np
import pytest

from golden.floats import FloatFormat, parse_operand
from golden.lmul_codes import LMulCodes
from golden.products import ExactMultiplier
from hw.combinational import evaluate
from hw.floats.lmul_codes import LMulUnit
from hw.floats.multiplier import FloatMultiplier

pytestmark = pytest.mark.fast

RULES = [
    {"offset": offset, "subnormals": subnormals, "overflow": overflow, "specials": specials}
    for offset, subnormals, overflow, specials in product(
        ("best", "paper"), ("flush", "linear"), ("saturate", "infinity"), ("propagate", "ignore")
    )
]


def interesting_pairs(number: FloatFormat, count: int) -> list[tuple[int, int]]:
    """All pairs of codes if there are at most `count`, else special ones and random ones."""
    if 1 << 2 * number.bits <= count:
        return [*product(range(1 << number.bits), repeat=2)]
    hidden, bias = 1 << number.mantissa_bits, number.bias << number.mantissa_bits
    ends = [0, 1, hidden - 1, hidden, hidden + 1, bias - 1, bias, bias + 1]
    ends += [number.max_code - 1, number.max_code, number.max_code + 1, number.max_code + 2]
    ends += [(1 << number.magnitude_bits) - 1]
    ends += [code | 1 << number.magnitude_bits for code in ends]
    rng = np.random.default_rng(number.bits)
    return [*product(ends, repeat=2), *rng.integers(0, 1 << number.bits, (count, 2)).tolist()]


def check_lmul(rules: LMulCodes, count: int = 1 << 12) -> None:
    pairs = interesting_pairs(rules.number, count)
    got = evaluate(LMulUnit(rules), [{"x": x, "y": y} for x, y in pairs])
    x, y = np.array(pairs).T
    assert got == rules.multiply(x, y).tolist()


@pytest.mark.parametrize("rules", RULES, ids=lambda rules: "-".join(rules.values()))
@pytest.mark.parametrize("name", ["e3m2", "e2m3", "e2m2"])
def test_lmul_by_every_rule(name: str, rules: dict[str, Any]) -> None:
    check_lmul(LMulCodes(parse_operand(name), **rules))


@pytest.mark.parametrize("name", ["e4m3", "e5m2", "e3m4"])
def test_lmul_of_all_pairs_of_8_bits(name: str) -> None:
    check_lmul(LMulCodes(parse_operand(name)), 1 << 16)


@pytest.mark.parametrize("name", ["bf16", "fp16", "fp32", "tf32"])
def test_lmul_of_wide_formats(name: str) -> None:
    for offset in ("best", "paper", "none"):
        check_lmul(LMulCodes(parse_operand(name), offset), 2000)


def test_lmul_with_a_carry() -> None:
    check_lmul(LMulCodes(parse_operand("e4m3"), "none", carry=True), 1 << 16)


def rounded_product(number: FloatFormat, x: int, y: int) -> int:
    """The definition: exact, rounded as if exponents had no end, then zero or too large."""
    value = ExactMultiplier(number, number, "flush").reference(x, y)
    sign = (x ^ y) >> number.magnitude_bits << number.magnitude_bits
    if not np.isfinite(value):
        return sign | int(number.encode(abs(value))) & ((1 << number.magnitude_bits) - 1)
    fraction, exponent = np.frexp(abs(value))
    rounded = np.ldexp(np.rint(np.ldexp(fraction, number.mantissa_bits + 1)), exponent)
    rounded = np.ldexp(rounded, -number.mantissa_bits - 1)
    flushed = 0.0 if rounded < 2.0 ** (1 - number.bias) else rounded
    return sign | int(number.encode(flushed))


@pytest.mark.parametrize(("name", "count"), [("e4m3", 1 << 16), ("e5m2", 1 << 16), ("bf16", 4000)])
def test_the_exact_multiplier_rounds(name: str, count: int) -> None:
    number = parse_operand(name)
    pairs = interesting_pairs(number, count)
    got = evaluate(FloatMultiplier(number), [{"x": x, "y": y} for x, y in pairs])
    with np.errstate(invalid="ignore"):
        assert got == [rounded_product(number, x, y) for x, y in pairs]
