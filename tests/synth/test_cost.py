"""The whole estimate: baselines, what has to be monotone, errors, and where figures come from."""

import subprocess
import sys
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from golden.catalog import elements
from golden.loading import load_spec
from golden.spec import EngineSpec
from hw.verilog import generate_element
from sim.operands import OperandError
from synth import pricing
from synth.cost import Cost, CostError, curve, estimate
from synth.engine import TIE, Choices
from synth.library import Library
from tests.synth import baselines
from tests.synth.tiny import tiny_library

TOLERANCE = 0.02
SMALL = ["rows=2", "cols=2", "a=int4", "b=int4", "acc=int12"]


def small(*settings: str, preset: str = "mac-os") -> EngineSpec:
    return load_spec(preset, [*SMALL, *settings])


@pytest.mark.parametrize("element", sorted(baselines.read()["elements"]))
def test_elements_cost_what_they_did(element: str) -> None:
    """These figures may change, but it has to be seen: `python -m tests.synth.baselines` then."""
    kept = baselines.read()
    moved = {
        f"{clock} {name}": f"{after:.4g}, was {kept['elements'][element][clock][name]:.4g}"
        for clock, metrics in baselines.measure(element).items()
        for name, after in metrics.items()
        if abs(after / kept["elements"][element][clock][name] - 1) > TOLERANCE
    }
    assert not moved, f"baselines of {kept['tools']}"


def test_every_element_has_a_baseline() -> None:
    assert elements().keys() == baselines.read()["elements"].keys()


def test_the_plain_element_is_as_good_as_this_flow_can_make_it() -> None:
    cost = estimate(load_spec("mac-os"), element_only=True)
    assert cost.area_um2 <= 730
    best = estimate(load_spec("mac-os"), clock="best", element_only=True)
    assert best.area_delay_per_mac <= 860


@pytest.mark.parametrize("preset", ["mac-os", "opt1-ws"])
def test_more_bits_never_cost_less(preset: str) -> None:
    costs = [
        estimate(small(f"a=int{bits}", f"b=int{bits}", preset=preset), activity=0.2)
        for bits in (2, 4, 6)
    ]
    for narrow, wide in pairwise(costs):
        assert narrow.area_um2 < wide.area_um2
        assert narrow.energy_per_mac_pj < wide.energy_per_mac_pj


def test_a_tighter_clock_never_takes_less_area() -> None:
    points = curve(small(), element_only=True)
    assert len(points) > 3
    for loose, tight in pairwise(points):
        assert tight.period_ns < loose.period_ns
        assert tight.area_um2 >= loose.area_um2
    for point in points:
        cost = estimate(small(), clock=point.period_ns + 1e-6, activity=0.1, element_only=True)
        assert cost.delay_ns <= cost.period_ns
        assert cost.area_um2 <= point.area_um2 + 1e-6


@pytest.mark.parametrize("preset", ["mac-os", "opt1-ws"])
def test_no_design_has_much_less_area_times_period_than_the_best(
    preset: str, nangate: Library
) -> None:
    choices = Choices(generate_element(small(preset=preset)), nangate, lambda share: None)
    best = choices.best()
    for other in choices.curve():
        assert best.area * best.period <= (1 + TIE) * other.area * other.period


def test_more_toggles_never_take_less_energy() -> None:
    energies = [estimate(small(), activity=level).energy_per_mac_pj for level in (0, 0.1, 0.5, 1)]
    assert energies == sorted(energies)


