"""Recodings: digits mean the number, twins agree, and no other digits are fewer than NAF's."""

import numpy as np
import pytest

from golden.formats import IntFormat
from golden.recodings import RECODINGS, Recoding

pytestmark = pytest.mark.fast

FORMATS = [IntFormat(bits, signed) for bits in range(2, 17) for signed in (True, False)]
NARROW = [number for number in FORMATS if number.bits <= 10]

each_recoding = pytest.mark.parametrize("recoding", RECODINGS.values(), ids=RECODINGS)


def _all(number: IntFormat) -> np.ndarray:
    return np.arange(number.min, number.max + 1)


@each_recoding
@pytest.mark.parametrize("number", FORMATS, ids=lambda number: number.name)
def test_digits_mean_the_number(recoding: Recoding, number: IntFormat) -> None:
    values = _all(number)
    digits = recoding.digits(values, number)
    assert digits.shape == (len(values), recoding.count(number))
    odd = np.arange(1, 2 * recoding.multiples, 2)
    assert np.isin(np.abs(digits), [0, *odd, *2 * odd]).all()
    assert np.array_equal(digits @ recoding.radix ** np.arange(digits.shape[1]), values)


@each_recoding
@pytest.mark.parametrize("number", NARROW, ids=lambda number: number.name)
def test_twins_agree(recoding: Recoding, number: IntFormat) -> None:
    values = _all(number)
    reference = [recoding.digits_reference(int(value), number) for value in values]
    assert np.array_equal(recoding.digits(values, number), reference)


@pytest.mark.parametrize("number", [IntFormat(6, True), IntFormat(5, False)], ids=str)
@pytest.mark.parametrize("name", ["naf", "wnaf3", "wnaf4"])
def test_no_other_digits_are_fewer(name: str, number: IntFormat) -> None:
    """Of all sums of powers of two, and of odd multiples if the recoding has some: by search."""
    multiples = range(1, 2 * RECODINGS[name].multiples, 2)
    digits = [sign * m << place for m in multiples for place in range(9) for sign in (1, -1)]
    fewest = {0: 0}
    for used in range(1, number.bits):
        sums = {value + digit for value in fewest for digit in digits}
        fewest = dict.fromkeys(sums, used) | fewest
    found = RECODINGS[name].nonzero_digits(_all(number), number)
    assert found.tolist() == [fewest[int(value)] for value in _all(number)]


@each_recoding
@pytest.mark.parametrize("sigma", [10, 50])
def test_averages_tend_to_what_is_expected(recoding: Recoding, sigma: float) -> None:
    number = IntFormat(8, True)
    drawn = np.rint(np.random.default_rng(1).normal(0, sigma, 400_000))
    average = recoding.average_nonzero(np.clip(drawn, number.min, number.max), number)
    assert average == pytest.approx(recoding.expected_nonzero(number, sigma), abs=0.01)


@pytest.mark.parametrize(
    ("name", "published"),
    [
        ("naf", [1.734, 2.064, 2.258, 2.399, 2.488]),
        ("ent", [1.762, 2.115, 2.335, 2.490, 2.605]),
        ("booth4", [1.93, 2.29, 2.53, 2.67, 2.77]),
    ],
)
def test_averages_of_normal_int8_data(name: str, published: list[float]) -> None:
    """Samples by others of round(normal(0, sigma)) in int8, sigma = 10 to 50."""
    for sigma, average in zip((10, 20, 30, 40, 50), published, strict=True):
        expected = RECODINGS[name].expected_nonzero(IntFormat(8, True), sigma)
        assert expected == pytest.approx(average, abs=0.02)
