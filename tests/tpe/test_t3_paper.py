"""`tpe reproduce t3`: rows and their arithmetic on small sub-layers; nothing is synthesised."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from golden.trigger.layers import PAPER, SubLayer
from golden.trigger.model import run_program
from golden.trigger.program import POLICIES, program
from golden.trigger.spec import RingSpec
from tpe import pool
from tpe.papers import PAPERS, t3, t3_layers, t3_rtl, t3_tracker
from tpe.papers.row import Row

pytestmark = pytest.mark.fast

SMALL = replace(PAPER, units=8, memory=100.0, link=7.5)


def _ignore(share: float) -> None:
    pass


def by_metric(rows: list[Row]) -> dict[str, Row]:
    found = {row.metric: row for row in rows}
    assert len(found) == len(rows)
    return found


@pytest.fixture
def layers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two of each model, on a tenth of the machine, in this process."""

    def some() -> list[SubLayer]:
        return [
            SubLayer(model=model, name=name, m=512, k=k, n=640, devices=devices)
            for model, devices in (("Mega-GPT-2", 8), ("T-NLG", 16), ("PALM", 8), ("MT-NLG", 8))
            for name, k in (("OP", 128), ("FC-2", 512))
        ]

    class Pool:
        map = staticmethod(map)

        def __enter__(self) -> "Pool":
            return self

        def __exit__(self, *_: object) -> None:
            pass

    monkeypatch.setattr(t3_layers, "sub_layers", some)
    monkeypatch.setattr(t3_layers, "PAPER", SMALL)
    monkeypatch.setattr(t3_layers, "OTHERS", {"twice the link": replace(SMALL, link=15.0)})
    monkeypatch.setattr(pool, "ProcessPoolExecutor", Pool)
    monkeypatch.setattr(t3_layers, "rings_done", pool.Measured(t3_layers._ring))


def test_it_is_listed() -> None:
    assert PAPERS["t3"] == t3.__name__
    assert list(t3.TABLES) == ["sublayers", "movement", "sensitivity", "tracker", "rtl"]


@pytest.mark.usefixtures("layers")
def test_sub_layers() -> None:
    rows = by_metric(t3_layers.sublayers(_ignore))
    assert sum(row.paper is None for row in rows.values()) == 8 * 3
    each = [
        rows[f"{name}, TP {tp}, {layer}: t3-mca"].ours or 0.0
        for name, tp in (("Mega-GPT-2", 8), ("T-NLG", 16))
        for layer in ("OP", "FC-2")
    ]
    product = 1.0
    for gain in each:
        product *= 1 + gain / 100
    mean = rows["Mega-GPT-2, T-NLG: t3-mca, geometric mean"]
    assert mean.ours == pytest.approx(100 * (product ** (1 / 4) - 1))
    assert (mean.paper, mean.holds) == (30.0, (mean.ours or 0.0) >= 30)
    most = rows["Mega-GPT-2, T-NLG: t3-mca, most"]
    assert (most.paper, most.ours) == (47.0, pytest.approx(max(each)))
    assert rows["Mega-GPT-2, T-NLG: ideal, most"].holds is None
    assert rows["PALM, MT-NLG: t3-mca, most"].paper == 35.0
    assert rows["runs that exceed the bound"].holds
    alone = rows["reduce-scatter alone, memory that adds, TP 8"]
    assert alone.paper == 7.0 and (alone.ours or 0.0) >= 0


@pytest.mark.usefixtures("layers")
def test_movement() -> None:
    rows = by_metric(t3_layers.movement(_ignore))
    mean = rows["Mega-GPT-2, T-NLG: geometric mean"]
    assert mean.paper == -22.0 and -40 < (mean.ours or 0.0) < 0
    # 2 N - 2 chunks against N - 2, for N of 8 and of 16.
    reads = rows["Mega-GPT-2, T-NLG: reads of the reduce-scatter, times less"]
    assert reads.ours == pytest.approx((14 / 6 * 30 / 14) ** 0.5)
    writes = rows["Mega-GPT-2, T-NLG: writes of GEMM and reduce-scatter"]
    assert writes.ours == pytest.approx(100 * ((14 / 15 * 30 / 31) ** 0.5 - 1))
    assert (reads.holds, writes.holds) == (False, False)
    assert rows["Mega-GPT-2, T-NLG: reads of the GEMM, times less"].ours == pytest.approx(1.0)


@pytest.mark.usefixtures("layers")
def test_other_machines_are_no_claim() -> None:
    rows = t3_layers.sensitivity(_ignore)
    assert len(rows) == 3 * 2 + 2 + 1
    assert {row.holds for row in rows[:-1]} == {None}
    assert "twice the link" in rows[0].metric


def test_a_bound_that_is_exceeded_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    fast, slow = ({"t3": 1.2, "t3-mca": 1.3, "ideal": ideal} for ideal in (1.25, 1.4))
    found = [
        SimpleNamespace(layer=SimpleNamespace(title=title), speedups=speedups)
        for title, speedups in (("fast", fast), ("slow", slow))
    ]
    row = t3_layers._bound("a table", found)  # type: ignore[arg-type]
    assert (row.ours, row.holds, row.note) == (1.0, False, "fast: t3-mca")


def test_tracker(monkeypatch: pytest.MonkeyPatch) -> None:
    cost = SimpleNamespace(area_um2=9000.0, sequential_area_um2=5000.0, delay_ns=1.5)
    monkeypatch.setattr(t3_tracker, "price", lambda name, make: cost)
    rows = by_metric(t3_tracker.tracker(_ignore))
    assert rows["state"].paper == 19.0 and rows["state"].holds
    assert rows["state"].ours == pytest.approx(256 * 8 * 56 / 8192, rel=0.1)
    assert rows["area of the logic"].ours == 4000.0


@pytest.mark.parametrize("slower, wrong", [(0, 0), (0, 1), (100, 0)])
def test_rtl(slower: int, wrong: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the RTL took as long as the model, or longer, or returned something else."""

    def simulated(spec: Any, ring: Any, a: Any, b: Any, **how: Any) -> SimpleNamespace:
        model = run_program(spec, ring, program(spec, ring, a, b, **how))
        return SimpleNamespace(
            cycles=model.cycles + slower,
            phases=model.phases,
            passed=not wrong,
            mismatches=wrong,
        )

    measured = t3_rtl.Measured(
        preset="mac-os", rows=2, cols=2, ring=RingSpec(devices=2, words=64), shape=(4, 8, 4)
    )
    monkeypatch.setattr(t3_rtl, "RINGS", (measured,))
    monkeypatch.setattr(t3_rtl, "simulate_ring", simulated)
    rows = by_metric(t3_rtl.rtl(_ignore))
    assert len(rows) == len(POLICIES) + len(POLICIES)
    row = rows["RTL, 2 mac-os 2 x 2, 4 x 8 x 4: t3-mca"]
    assert row.holds == (not slower and not wrong)
    assert rows["RTL, 2 mac-os 2 x 2, 4 x 8 x 4: t3 over sequential"].ours is not None
    assert rows["RTL, 2 mac-os 2 x 2, 4 x 8 x 4: ideal over sequential"].holds is None
