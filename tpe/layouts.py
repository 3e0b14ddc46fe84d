"""Quantised weights as AWQ and GPTQ tools pack them: numbers side by side in 32-bit words.

A layer is a few arrays: `qweight` and `qzeros` (int32), `scales` (fp16 or fp32, groups x N), and
for GPTQ `g_idx` (int32, the group of every row). A word holds its numbers from the least
significant bit on; numbers of 3 bits run on from one word into the next, 32 of them in 3 words.
docs/quantize.md shows both layouts.
"""

import math
from collections.abc import Mapping
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from golden.formats import IntFormat
from golden.quantize import QuantizedWeights, WeightsError

Layout = Literal["awq", "gptq", "gptq-v2"]

WORD = 32
AWQ_BITS = 4
AWQ_ORDER = (0, 2, 4, 6, 1, 3, 5, 7)
"""Of the columns in a word of AWQ, from the least significant bits on."""
GPTQ_BITS = (2, 3, 4, 8)

_KINDS = {"qweight": "i", "qzeros": "i", "scales": "f", "g_idx": "i"}


def read_layer(tensors: Mapping[str, NDArray], layout: Layout | None = None) -> QuantizedWeights:
    """The weights of one layer.

    Where every zero point is 2**(B - 1), codes become signed ones without: the same numbers, and
    what tools that quantise symmetrically mean.

    Parameters
    ----------
    tensors : mapping of str to array
        `qweight`, `qzeros`, `scales`, and `g_idx` if there is one.
    layout : str or None
        `awq`; `gptq`, whose zero points are stored less 1; `gptq-v2`, as they are. If None, shapes
        decide between `awq` and `gptq`: AWQ packs along N, GPTQ along K.

    Raises
    ------
    WeightsError
        If the arrays are not of that layout, or rows of a group do not lie together (act-order).
    """
    problems = [
        f"{name}: missing" for name in ("qweight", "qzeros", "scales") if name not in tensors
    ]
    for name in _KINDS.keys() & tensors.keys():
        problems += _tensor_problems(name, tensors[name])
    if problems:
        raise WeightsError(sorted(problems))
    n = tensors["scales"].shape[1]
    found = "gptq" if tensors["qweight"].shape[1] == n else "awq"
    if layout is not None and layout.partition("-")[0] != found:
        raise WeightsError(
            [
                f"layout: {layout} given, but qweight {tensors['qweight'].shape} and scales"
                f" {tensors['scales'].shape} are packed along {'K' if found == 'gptq' else 'N'}:"
                f" use {found}"
            ]
        )
    if found == "awq":
        return _awq(tensors)
    return _gptq(tensors, less_one=layout != "gptq-v2")


