"""The contract of the command line: JSON keys, exit status, what goes to which stream."""

import dataclasses
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

import sim.run
from golden.catalog import elements, presets
from golden.loading import load_spec
from tests.tpe.conftest import Command
from tpe.commands import run as run_module

SMALL = ("--set", "rows=2", "--set", "cols=3")
RUN_KEYS = {
    "passed",
    "mismatches",
    "outputs",
    "tiles",
    "cycles",
    "macs",
    "macs_per_cycle",
    "cycles_per_second",
    "seed",
    "backend",
    "tools",
}
COST_KEYS = {
    "area_um2",
    "sequential_area_um2",
    "cells",
    "delay_ns",
    "fmax_mhz",
    "power_mw",
    "leakage_uw",
    "energy_per_mac_pj",
    "macs_per_cycle",
    "tops",
    "tops_per_mm2",
    "tops_per_w",
    "area_delay_per_mac",
    "library",
    "activity",
    "tools",
}


@pytest.mark.fast
def test_list(tpe: Command) -> None:
    found = tpe("list", "--json", "-").json
    for key in ("elements", "arrays", "formats", "recodings"):
        assert all({"name", "summary"} <= entry.keys() for entry in found[key]), key
    assert [entry["name"] for entry in found["elements"]] == list(elements())
    assert [entry["name"] for entry in found["presets"]] == list(presets())
    shown = tpe("list")
    assert shown.status == 0
    assert all(name in shown.out for name in (*elements(), *presets()))


@pytest.mark.fast
def test_describe(tpe: Command) -> None:
    found = tpe("describe", "opt1-os", *SMALL, "--json", "-").json
    spec = load_spec("opt1-os", ["rows=2", "cols=3"])
    assert found["spec"] == spec.model_dump()
    assert found["hash"] == spec.hash
    assert found["latency_cycles"] == spec.latency(found["k"])
    assert 0 < found["macs_per_cycle"] <= 6
    assert {"name", "direction", "width", "summary"} == found["ports"][0].keys()
    assert "c_payload" in tpe("describe", "opt1-os", *SMALL).out
    assert "A moves right" in tpe("describe", "opt1-os", *SMALL, "--verbose").out


@pytest.mark.fast
def test_describe_a_file(tpe: Command, tmp_path: Path) -> None:
    path = tmp_path / "engine.toml"
    path.write_text('element = "mac"\narray = "systolic-ws"\nrows = 5\n')
    found = tpe("describe", path, "--set", "cols=1", "--json", "-").json
    assert (found["spec"]["rows"], found["spec"]["cols"]) == (5, 1)


@pytest.mark.fast
def test_generate(tpe: Command, tmp_path: Path) -> None:
    found = tpe("generate", "mac-os", *SMALL, "-o", tmp_path / "out", "--json", "-").json
    name = load_spec("mac-os", ["rows=2", "cols=3"]).name
    assert {path.name for path in (tmp_path / "out").iterdir()} == {f"{name}.v", f"{name}.json"}
    assert found["top"] == found["modules"][0] == name
    assert found["seconds"] >= 0
    verilog = Path(found["verilog"]).read_text()
    assert all(f"module {module}(" in verilog for module in found["modules"])
    described = json.loads((tmp_path / "out" / f"{name}.json").read_text())
    assert described["ports"] == found["ports"]
    assert described["spec"] == found["spec"]


@pytest.mark.fast
def test_generate_is_the_same_every_time(tpe: Command, tmp_path: Path) -> None:
    """In another process with another hash seed, too."""
    tpe("generate", "opt1-ws", *SMALL, "-o", tmp_path / "first")
    command = [sys.executable, "-m", "tpe", "generate", "opt1-ws", *SMALL, "-o", "second", "-q"]
    subprocess.run(command, cwd=tmp_path, env={**os.environ, "PYTHONHASHSEED": "7"}, check=True)
    for path in (tmp_path / "first").iterdir():
        assert path.read_bytes() == (tmp_path / "second" / path.name).read_bytes()


def test_simulate_files_and_save(
    tpe: Command, matrix: Callable[[str, NDArray], Path], tmp_path: Path
) -> None:
    rng = np.random.default_rng(1)
    a, b = rng.integers(-128, 128, (7, 5)), rng.integers(-128, 128, (5, 4)).astype(float)
    files = ("--a", matrix("a.npy", a), "--b", matrix("b.npy", b))
    outcome = tpe("simulate", "mac-os", *SMALL, *files, "--c", "new/c.npy", "--json", "-")
    assert outcome.status == 0
    assert outcome.json.keys() >= RUN_KEYS
    assert (outcome.json["passed"], outcome.json["mismatches"]) == (True, 0)
    assert (outcome.json["outputs"], outcome.json["macs"]) == (28, 140)
    np.testing.assert_array_equal(np.load(tmp_path / "new" / "c.npy"), a @ b.astype(int))


def test_compare_random(tpe: Command) -> None:
    outcome = tpe(
        "compare",
        "mac-os",
        *SMALL,
        "--random",
        30,
        "--k",
        9,
        "--seed",
        5,
        "--stall",
        0.3,
        "--json",
        "-",
    )
    found = outcome.json
    assert outcome.status == 0
    assert found.keys() >= RUN_KEYS | {"error", "overflows"}
    assert found["error"] == {"max_abs": 0, "max_rel": 0, "mean_rel": 0, "snr_db": None}
    assert found["macs"] == 30 * 2 * 9 * 3
    assert (found["seed"], found["backend"], found["overflows"]) == (5, "native", 0)
    assert found["cycles"] > 30 * 9


