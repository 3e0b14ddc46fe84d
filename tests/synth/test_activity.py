"""Runs of mapped engines: equal to the golden model, and refused where a cell is wrong."""

from dataclasses import replace

import numpy as np
import pytest

from golden.loading import load_spec
from golden.spec import EngineSpec
from hw import verilog
from sim.operands import random_operands
from synth.activity import FOLLOWING, STEP, operands_hash, run_element, run_engine
from synth.build import Build
from synth.engine import Choices
from synth.errors import CostError
from synth.library import Library
from synth.power import clock_nets

SMALL = ["rows=2", "cols=3", "a=int4", "b=uint3", "acc=int12"]


@pytest.fixture(scope="module")
def engines(nangate: Library) -> dict[str, tuple[EngineSpec, Build]]:
    found = {}
    for name in ("mac-os", "opt1-os", "mac-ws", "opt1-ws", "opt4e-column"):
        spec = load_spec(name, SMALL)
        choices = Choices(verilog.generate(spec), nangate, lambda share: None)
        found[name] = (spec, choices.smallest())
    return found


@pytest.mark.parametrize("name", ["mac-os", "opt1-os", "mac-ws", "opt1-ws", "opt4e-column"])
@pytest.mark.parametrize("k", [1, 5])
def test_netlists_compute_what_the_golden_model_does(
    engines: dict[str, tuple[EngineSpec, Build]], name: str, k: int
) -> None:
    spec, build = engines[name]
    a, b = random_operands(spec, 17, k, 16)
    steps = np.rint(build.timing.gate_delay / STEP).astype(np.int64)
    still = run_engine(build.netlist, spec, a, b, None)
    timed = run_engine(build.netlist, spec, a, b, steps)
    tiles = len(spec.schedule(a, b).tiles)
    assert still.lanes == tiles // FOLLOWING
    assert tiles - FOLLOWING < still.tiles <= tiles
    assert timed.cycles == still.cycles
    assert still.cycles >= spec.cycles_on(a[: spec.rows], b[:, : spec.cols])
    assert still.macs == pytest.approx(17 * k * 16 / tiles * still.tiles / still.lanes)
    assert (timed.activity.toggles >= still.activity.toggles - 1e-9).all()
    for run in (timed, still):
        assert (run.settled.toggles == still.activity.toggles).all(), "the same in both"
    assert timed.activity.toggles.sum() > still.activity.toggles.sum()
    assert (still.activity.high <= 1).all()
    assert (still.activity.toggles[clock_nets(build.netlist)] <= 2).all()


@pytest.mark.parametrize("name", ["mac-os", "opt1-ws"])
def test_finer_steps_change_little(engines: dict[str, tuple[EngineSpec, Build]], name: str) -> None:
    """Ways of nearly equal delay must not be told apart, or taken for one, by their rounding."""
    spec, build = engines[name]
    a, b = random_operands(spec, 64, 5, 64)
    usual, fine = (
        run_engine(build.netlist, spec, a, b, np.rint(build.timing.gate_delay / step).astype(int))
        for step in (STEP, STEP / 4)
    )
    assert usual.activity.toggles.sum() == pytest.approx(fine.activity.toggles.sum(), rel=0.01)


@pytest.mark.parametrize("name", ["mac-os", "opt1-ws"])
def test_stalls_take_time_and_change_nothing_else(
    engines: dict[str, tuple[EngineSpec, Build]], name: str
) -> None:
    spec, build = engines[name]
    a, b = random_operands(spec, 17, 5, 16)
    free = run_engine(build.netlist, spec, a, b, None)
    stalled = run_engine(build.netlist, spec, a, b, None, stall=0.5)
    assert stalled.cycles > 1.5 * free.cycles
    assert stalled.macs == free.macs
    # A gated clock stands still while the array waits.
    gated = np.setdiff1d(clock_nets(build.netlist), build.netlist.port_nets("input"))
    assert (stalled.activity.toggles[gated] < free.activity.toggles[gated]).all()


@pytest.mark.parametrize("name", ["mac-os", "opt1-ws"])
@pytest.mark.parametrize("which", [0, -1])
def test_one_wrong_cell_is_found(
    engines: dict[str, tuple[EngineSpec, Build]], name: str, which: int
) -> None:
    spec, build = engines[name]
    netlist = build.netlist
    cells = (*netlist.cells, "XNOR2_X1")
    exclusive = [index for index, cell in enumerate(netlist.cells) if cell.startswith("XOR2")]
    victim = np.flatnonzero(np.isin(netlist.kind, exclusive))[which]
    kinds = netlist.kind.copy()
    kinds[victim] = len(cells) - 1
    broken = replace(netlist, kind=kinds, cells=cells)
    # Inverting the top bit of a sum an even number of times goes unseen.
    with pytest.raises(CostError, match=r"does not compute|hangs"):
        for k in (4, 5):
            run_engine(broken, spec, *random_operands(spec, 8, k, 9), None)


@pytest.mark.parametrize(
    "options", [["mac-os"], ["mac-os", "options.accumulator=whole"], ["opt1-os"]], ids=str
)
def test_an_element_alone(options: list[str], nangate: Library) -> None:
    preset, *others = options
    spec = load_spec(preset, SMALL + others)
    build = Choices(verilog.generate_element(spec), nangate, lambda share: None).smallest()
    a, b = random_operands(spec, 9, 7, 8)
    run = run_element(build.netlist, spec, a, b, None)
    assert (run.lanes, run.tiles, run.cycles, run.macs) == (72, 72, 7, 7)
    lonely = run_element(build.netlist, spec, a[:1, :1], b[:1, :1], None)
    assert (lonely.lanes, lonely.cycles) == (1, 1)
    with pytest.raises(CostError, match="does not compute"):
        run_element(build.netlist, spec.override(b="int3"), a, np.minimum(b, 3) - 4, None)


def test_a_floating_point_element_alone(nangate: Library) -> None:
    spec = load_spec("lmul-os", ["a=e4m3", "b=e4m3"])
    build = Choices(verilog.generate_element(spec), nangate, lambda share: None).smallest()
    run = run_element(build.netlist, spec, *random_operands(spec, 4, 7, 4), None)
    assert run.lanes == 16


def test_idle_operands_toggle_nothing_but_clocks(
    engines: dict[str, tuple[EngineSpec, Build]],
) -> None:
    spec, build = engines["mac-os"]
    zero, random = ((np.zeros((8, 9), int), np.zeros((9, 9), int)), random_operands(spec, 8, 9, 9))
    totals = []
    for a, b in (zero, random):
        toggles = run_engine(build.netlist, spec, a, b, None).activity.toggles.copy()
        toggles[clock_nets(build.netlist)] = 0
        totals.append(toggles.sum())
    assert totals[0] < 0.2 * totals[1]


@pytest.mark.fast
def test_operands_have_a_name() -> None:
    a = np.arange(6).reshape(2, 3)
    names = {operands_hash(a, a.T), operands_hash(a.T, a), operands_hash(a + 1, a.T)}
    assert len(names) == 3
    assert operands_hash(a, a.T) == operands_hash(a.astype(np.int8), a.T.astype(np.int16))
