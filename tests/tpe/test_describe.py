"""Descriptions agree with the spec's own formulas and with the Verilog."""

import pytest

from golden.spec import EngineSpec, load_spec
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
