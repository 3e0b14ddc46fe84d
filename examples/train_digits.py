"""Train a small network on the 8x8 digits and quantise it to int8: makes the files beside it.

    pip install -e .[train] && python examples/train_digits.py

Two layers, 64 -> 32 -> 10, ReLU between them. Every fifth image (index % 5 == 0) is held out: 360
of 1797, never seen here. `digits.py` says how the quantised network computes. The first layer's
weights are saved in floating point too, for `tpe quantize`.

The images are the test set of E. Alpaydin, C. Kaynak, "Optical Recognition of Handwritten Digits",
UCI Machine Learning Repository, 1998, doi:10.24432/C50P49 (CC BY 4.0), as scikit-learn ships them.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_digits
from sklearn.neural_network import MLPClassifier

import digits

HERE = Path(__file__).parent
WEIGHT_PEAK = 127
HIDDEN_PEAK = 127
"""Largest int8 activation. ReLU leaves nothing below 0."""


def main() -> None:
    images, labels = load_digits(return_X_y=True)
    images = images.astype(np.int8)
    np.savez_compressed(HERE / "digits.npz", images=images, labels=labels.astype(np.int8))
    train = ~digits.held_out(len(images))
    network = MLPClassifier(
        hidden_layer_sizes=(32,), alpha=0.3, max_iter=2000, tol=1e-5, random_state=0
    )
    network.fit(images[train].astype(float), labels[train])
    np.save(HERE / "digits_weights.npy", network.coefs_[0].astype(np.float32))
    quantised = quantise(network.coefs_, network.intercepts_, images[train])
    np.savez_compressed(HERE / "digits_network.npz", **quantised)
    test = ~train
    print(f"float   {network.score(images[test].astype(float), labels[test]):.4f}")
    guesses = digits.classify(digits.Network(**quantised), images[test], digits.exact_layer)
    print(f"int8    {np.mean(guesses == labels[test]):.4f}")


def quantise(
    weights: list[NDArray], biases: list[NDArray], images: NDArray
) -> dict[str, NDArray[np.int8] | int]:
    """Fields of `digits.Network` for two layers of floating-point weights (inputs, outputs).

    One scale a layer: weights times it, rounded, reach `WEIGHT_PEAK`. A bias is a last row of
    weights, whose input is the constant that lets the largest bias use the int8 range.
    """
    scale_1, first, one_1 = _layer(weights[0], biases[0], input_scale=1.0)
    hidden = np.maximum(digits.with_one(images, one_1).astype(np.int64) @ first, 0)
    shift = max(0, int(np.ceil(np.log2(hidden.max() / HIDDEN_PEAK))))
    _, second, one_2 = _layer(weights[1], biases[1], input_scale=scale_1 / 2**shift)
    return {"first": first, "second": second, "one_1": one_1, "one_2": one_2, "shift": shift}


def _layer(
    weights: NDArray, bias: NDArray, input_scale: float
) -> tuple[float, NDArray[np.int8], int]:
    """Scale of the sums, int8 weights with the bias as last row, and that row's constant input."""
    scale = WEIGHT_PEAK / np.abs(weights).max()
    sums = scale * input_scale
    one = int(np.clip(np.ceil(np.abs(bias).max() * sums / WEIGHT_PEAK), 1, 127))
    rows = np.vstack([weights * scale, bias * sums / one])
    return sums, np.clip(np.rint(rows), -128, 127).astype(np.int8), one


if __name__ == "__main__":
    main()