def test_compare_tells_overflows(tpe: Command) -> None:
    """127 * 3 + 127 * 3 = 762 wraps to -6 in int8: hardware equals the model, not arithmetic."""
    found = tpe(
        *("compare", "mac-os", *SMALL, "--set", "acc=int8", "--set", "b=uint2", "--k", 2),
        *("--dist", "max", "--json", "-"),
    ).json
    assert found["passed"]
    assert found["overflows"] == 6
    assert found["error"]["max_abs"] == 762 - (-6)
    assert found["error"]["snr_db"] < 0


def test_for_people(tpe: Command, tmp_path: Path) -> None:
    outcome = tpe("compare", "mac-os", *SMALL, "--json", "result.json")
    assert "equal bit for bit" in outcome.out
    assert "seed 0" in outcome.out
    assert outcome.err == []
    assert json.loads((tmp_path / "result.json").read_text())["passed"]
    assert "verilator" in tpe("compare", "mac-os", *SMALL, "--verbose").out
    assert tpe("compare", "mac-os", *SMALL, "--quiet").out == ""


def test_cocotb_backend_and_waves(tpe: Command, tmp_path: Path) -> None:
    native = tpe("compare", "mac-os", *SMALL, "--stall", 0.5, "--json", "-").json
    cocotb = tpe(
        *("compare", "mac-os", *SMALL, "--stall", 0.5, "--json", "-", "--backend", "cocotb"),
        *("--waves", "waves.fst"),
    ).json
    assert (native["backend"], cocotb["backend"]) == ("native", "cocotb")
    assert native["cycles"] == cocotb["cycles"]
    assert (tmp_path / "waves.fst").stat().st_size > 0


@pytest.mark.parametrize("command", ["simulate", "compare"])
def test_a_mismatch_is_status_1_and_told(
    tpe: Command, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    def broken(*arguments: object, **settings: object) -> sim.run.Run:
        run = sim.run.simulate(*arguments, **settings)
        return dataclasses.replace(run, mismatches=2, first_mismatch="tile 0: expected 5, got 6")

    monkeypatch.setattr(run_module, "simulate", broken)
    monkeypatch.setattr("tpe.verbs.compare.simulate", broken)
    outcome = tpe(command, "mac-os", *SMALL, "--json", "-")
    assert outcome.status == 1
    assert outcome.json["passed"] is False
    assert outcome.err == ["2 of 6 outputs differ", "tile 0: expected 5, got 6"]


@pytest.mark.parametrize("activity", ["sim", "0.2"])
def test_estimate_an_element(tpe: Command, activity: str) -> None:
    outcome = tpe("estimate", "mac", "--activity", activity, "--json", "-")
    assert outcome.status == 0
    assert outcome.json.keys() >= COST_KEYS
    assert all(outcome.json[key] > 0 for key in COST_KEYS - {"library", "activity", "tools"})
    assert outcome.json["macs_per_cycle"] == 1


@pytest.mark.parametrize("source", ["mac", "mac-os"])
def test_estimate_on_the_usual_distribution_is_the_usual_one(tpe: Command, source: str) -> None:
    usual, drawn, other = (
        tpe("estimate", source, *SMALL, *dist, "--json", "-").json
        for dist in ((), ("--dist", "normal:0:20"), ("--dist", "normal:0:60"))
    )
    assert drawn["energy_per_mac_pj"] == usual["energy_per_mac_pj"] < other["energy_per_mac_pj"]


def test_estimate_an_engine_for_people(tpe: Command) -> None:
    outcome = tpe("estimate", "mac-os", *SMALL, "--dist", "normal:0:20")
    assert outcome.status == 0
    assert all(unit in outcome.out for unit in ("um^2", "ns", "MHz", "mW", "pJ", "TOPS/W"))


def test_estimate_explains_itself_and_draws(tpe: Command, tmp_path: Path) -> None:
    arguments = ("--clock", "best", "--curve", "--explain", "--scale", 28, "--buffers", "8,8,8")
    outcome = tpe("estimate", "mac-os", *SMALL, *arguments, "--picture", "cost.svg")
    assert outcome.status == 0
    for said in ("critical path", "clock, ns", "45 nm to 28 nm", "KiB", "a tile"):
        assert said in outcome.out
    assert (tmp_path / "cost.svg").read_text().count("<path") > 20


def test_the_curve_as_json(tpe: Command) -> None:
    outcome = tpe("estimate", "mac", "--curve", "--activity", 0.1, "--json", "-")
    areas = [point["area_um2"] for point in outcome.json["curve"]]
    periods = [point["period_ns"] for point in outcome.json["curve"]]
    assert len(areas) > 5
    assert areas == sorted(areas) and periods == sorted(periods, reverse=True)


def test_standard_output_holds_one_object_in_a_real_process(tmp_path: Path) -> None:
    """What tools print below Python must not get there either."""
    for arguments in (
        ["compare", "mac-os", *SMALL, "--json", "-", "--backend", "cocotb"],
        ["estimate", "mac", "--json", "-"],
        ["generate", "mac-os", *SMALL, "--json", "-"],
    ):
        command = [sys.executable, "-m", "tpe", *arguments]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
        assert isinstance(json.loads(done.stdout), dict)
        assert done.stderr == ""
