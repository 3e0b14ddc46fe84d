"""`tpe quantize`: weights as integers, and how far off they then are."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

import golden.quantize
from golden.quantize import QuantizedWeights
from golden.scales import Scale
from tpe.verbs.compare import ErrorFigures, float_error_figures


@dataclass(frozen=True, kw_only=True)
class Quantization:
    """Quantised weights and their error.

    Parameters
    ----------
    weights : QuantizedWeights
    error : ErrorFigures
        Of the numbers that the codes stand for, against the weights as given.
    """

    weights: QuantizedWeights
    error: ErrorFigures


def quantize(
    w: ArrayLike, *, bits: int, group: int, scale: Scale = "fp16", zero_point: bool = False
) -> Quantization:
    """Quantise `w` (K, N), as `golden.quantize.quantize` does, and measure the error.

    Raises
    ------
    golden.quantize.WeightsError
        If that cannot be: a line for every problem.
    """
    weights = golden.quantize.quantize(
        w, bits=bits, group=group, scale=scale, zero_point=zero_point
    )
    return Quantization(weights=weights, error=quantization_error(w, weights))


def quantization_error(w: ArrayLike, weights: QuantizedWeights) -> ErrorFigures:
    """How far the numbers that `weights` stand for are from finite `w` (K, N)."""
    return float_error_figures(weights.dequantized(), np.asarray(w))
