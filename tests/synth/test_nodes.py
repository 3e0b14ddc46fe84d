"""Figures scaled between nodes by the published tables."""

import pytest

from golden.loading import load_spec
from synth.cost import curve, estimate
from synth.errors import CostError
from synth.nodes import NODES, library_node, ratios

pytestmark = pytest.mark.fast


def test_the_published_ratios() -> None:
    by = ratios(45, 32)
    assert by.area == pytest.approx(0.46)
    # The paper's polynomials at 1.0 V and 0.9 V, by hand.
    assert by.delay == pytest.approx(8.357 / 12.5, rel=1e-3)
    assert by.energy == pytest.approx(0.45714 / 0.8612, rel=1e-3)


def test_there_and_back() -> None:
    there, back = ratios(45, 14), ratios(14, 45)
    assert there.area * back.area == pytest.approx(1)
    assert there.delay * back.delay == pytest.approx(1)
    assert there.energy * back.energy == pytest.approx(1)


@pytest.mark.parametrize("node", sorted(NODES))
def test_a_node_is_itself(node: int) -> None:
    by = ratios(node, node)
    assert (by.area, by.delay, by.energy) == (1, 1, 1)


def test_28_nm_lies_between_its_neighbours() -> None:
    large, between, small = (ratios(45, node) for node in (32, 28, 20))
    assert large.area > between.area > small.area
    assert large.energy > between.energy > small.energy


def test_nodes_outside_the_table() -> None:
    with pytest.raises(CostError, match="3 nm given, use 7 to 130"):
        ratios(45, 3)


def test_libraries() -> None:
    assert library_node("NangateOpenCellLibrary stdcells.lib") == 45
    with pytest.raises(CostError, match="not known, use FROM:TO"):
        library_node("something")


def test_a_scaled_price_says_so_and_agrees_with_itself() -> None:
    spec = load_spec("mac-os")
    plain = estimate(spec, element_only=True, activity=0.1)
    scaled = estimate(spec, element_only=True, activity=0.1, scale=28)
    by = ratios(45, 28)
    assert plain.scaled is None
    assert scaled.scaled is not None and "45 nm to 28 nm" in scaled.scaled
    assert scaled.area_um2 == pytest.approx(plain.area_um2 * by.area)
    assert scaled.fmax_mhz == pytest.approx(1e3 / scaled.delay_ns)
    assert scaled.area_delay_per_mac == pytest.approx(scaled.area_um2 * scaled.delay_ns)
    assert scaled.tops_per_mm2 == pytest.approx(scaled.tops / scaled.area_um2 * 1e6)
    assert scaled.tops_per_w == pytest.approx(2 / scaled.energy_per_mac_pj)
    energy = scaled.power_mw * scaled.period_ns
    assert energy == pytest.approx(scaled.energy_per_mac_pj)
    parts = sum(part.count * part.area_um2 for part in scaled.parts)
    assert parts == pytest.approx(scaled.area_um2, rel=0.05)


def test_a_scaled_curve() -> None:
    spec = load_spec("mac-os", ["a=int4", "b=int4", "acc=int8"])
    plain, scaled = (curve(spec, element_only=True, scale=scale) for scale in (None, (45, 28)))
    by = ratios(45, 28)
    for before, after in zip(plain, scaled, strict=True):
        assert after.area_um2 == pytest.approx(before.area_um2 * by.area)
        assert after.period_ns == pytest.approx(before.period_ns * by.delay)
