"""`tpe reproduce mixpe`: rows and their arithmetic on made-up prices; nothing is synthesised."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from golden.spec import EngineSpec
from tpe.papers import (
    PAPERS,
    mixpe,
    mixpe_designs,
    mixpe_element,
    mixpe_networks,
    mixpe_rivals,
    mixpe_unit,
)
from tpe.papers.mixpe_designs import (
    CLOCK,
    FLOAT_CLOCK,
    at_clock,
    efficiency,
    grouped,
    operands,
    plain,
)
from tpe.papers.mixpe_networks import ENERGY, ENGINES, FP16, INT8, TIME, TIME_AT_SIZE, W4A8
from tpe.papers.row import Row
from tpe.workloads.processor import Processor

pytestmark = pytest.mark.fast


def _ignore(share: float) -> None:
    pass


def by_metric(rows: list[Row]) -> dict[str, Row]:
    found = {row.metric: row for row in rows}
    assert len(found) == len(rows)
    return found


def cost(area: float, energy: float, period: float = CLOCK, **more: Any) -> Any:
    return SimpleNamespace(
        area_um2=area, energy_per_mac_pj=energy, period_ns=period, macs_per_cycle=1.0, **more
    )


def price_of(spec: EngineSpec) -> Any:
    """Made up, FP16 slow."""
    if spec.element == "fmac":
        return cost(4000.0, 20.0, 4.0)
    bits = int(spec.a.lstrip("intfp")) * int(spec.b.lstrip("int"))
    return cost(10.0 * bits, 0.05 * bits)


def test_it_is_listed() -> None:
    assert PAPERS["mixpe"] == mixpe.__name__
    assert list(mixpe.TABLES) == ["element", "unit", "time", "energy"]


def test_efficiency_is_at_equal_rate() -> None:
    """Half the clock at the same energy: twice as many elements of the same power in all."""
    fast = efficiency(cost(100.0, 1.0))
    assert fast == pytest.approx(1 / (100 * 1.0 / CLOCK))
    assert efficiency(cost(100.0, 1.0, 2 * CLOCK)) == pytest.approx(fast / 2)
    assert efficiency(cost(100.0, 2.0)) == pytest.approx(fast / 2)


def test_clocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mixpe_designs, "estimate", lambda *_, clock, element_only: clock)
    clocks = [
        at_clock(design.spec, *operands(design.spec, 1))
        for design in mixpe_element.DESIGNS.values()
    ]
    assert clocks[:2] == [FLOAT_CLOCK] * 2
    assert set(clocks[2:]) == {CLOCK}


@pytest.mark.parametrize("name", mixpe_element.DESIGNS)
def test_operands_fit_and_use_the_weights_range(name: str) -> None:
    spec = mixpe_element.DESIGNS[name].spec
    a, b = operands(spec, 4)
    codes = b.codes if spec.groups else b
    for matrix, number, shape in (
        (a, spec.formats[0], (4, 128)),
        (codes, spec.formats[1], (128, 4)),
    ):
        assert matrix.shape == shape
        assert number.contains(matrix)
    if spec.groups:
        assert np.abs(codes).max() == spec.formats[1].max
    if spec.element == "mac" and "int4" in (spec.a, spec.b):
        assert np.abs(a if spec.a == "int4" else b).max() == 7


def test_elements(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mixpe_element, "at_clock", lambda spec, a, b, element_only: price_of(spec))
    monkeypatch.setattr(mixpe_element, "price", lambda *_: SimpleNamespace(area_um2=3200.0))
    made = mixpe_rivals.RivalFigures(area=1000.0, dynamic=2.0, leakage_uw=0.0, products=2)
    monkeypatch.setattr(mixpe_rivals, "measured", lambda *_, **how: made)
    rows = by_metric(mixpe_element.elements(_ignore))
    fp16, w4a8 = (mixpe_element.FP16, mixpe_element.W4A8)
    assert rows[f"{fp16}: efficiency"].ours == 1.0
    assert rows[f"{fp16}: power"].ours == 5.0
    assert rows[f"{fp16}: power"].note.startswith("at 250 MHz")
    # 4000 um^2 and 20 pJ at half the rate, against 320 um^2 and 1.6 pJ.
    gain = 4000 * 20 * 2 / (320 * 1.6)
    row = rows[f"{w4a8}: efficiency"]
    assert (row.paper, row.ours, row.holds) == (133.4, pytest.approx(gain), True)
    assert rows["INT8 MAC: efficiency"].holds is None
    assert rows["INT4 x FP16 by dequantisation: efficiency"].ours == pytest.approx(4000 / 4100)
    best = next(row for metric, row in rows.items() if metric.startswith("W4A8 over the best"))
    assert best.ours == pytest.approx(4.0) and best.holds
    assert best.paper == pytest.approx(133.4 / 58.3)
    # 4000 um^2 and 20 pJ at half the rate, against 640 um^2 and 3.2 pJ.
    best = next(row for metric, row in rows.items() if metric.startswith("MixPE W4A16 over"))
    assert (best.paper, best.holds) == (4.82, True)
    assert best.ours == pytest.approx(4000 * 20 * 2 / (640 * 3.2))
    # 1000 um^2 and 2 pJ for two products, against 4000 um^2 and 20 pJ for one at half the rate.
    assert rows["Bit Fusion A8 x W4: energy"].ours == 1.0
    assert rows["Bit Fusion A8 x W4: power"].ours == 1.0
    assert rows["Bit Fusion A8 x W4: efficiency"].ours == pytest.approx(4000 * 20 * 2 / (500 * 1))
    areas = [
        row for metric, row in rows.items() if metric.endswith("MAC: area") and "over" in metric
    ]
    assert [row.holds for row in areas] == [False, False], "equal areas are not less"


def test_areas_are_counted() -> None:
    def part(module: str, count: int, area: float) -> SimpleNamespace:
        return SimpleNamespace(module=module, count=count, area_um2=area)

    parts = (
        part("column", 4, 100.0),
        part("top", 1, 10.0),
        part("column_accumulators", 4, 40.0),
        part("pe", 16, 5.0),
        part("grid", 1, 16.0),
        part("encode_b", 4, 1.0),
        part("row", 2, 2.0),
    )
    areas = mixpe_unit.Areas.of(SimpleNamespace(parts=parts), 4)  # type: ignore[arg-type]
    assert areas.logic == 8 * (400 + 10)
    assert areas.accumulators == 64 * 160
    assert areas.array == 64 * (80 + 16) + 8 * (4 + 4)


def test_units(monkeypatch: pytest.MonkeyPatch) -> None:
    parts = (
        SimpleNamespace(module="column", count=4, area_um2=50.0),
        SimpleNamespace(module="pe", count=16, area_um2=100.0),
    )
    made = SimpleNamespace(parts=parts, delay_ns=1.0)
    monkeypatch.setattr(mixpe_unit, "estimate", lambda spec, activity: made)
    monkeypatch.setattr(mixpe_unit, "clocked_cost", lambda spec: made)
    rows = by_metric(mixpe_unit.units(_ignore))
    assert len(rows) == 2 * 9 + 4
    row = rows["q12.12, fp16 scales, group 128: logic over array"]
    assert row.ours == pytest.approx(100 * 50 / 32 / 100) and row.holds


def test_no_cycle_is_lost_unless_a_group_is_shorter_than_the_array_is_high() -> None:
    rows = by_metric(mixpe_unit.cycles())
    assert [row.holds for row in rows.values()] == [True, False, True, True]
    assert rows["32 x 32, groups of 16: cycles lost"].ours == 32 * 16 * 32 - 16


def engine(spec: EngineSpec) -> Processor:
    """An element of int8 is twice one of W4A8, one of FP16 four times one of int8."""
    each = {"fmac": 8.0, "mac": 2.0, "opt1": 2.5, "mixpe": 1.0}[spec.element]
    return Processor(
        spec=spec,
        area_um2=300 * each * spec.rows * spec.cols,
        clock_ns=CLOCK,
        energy_per_mac_pj=each,
        leakage_uw=each,
    )


def other(name: str, whole: Processor) -> Processor:
    """One that is three times as large and, with weights, makes so many products at a time."""
    return replace(whole, area_um2=3 * whole.area_um2, weight_products=mixpe_rivals.products(name))


@pytest.fixture
def networks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mixpe_networks, "FAMILIES", {"vit-base": 0})
    nothing = SimpleNamespace(all=lambda designs, _: [])
    monkeypatch.setattr(mixpe_networks, "engine_cost", nothing)
    monkeypatch.setattr(mixpe_networks, "inside", nothing)
    monkeypatch.setattr(mixpe_networks, "processor", engine)
    monkeypatch.setattr(mixpe_networks, "with_memory", lambda found: replace(found, area_um2=2e5))
    monkeypatch.setattr(mixpe_networks, "exchanged", other)


@pytest.mark.usefixtures("networks")
def test_networks_at_equal_area() -> None:
    rows = by_metric(mixpe_networks.compared(TIME, _ignore))
    ours = {name: rows[f"vit-base, {name}"].ours or 0.0 for name in ENGINES}
    assert ours[FP16] == 1.0
    assert rows[f"vit-base, {FP16}"].note.startswith("16 x 16")
    assert rows[f"vit-base, {INT8[0]}"].note.startswith("32 x 32 at 500 MHz")
    assert ours[INT8[0]] == pytest.approx(1 / 4, rel=0.05)
    assert ours[W4A8] < ours["W8A8 on MixPE W4A8"] < 2.1 * ours[W4A8]
    row = rows[f"vit-base, {W4A8}"]
    assert (row.paper, row.holds) == (0.15, ours[W4A8] <= 0.15)
    # A third of the elements, of which each makes a product a cycle, or two of those with weights.
    ant, fusion = (ours[name] for name in mixpe_networks.OTHERS)
    assert ant > fusion > ours[INT8[0]]
    assert rows[f"vit-base, {mixpe_networks.OTHERS[1]}"].paper == 0.70
    gain = rows["W4A8 over the best other accelerator, mean of networks"]
    assert gain.ours == pytest.approx(ours[INT8[0]] / ours[W4A8])
    assert (gain.paper, gain.holds) == (2.6, False)
    of = "over the best other accelerator, mean of networks"
    weights = rows[f"{mixpe_networks.WITHOUT_ATTENTION} {of}"]
    assert (weights.paper, weights.holds) == (None, None)
    assert (weights.ours or 0.0) > (gain.ours or 0.0)
    slim = rows[f"{mixpe_networks.SLIM} {of}"]
    assert slim.ours == pytest.approx(ours[INT8[0]] / ours[mixpe_networks.SLIM])


@pytest.mark.usefixtures("networks")
def test_energy_of_networks() -> None:
    rows = by_metric(mixpe_networks.compared(ENERGY, _ignore))
    ours = {name: rows[f"vit-base, {name}"].ours or 0.0 for name in ENGINES}
    assert ours[FP16] == 1.0
    assert ours[W4A8] < ours[INT8[0]] < ours[INT8[1]] < 1
    assert rows[f"vit-base, {W4A8}"].paper == 0.26


@pytest.mark.usefixtures("networks")
def test_the_papers_sizes_give_its_int8_column() -> None:
    """32 x 32 against 32 x 28: 0.82 in the paper, and never less than 0.22 for 64 x 64."""
    rows = by_metric(mixpe_networks.compared(TIME_AT_SIZE, _ignore))
    assert rows[f"vit-base, {INT8[0]}"].ours == pytest.approx(0.82, abs=0.05)
    assert f"vit-base, {INT8[1]}" not in rows
    assert (rows[f"vit-base, {W4A8}"].ours or 0.0) > 32 * 28 / 64**2
    assert not any(metric.startswith(mixpe_networks.SLIM) for metric in rows)


def test_columns_of_the_group_unit_serve_more_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Their logic takes as much a product as in 4 rows, their clock an eighth of that."""

    def price(spec: EngineSpec) -> Any:
        components = {
            "control": {"energy_per_mac_pj": {4: 0.2, 8: 0.1}[spec.rows]},
            "clock": {"energy_per_mac_pj": {4: 0.7 + 0.4, 8: 0.7 + 0.2}[spec.rows]},
        }
        parts = (
            SimpleNamespace(module="pe", count=64, area_um2=100.0),
            SimpleNamespace(module="column", count=8, area_um2=1000.0),
        )
        figures = {"leakage_uw": 10.0, "power_mw": 100.0, "components": components, "parts": parts}
        return cost(14400.0, 1.5, **figures)

    monkeypatch.setattr(mixpe_networks, "engine_cost", price)
    with_groups = mixpe_networks.processor.__wrapped__(grouped(rows=32, cols=32))
    without = mixpe_networks.processor.__wrapped__(plain("mac", rows=32, cols=32))
    more = with_groups.energy_per_mac_pj - without.energy_per_mac_pj
    assert more == pytest.approx((0.2 - 0.1) - (0.2 - 0.4 / 8))
    assert with_groups.area_um2 == 1024 * 100 + 32 * 1000
    assert with_groups.leakage_uw == pytest.approx(10 * with_groups.area_um2 / 14400)


def test_accumulators_as_sram(monkeypatch: pytest.MonkeyPatch) -> None:
    """32 x 32 words of 32 bits: 1024 flip-flop words of 200 um^2 against 17 um^2."""
    parts = (SimpleNamespace(module="column_accumulators", count=8, area_um2=8 * 200.0),)
    monkeypatch.setattr(mixpe_networks, "engine_cost", lambda _: SimpleNamespace(parts=parts))
    spec = grouped(rows=32, cols=32)
    before = engine(spec)
    after = mixpe_networks.with_memory(replace(before, area_um2=1e6))
    assert after.area_um2 == pytest.approx(1e6 - 1024 * (200 - 32 * 0.346 / 0.65))