def unpack(words: NDArray, bits: int) -> NDArray[np.uint8]:
    """Numbers (R * 32 / bits, N) of `bits` bits from words (R, N): packed along the first axis."""
    words = words.view(np.uint32)
    common = math.gcd(bits, WORD)
    period, span = WORD // common, bits // common
    numbers = np.empty((len(words) // span * period, words.shape[1]), np.uint8)
    for place in range(period):
        word, shift = divmod(place * bits, WORD)
        field = words[word::span] >> shift
        if shift + bits > WORD:
            field |= words[word + 1 :: span] << (WORD - shift)
        numbers[place::period] = field & ((1 << bits) - 1)
    return numbers


def _awq(tensors: Mapping[str, NDArray]) -> QuantizedWeights:
    qweight, qzeros, scales = (tensors[name] for name in ("qweight", "qzeros", "scales"))
    (k, columns), (groups, n) = qweight.shape, scales.shape
    per_word = WORD // AWQ_BITS
    problems = []
    if n % per_word:
        problems.append(
            f"scales: {n} columns given, use a multiple of {per_word}, or a qweight of {n} for GPTQ"
        )
    elif columns * per_word != n:
        problems.append(
            f"qweight: shape {qweight.shape} given, use {(k, n // per_word)} for AWQ,"
            f" or {n} columns for GPTQ: scales have {n}"
        )
    if qzeros.shape != (groups, n // per_word):
        problems.append(f"qzeros: shape {qzeros.shape} given, use {(groups, n // per_word)}")
    problems += _uneven(k, groups)
    if problems:
        raise WeightsError(problems)
    codes, zeros = (_in_order(unpack(words.T, AWQ_BITS).T) for words in (qweight, qzeros))
    return _weights(codes, zeros, scales, bits=AWQ_BITS, group=k // groups)


def _in_order(packed: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Columns as they are in the matrix, from those of AWQ's words."""
    places = np.argsort(AWQ_ORDER)
    return packed.reshape(len(packed), -1, len(places))[:, :, places].reshape(packed.shape)


def _gptq(tensors: Mapping[str, NDArray], *, less_one: bool) -> QuantizedWeights:
    qweight, qzeros, scales = (tensors[name] for name in ("qweight", "qzeros", "scales"))
    groups, n = scales.shape
    bits, rest = divmod(WORD * qzeros.shape[1], n)
    if len(qzeros) != groups or rest or bits not in GPTQ_BITS:
        shapes = [str((groups, n * b // WORD)) for b in GPTQ_BITS if n * b % WORD == 0]
        wanted = " or ".join(shapes) or f"scales with a multiple of 4 columns, not {n}"
        raise WeightsError([f"qzeros: shape {qzeros.shape} given, use {wanted}"])
    k, rest = divmod(WORD * len(qweight), bits)
    if rest:
        raise WeightsError(
            [f"qweight: {len(qweight)} rows given, use a multiple of {bits} for {bits} bits"]
        )
    group = _group(tensors.get("g_idx"), k, groups)
    codes = unpack(qweight, bits)
    zeros = _one_more(qzeros, bits) if less_one else unpack(qzeros.T, bits).T
    return _weights(codes, zeros, scales, bits=bits, group=group)


def _one_more(words: NDArray, bits: int) -> NDArray[np.uint8]:
    """Zero points (groups, N) of which 1 less is stored.

    A zero point of 0 is stored by subtracting words, so that it borrows from the next one, and
    comes back by adding words; with 3 bits, numbers are subtracted modulo 8.
    """
    if WORD % bits:
        return (unpack(words.T, bits).T + 1) % (1 << bits)
    ones = sum(1 << place for place in range(0, WORD, bits))
    return unpack((words.view(np.uint32) + np.uint32(ones)).T, bits).T


def _group(g_idx: NDArray | None, k: int, groups: int) -> int:
    if g_idx is None:
        if uneven := _uneven(k, groups):
            raise WeightsError(uneven)
        return k // groups
    if g_idx.shape != (k,):
        raise WeightsError([f"g_idx: shape {g_idx.shape} given, use {(k,)}, one for every row"])
    group = max(int(np.count_nonzero(g_idx == 0)), 1)
    expected = np.arange(k) // group
    if (g_idx != expected).any():
        row = int(np.argmax(g_idx != expected))
        raise WeightsError(
            [
                f"g_idx: row {row} is in group {g_idx[row]}, use {expected[row]}: rows of a group"
                " must lie together, so quantise without act-order (desc_act)"
            ]
        )
    return group


def _uneven(k: int, groups: int) -> list[str]:
    if k % groups == 0:
        return []
    return [f"scales: {groups} groups given, use a divisor of {k} rows, or a g_idx"]


def _weights(
    codes: NDArray, zeros: NDArray, scales: NDArray, *, bits: int, group: int
) -> QuantizedWeights:
    middle = 1 << (bits - 1)
    symmetric = bool((zeros == middle).all())
    return QuantizedWeights(
        codes=codes.astype(np.int16) - middle if symmetric else codes,
        scales=scales,
        zeros=None if symmetric else zeros,
        weights=IntFormat(bits=bits, signed=symmetric),
        group=group,
        scale="fp16" if scales.dtype == np.float16 else "fp32",
    )


def _tensor_problems(name: str, values: NDArray) -> list[str]:
    dimensions = 1 if name == "g_idx" else 2
    if _KINDS[name] == "f":
        fits, dtypes = values.dtype in (np.float16, np.float32), "float16 or float32"
    else:
        fits, dtypes = values.dtype in (np.int32, np.uint32), "int32"
    if not fits:
        return [f"{name}: dtype {values.dtype} given, use {dtypes}"]
    if values.ndim != dimensions or values.size == 0:
        wanted = "1 dimension" if dimensions == 1 else f"{dimensions} dimensions"
        return [f"{name}: shape {values.shape} given, use {wanted}, not empty"]
    return []
