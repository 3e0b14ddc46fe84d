"""Packed layers: those that public tools made, and any that a readable packer makes here."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import load_file

from golden.quantize import QuantizedWeights, WeightsError, quantize
from tpe.layouts import GPTQ_BITS, Layout, read_layer, unpack
from tpe.weights import read_weights

pytestmark = pytest.mark.fast

DATA = Path(__file__).parent / "data"
FILES = sorted(DATA.glob("*.safetensors"))
LAYERS = [
    (path, name.removesuffix(".qweight"))
    for path in FILES
    for name in sorted(load_file(path))
    if name.endswith(".qweight")
]


def test_every_tool_is_there() -> None:
    assert [path.stem for path in FILES] == ["auto_gptq", "autoawq", "gptqmodel"]
    assert len(LAYERS) == 1 + 4 + 2 * 2


@pytest.mark.parametrize(("path", "layer"), LAYERS, ids=str)
def test_layers_of_public_tools(path: Path, layer: str) -> None:
    """Zero points are those that the tool got, weights those that it unpacks itself."""
    second = layer.startswith("version2.")
    found = read_weights(path, layer=layer, layout="gptq-v2" if second else None)
    tensors = load_file(path)
    expected = f"expected.{layer.removeprefix('version2.')}"
    assert found.weights.name == f"u{layer.removeprefix('version2.')}"
    assert found.scale == "fp16"
    np.testing.assert_array_equal(found.zeros, tensors[f"{expected}.zeros"])
    np.testing.assert_array_equal(
        found.dequantized().astype(np.float16), tensors[f"{expected}.weights"]
    )


def test_groups_of_public_tools() -> None:
    groups = {(path.stem, layer): read_weights(path, layer=layer).group for path, layer in LAYERS}
    assert groups["autoawq", "int4"] == 16
    assert groups["auto_gptq", "int2"] == 32
    assert groups["auto_gptq", "int4"] == 12
    assert read_weights(DATA / "auto_gptq.safetensors", layer="int4").groups == 3


def pack(numbers: Sequence[int], bits: int) -> list[int]:
    """32-bit words, from the definition: one long number, the first in its lowest bits."""
    stream = sum(number << (bits * place) for place, number in enumerate(numbers))
    return [stream >> (32 * word) & 0xFFFFFFFF for word in range(len(numbers) * bits // 32)]


def words(matrix: NDArray, bits: int) -> NDArray[np.int32]:
    """Rows packed one by one."""
    packed = [pack([int(value) for value in row], bits) for row in matrix]
    return np.array(packed, np.uint32).view(np.int32)


def gptq(held: QuantizedWeights, *, less: int = 1) -> dict[str, NDArray]:
    codes, zeros = unsigned(held)
    return {
        "qweight": words(codes.T, held.weights.bits).T.copy(),
        "qzeros": words((zeros - less) % (1 << held.weights.bits), held.weights.bits),
        "scales": held.scales.astype(np.float16 if held.scale == "fp16" else np.float32),
        "g_idx": np.arange(held.k, dtype=np.int32) // held.group,
    }


def awq(held: QuantizedWeights) -> dict[str, NDArray]:
    """Columns 0, 2, 4, 6, 1, 3, 5, 7 of every eight from the least significant bits on."""
    order = [column // 8 * 8 + [0, 2, 4, 6, 1, 3, 5, 7][column % 8] for column in range(held.n)]
    codes, zeros = unsigned(held)
    return {
        "qweight": words(codes[:, order], 4),
        "qzeros": words(zeros[:, order], 4),
        "scales": held.scales.astype(np.float16),
    }


def unsigned(held: QuantizedWeights) -> tuple[NDArray, NDArray]:
    middle = 1 << (held.weights.bits - 1)
    if held.zeros is None:
        return held.codes.astype(int) + middle, np.full(held.scales.shape, middle)
    return held.codes.astype(int), held.zeros.astype(int)


def weights(k: int, n: int, **arguments: Any) -> QuantizedWeights:
    rng = np.random.default_rng(4)
    return quantize(rng.normal(0.2, 1, (k, n)), **arguments)


def same(left: QuantizedWeights, right: QuantizedWeights) -> None:
    assert left.weights == right.weights
    assert (left.k, left.n, left.groups, left.scale) == (
        right.k,
        right.n,
        right.groups,
        right.scale,
    )
    np.testing.assert_array_equal(left.codes, right.codes)
    np.testing.assert_array_equal(left.dequantized(), right.dequantized())


@pytest.mark.parametrize("zero_point", [False, True])
@pytest.mark.parametrize("group", [1, 24, 32, 96, 128])
@pytest.mark.parametrize("bits", GPTQ_BITS)
def test_gptq_comes_back(bits: int, group: int, zero_point: bool) -> None:
    held = weights(96, 32, bits=bits, group=group, scale="fp32", zero_point=zero_point)
    if held.zeros is not None:
        held.zeros[held.zeros == 0] = 1
    same(read_layer(gptq(held)), held)
    same(read_layer(gptq(held, less=0), "gptq-v2"), held)


@pytest.mark.parametrize("zero_point", [False, True])
@pytest.mark.parametrize("group", [1, 20, 60, 100])
def test_awq_comes_back(group: int, zero_point: bool) -> None:
    held = weights(60, 24, bits=4, group=group, zero_point=zero_point)
    for layout in (None, "awq"):
        same(read_layer(awq(held), layout), held)  # type: ignore[arg-type]


def test_symmetric_layers_lose_their_zero_points() -> None:
    held = weights(32, 32, bits=4, group=8)
    assert read_layer(gptq(held)).zeros is None
    tensors = gptq(held)
    tensors["qzeros"][0, 0] ^= 1
    assert read_layer(tensors).weights.name == "uint4"


def test_without_g_idx_groups_are_of_one_length() -> None:
    held = weights(96, 32, bits=4, group=24)
    tensors = gptq(held)
    del tensors["g_idx"]
    same(read_layer(tensors), held)


@pytest.mark.parametrize("bits", [2, 3, 4, 8])
def test_unpack_takes_words_in_any_order_in_memory(bits: int) -> None:
    numbers = np.random.default_rng(5).integers(0, 1 << bits, (64, 5))
    packed = words(numbers.T, bits).T
    for order in ("C", "F"):
        np.testing.assert_array_equal(unpack(np.asarray(packed, order=order), bits), numbers)


def problems(tensors: dict[str, NDArray], layout: Layout | None = None) -> list[str]:
    with pytest.raises(WeightsError) as caught:
        read_layer(tensors, layout)
    return caught.value.problems


def test_what_is_no_layer() -> None:
    good = gptq(weights(32, 32, bits=4, group=8))
    assert problems({}) == ["qweight: missing", "qzeros: missing", "scales: missing"]
    assert problems({"qweight": np.zeros((4, 4)), "g_idx": np.zeros((2, 2), np.int32)}) == [
        "g_idx: shape (2, 2) given, use 1 dimension, not empty",
        "qweight: dtype float64 given, use int32",
        "qzeros: missing",
        "scales: missing",
    ]
    assert problems(good | {"scales": good["scales"].astype(np.float64)}) == [
        "scales: dtype float64 given, use float16 or float32"
    ]
    assert problems(good | {"scales": good["scales"] * 0}) == [
        "scales: 0.0 in row 0, column 0 (and 127 more) is no positive finite fp16 number"
    ]
    assert problems(good, "awq") == [
        "layout: awq given, but qweight (4, 32) and scales (4, 32) are packed along K: use gptq"
    ]
    assert problems(good | {"qzeros": good["qzeros"][:, :3].copy()[:, :0]}) == [
        "qzeros: shape (4, 0) given, use 2 dimensions, not empty"
    ]
    assert problems(good | {"qzeros": good["qzeros"][:3]}) == [
        "qzeros: shape (3, 4) given, use (4, 2) or (4, 3) or (4, 4) or (4, 8)"
    ]
    assert problems(good | {"g_idx": good["g_idx"][:-1]}) == [
        "g_idx: shape (31,) given, use (32,), one for every row"
    ]
    assert problems(good | {"scales": good["scales"][:3], "qzeros": good["qzeros"][:3]}) == [
        "scales: shape (3, 32) given, use (4, 32): groups x N"
    ]
    del good["g_idx"]
    assert problems(good | {"scales": good["scales"][:3], "qzeros": good["qzeros"][:3]}) == [
        "scales: 3 groups given, use a divisor of 32 rows, or a g_idx"
    ]


def test_act_order_is_refused() -> None:
    tensors = gptq(weights(32, 32, bits=4, group=8))
    tensors["g_idx"] = np.random.default_rng(6).permutation(tensors["g_idx"])
    (line,) = problems(tensors)
    assert line.endswith(
        "rows of a group must lie together, so quantise without act-order (desc_act)"
    )


def test_three_bits_need_whole_blocks() -> None:
    tensors = gptq(weights(64, 32, bits=3, group=8))
    assert problems(tensors | {"qweight": tensors["qweight"][:-1]}) == [
        "qweight: 5 rows given, use a multiple of 3 for 3 bits"
    ]


def test_columns_that_fill_no_word() -> None:
    good = gptq(weights(32, 32, bits=4, group=8))
    assert problems({name: good[name][:, :5] for name in ("qweight", "qzeros", "scales")}) == [
        "qzeros: shape (4, 4) given, use scales with a multiple of 4 columns, not 5"
    ]
    good = awq(weights(60, 24, bits=4, group=20))
    assert problems(good | {"scales": good["scales"][:, :20]}) == [
        "scales: 20 columns given, use a multiple of 8, or a qweight of 20 for GPTQ",
        "qzeros: shape (3, 3) given, use (3, 2)",
    ]


def test_what_is_no_awq() -> None:
    good = awq(weights(60, 24, bits=4, group=20))
    assert problems(good | {"qzeros": good["qzeros"][:, :2], "qweight": good["qweight"][:59]}) == [
        "qzeros: shape (3, 2) given, use (3, 3)",
        "scales: 3 groups given, use a divisor of 59 rows, or a g_idx",
    ]
    (line,) = problems(good | {"qweight": good["qweight"][:, :2]})
    assert line.startswith(
        "qweight: shape (60, 2) given, use (60, 3) for AWQ, or 24 columns for GPTQ"
    )
