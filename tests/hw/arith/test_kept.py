"""Sums that are kept in two parts: every state that they can reach, with every product added."""

import pytest

from golden.formats import IntFormat, parse_format
from hw.arith.booth import BoothEncoder
from hw.arith.kept import CarrySave, Count, Keeping, Kept, Resolve, Resolved
from hw.arith.sums import Inputs, Products, example
from hw.combinational import evaluate

pytestmark = pytest.mark.fast

WIDTH = 16

KEEPINGS = [Resolved(), *map(CarrySave, (3.0, 5.0, 32.0))]


def _products(a: str, b: str) -> tuple[Products, Inputs]:
    x, y = parse_format(a), parse_format(b)
    assert isinstance(x, IntFormat) and isinstance(y, IntFormat)
    products = Products(a=x, b=y, depth=1)
    constant = example(products, WIDTH).take_constant()
    return products, Inputs(products=products, constant=constant)


def _low(kept: Kept, bits: int) -> int:
    """The low part, a number in two's complement of any form."""
    total = sum((bits >> index & 1) << column for index, column in enumerate(kept.layout))
    top = len(kept.layout) - 1
    return total - ((bits >> top & 1) << len(kept.heights))


@pytest.mark.parametrize("keeping", KEEPINGS, ids=str)
@pytest.mark.parametrize(("a", "b"), [("int2", "int2"), ("uint2", "int2")])
def test_every_sum_that_can_be_reached(keeping: Keeping, a: str, b: str) -> None:
    products, inputs = _products(a, b)
    kept = keeping.split(inputs, WIDTH, products.ends)
    assert kept.high == WIDTH - len(kept.heights) > 0
    step = kept.accumulate(inputs)()
    x, y = (range(number.min, number.max + 1) for number in (products.a, products.b))
    digits = evaluate(BoothEncoder(products.a), [{"i": value % 2**products.a.bits} for value in x])
    pairs = [
        (value * other, {"a": code, "b": other % 2**products.b.bits})
        for value, code in zip(x, digits, strict=True)
        for other in y
    ]
    low = len(kept.layout)
    seen, new, overflows = {0}, [0], set()
    while new:
        cases = [(state, product, ports) for state in new for product, ports in pairs]
        results = evaluate(step, [{"state": state, **ports} for state, _, ports in cases])
        new = []
        for (state, product, _), o in zip(cases, results, strict=True):
            left, waits = o % 2**low, o >> low
            overflow = (left >> low - 1) - waits
            assert _low(kept, left) + (overflow << len(kept.heights)) == (
                _low(kept, state) + product
            )
            overflows.add(overflow)
            if left not in seen:
                seen.add(left)
                new.append(left)
    assert overflows == {-1, 0, 1}


@pytest.mark.parametrize("keeping", KEEPINGS, ids=str)
def test_a_short_sum_is_whole(keeping: Keeping) -> None:
    products, inputs = _products("int4", "int4")
    for width in range(2, 9):
        kept = keeping.split(inputs, width, products.ends)
        assert kept == keeping.whole(inputs, width)
        assert kept.high == 0


@pytest.mark.parametrize("width", [1, 2, 3, 9])
def test_the_high_part_counts_up_and_down(width: int) -> None:
    cases = [
        {"i": i, "sign": sign, "waits": waits}
        for i in range(2**width)
        for sign in (0, 1)
        for waits in (0, 1)
    ]
    wanted = [(case["i"] + case["sign"] - case["waits"]) % 2**width for case in cases]
    assert evaluate(Count(width), cases) == wanted


def test_a_sum_in_two_parts_is_one_number() -> None:
    # Columns 0 to 2 in 5 bits, one that waits, and two that count: every state there is.
    heights = [1, 2, 2]
    wanted = []
    for bits in range(2**8):
        low = sum((bits >> index & 1) << column for index, column in enumerate([0, 1, 1, 2, 2]))
        wanted.append((low - 8 * (bits >> 5 & 1) + 8 * (bits >> 6)) % 32)
    assert evaluate(Resolve(heights, high=2), [{"i": bits} for bits in range(2**8)]) == wanted
