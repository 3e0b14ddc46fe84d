"""Fixed-point accumulators as formats: wide enough, their codes, their names."""

from fractions import Fraction

import numpy as np
import pytest

from golden.fixed import WIDEST, FixedNumber, FixedPoint, exact_fixed_point, parse_fixed_point
from golden.floats import NAMED_FLOATS
from golden.lmul import LMul

pytestmark = pytest.mark.fast


@pytest.mark.parametrize(("a", "b"), [("e4m3", "e4m3"), ("e5m2", "bf16"), ("e2m1", "e3m4")])
def test_the_exact_accumulator_is_wide_enough(a: str, b: str) -> None:
    left, right = NAMED_FLOATS[a], NAMED_FLOATS[b]
    acc = exact_fixed_point(left, right)
    largest = LMul(left, right).reference(left.max_code, right.max_code)
    assert largest * 2**16 < 2.0 ** (acc.integer - 1)
    smallest = Fraction(left.decode_reference(1)) * Fraction(right.decode_reference(1))
    assert smallest * 2**acc.fraction == 1
    assert acc.width <= WIDEST


def test_codes_of_a_fixed_point_result_are_its_units() -> None:
    number = FixedNumber(3, 2)
    values = np.arange(-16, 16) / 4
    assert (number.bits, number.min, number.max) == (5, values[0], values[-1])
    assert number.encode(values).tolist() == [units % 32 for units in range(-16, 16)]
    assert np.array_equal(number.decode(number.encode(values)), values)
    assert number.contains(values)
    assert not any(number.contains([value]) for value in (4.0, -4.25, 0.125, np.inf, np.nan))
    wide = FixedNumber(20, 33)
    ends = np.array([wide.min, wide.max])
    assert np.array_equal(wide.decode(wide.encode(ends)), ends)
    assert wide.contains(ends)


def test_names() -> None:
    for acc in (FixedPoint(12, 20), FixedPoint(1, 1), FixedPoint(300, 266)):
        assert parse_fixed_point(acc.name) == acc
    for name in ("q0.3", "q1.0", "q12", "q12.-1", "q500.500", "Q3.4", "fp32"):
        assert parse_fixed_point(name) is None
