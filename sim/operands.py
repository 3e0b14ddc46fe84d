"""Operands: checked before they reach an engine, or drawn at random."""

import re
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from golden.fitting import fitted, unfit
from golden.floats import FloatFormat
from golden.formats import Format
from golden.groups import Groups
from golden.quantize import QuantizedWeights
from golden.spec import EngineSpec

DISTRIBUTIONS = "uniform, normal:MEAN:SIGMA, min, max or zero"


class OperandError(ValueError):
    """Operands that an engine cannot take.

    Parameters
    ----------
    problems : iterable of str
        One line each: the operand, what is wrong and what would be right.
    """

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(self.problems))


def check_operands(spec: EngineSpec, a: object, b: object) -> tuple[NDArray, Any]:
    """A (M, K) and B (K, N) in the smallest dtypes of the engine's formats.

    B is `QuantizedWeights` if the weights of the engine come in groups, and both are `fitted` to
    its groups then.

    Raises
    ------
    OperandError
        If one is no matrix of numbers of its format, or they do not multiply.
    """
    if spec.groups:
        return _check_grouped(spec.groups, np.asarray(a), b)
    first, second = np.asarray(a), np.asarray(b)
    problems = _problems("A", first, spec.formats[0]) + _problems("B", second, spec.formats[1])
    if first.ndim == second.ndim == 2 and first.shape[1] != second.shape[0]:
        problems.append(
            f"A is {_size(first)} and B is {_size(second)}: A needs as many columns as B has rows"
        )
    if problems:
        raise OperandError(problems)
    return first.astype(spec.formats[0].dtype), second.astype(spec.formats[1].dtype)


def default_depth(spec: EngineSpec) -> int:
    """The K of random operands unless the user says otherwise.

    Deep enough to fill the array and, where weights come in groups, two and a half of those.
    """
    groups = 5 * spec.groups.group // 2 if spec.groups else 0
    return max(4 * spec.rows * spec.depth, groups)


def random_operands(
    spec: EngineSpec, m: int, k: int, n: int, *, dist: str = "uniform", seed: int = 0
) -> tuple[NDArray, Any]:
    """Operands A (m, k) and B (k, n) in the engine's formats.

    Weights that come in groups are drawn normally distributed and then quantised, or have random
    scales, and zero points if any.

    Parameters
    ----------
    dist : str
        `uniform` over the whole range (all finite codes of a float format are as likely),
        `normal:MEAN:SIGMA` rounded and clamped to it, or all elements `min`, `max` or `zero`.
    seed : int
        The same seed gives the same operands.

    Raises
    ------
    OperandError
        If a size is not positive or the distribution unknown.
    """
    problems = [
        f"{name}: {size} given, use a whole number from 1"
        for name, size in (("m", m), ("k", k), ("n", n))
        if size < 1
    ]
    if problems:
        raise OperandError(problems)
    random = np.random.default_rng(seed)
    left = _draw(spec.formats[0], (m, k), dist, random)
    if spec.groups:
        return left, _draw_weights(spec.groups, (k, n), dist, random)
    return left, _draw(spec.formats[1], (k, n), dist, random)


def _draw_weights(
    groups: Groups,
    shape: tuple[int, int],
    dist: str,
    random: np.random.Generator,
) -> QuantizedWeights:
    if normal := _normal(dist):
        return groups.quantized(random.normal(*normal, shape))
    of_groups = (-(-shape[0] // groups.group), shape[1])
    return QuantizedWeights(
        codes=_draw(groups.b, shape, dist, random),
        scales=groups.scale_format.round(2.0 ** random.uniform(-8, 0, of_groups)),
        zeros=_draw(groups.b, of_groups, "uniform", random) if groups.zeros else None,
        weights=groups.b,
        group=groups.group,
        scale=groups.scale,
    )


def _check_grouped(groups: Groups, a: NDArray, b: object) -> tuple[NDArray, QuantizedWeights]:
    problems = _problems("A", a, groups.a)
    if not isinstance(b, QuantizedWeights):
        given = type(b).__name__
        raise OperandError([*problems, f"B: {given} given, use golden.quantize.QuantizedWeights"])
    if a.ndim == 2 and a.shape[1] != b.k:
        problems.append(
            f"A is {_size(a)} and B is {_size(b.codes)}: A needs as many columns as B has rows"
        )
    problems += [f"B: {problem}" for problem in unfit(groups, b)]
    if problems:
        raise OperandError(problems)
    return fitted(groups, a.astype(groups.a.dtype), b)


def _problems(name: str, matrix: NDArray, number: Format) -> list[str]:
    takes_floats = isinstance(number, FloatFormat)
    wanted = "float32" if takes_floats else f"an integer dtype such as {number.dtype}"
    if matrix.dtype.kind not in ("fiu" if takes_floats else "iu"):
        return [f"{name}: dtype {matrix.dtype} given, use {wanted}"]
    if matrix.ndim != 2:
        return [f"{name}: {matrix.ndim} dimensions given, use a matrix with 2"]
    if matrix.size == 0:
        return [f"{name}: a {_size(matrix)} matrix given, use at least 1x1"]
    return _not_representable(name, matrix, number)


def _not_representable(name: str, matrix: NDArray, number: Format) -> list[str]:
    if number.contains(matrix):
        return []
    if isinstance(number, FloatFormat):
        outside = ~number.holds(matrix)
    else:
        outside = (matrix < number.min) | (matrix > number.max)
    row, col = np.unravel_index(int(outside.argmax()), outside.shape)
    where = f"outside {number.name} ({number.min} to {number.max})"
    return [
        f"{name}: {name}[{row}, {col}] = {matrix[row, col]} is"
        f" {f'no number of {number.name}' if isinstance(number, FloatFormat) else where},"
        f" {np.count_nonzero(outside)} of {matrix.size} are"
    ]


def _size(matrix: NDArray) -> str:
    return "x".join(map(str, matrix.shape))


def _draw(
    number: Format, shape: tuple[int, int], dist: str, random: np.random.Generator
) -> NDArray:
    constants = {"min": number.min, "max": number.max, "zero": 0}
    if dist in constants:
        return np.full(shape, constants[dist], number.dtype)
    if dist == "uniform" and isinstance(number, FloatFormat):
        codes = random.integers(0, number.max_code, shape, endpoint=True)
        return number.decode(codes | random.integers(0, 2, shape) << number.magnitude_bits)
    if dist == "uniform":
        low, high = int(number.min), int(number.max)
        return random.integers(low, high, shape, number.dtype, endpoint=True)
    normal = _normal(dist)
    if normal is None:
        raise OperandError([f"dist: {dist!r} given, use {DISTRIBUTIONS}"])
    drawn = random.normal(*normal, shape)
    if isinstance(number, FloatFormat):
        return number.round(drawn, saturate=True)
    return np.clip(np.rint(drawn), number.min, number.max).astype(number.dtype)


def _normal(dist: str) -> tuple[float, float] | None:
    """Mean and sigma, if the distribution is a normal one."""
    real = r"([-+]?\d+(?:\.\d*)?)"
    found = re.fullmatch(f"normal:{real}:{real}", dist)
    if found is None or float(found[2]) < 0:
        return None
    return float(found[1]), float(found[2])
