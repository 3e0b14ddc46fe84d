"""Error figures on numbers that one can check by hand."""

import math

import numpy as np
import pytest

from tpe.verbs.compare import ErrorFigures, error_figures

pytestmark = pytest.mark.fast


def test_exact_results() -> None:
    values = np.array([[1, -2], [0, 3]], np.int32)
    assert error_figures(values, values.astype(np.int64)) == ErrorFigures(
        max_abs=0.0, max_rel=0.0, mean_rel=0.0, snr_db=math.inf
    )


def test_figures_by_hand() -> None:
    """Differences 1, 0, 2 on 10, -4, 0: relative 0.1 and 0; signal 116, noise 5."""
    figures = error_figures(np.array([[11, -4, 2]]), np.array([[10, -4, 0]]))
    assert figures.max_abs == 2
    assert figures.max_rel == pytest.approx(0.1)
    assert figures.mean_rel == pytest.approx(0.05)
    assert figures.snr_db == pytest.approx(10 * math.log10(116 / 5))


def test_only_noise() -> None:
    figures = error_figures(np.array([[3]]), np.array([[0]]))
    assert (figures.max_rel, figures.mean_rel, figures.snr_db) == (0.0, 0.0, -math.inf)


def test_numbers_beyond_64_bits() -> None:
    """A wrapped 64-bit accumulator against the exact sum: the difference itself needs 65 bits."""
    exact = np.array([[2**64 + 5, -(2**63)]], object)
    figures = error_figures(np.array([[5, 2**63 - 1]], np.int64), exact)
    assert figures.max_abs == 2.0**64


def test_small_differences_of_large_numbers_do_not_vanish() -> None:
    exact = np.array([[2**62 + 1]], np.int64)
    assert error_figures(np.array([[2**62]], np.int64), exact).max_abs == 1.0
