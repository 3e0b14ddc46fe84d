"""A multiplier by itself: every pair of operands."""

from itertools import product

import pytest

from golden.formats import parse_format
from hw.arith.multiplier import Multiplier
from hw.combinational import evaluate

pytestmark = pytest.mark.fast


@pytest.mark.parametrize("rows", ["booth", "bits"])
@pytest.mark.parametrize(
    ("a", "b"), [("int4", "int4"), ("int5", "uint3"), ("uint3", "int5"), ("uint4", "uint4")]
)
def test_every_product(rows: str, a: str, b: str) -> None:
    left, right = parse_format(a), parse_format(b)
    pairs = list(product(range(left.min, left.max + 1), range(right.min, right.max + 1)))
    inputs = [{"a": x % 2**left.bits, "b": y % 2**right.bits} for x, y in pairs]
    width = left.bits + right.bits
    assert evaluate(Multiplier(left, right, rows=rows), inputs) == [
        x * y % 2**width for x, y in pairs
    ]
