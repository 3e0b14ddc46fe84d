"""`tpe quantize`, and files of quantised weights."""

import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file

import tpe as front_door
from golden.quantize import BITS, QuantizedWeights, quantize
from golden.scales import SCALES, Scale
from tests.tpe.conftest import Command
from tpe.problems import InputError
from tpe.verbs.quantize import quantization_error
from tpe.weights import read_finite, read_parts, read_weights, write_weights

pytestmark = pytest.mark.fast

Save = Callable[[str, NDArray], Path]

DATA = Path(__file__).parent / "data"
W = np.random.default_rng(1).normal(size=(50, 6))


def problems(read: Callable[[], object]) -> list[str]:
    with pytest.raises(InputError) as caught:
        read()
    return caught.value.problems


def same(left: QuantizedWeights, right: QuantizedWeights) -> None:
    assert (left.weights, left.group, left.scale) == (right.weights, right.group, right.scale)
    for name in ("codes", "scales", "zeros"):
        ours, theirs = getattr(left, name), getattr(right, name)
        assert (ours is None) == (theirs is None)
        if ours is not None:
            assert ours.dtype == theirs.dtype
            np.testing.assert_array_equal(ours, theirs)


def test_the_command_says_what_the_function_returns(tpe: Command, matrix: Save) -> None:
    path = matrix("w.npy", W)
    found = front_door.quantize(W, bits=3, group=16, scale="pow2", zero_point=True)
    arguments = ("quantize", path, "--bits", 3, "--group", 16, "--scale", "pow2", "--zero-point")
    facts = tpe(*arguments, "--json", "-").json
    assert facts == {
        "k": 50,
        "n": 6,
        "weights": "uint3",
        "bits": 3,
        "group": 16,
        "groups": 4,
        "scale": "pow2",
        "zero_point": True,
        "bits_per_weight": 3 + 11 * 4 / 50,
        "error": {
            "max_abs": found.error.max_abs,
            "max_rel": found.error.max_rel,
            "mean_rel": found.error.mean_rel,
            "snr_db": found.error.snr_db,
        },
        "output": None,
    }
    shown = tpe(*arguments).out
    for part in ("50 x 6", "4 a column, of 16 rows, the last of 2", "uint3", "pow2", "dB"):
        assert part in shown
    assert tpe(*arguments, "--quiet").out == ""


def test_the_file_is_what_the_function_returns(tpe: Command, matrix: Save, tmp_path: Path) -> None:
    path = matrix("w.npy", W)
    outcome = tpe("quantize", path, "--group", 20, "-o", "new/weights.npz")
    assert outcome.status == 0
    assert "new/weights.npz" in outcome.out
    same(read_weights(tmp_path / "new" / "weights.npz"), quantize(W, bits=4, group=20))


def test_error_figures() -> None:
    w = np.array([[1.0, 7.0], [3.4, 0.0]])
    found = front_door.quantize(w, bits=4, group=2)
    assert found.weights.codes.tolist() == [[2, 7], [7, 0]]
    step = float(np.float16(3.4 / 7)) + 2.0**-12
    assert found.weights.scales.tolist() == [[step, 1.0]]
    difference = [abs(2 * step - 1), abs(7 * step - 3.4)]
    assert found.error.max_abs == pytest.approx(max(difference))
    assert found.error.max_rel == pytest.approx(difference[0])
    assert found.error.mean_rel == pytest.approx((difference[0] + difference[1] / 3.4) / 3)
    signal, noise = float((w**2).sum()), float((np.array(difference) ** 2).sum())
    assert found.error.snr_db == pytest.approx(10 * np.log10(signal / noise))
    assert quantization_error(w, found.weights) == found.error


def test_exact_weights(tpe: Command, matrix: Save) -> None:
    path = matrix("w.npy", np.arange(-7, 8).reshape(15, 1) / 4)
    assert "SNR              exact" in tpe("quantize", path).out
    assert tpe("quantize", path, "--json", "-").json["error"]["snr_db"] is None


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (
            ("no.npy", "--bits", 5, "--group", 0, "-o", "w.npy/x.npz", "--json", "."),
            [
                ".: is a folder",
                "no.npy: cannot be read: No such file",
                "bits: 5 given, use 2, 3, 4, 6 or 8",
                "group: 0 given, use a whole number from 1",
                "w.npy/x.npz: cannot be written",
            ],
        ),
        (("w.npy", "-o", "w.txt"), ["--output w.txt: use a name that ends in .npz"]),
        (("w.npy", "--scale", "fp8"), ["'--scale'"]),
        (("w.npy", "--bits", "few"), ["'--bits'"]),
        (("vector.npy",), ["vector.npy: shape (3,) is 1-dimensional"]),
        (("nan.npy",), ["nan.npy: nan in row 1, column 0 (and 1 more) is no finite number"]),
        (("big.npy", "-o", "w.npz"), ["scale: fp16 given, use a format that holds 1.42857e+29"]),
    ],
)
def test_every_problem_has_its_line(
    tpe: Command, matrix: Save, tmp_path: Path, arguments: tuple, expected: list[str]
) -> None:
    matrix("w.npy", W)
    matrix("vector.npy", W[0, :3])
    matrix("nan.npy", np.array([[1], [np.nan], [np.inf]]))
    matrix("big.npy", np.full((2, 2), 1e30))
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    outcome = tpe("quantize", *arguments)
    assert (outcome.status, outcome.out) == (2, "")
    assert len(outcome.err) == len(expected), outcome.err
    for line, part in zip(outcome.err, expected, strict=True):
        assert part in line
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize("zero_point", [False, True])
@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("bits", BITS)
def test_files_come_back(tmp_path: Path, bits: int, scale: Scale, zero_point: bool) -> None:
    path = tmp_path / "w.npz"
    held = quantize(W, bits=bits, group=16, scale=scale, zero_point=zero_point)
    write_weights(path, held)
    same(read_weights(path), held)
    first = path.read_bytes()
    write_weights(str(path), read_weights(str(path)))
    assert path.read_bytes() == first


