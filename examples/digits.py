"""Handwritten digits, and an int8 network that classifies them by matrix products.

Two layers, 64 -> 32 -> 10: each is one product for an engine. The bias is a last row of the
weights, and its input a constant column of the activations. Between the layers the host does ReLU,
a rounding shift and clipping to int8; after them it takes the largest sum.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

HERE = Path(__file__).parent

Layer = Callable[[NDArray, NDArray], NDArray]
"""C (M, N) from int8 A (M, K) and B (K, N)."""


@dataclass(frozen=True, kw_only=True)
class Network:
    """An int8 network of two layers.

    Parameters
    ----------
    first : int8 array (65, 32)
    second : int8 array (33, 10)
        Weights; the last row is the bias.
    one_1, one_2 : int
        Constant inputs of the biases, 1 to 127.
    shift : int
        Hidden sums are divided by 2**shift.
    """

    first: NDArray[np.int8]
    second: NDArray[np.int8]
    one_1: int
    one_2: int
    shift: int


def load_network() -> Network:
    """The network that `train_digits.py` made."""
    with np.load(HERE / "digits_network.npz", allow_pickle=False) as file:
        return Network(
            first=file["first"],
            second=file["second"],
            one_1=int(file["one_1"]),
            one_2=int(file["one_2"]),
            shift=int(file["shift"]),
        )


def load_images() -> tuple[NDArray[np.int8], NDArray[np.int8]]:
    """All 1797 images (1797, 64), grey values 0 to 16, and their labels."""
    with np.load(HERE / "digits.npz", allow_pickle=False) as file:
        return file["images"], file["labels"]


def held_out(count: int) -> NDArray[np.bool_]:
    """Which of `count` images no training has seen: every fifth."""
    return np.arange(count) % 5 == 0


def classify(network: Network, images: NDArray[np.int8], layer: Layer) -> NDArray[np.intp]:
    """The digit in each image (M, 64), every product done by `layer`."""
    sums = layer(with_one(images, network.one_1), network.first)
    hidden = requantise(sums, network.shift)
    return layer(with_one(hidden, network.one_2), network.second).argmax(axis=1)


def with_one(activations: NDArray[np.int8], one: int) -> NDArray[np.int8]:
    """`activations` and a last column of the constant `one`, the input of the bias."""
    return np.pad(activations, ((0, 0), (0, 1)), constant_values=one)


def requantise(sums: NDArray, shift: int) -> NDArray[np.int8]:
    """ReLU, division by 2**shift rounded half up, clipped to int8."""
    rounding = (1 << shift) >> 1
    return np.clip((np.maximum(sums, 0) + rounding) >> shift, 0, 127).astype(np.int8)


def exact_layer(a: NDArray, b: NDArray) -> NDArray:
    """A layer in numpy's integers."""
    return a.astype(np.int64) @ b.astype(np.int64)
