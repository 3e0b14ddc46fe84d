"""`tpe compare`: what the hardware returns, and how right that is."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from golden.gemm import exact_product
from golden.quantize import QuantizedWeights
from golden.spec import EngineSpec
from sim.run import Run, simulate
from tpe.operands import rounded


@dataclass(frozen=True, kw_only=True)
class ErrorFigures:
    """How far results are from exact arithmetic.

    Parameters
    ----------
    max_abs : float
        Largest difference.
    max_rel, mean_rel : float
        Largest and mean difference, relative to the exact value, where that is not zero.
    snr_db : float
        Signal to noise, 10 log10(sum exact^2 / sum difference^2): infinite without any difference.
    """

    max_abs: float
    max_rel: float
    mean_rel: float
    snr_db: float


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Hardware against golden model, and golden model against exact arithmetic.

    Parameters
    ----------
    run : sim.run.Run
    error : ErrorFigures
        Of the golden model on the operands in their formats.
    quantization_error : ErrorFigures or None
        Of exact arithmetic on the operands in their formats, against the operands as given. None
        for integers and weights in groups, which are never rounded.
    overflows : int
        Accumulators whose running sum left their range at any time.
    """

    run: Run
    error: ErrorFigures
    quantization_error: ErrorFigures | None
    overflows: int

    @property
    def passed(self) -> bool:
        """Whether the hardware equals the golden model bit for bit."""
        return self.run.passed


def compare(
    spec: EngineSpec,
    a: NDArray,
    b: Any,
    *,
    backend: Literal["native", "cocotb"] = "native",
    stall: float = 0.0,
    seed: int = 0,
    waves: Path | None = None,
    progress: Callable[[float], None] | None = None,
) -> Comparison:
    """Run the engine on A (M, K) and B (K, N), as `sim.run.simulate` does, and compare.

    Operands for floating-point formats are first rounded to them, and real weights quantised for an
    engine that takes them in groups.

    Raises
    ------
    sim.operands.OperandError
        If the operands do not suit the spec.
    sim.run.SimulationError
        If the engine hangs, says too much or cannot be built.
    """
    left, right = rounded(spec, a, b)
    run = simulate(
        spec, left, right, backend=backend, stall=stall, seed=seed, waves=waves, progress=progress
    )
    quantization = None
    if spec.element_info.operands == "integer":
        error = error_figures(run.expected.c, exact_product(a, b))
    else:
        exact = _double_product(left, right)
        error = float_error_figures(run.expected.c, exact)
        if left is not a or right is not b:
            quantization = float_error_figures(exact, _double_product(a, b))
    return Comparison(
        run=run,
        error=error,
        quantization_error=quantization,
        overflows=run.expected.overflows,
    )


def error_figures(values: NDArray, exact: NDArray) -> ErrorFigures:
    """Figures for integer arrays of one shape, neither of them empty."""
    wide = np.int64 if _peak(values) + _peak(exact) < 1 << 63 else object
    difference = np.abs(values.astype(wide) - exact.astype(wide)).astype(np.float64)
    return _figures(difference, np.abs(exact.astype(np.float64)))


def float_error_figures(values: NDArray, exact: NDArray) -> ErrorFigures:
    """Figures for floating-point arrays of one shape, where both are finite."""
    finite = np.isfinite(values) & np.isfinite(exact)
    chosen = exact[finite].astype(np.float64)
    return _figures(np.abs(values[finite].astype(np.float64) - chosen), np.abs(chosen))


def _figures(difference: NDArray[np.float64], size: NDArray[np.float64]) -> ErrorFigures:
    relative = difference[size > 0] / size[size > 0]
    return ErrorFigures(
        max_abs=float(difference.max(initial=0.0)),
        max_rel=float(relative.max(initial=0.0)),
        mean_rel=float(relative.mean()) if relative.size else 0.0,
        snr_db=_decibels(float(np.sum(size**2)), float(np.sum(difference**2))),
    )


def _double_product(a: NDArray, b: NDArray | QuantizedWeights) -> NDArray[np.float64]:
    """A B in double precision: exact enough to measure shorter formats against."""
    numbers = b.dequantized() if isinstance(b, QuantizedWeights) else b.astype(np.float64)
    with np.errstate(over="ignore", invalid="ignore"):
        return a.astype(np.float64) @ numbers


def _peak(values: NDArray) -> int:
    return max(abs(int(values.min())), abs(int(values.max())))


def _decibels(signal: float, noise: float) -> float:
    if noise == 0:
        return math.inf
    return 10 * math.log10(signal / noise) if signal else -math.inf
