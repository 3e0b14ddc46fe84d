"""Arrays priced by their modules against the same arrays priced whole."""

import pytest

from golden.loading import load_spec
from golden.spec import EngineSpec
from hw import verilog
from synth import pricing, scaling
from synth.abc import technology_map
from synth.cost import estimate
from synth.fanout import buffered
from synth.inverted import with_inverted_outputs
from synth.liberty import default_liberty
from synth.library import Library
from synth.netlist import flatten
from synth.recipes import RECIPES
from synth.report import Cost
from synth.rtl import elaborate

NARROW = ["a=int3", "b=int3", "acc=int8"]


@pytest.mark.parametrize("preset", ["mac-os", "mac-ws", "opt1-os", "opt1-ws"])
def test_area_is_that_of_flat_synthesis(preset: str, nangate: Library) -> None:
    """Module by module never finds more than flat synthesis, and hardly less.

    Across modules flat synthesis merges equal registers of neighbours and shares clock gates.
    """
    spec = load_spec(preset, ["rows=8", "cols=8"])
    design = verilog.generate(spec)
    flat = elaborate(design.verilog, design.top, [], nangate, "ripple")
    recipe = next(recipe for recipe in RECIPES if recipe.name == "area")
    mapped = technology_map(flat[design.top], nangate, [(recipe, None)])[0]
    netlist = flatten({design.top: mapped}, design.top, nangate)
    whole = buffered(with_inverted_outputs(netlist)).area
    assert 1.0 <= estimate(spec, activity=0.1).area_um2 / whole <= 1.03


def best(spec: EngineSpec) -> Cost:
    """A price that is not kept: it would be found again whatever the limits are."""
    return pricing.price(
        spec,
        None,
        None,
        liberty=default_liberty(),
        clock="best",
        activity=None,
        stall=0.0,
        scale=None,
        wires="library",
        buffers=None,
        element_only=False,
        report=lambda share: None,
    )


@pytest.mark.parametrize("preset", ["mac-os", "opt1-ws"])
def test_a_small_array_stands_for_a_large_one(preset: str, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = load_spec(preset, ["rows=3", "cols=9", *NARROW])
    monkeypatch.setattr("synth.pricing.TIMED", 9)
    monkeypatch.setattr("synth.pricing.RUN", 9)
    exact = best(spec)
    monkeypatch.setattr("synth.pricing.RUN", 3)
    scaled = best(spec)
    monkeypatch.setattr("synth.pricing.TIMED", 6)
    small = best(spec)
    assert scaled.area_um2 == exact.area_um2
    assert scaled.delay_ns == exact.delay_ns
    assert scaled.energy_per_mac_pj == pytest.approx(exact.energy_per_mac_pj, rel=0.1)
    assert scaled.leakage_uw == pytest.approx(exact.leakage_uw, rel=0.05)
    # The least product is flat: areas that differ have other periods.
    assert small.area_delay_per_mac == pytest.approx(exact.area_delay_per_mac, rel=0.03)
    assert small.area_um2 == pytest.approx(exact.area_um2, rel=0.1)
    assert small.delay_ns == pytest.approx(exact.delay_ns, rel=0.1)


@pytest.mark.fast
def test_limits_leave_small_arrays_alone() -> None:
    spec = load_spec("mac-os", ["rows=3", "cols=30"])
    assert scaling.limited(spec, 30) == spec
    assert (scaling.limited(spec, 8).rows, scaling.limited(spec, 8).cols) == (3, 8)
