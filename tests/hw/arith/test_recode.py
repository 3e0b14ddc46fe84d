"""Recoders give the golden digits of every number."""

import pytest

from golden.formats import IntFormat
from golden.recodings import RECODINGS
from hw.arith.booth import DIGIT
from hw.arith.recode import RECODERS, recoder
from hw.combinational import evaluate

pytestmark = pytest.mark.fast

FORMATS = [IntFormat(bits, signed) for bits in range(2, 9) for signed in (True, False)]
CASES = [(name, number) for name in RECODERS for number in FORMATS] + [("naf", IntFormat(12, True))]


def _digits(code: int, count: int) -> list[int]:
    digits = []
    for index in range(count):
        one, two, neg = (code >> (DIGIT.size * index + bit) & 1 for bit in range(3))
        assert not (one and two)
        assert one or two or not neg
        digits.append((-1 if neg else 1) * (one + 2 * two))
    return digits


def test_every_recoding_has_its_hardware() -> None:
    assert list(RECODERS) == list(RECODINGS)


@pytest.mark.parametrize(("name", "number"), CASES, ids=str)
def test_digits_of_every_number(name: str, number: IntFormat) -> None:
    values = range(number.min, number.max + 1)
    codes = evaluate(recoder(name, number)(), [{"i": int(number.encode(v))} for v in values])
    count = RECODINGS[name].count(number)
    assert [_digits(code, count) for code in codes] == RECODINGS[name].digits(
        values, number
    ).tolist()
