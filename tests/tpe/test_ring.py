"""`tpe simulate` of a ring of engines: what it says, writes and refuses."""

from pathlib import Path

import numpy as np
import pytest

from golden.trigger.program import POLICIES
from tests.tpe.conftest import Command

RING = ("mac-os", "--set", "rows=3", "--set", "cols=2", "--set", "ring.words=600")
PRODUCT = ("--m", 13, "--k", 21, "--n", 11, "--seed", 3)


def test_policies_side_by_side(tpe: Command, tmp_path: Path) -> None:
    timeline = tmp_path / "ring.svg"
    found = tpe(
        "simulate", *RING, *PRODUCT, "--c", "c.npy", "--timeline", timeline, "--json", "-"
    ).json
    assert found["passed"] and found["exact"]
    assert list(found["policies"]) == list(POLICIES)
    sequential, *overlapped = found["policies"].values()
    assert sequential["speedup"] == 1
    phases = sequential["phases"]
    assert found["ideal_cycles"] <= max(phases.values())
    for policy in overlapped:
        assert found["ideal_cycles"] <= policy["cycles"] < sequential["cycles"]
        assert policy["speedup"] == sequential["cycles"] / policy["cycles"]
        assert sum(policy["bytes"].values()) < sum(sequential["bytes"].values())
    assert found["outputs"] == np.load(tmp_path / "c.npy").size == 13 * 11
    drawn = timeline.read_text()
    assert all(policy in drawn for policy in POLICIES)


def test_no_policy_beats_the_ideal(tpe: Command) -> None:
    """Where a GEMM that stores all of its results into busy banks takes longer than with T3."""
    ring = ("mac-2d", "--set", "rows=3", "--set", "cols=2", "--set", "ring.devices=2")
    found = tpe("simulate", *ring, *PRODUCT, "--json", "-").json
    cycles = [policy["cycles"] for policy in found["policies"].values()]
    assert found["ideal_cycles"] <= min(cycles)


def test_users_matrices(tpe: Command, tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    a, b = rng.integers(-128, 128, (9, 30)), rng.integers(-128, 128, (30, 8))
    np.save(tmp_path / "a.npy", a)
    np.save(tmp_path / "b.npy", b)
    for collective in ("all-gather", "all-reduce"):
        outcome = tpe(
            "simulate",
            *RING,
            *("--a", "a.npy", "--b", "b.npy", "--c", "c.npy"),
            *("--policy", "t3-mca", "--collective", collective, "--stall", 0.3),
        )
        assert outcome.status == 0, outcome.err
        assert "equal bit for bit" in outcome.out
        assert (np.load(tmp_path / "c.npy") == a @ b).all()


@pytest.mark.fast
def test_everything_wrong_is_said_at_once(tpe: Command) -> None:
    outcome = tpe(
        "simulate",
        *("mac-os", "--set", "ring.devices=9", "--set", "ring.lanes=2", "--set", "rows=0"),
    )
    assert outcome.status == 2
    assert [line.split(":")[0] for line in outcome.err] == [
        "rows",
        "ring.devices",
        "ring.lanes",
    ]


@pytest.mark.fast
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("simulate", "mac-os", "--policy", "t3"), "--policy: is for rings"),
        (("compare", *RING), "ring: use simulate"),
        (("simulate", *RING, "--backend", "cocotb"), "--backend cocotb"),
        (("simulate", *RING, "--timeline", "ring.txt"), "--timeline ring.txt"),
        (("estimate", *RING), "ring: a ring of engines can only be simulated"),
        (("simulate", *RING, "--m", "100", "--n", "100"), "ring.words: 600 given, C takes 5100"),
    ],
)
def test_refused(tpe: Command, arguments: tuple[str, ...], said: str) -> None:
    outcome = tpe(*arguments)
    assert outcome.status == 2
    assert any(line.startswith(said) for line in outcome.err), outcome.err
