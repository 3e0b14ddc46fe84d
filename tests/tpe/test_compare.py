"""Error figures on numbers that one can check by hand."""

import math

import numpy as np
import pytest

from golden.spec import EngineSpec
from sim.operands import OperandError
from sim.run import simulate
from tpe.verbs.compare import ErrorFigures, compare, error_figures, float_error_figures

pytestmark = pytest.mark.fast
SMALL = {"array": "systolic-os", "rows": 2, "cols": 2, "a": "e4m3", "b": "e5m2"}


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


def test_float_figures_leave_out_what_is_not_finite() -> None:
    figures = float_error_figures(np.array([[np.inf, np.nan, 3.0]]), np.array([[1.0, np.nan, 2.0]]))
    assert (figures.max_abs, figures.max_rel) == (1.0, 0.5)
    nothing = float_error_figures(np.array([[np.nan]]), np.array([[1.0]]))
    assert (nothing.max_abs, nothing.snr_db) == (0.0, math.inf)


def test_rounding_of_operands_is_told_from_arithmetic() -> None:
    """The exact element makes no error of its own, and neither rounds what needs no rounding."""
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(4, 9)).astype(np.float32), rng.normal(size=(9, 4)).astype(np.float32)
    exact = compare(EngineSpec.make(element="fmac", acc="exact", **SMALL), a, b)
    lmul = compare(EngineSpec.make(element="lmul", acc="exact", **SMALL), a, b)
    for comparison in (exact, lmul):
        assert comparison.passed
        assert comparison.quantization_error is not None
        assert 10 < comparison.quantization_error.snr_db < 40
    assert exact.quantization_error == lmul.quantization_error
    # One rounding to fp32 is left.
    assert exact.error.snr_db > 140
    assert 15 < lmul.error.snr_db < 40
    whole = np.ones((2, 2), np.float32)
    again = compare(EngineSpec.make(element="fmac", acc="exact", **SMALL), whole, whole)
    assert (
        again.quantization_error
        == again.error
        == ErrorFigures(max_abs=0.0, max_rel=0.0, mean_rel=0.0, snr_db=math.inf)
    )


def test_operands_of_a_simulation_are_numbers_of_their_formats() -> None:
    spec = EngineSpec.make(element="fmac", acc="exact", **SMALL)
    good = np.ones((2, 2), np.float32)
    with pytest.raises(
        OperandError, match=r"A\[0, 1\] = 1.00999.* is no number of e4m3, 1 of 4 are"
    ):
        simulate(spec, np.array([[1, 1.01], [2, 448]], np.float32), good)
    with pytest.raises(OperandError, match="A: dtype complex128 given, use float32"):
        simulate(spec, good.astype(complex), good)
