"""Integer formats against Python's own integers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from golden.formats import ACCUMULATOR_BITS, OPERAND_BITS, IntFormat, parse_format

pytestmark = pytest.mark.fast

FORMATS = [
    IntFormat(bits=bits, signed=signed) for bits in ACCUMULATOR_BITS for signed in (False, True)
]
NARROW = [number for number in FORMATS if number.bits <= 8]


def values_of(number: IntFormat) -> list[int]:
    """Every value of a narrow format, from its definition: sum of bits times weights."""
    weights = [1 << i for i in range(number.bits)]
    if number.signed:
        weights[-1] = -weights[-1]
    return [
        sum(weight for i, weight in enumerate(weights) if code >> i & 1)
        for code in range(1 << number.bits)
    ]


@pytest.mark.parametrize("number", FORMATS, ids=lambda number: number.name)
def test_range_name_and_dtype(number: IntFormat) -> None:
    assert number.max - number.min == 2**number.bits - 1
    assert number.min == (-(2 ** (number.bits - 1)) if number.signed else 0)
    assert parse_format(number.name, ACCUMULATOR_BITS) == number
    info = np.iinfo(number.dtype)
    assert info.min <= number.min <= number.max <= info.max
    assert info.bits == 8 or info.bits // 2 < number.bits


@pytest.mark.parametrize("number", NARROW, ids=lambda number: number.name)
def test_decode_is_the_sum_of_weighted_bits(number: IntFormat) -> None:
    codes = np.arange(1 << number.bits)
    assert number.decode(codes).tolist() == values_of(number)
    assert number.decode(codes).dtype == number.dtype


@pytest.mark.parametrize("number", FORMATS, ids=lambda number: number.name)
def test_encode_and_decode_are_inverse(number: IntFormat) -> None:
    values = np.array(
        sorted({number.min, number.min + 1, 0, 1, number.max - 1, number.max}), number.dtype
    )
    codes = number.encode(values)
    assert codes.dtype == np.uint64
    assert int(codes.max()) < 2**number.bits
    np.testing.assert_array_equal(number.decode(codes), values)


@pytest.mark.parametrize("number", FORMATS, ids=lambda number: number.name)
def test_decode_ignores_bits_above_the_width(number: IntFormat) -> None:
    codes = np.array([0, 1, (1 << number.bits) - 1], np.uint64)
    dirty = codes | np.uint64((1 << 64) - (1 << number.bits))
    np.testing.assert_array_equal(number.decode(dirty), number.decode(codes))


@given(number=st.sampled_from(FORMATS), value=st.integers(-(2**70), 2**70))
def test_wrap_and_clamp(number: IntFormat, value: int) -> None:
    wrapped = number.wrap(value)
    assert number.min <= wrapped <= number.max
    assert (wrapped - value) % 2**number.bits == 0
    clamped = number.clamp(value)
    assert number.min <= clamped <= number.max
    assert clamped == value or abs(clamped - value) == min(
        abs(number.min - value), abs(number.max - value)
    )


def test_contains() -> None:
    number = parse_format("int5")
    assert number.contains([-16, 15])
    assert not number.contains([0, 16])
    assert not number.contains([-17])
    assert number.contains(np.zeros((0, 3), np.int8))


@pytest.mark.parametrize(
    "name", ["int1", "int33", "int0", "int08", "Int8", "int", "uint", "float32", "int8 ", "", "8"]
)
def test_other_names_are_refused_by_name(name: str) -> None:
    with pytest.raises(ValueError, match=rf"{name!r} is not a format: use intN or uintN"):
        parse_format(name, OPERAND_BITS)
