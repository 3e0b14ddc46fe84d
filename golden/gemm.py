"""Exact integer matrix multiplication with an accumulator of finite width.

The accumulator adds the products in ascending k. `wrap` keeps it modulo 2**bits, `saturate` clamps
it after every addition. `gemm_reference` says so in plain Python; `gemm` is its fast twin.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from golden.formats import IntFormat

Overflow = Literal["wrap", "saturate"]
NEVER = -1


@dataclass(frozen=True)
class GemmResult:
    """C = A B in an accumulator's format.

    Parameters
    ----------
    c : array (M, N), dtype of the accumulator's format
    first_overflow : int64 array (M, N)
        The k at which the exact running sum first leaves the accumulator's range, or `NEVER`.
    """

    c: NDArray
    first_overflow: NDArray[np.int64]

    @property
    def overflows(self) -> int:
        """How many of the M x N accumulators overflow."""
        return int(np.count_nonzero(self.first_overflow != NEVER))


def gemm_reference(a: NDArray, b: NDArray, acc: IntFormat, overflow: Overflow) -> GemmResult:
    """Specification of `gemm`: one accumulator after the other, in Python's integers."""
    m, n = a.shape[0], b.shape[1]
    c = np.zeros((m, n), acc.dtype)
    first = np.full((m, n), NEVER, np.int64)
    fit = acc.wrap if overflow == "wrap" else acc.clamp
    for i in range(m):
        for j in range(n):
            held = exact = 0
            for k in range(a.shape[1]):
                product = int(a[i, k]) * int(b[k, j])
                held = fit(held + product)
                exact += product
                if first[i, j] == NEVER and exact != acc.clamp(exact):
                    first[i, j] = k
            c[i, j] = held
    return GemmResult(c, first)


def gemm(a: NDArray, b: NDArray, acc: IntFormat, overflow: Overflow) -> GemmResult:
    """C = A B for integer A (M, K) and B (K, N) in an accumulator of format `acc`.

    When no running sum can leave the range (bounded by K max|A| max|B|) this is one matrix
    product; otherwise the K steps run one by one over all accumulators at once.
    """
    bound = a.shape[1] * _peak(a) * _peak(b)
    if bound <= acc.max and (acc.signed or (_nonnegative(a) and _nonnegative(b))):
        return GemmResult(
            exact_product(a, b).astype(acc.dtype),
            np.full((a.shape[0], b.shape[1]), NEVER, np.int64),
        )
    wide = np.int64 if max(bound, acc.max) + _peak(a) * _peak(b) < 1 << 63 else object
    return _stepwise(a.astype(wide), b.astype(wide), acc, overflow)


def exact_product(a: NDArray, b: NDArray) -> NDArray:
    """A B without overflow: int64 where that suffices, Python integers otherwise."""
    bound = a.shape[1] * _peak(a) * _peak(b)
    if bound < 1 << 53:
        # Every partial sum is an integer below 2**53, so double precision (and BLAS) is exact.
        return (a.astype(np.float64) @ b.astype(np.float64)).astype(np.int64)
    wide = np.int64 if bound < 1 << 63 else object
    return a.astype(wide) @ b.astype(wide)


def _stepwise(a: NDArray, b: NDArray, acc: IntFormat, overflow: Overflow) -> GemmResult:
    exact = np.zeros((a.shape[0], b.shape[1]), a.dtype)
    clamped = exact.copy()
    first = np.full(exact.shape, NEVER, np.int64)
    for k in range(a.shape[1]):
        product = a[:, k, None] * b[None, k, :]
        exact += product
        first[(first == NEVER) & ((exact > acc.max) | (exact < acc.min))] = k
        if overflow == "saturate":
            clamped = np.clip(clamped + product, acc.min, acc.max)
    if overflow == "saturate":
        return GemmResult(clamped.astype(acc.dtype), first)
    return GemmResult(acc.decode(_low_64_bits(exact)), first)


def _low_64_bits(values: NDArray) -> NDArray[np.uint64]:
    if values.dtype == object:
        values = values & ((1 << 64) - 1)
    return values.astype(np.uint64)


def _peak(values: NDArray) -> int:
    return max(abs(int(values.min())), abs(int(values.max()))) if values.size else 0


def _nonnegative(values: NDArray) -> bool:
    return values.size == 0 or int(values.min()) >= 0
