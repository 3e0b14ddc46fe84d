"""The digits network: shipped data, quantisation, accuracy of the golden model."""

import numpy as np
import pytest
from numpy.typing import NDArray

import digits
from golden.loading import load_spec
from golden.quantize import quantize
from sim.run import simulate

pytestmark = pytest.mark.fast

ACCURACY = 352 / 360
"""Held-out images that `train_digits.py` saw classified right when it made the files."""


def test_data() -> None:
    images, labels = digits.load_images()
    assert images.shape == (1797, 64)
    assert images.dtype == np.int8
    assert (images.min(), images.max()) == (0, 16)
    assert np.bincount(labels).min() > 170
    assert np.count_nonzero(digits.held_out(len(images))) == 360


def test_network_is_int8() -> None:
    network = digits.load_network()
    assert network.first.shape == (65, 32)
    assert network.second.shape == (33, 10)
    assert network.first.dtype == network.second.dtype == np.int8
    assert 1 <= network.one_1 <= 127
    assert 1 <= network.one_2 <= 127


def test_golden_model_classifies_held_out_digits() -> None:
    images, labels = digits.load_images()
    test = digits.held_out(len(images))
    spec = load_spec("opt1-os")
    guesses = digits.classify(digits.load_network(), images[test], lambda a, b: spec.model(a, b).c)
    assert np.mean(guesses == labels[test]) == pytest.approx(ACCURACY)


def test_requantise_rounds_half_up_and_clips() -> None:
    sums = np.array([-5, 0, 3, 4, 11, 12, 1015, 1016, 10**6])
    assert digits.requantise(sums, 3).tolist() == [0, 0, 0, 1, 1, 2, 127, 127, 127]
    assert digits.requantise(np.array([5, 200]), 0).tolist() == [5, 127]


@pytest.mark.parametrize("array", ["os", "ws"])
def test_four_bit_weights_lose_less_than_a_point(array: str) -> None:
    """On the emitted Verilog: weights of both layers as int4 in groups of 32, each with a scale."""
    spec = load_spec(f"mixpe-{array}", ["options.group=32"])

    def layer(a: NDArray[np.int8], b: NDArray[np.int8]) -> NDArray[np.int64]:
        run = simulate(spec, a, quantize(b, bits=4, group=32))
        assert run.passed, str(run.first_mismatch)
        return np.rint(run.c).astype(np.int64)

    images, labels = digits.load_images()
    test = digits.held_out(len(images))
    guesses = digits.classify(digits.load_network(), images[test], layer)
    assert np.mean(guesses == labels[test]) >= ACCURACY - 0.01
