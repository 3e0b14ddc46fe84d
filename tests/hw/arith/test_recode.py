"""Recoders give the golden digits of every number."""

import pytest

from golden.formats import IntFormat
from golden.recodings import RECODINGS, Recoding
from hw.arith.recode import RECODERS, digit_layout, recoder
from hw.combinational import evaluate

pytestmark = pytest.mark.fast

FORMATS = [IntFormat(bits, signed) for bits in range(2, 9) for signed in (True, False)]
WIDE = [(name, IntFormat(12, True)) for name in ("naf", "wnaf3", "wnaf4")]
CASES = [(name, number) for name in RECODERS for number in FORMATS] + WIDE


def _digits(code: int, recoding: Recoding, number: IntFormat) -> list[int]:
    layout, digits = digit_layout(recoding), []
    for index in range(recoding.count(number)):
        digit = code >> layout.size * index & (1 << layout.size) - 1
        one, two, neg = (digit >> bit & 1 for bit in range(3))
        assert not (one and two)
        assert one or two or not neg
        multiple = 2 * (digit >> 3) + 1
        digits.append((-multiple if neg else multiple) * (one + 2 * two))
    return digits


def test_every_recoding_has_its_hardware() -> None:
    assert list(RECODERS) == list(RECODINGS)


@pytest.mark.parametrize(("name", "number"), CASES, ids=str)
def test_digits_of_every_number(name: str, number: IntFormat) -> None:
    values = range(number.min, number.max + 1)
    codes = evaluate(recoder(name, number)(), [{"i": int(number.encode(v))} for v in values])
    recoding = RECODINGS[name]
    found = [_digits(code, recoding, number) for code in codes]
    assert found == recoding.digits(values, number).tolist()
