"""Commands on engines whose weights come in groups: real weights, quantised ones, other widths."""

from pathlib import Path

import numpy as np
import pytest

from golden.quantize import quantize
from tests.tpe.conftest import Command
from tpe.weights import write_weights

SMALL = ("--set", "rows=2", "--set", "cols=3", "--set", "options.group=8")
ZEROS = ("--set", "b=uint4", "--set", "options.zeros=on")
W = np.random.default_rng(1).normal(size=(21, 5)).astype(np.float32)
A = np.random.default_rng(2).integers(-128, 128, (4, 21), np.int8)


@pytest.fixture(autouse=True)
def files(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", A)
    np.save(tmp_path / "w.npy", W)
    write_weights(tmp_path / "w4.npz", quantize(W, bits=4, group=8))
    write_weights(tmp_path / "w8.npz", quantize(W, bits=8, group=8, zero_point=True))


def test_real_weights_are_quantised_as_the_spec_says(tpe: Command) -> None:
    """The error of that is told from the one of adding up."""
    real = tpe("compare", "mixpe-os", *SMALL, "--a", "a.npy", "--b", "w.npy", "--json", "-")
    given = tpe("compare", "mixpe-os", *SMALL, "--a", "a.npy", "--b", "w4.npz", "--json", "-")
    assert real.status == given.status == 0
    assert real.json["passed"]
    assert real.json["cycles"] == given.json["cycles"]
    assert real.json["error"] == given.json["error"]
    assert real.json["error"]["max_abs"] < 1e-4
    assert 10 < real.json["quantization_error"]["snr_db"] < 40
    assert "quantization_error" not in given.json


def test_the_result_is_the_product_with_dequantized_weights(tpe: Command, tmp_path: Path) -> None:
    done = tpe("simulate", "mixpe-ws", *SMALL, "--a", "a.npy", "--b", "w4.npz", "--c", "c.npy")
    assert done.status == 0
    exact = A.astype(float) @ quantize(W, bits=4, group=8).dequantized()
    assert np.allclose(np.load(tmp_path / "c.npy"), exact, rtol=0, atol=np.abs(exact).max() * 1e-6)


def test_longer_weights_run_at_half_the_rate(tpe: Command) -> None:
    both = ("compare", "mixpe-os", *SMALL, *ZEROS, "--a", "a.npy", "--json", "-", "--b")
    whole, half = tpe(*both, "w.npy"), tpe(*both, "w8.npz")
    assert whole.status == half.status == 0
    assert half.json["error"]["max_abs"] < 1e-4
    # 21 values of k in groups of 8 are 24 for those in two digits.
    tiles, fill = 2 * 2, whole.json["cycles"] - 2 * 2 * 21
    assert half.json["cycles"] == tiles * 2 * 24 + fill


@pytest.mark.parametrize(
    ("settings", "b", "said"),
    [
        ((), "w8.npz", ["B: zero points given, use an engine with zeros = 'on'"]),
        (
            ("--set", "b=int3", "--set", "options.group=4"),
            "w8.npz",
            [
                "B: uint8 given, use at most 6 bits",
                "B: groups of 8 given, use at most 4",
                "B: zero points given, use an engine with zeros = 'on'",
            ],
        ),
        (
            ("--set", "options.group=4"),
            "a.npy",
            ["a.npy (4, 21) x a.npy (4, 21): do not multiply, A has 21 columns and B has 4 rows"],
        ),
        ((), "none.npz", ["none.npz: cannot be read: No such file or directory"]),
    ],
)
def test_what_is_wrong_is_said_at_once(
    tpe: Command, settings: tuple[str, ...], b: str, said: list[str]
) -> None:
    done = tpe("compare", "mixpe-os", *SMALL, *settings, "--a", "a.npy", "--b", b)
    assert done.status == 2
    assert done.err == said


def test_describe_shows_the_stream_of_scales(tpe: Command) -> None:
    found = tpe("describe", "mixpe-ws", *SMALL, *ZEROS, "--json", "-").json
    ports = {port["name"]: port for port in found["ports"]}
    assert ports["s_payload"]["width"] == 3 * (16 + 4) + 2
    assert ports["c_payload"]["width"] == 3 * 32 + 2


def test_describe_counts_no_digits_of_floating_point_activations(tpe: Command) -> None:
    found = tpe("describe", "mixpe-os", *SMALL, "--set", "a=fp16", "--json", "-")
    assert found.status == 0
    assert found.json["digits"] == []


def test_floating_point_activations(tpe: Command, tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", np.random.default_rng(3).normal(size=(4, 21)).astype(np.float32))
    done = tpe(
        "compare",
        "mixpe-os",
        *SMALL,
        "--set",
        "a=fp16",
        "--a",
        "x.npy",
        "--b",
        "w.npy",
        "--json",
        "-",
    )
    assert done.status == 0
    assert done.json["error"]["snr_db"] > 120
    assert done.json["quantization_error"]["snr_db"] < 40
