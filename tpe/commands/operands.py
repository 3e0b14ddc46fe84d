"""The options that say which matrices an engine works on."""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from numpy.typing import NDArray

from golden.formats import IntFormat
from golden.spec import EngineSpec
from sim.operands import default_depth, random_operands
from tpe.operands import fit, read_matrix, read_pair
from tpe.problems import InputError, Problems
from tpe.weights import SUFFIXES, read_finite, read_weights

FileA = Annotated[Path | None, typer.Option("--a", metavar="A.npy", help="Left operand, M x K.")]
FileB = Annotated[
    Path | None,
    typer.Option(
        "--b", metavar="B.npy", help="Right operand, K x N, or a file of quantised weights."
    ),
]
Count = Annotated[
    int | None,
    typer.Option("--random", metavar="N", help="N random products. Without files: 1."),
]
Dist = Annotated[
    str | None,
    typer.Option(
        "--dist",
        help="Of random operands: uniform (the default), normal:MEAN:SIGMA, min, max, zero.",
    ),
]
SizeM = Annotated[
    int | None, typer.Option("--m", help="Rows of a random product. The array's if not given.")
]
SizeK = Annotated[
    int | None,
    typer.Option(
        "--k", help="Depth of a random product. Else 4 times the array's rows, or 2.5 groups."
    ),
]
SizeN = Annotated[
    int | None, typer.Option("--n", help="Columns of a random product. The array's if not given.")
]
Seed = Annotated[int, typer.Option("--seed", help="Of random operands and stalls.")]

LARGEST = 10**12
"""Multiplications of one run. Beyond it a run takes days."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What the user said about operands; None is nothing.

    Raises
    ------
    InputError
        If it does not fit together.
    """

    a: Path | None = None
    b: Path | None = None
    random: int | None = None
    dist: str | None = None
    m: int | None = None
    k: int | None = None
    n: int | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        problems = Problems()
        drawn = {"random": self.random, "m": self.m, "k": self.k, "n": self.n}
        for name, value in drawn.items():
            if value is not None and value < 1:
                problems.add(f"--{name} {value}: use a whole number from 1")
        if self.seed < 0:
            problems.add(f"--seed {self.seed}: use a whole number from 0")
        if (self.a is None) != (self.b is None):
            given, missing = ("--a", "--b") if self.b is None else ("--b", "--a")
            problems.add(f"{given} {self.a or self.b}: give {missing} as well")
        if self.has_files:
            given_too = [f"--{name} {value}" for name, value in drawn.items() if value is not None]
            given_too += [f"--dist {self.dist}"] if self.dist is not None else []
            for option in given_too:
                problems.add(f"{option}: is for random operands, leave out --a and --b")
        problems.check()

    @property
    def has_files(self) -> bool:
        """Whether any file is given."""
        return self.a is not None or self.b is not None

    @property
    def products(self) -> int:
        """How many matrix products it stands for."""
        return 1 if self.has_files else self.random or 1


def operands(choice: Choice, spec: EngineSpec) -> tuple[NDArray, Any]:
    """A and B, for floating-point formats not rounded yet, and weights as the file has them.

    Raises
    ------
    InputError, sim.operands.OperandError
        If there are no such matrices for this spec.
    """
    if choice.a is None or choice.b is None:
        return _drawn(choice, spec)
    if spec.groups:
        return _with_weights(choice.a, choice.b, spec)
    problems = Problems()
    fitting = []
    whole = spec.element_info.operands == "integer"
    matrices = read_pair(choice.a, choice.b, whole=whole)
    for path, matrix, number in zip((choice.a, choice.b), matrices, spec.formats, strict=False):
        with problems:
            fitting.append(fit(path, matrix, number))
    problems.check()
    return fitting[0], fitting[1]


def _with_weights(a: Path, b: Path, spec: EngineSpec) -> tuple[NDArray, Any]:
    """A, and weights: in groups, or real ones that will be quantised as the spec says."""
    problems = Problems()
    left: NDArray = np.empty(0)
    right: Any = None
    with problems:
        number = spec.formats[0]
        left = fit(a, read_matrix(a, whole=isinstance(number, IntFormat)), number)
    with problems:
        right = read_weights(b) if b.suffix in SUFFIXES else read_finite(b)
    problems.check()
    if left.shape[1] != right.shape[0]:
        raise InputError(
            [
                f"{a} {left.shape} x {b} {right.shape}: do not multiply,"
                f" A has {left.shape[1]} columns and B has {right.shape[0]} rows"
            ]
        )
    return left, right


def _drawn(choice: Choice, spec: EngineSpec) -> tuple[NDArray, Any]:
    down, across = grid(choice.products)
    m = down * (choice.m or spec.rows)
    k = choice.k or default_depth(spec)
    n = across * (choice.n or spec.cols)
    if m * k * n > LARGEST:
        raise InputError(
            [f"{m} x {k} x {n}: {m * k * n} multiplications, use at most {LARGEST} in one run"]
        )
    return random_operands(spec, m, k, n, dist=choice.dist or "uniform", seed=choice.seed)


def grid(count: int) -> tuple[int, int]:
    """Factors p >= q of `count`, as equal as can be.

    `count` random products are the blocks of one: p blocks of rows of A times q blocks of columns
    of B. Every block of C is a product of its own, and all follow each other in one run.
    """
    q = next(q for q in range(math.isqrt(count), 0, -1) if count % q == 0)
    return count // q, q
