"""Components priced by themselves."""

from functools import partial

import numpy as np
import pytest

from golden.formats import parse_format
from hw.arith.multiplier import Multiplier
from hw.pe.mac import Mac
from hw.plain import Plain
from hw.rivals.alone import Alone
from hw.rivals.alone import Plain as Unset
from hw.trigger.delay import Delay
from synth.block import BlockCost, price, price_clocked
from synth.errors import CostError

INT8 = parse_format("int8")
MULTIPLIER = partial(Multiplier, INT8, INT8, rows="booth")


def test_the_int8_multiplier_is_small() -> None:
    cost = price("multiplier", MULTIPLIER)
    assert cost.area_um2 <= 330
    assert cost.energy_pj is None


def test_faster_is_larger() -> None:
    smallest, best, fastest = (
        price("multiplier", MULTIPLIER, clock=clock) for clock in (None, "best", "fastest")
    )
    assert smallest.area_um2 <= best.area_um2 <= fastest.area_um2
    assert smallest.delay_ns >= best.delay_ns >= fastest.delay_ns
    assert product(best) <= min(product(smallest), product(fastest))


def product(cost: BlockCost) -> float:
    return cost.area_um2 * cost.delay_ns


def test_energy_grows_with_what_changes() -> None:
    def energy(values: np.ndarray) -> float:
        inputs = {name: values.astype(np.uint64) for name in "ab"}
        cost = price("multiplier", MULTIPLIER, inputs=inputs)
        assert cost.energy_pj is not None and cost.leakage_uw
        return cost.energy_pj

    random = np.random.default_rng(0).integers(0, 256, 1024)
    assert energy(np.full(1024, 77)) == 0
    assert 0 < energy(random % 16) < energy(random)


def test_a_delay_that_cannot_be_met() -> None:
    with pytest.raises(CostError, match="cannot be met"):
        price("multiplier", MULTIPLIER, clock=0.01)


def test_what_has_a_clock_has_flip_flops() -> None:
    """A register of eight bits and the valid bit beside it."""
    cost = price("delay", lambda: Plain(Delay(8, 1)))
    assert 9 * 4 < cost.sequential_area_um2 <= cost.area_um2
    assert price("multiplier", MULTIPLIER).sequential_area_um2 == 0


def test_what_has_registers_is_checked_while_it_runs() -> None:
    """The element `mac` by itself: sums of 20 products in 8 runs side by side."""
    short, acc = parse_format("int3"), parse_format("int9")
    rng = np.random.default_rng(1)
    a, b = (rng.integers(short.min, short.max + 1, (21, 8)) for _ in "ab")
    clear = np.zeros((21, 8), np.uint64)
    clear[1] = 1
    inputs = {"a": short.encode(a), "b": short.encode(b), "clear": clear}
    right = acc.encode((a * b)[:-1].sum(axis=0))
    make = partial(Alone, Unset(Mac(short, short, acc, accumulator="whole")))
    cost = price_clocked("mac", make, inputs, {"o": right}, clock=2.0)
    assert cost.delay_ns <= 2.0
    assert cost.sequential_area_um2 > 0
    idle = {name: np.zeros_like(codes) for name, codes in inputs.items()}
    idle["clear"] = clear
    still = price_clocked("mac", make, idle, {"o": np.zeros(8, np.uint64)}, clock=2.0)
    assert (still.energy_pj or 0) < (cost.energy_pj or 0)
    with pytest.raises(CostError, match="does not compute what o should be"):
        price_clocked("mac", make, inputs, {"o": right ^ np.uint64(1)}, clock=2.0)
