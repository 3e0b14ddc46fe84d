"""What L-Mul units cost, beside what was published and beside exact multipliers."""

from functools import partial

import pytest

from golden.floats import NAMED_FLOATS
from golden.lmul_codes import LMulCodes
from hw.floats.lmul_codes import LMulUnit
from hw.floats.multiplier import FloatMultiplier
from synth.block import price


@pytest.mark.parametrize(("name", "most"), [("e4m3", 100), ("bf16", 170)])
def test_lmul_units_are_small(name: str, most: float) -> None:
    """Open designs that were published take 113 and 181 to 256 um^2 in such a library."""
    rules = LMulCodes(NAMED_FLOATS[name])
    assert price(f"lmul_{name}", partial(LMulUnit, rules)).area_um2 <= most


def test_every_rule_costs_something() -> None:
    e4m3 = NAMED_FLOATS["e4m3"]

    def area(**rules: str) -> float:
        return price("lmul_e4m3", partial(LMulUnit, LMulCodes(e4m3, **rules))).area_um2

    complete = area()
    assert area(specials="ignore") < complete
    assert complete < price("multiply_e4m3", partial(FloatMultiplier, e4m3)).area_um2
