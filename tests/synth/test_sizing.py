"""Sizing on the critical path: faster at every step, and the same function."""

from itertools import pairwise

import pytest

from golden.loading import load_spec
from hw import verilog
from sim.operands import random_operands
from synth.activity import run_element
from synth.build import NOTHING, Build
from synth.engine import Choices
from synth.library import Library
from synth.sizing import sized
from tests.synth.tiny import netlist_of


@pytest.mark.fast
def test_every_step_is_faster(nangate: Library) -> None:
    chain = [("INV_X1", {"A": f"n{k}", "ZN": f"n{k + 1}"}) for k in range(6)]
    load = [("INV_X1", {"A": "n3", "ZN": f"y{k}"}) for k in range(30)]
    loaded = netlist_of(nangate, [*chain, *load], "n0", "n6")
    steps = list(sized(loaded, NOTHING))
    assert len(steps) > 3
    for (before, slow), (after, fast) in pairwise(steps):
        assert fast < slow
        assert (before.nets == after.nets).all()
    assert steps[0][0].area == loaded.area
    assert steps[-1][1] < 0.8 * steps[0][1]


def test_a_sized_element_computes_the_same(nangate: Library) -> None:
    spec = load_spec("mac-os", ["rows=2", "cols=2", "a=int4", "b=int4", "acc=int12"])
    build = Choices(verilog.generate_element(spec), nangate, lambda share: None).smallest()
    *_, (fastest, _) = sized(build.netlist, NOTHING)
    assert (fastest.kind != build.netlist.kind).any()
    run_element(fastest, spec, *random_operands(spec, 8, 9, 8), steps=None)


def test_a_whole_design_is_sized_alike_in_all_its_elements(nangate: Library) -> None:
    """By what is driven in the whole, for less area x period, and other sizes get the same."""
    spec = load_spec("opt4c-column", ["rows=2", "cols=4", "a=int4", "b=int4", "acc=int12"])
    choices = Choices(verilog.generate(spec), nangate, lambda share: None)
    start = choices.aimed(0.0)
    steps = start.sized()
    best = min(steps, key=lambda one: one.area * one.period)
    build = best.build
    assert (build.area, build.period) == pytest.approx((best.area, best.period))
    assert build.area * build.period < start.area * start.period
    assert build.chosen == start.chosen
    assert {module for module, _ in build.sizes} <= set(build.modules_by_scope().values())
    _same_in_all_elements(build)
    larger = verilog.generate(spec.override(rows=3, cols=5))
    other = choices.resized(larger, lambda share: None).like(build)
    of_elements = {place: cell for place, cell in build.sizes.items() if place[0] == "pe"}
    assert of_elements
    assert of_elements.items() <= other.sizes.items()
    _same_in_all_elements(other)


def test_the_design_for_a_clock_is_kept(nangate: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whole, with its sizes: priced on other operands it needs no second search."""
    spec = load_spec("opt1-os", ["rows=2", "cols=2", "a=int4", "b=int4", "acc=int12"])
    design = verilog.generate(spec)

    def choices() -> Choices:
        return Choices(design, nangate, lambda share: None)

    first, found = choices().at("best"), choices().best()
    monkeypatch.delattr(Choices, "_find")
    again = choices().at("best")
    assert first.sizes
    for build in (first, again):
        assert (build.area, build.period) == (found.area, found.period)
        assert (build.chosen, build.sizes) == (found.chosen, found.sizes)


def _same_in_all_elements(build: Build) -> None:
    modules, netlist = build.modules_by_scope(), build.netlist
    found: dict[str, set[str]] = {}
    scopes, kinds = netlist.scope.tolist(), netlist.kind.tolist()
    for scope, name, kind in zip(scopes, netlist.names, kinds, strict=True):
        if modules[netlist.scopes[scope]] == "pe":
            found.setdefault(name, set()).add(netlist.cells[kind])
            wanted = build.sizes.get(("pe", name))
            assert wanted in {None, netlist.cells[kind]}
    assert all(len(cells) == 1 for cells in found.values())