@pytest.mark.parametrize("zero_point", [False, True])
def test_parts_come_back(matrix: Save, zero_point: bool) -> None:
    held = quantize(W, bits=4, group=16, zero_point=zero_point)
    zeros = None if held.zeros is None else matrix("zeros.npy", held.zeros.astype(float))
    codes = matrix("codes.npy", held.codes.astype(np.int64))
    for dtype in (np.float16, np.float32, np.float64):
        scales = matrix("scales.npy", held.scales.astype(dtype))
        same(read_parts(codes, scales, zeros, bits=4, group=16), held)


def test_parts_that_do_not_fit(matrix: Save, tmp_path: Path) -> None:
    codes = matrix("codes.npy", np.full((4, 2), 7.5))
    missing = tmp_path / "no.npy"
    lines = problems(lambda: read_parts(codes, missing, missing, bits=4, group=2))
    assert [Path(line.partition(":")[0]).name for line in lines] == ["codes.npy", *["no.npy"] * 2]
    codes = matrix("codes.npy", np.full((4, 2), 9))
    scales = matrix("scales.npy", np.full((2, 2), 0.1))
    assert problems(lambda: read_parts(codes, scales, None, bits=4, group=2)) == [
        "codes: 9 in row 0, column 0 (and 7 more) is outside int4, -8 to 7",
        "scales: 0.1 in row 0, column 0 (and 3 more) is no positive finite fp16 number",
    ]
    scales = matrix("scales.npy", np.full((3, 2), 2))
    assert problems(lambda: read_parts(codes, scales, None, bits=3, group=2))[1:] == [
        "scales: shape (3, 2) given, use (2, 2): groups x N"
    ]


def test_packed_layers_from_npz(tmp_path: Path) -> None:
    tensors = load_file(DATA / "auto_gptq.safetensors")
    path = tmp_path / "layers.npz"
    np.savez(path, **tensors)
    for layer in ("int3", "int4"):
        same(
            read_weights(path, layer=layer),
            read_weights(DATA / "auto_gptq.safetensors", layer=layer),
        )
    prefix = "int4."
    np.savez(path, **{k.removeprefix(prefix): v for k, v in tensors.items() if prefix in k})
    same(read_weights(path), read_weights(DATA / "auto_gptq.safetensors", layer="int4"))


def test_a_file_of_one_layer_needs_no_name() -> None:
    path = DATA / "autoawq.safetensors"
    same(read_weights(path), read_weights(path, layer="int4"))


def test_layers_that_are_not_there(tmp_path: Path) -> None:
    path = DATA / "auto_gptq.safetensors"
    names = "'int2', 'int3', 'int4', 'int8'"
    assert problems(lambda: read_weights(path)) == [
        f"{path}: layer: none given of 4, use one: {names}"
    ]
    assert problems(lambda: read_weights(path, layer="int5")) == [
        f"{path}: layer: 'int5' given, use {names}"
    ]
    many = tmp_path / "many.safetensors"
    save_file({f"layers.{i}.qweight": np.zeros((1, 1), np.int32) for i in range(7)}, many)
    (line,) = problems(lambda: read_weights(many))
    assert line.endswith(
        "use one: 'layers.0', 'layers.1', 'layers.2', 'layers.3', 'layers.4' or one of 2 more"
    )
    assert problems(lambda: read_weights(many, layer="layers.3")) == [
        f"{many}: qzeros: missing",
        f"{many}: scales: missing",
    ]


