"""Descriptions agree with the spec's own formulas and with the Verilog."""

import numpy as np
import pytest

from golden.loading import load_spec
from golden.spec import EngineSpec
from hw.verilog import generate
from tests.golden.specs import engines
from tpe.verbs.describe import describe

pytestmark = pytest.mark.fast

ENGINES = engines(2, 3)


@pytest.mark.parametrize("spec", ENGINES, ids=lambda spec: spec.name)
def test_ports_and_pace(spec: EngineSpec) -> None:
    found = describe(spec)
    assert found.ports == generate(spec).ports
    assert (found.name, found.hash) == (spec.name, spec.hash)
    peak = 6 * spec.depth
    assert found.peak_macs_per_cycle == peak
    for pace in found.pace:
        assert pace.latency_cycles == spec.latency(pace.k)
        assert 0 < pace.macs_per_cycle <= peak
        assert pace.macs_per_cycle * pace.cycles_per_tile == pytest.approx(6 * pace.k)
    assert found.k in [pace.k for pace in found.pace]
    assert found.latency_cycles == spec.latency(found.k)


def test_shallow_tiles_are_bound_by_the_port_of_c() -> None:
    """K = 1 on 4 x 4: four rows of C leave in four cycles for 16 products."""
    (shallow,) = [
        pace for pace in describe(load_spec("mac-os", ["rows=4", "cols=4"])).pace if pace.k == 1
    ]
    assert (shallow.cycles_per_tile, shallow.macs_per_cycle) == (4, 4)


def test_digits_and_pace_are_those_of_the_operands() -> None:
    spec = load_spec("opt4c-column", ["rows=2", "cols=3"])
    a = np.array([[1, 5, 0, 127], [-128, 2, 3, 0]], np.int8)
    b = np.full((4, 3), 7, np.int8)
    found = describe(spec, a, b)
    digits = {of.recoding: (of.average_a, of.average_b) for of in found.digits}
    # 5 = 4 + 1, 127 = 128 - 1, 3 = 4 - 1, 7 = 8 - 1; EN-T: 7 = 2 * 4 - 1.
    assert digits["naf"] == (9 / 8, 2)
    assert digits["bits"] == ((1 + 2 + 7 + 1 + 1 + 2) / 8, 3)
    assert digits["ent"] == (9 / 8, 2)
    assert found.operands == "operands as given"
    assert [pace.k for pace in found.pace] == [4]
    assert found.macs_per_cycle == spec.pace(a, b)
    busier = describe(spec, np.full_like(a, 85), b)
    assert busier.macs_per_cycle < found.macs_per_cycle
