"""Bit Fusion's unit: bricks make the products that they should, in every mode."""

import numpy as np
import pytest

from golden.formats import parse_format
from golden.rivals.bitfusion import ACC, Mode, modes

pytestmark = pytest.mark.fast


@pytest.mark.parametrize("mode", modes(), ids=lambda mode: f"{mode.a.name}-{mode.b.name}")
def test_bricks_make_products(mode: Mode) -> None:
    rng = np.random.default_rng(mode.products)
    a = rng.integers(mode.a.min, mode.a.max + 1, (200, mode.products))
    b = rng.integers(mode.b.min, mode.b.max + 1, (200, mode.products))
    a[0], b[0], a[1], b[1] = mode.a.min, mode.b.min, mode.a.max, mode.b.min
    state = rng.integers(ACC.min, ACC.max + 1, 200)
    words = mode.words(a, b)
    factors = mode.factors(*words)
    assert (factors[0] == a).all() and (factors[1] == b).all()
    exact = [ACC.wrap(int(one)) for one in state + (a * b).sum(axis=1)]
    assert mode.step(state, *words).tolist() == exact
    reference = [mode.step_reference(*map(int, one)) for one in zip(state, *words, strict=True)]
    assert reference == exact


def test_other_widths_are_refused() -> None:
    with pytest.raises(ValueError, match="int6 given, use 2, 4 or 8 bits"):
        Mode(a=parse_format("int6"), b=parse_format("int8"))