def test_our_files_have_no_layers(tmp_path: Path) -> None:
    path = tmp_path / "w.npz"
    write_weights(path, quantize(W, bits=4, group=16))
    what = "leave it out: the file is of one matrix, unpacked"
    assert problems(lambda: read_weights(path, layer="a")) == [f"{path}: layer: 'a' given, {what}"]
    assert problems(lambda: read_weights(path, layout="awq")) == [
        f"{path}: layout: 'awq' given, {what}"
    ]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"bits": np.array(5)}, ["bits: 5 given, use 2, 3, 4, 6 or 8"]),
        ({"group": np.array(7)}, ["scales: shape (4, 6) given, use (8, 6): groups x N"]),
        ({"scale": np.array("pow2")}, ["is no positive finite pow2 number"]),
        (
            {"scale": np.array(16), "bits": np.array([4])},
            ["bits: int64 array (1,)", "scale: int64"],
        ),
        ({"codes": np.full((50, 6), 8)}, ["codes: 8 in row 0, column 0 (and 299 more)"]),
        ({"zeros": np.zeros((4, 6), int)}, ["codes: -"]),
        ({"bits": None, "scales": None}, ["scales: missing", "bits: missing"]),
    ],
    ids=str,
)
def test_our_files_are_checked(
    tmp_path: Path, changes: dict[str, Any], expected: list[str]
) -> None:
    path = tmp_path / "w.npz"
    write_weights(path, quantize(W, bits=4, group=16))
    with np.load(path) as file:
        fields: dict[str, Any] = dict(file) | changes
    np.savez(path, **{name: value for name, value in fields.items() if value is not None})
    lines = problems(lambda: read_weights(path))
    assert len(lines) == len(expected), lines
    for line, part in zip(lines, expected, strict=True):
        assert line.startswith(f"{path}: ")
        assert part in line


class Unpickled:
    def __reduce__(self) -> tuple:
        return (pytest.fail, ("the pickle was opened",))


def test_files_of_another_kind(tmp_path: Path, matrix: Save) -> None:
    npz, tensors = tmp_path / "w.npz", tmp_path / "w.safetensors"
    for path in (npz, tensors, tmp_path / "w.bin"):
        (line,) = problems(lambda path=path: read_weights(path))
        known = path.suffix != ".bin"
        assert ("No such file" if known else "ends in .npz or .safetensors") in line
    for content in (b"", b"text", struct.pack("<Q", 1 << 40) + b"{"):
        for path in (npz, tensors):
            path.write_bytes(content)
            (line,) = problems(lambda path=path: read_weights(path))
            assert line.startswith(f"{path}: not a")
    npz.write_bytes(matrix("w.npy", W).read_bytes())
    assert "not an .npz file" in problems(lambda: read_weights(npz))[0]
    np.savez(npz, a=W)
    assert "holds neither `codes`" in problems(lambda: read_weights(npz))[0]
    write_weights(npz, quantize(W, bits=4, group=16))
    with np.load(npz) as file:
        fields: dict[str, Any] = dict(file) | {"codes": np.array([[Unpickled()]])}
    np.savez(npz, **fields)
    assert problems(lambda: read_weights(npz)) == [
        f"{npz}: not an .npz file of numbers, or damaged"
    ]
    (tmp_path / "folder.npz").mkdir()
    assert "Is a directory" in problems(lambda: read_weights(tmp_path / "folder.npz"))[0]


@pytest.mark.parametrize("suffix", [".npz", ".safetensors"])
def test_every_truncation_is_seen(tmp_path: Path, suffix: str) -> None:
    whole = (DATA / "autoawq.safetensors").read_bytes()
    path = tmp_path / f"w{suffix}"
    if suffix == ".npz":
        write_weights(path, quantize(W, bits=4, group=16))
        whole = path.read_bytes()
    for kept in range(0, len(whole), 37):
        path.write_bytes(whole[:kept])
        (line,) = problems(lambda: read_weights(path))
        assert line.startswith(f"{path}: not a")


def test_damage_is_seen(tmp_path: Path) -> None:
    """Archives have check sums."""
    path = tmp_path / "w.npz"
    write_weights(path, quantize(W, bits=4, group=16))
    whole = bytearray(path.read_bytes())
    whole[100] ^= 0xFF
    path.write_bytes(whole)
    assert "damaged" in problems(lambda: read_weights(path))[0]


def test_bfloat16_scales_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "w.safetensors"
    header = {
        "a.qweight": {"dtype": "I32", "shape": [1, 1], "data_offsets": [0, 4]},
        "a.scales": {"dtype": "BF16", "shape": [1, 2], "data_offsets": [4, 8]},
    }
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + bytes(8))
    assert problems(lambda: read_weights(path)) == [
        f"{path}: a.scales: dtype BF16 given, use I32, or F16 or F32 for scales"
    ]


def test_finite_numbers_of_any_dtype(matrix: Save) -> None:
    for dtype in (np.int8, np.float16, np.float64):
        np.testing.assert_array_equal(
            read_finite(matrix("w.npy", np.eye(3, dtype=dtype))), np.eye(3)
        )