def test_operands_matter() -> None:
    def energy(a: np.ndarray, b: np.ndarray) -> float:
        return estimate(small(), a, b).energy_per_mac_pj

    random = np.random.default_rng(0)
    a, b = random.integers(-8, 8, (8, 16)), random.integers(-8, 8, (16, 8))
    assert energy(a * 0, b * 0) < energy(a // 4, b // 4) < energy(a, b)


def test_every_figure_says_where_it_comes_from() -> None:
    a = np.ones((4, 4), np.int64)
    cost = estimate(small(), a, a)
    assert "NangateOpenCellLibrary (stdcells.lib, " in cost.library
    assert cost.corner == "typical, 1.1 V, 25 C"
    assert {"tpe", "yosys"} <= cost.tools.keys()
    assert "operands as given (" in cost.activity
    assert "2 x 2 elements" in cost.activity
    assert cost.recipe == cost.parts[0].recipe
    assert {part.module for part in cost.parts} >= {"top", "pe", "row", "grid"}
    assert "2 x 2 elements" in cost.timing


def test_parts_and_components_add_up() -> None:
    cost = estimate(small())
    parts = sum(part.count * part.area_um2 for part in cost.parts)
    components = sum(component["area_um2"] for component in cost.components.values())
    assert cost.area_um2 == pytest.approx(components)
    assert cost.area_um2 == pytest.approx(parts, rel=0.05), "the rest is between modules"
    dynamic = sum(component["energy_per_mac_pj"] for component in cost.components.values())
    assert cost.energy_per_mac_pj > dynamic > 0.9 * cost.energy_per_mac_pj
    assert cost.energy_per_mac_pj > cost.energy_per_mac_glitch_free_pj


def test_figures_agree_with_each_other(nangate) -> None:
    cost = estimate(small(), clock=5.0, activity=0.1)
    assert cost.macs_per_cycle == 4
    assert cost.fmax_mhz == pytest.approx(1e3 / cost.delay_ns)
    assert cost.period_ns == 5.0
    assert cost.tops == pytest.approx(2 * 4 / 5.0 * 1e-3)
    assert cost.tops_per_mm2 == pytest.approx(cost.tops / cost.area_um2 * 1e6)
    assert cost.tops_per_w == pytest.approx(2 / cost.energy_per_mac_pj)
    assert cost.energy_per_output_pj is None and cost.energy_per_tile_pj is None
    assert cost.area_delay_per_mac == pytest.approx(cost.area_um2 * cost.delay_ns / 4)
    assert cost.power_mw * 1e3 > cost.leakage_uw


def test_outputs_and_tiles_are_sums_of_products() -> None:
    a = np.arange(-8, 8).reshape(2, 8)
    cost = estimate(small(), a, a.T)
    assert cost.energy_per_output_pj == pytest.approx(8 * cost.energy_per_mac_pj)
    assert cost.energy_per_tile_pj == pytest.approx(8 * 4 * cost.energy_per_mac_pj)


@pytest.mark.parametrize(
    "spec",
    [small(), small(preset="opt1-os"), load_spec("mac-os"), load_spec("mixpe-os", ["b=int6"])],
    ids=lambda spec: spec.name,
)
def test_a_slow_clock_takes_the_smallest_of_all_designs(spec: EngineSpec, nangate: Library) -> None:
    """It is looked for without fast ones, which must not change what is found."""
    design = generate_element(spec)
    smallest = Choices.for_clock(design, nangate, 9.0, lambda share: None).at(9.0)
    of_all = Choices(design, nangate, lambda share: None).at(9.0)
    assert smallest.area == of_all.area


def test_a_clock_that_cannot_be_met() -> None:
    with pytest.raises(CostError, match=r"clock: 0\.01 ns cannot be met, the fastest found is 0\."):
        estimate(small(), clock=0.01, activity=0.1, element_only=True)


def test_a_library_that_cannot_be_used(tmp_path: Path) -> None:
    with pytest.raises(CostError, match="cannot be read"):
        estimate(small(), liberty=tmp_path / "nothing.lib")


def test_operands_that_do_not_fit() -> None:
    with pytest.raises(OperandError, match="A needs as many columns as B has rows"):
        estimate(small(), np.ones((2, 3), int), np.ones((2, 3), int))


def test_another_library(tmp_path: Path) -> None:
    library = tiny_library(tmp_path)
    cost: Cost = estimate(small(), liberty=library.path)
    assert cost.library.startswith("tiny (tiny.lib, ")
    assert cost.energy_per_mac_pj > 0


def test_progress_goes_from_nothing_to_all() -> None:
    seen: list[float] = []
    estimate(small("rows=1"), activity=0.1, progress=seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == 1.0


QUESTIONS: list[dict[str, Any]] = [
    {},
    {"clock": 3.0},
    {"activity": 0.1},
    {"stall": 0.1},
    {"scale": 28.0},
    {"wires": "none"},
    {"buffers": (1.0, 1.0, 1.0)},
    {"element_only": True},
    {"a": np.ones((2, 2), np.int64), "b": np.ones((2, 2), np.int64)},
    {"a": np.ones((2, 2), np.int64), "b": np.zeros((2, 2), np.int64)},
]


@pytest.fixture
def priced(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[tuple[Any, ...]]:
    """What has been asked of `synth.pricing` since, in an empty cache."""
    asked: list[tuple[Any, ...]] = []

    def price(*question: object, **how: object) -> int:
        asked.append((question, how))
        return len(asked)

    monkeypatch.setenv("TPE_CACHE", str(tmp_path))
    monkeypatch.setattr(pricing, "price", price)
    return asked


@pytest.mark.fast
def test_a_price_is_found_once_for_every_question(
    priced: list[tuple[Any, ...]], tmp_path: Path
) -> None:
    own = tmp_path / "own.lib"
    own.write_text("library (own) {}")
    asked = [(small(), how) for how in [*QUESTIONS, {"liberty": own}]]
    asked += [(small("rows=3"), {}), (small("b=int3"), {})]
    first = [estimate(spec, **how) for spec, how in asked]
    assert first == list(range(1, len(asked) + 1))
    assert [estimate(spec, **how) for spec, how in asked] == first
    own.write_text("library (other) {}")
    assert estimate(small(), liberty=own) == len(asked) + 1


@pytest.mark.fast
def test_elements_of_other_packages_are_priced_every_time(
    priced: list[tuple[Any, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    other = replace(elements()["mac"], hardware="elsewhere.mac:Mac")
    monkeypatch.setattr(EngineSpec, "element_info", property(lambda spec: other))
    assert [estimate(small()), estimate(small())] == [1, 2]


def test_a_kept_price_needs_no_hardware() -> None:
    known = estimate(small(), activity=0.1)
    program = (
        "import sys\nfrom golden.loading import load_spec\nfrom synth.cost import estimate\n"
        f"spec = load_spec('mac-os', {SMALL!r})\nprint(estimate(spec, activity=0.1).area_um2)\n"
        "print({'amaranth', 'pyosys'} & sys.modules.keys())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [str(known.area_um2), "set()"]
