"""`Gemm`: what a workload is a list of."""

from collections.abc import Iterable
from dataclasses import dataclass

from tpe.problems import InputError


@dataclass(frozen=True, kw_only=True)
class Gemm:
    """C[M, N] = A[M, K] B[K, N], so many times with other operands.

    Parameters
    ----------
    name : str
    m : int
        Rows of A: tokens, patches or pixels, of all images or sequences that share B.
    k, n : int
    count : int
        How often it occurs, each time with a B of its own.
    weights : bool
        B holds weights, which may be stored narrower than A. False where B comes from the data, as
        in attention's Q K^T and P V.

    Raises
    ------
    InputError
        Every size that is not a whole number from 1.
    """

    name: str
    m: int
    k: int
    n: int
    count: int = 1
    weights: bool = True

    def __post_init__(self) -> None:
        problems = [
            f"{self.name}: {field} = {value!r} given, use a whole number from 1"
            for field, value in (("m", self.m), ("k", self.k), ("n", self.n), ("count", self.count))
            if type(value) is not int or value < 1
        ]
        if problems:
            raise InputError(problems)

    @property
    def macs(self) -> int:
        """Products of all its occurrences."""
        return self.m * self.k * self.n * self.count

    @property
    def parameters(self) -> int:
        """Numbers of all its weight matrices."""
        return self.k * self.n * self.count if self.weights else 0


def merged(gemms: Iterable[Gemm]) -> tuple[Gemm, ...]:
    """Those of one shape and kind as one, under the first one's name, in order of appearance."""
    found: dict[tuple[int, int, int, bool], Gemm] = {}
    for gemm in gemms:
        shape = gemm.m, gemm.k, gemm.n, gemm.weights
        seen = found.get(shape)
        count = gemm.count + (seen.count if seen else 0)
        found[shape] = Gemm(
            name=seen.name if seen else gemm.name,
            m=gemm.m,
            k=gemm.k,
            n=gemm.n,
            count=count,
            weights=gemm.weights,
        )
    return tuple(found.values())
