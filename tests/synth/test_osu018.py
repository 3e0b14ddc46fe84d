"""Another library: OSU 180 nm, where it is installed (Debian's package `qflow-tech-osu018`)."""

from pathlib import Path

import pytest

from golden.loading import load_spec
from synth.cost import estimate

LIBERTY = Path("/usr/share/qflow/tech/osu018/osu018_stdcells.lib")

pytestmark = pytest.mark.skipif(not LIBERTY.exists(), reason="the OSU 180 nm library is not there")


@pytest.mark.parametrize("element", ["mac", "opt1"])
def test_engines_cost_more_at_180_nm(element: str) -> None:
    spec = load_spec(f"{element}-os", ["rows=2", "cols=2", "a=int4", "b=int4", "acc=int12"])
    old, new = (estimate(spec, liberty=liberty, clock="best") for liberty in (LIBERTY, None))
    assert "osu018" in old.library and old.corner == "typical, 1.8 V, 25 C"
    assert old.area_um2 > 10 * new.area_um2
    assert old.delay_ns > 2 * new.delay_ns
    assert old.energy_per_mac_pj > 5 * new.energy_per_mac_pj
