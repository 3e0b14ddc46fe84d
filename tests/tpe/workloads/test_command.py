"""`tpe workload`: JSON, the table, and every problem at once."""

from pathlib import Path

import pytest

from golden.loading import load_spec
from tests.tpe.conftest import Command

ENGINE = ("mac-os", "--set", "rows=4", "--set", "cols=4", "--activity", "0.2")
LINE_KEYS = {"name", "m", "k", "n", "count", "weights", "order"}
FIGURE_KEYS = {
    "macs",
    "cycles",
    "compute_cycles",
    "dram_cycles",
    "utilisation",
    "seconds",
    "dram_bits",
    "sram_bits",
    "energy_mj",
}


def test_json_and_table(tpe: Command, tmp_path: Path) -> None:
    """The engine is the priced one until an area is asked for."""
    (tmp_path / "mine.csv").write_text("name,m,k,n,count,weights\nup,8,64,8,2,1\nqk,8,8,8,1,0\n")
    found = tpe("workload", "mine.csv", *ENGINE, "--json", "-").json
    spec = load_spec("mac-os", ["rows=4", "cols=4"])
    assert found["spec"] == spec.model_dump() == found["priced_spec"]
    assert found["gemms"][0]["cycles"] == 2 * spec.cycles(8, 64, 8)
    assert all(line.keys() >= LINE_KEYS | FIGURE_KEYS for line in found["gemms"])
    assert found["total"].keys() >= FIGURE_KEYS
    energy = found["total"]["energy_mj"]
    assert energy["total"] == pytest.approx(
        energy["static"] + energy["dram"] + energy["buffer"] + energy["core"]
    )
    assert all(constant["source"] for constant in found["constants"])

    arguments = ("workload", "mine.csv", *ENGINE, "--area", "0.1", "--linear", "--scale", "28")
    scaled = tpe(*arguments, "--json", "-").json
    assert [line["name"] for line in scaled["gemms"]] == ["up"]
    assert 0.08 < scaled["area_mm2"] <= 0.1
    assert scaled["spec"]["rows"] > 4
    assert scaled["buffers_mm2"] < found["buffers_mm2"]
    assert scaled["gemms"][0]["energy_mj"]["buffer"] < found["gemms"][0]["energy_mj"]["buffer"]

    shown = tpe(*arguments, "--verbose").out
    assert "8 x 64 x 8" in shown and "Horowitz, ISSCC 2014" in shown


@pytest.mark.fast
def test_everything_wrong_at_once(tpe: Command) -> None:
    outcome = tpe(
        *("workload", "vit", "mac", "--batch", "0", "--buffers", "1,2", "--area", "-1"),
        *("--dram-energy", "-1", "--dram-bandwidth", "0", "--weight-bits", "0", "--kv-bits", "0"),
        *("--group", "0", "--lanes", "0", "--clock", "soon", "--activity", "much", "--scale", "x"),
    )
    assert outcome.status == 2
    assert [line.split()[0] for line in outcome.err] == [
        "batch:",
        "workload:",
        "'mac'",
        "--clock",
        "--activity",
        "--scale",
        "--buffers",
        "group:",
        "lanes:",
        "--weight-bits",
        "--kv-bits",
        "--dram-energy",
        "--dram-bandwidth",
        "--area",
    ]


@pytest.mark.fast
def test_an_area_too_small_or_no_weights(tpe: Command, tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("name,m,k,n,count,weights\nqk,8,8,8,1,no\n")
    outcome = tpe("workload", "mine.csv", "mac-os", "--linear", "--phase", "decode")
    assert outcome.status == 2
    assert outcome.err == [
        "phase: 'decode' given, but mine.csv states its sizes: leave it out",
    ]
    outcome = tpe("workload", "mine.csv", "mac-os", "--linear")
    assert (outcome.status, outcome.err) == (
        2,
        ["--linear: mine.csv has no product with weights, leave it out"],
    )
