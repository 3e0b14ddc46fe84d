"""What stands for ANT and for Bit Fusion in the tables of MixPE: elements, and engines of them.

An engine is that of `mac` for the same operands with its elements exchanged, and with as many more
bits in the registers at the edges as words are longer.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from golden.formats import IntFormat, parse_format
from golden.recodings import RECODINGS
from golden.rivals import ant, bitfusion
from golden.rivals.ant import AntFormat
from golden.rivals.bitfusion import Mode
from golden.spec import EngineSpec
from hw.pe.mac import Mac
from hw.rivals.alone import Alone, Plain, Rival
from hw.rivals.ant import AntMac
from hw.rivals.ant import settings_of as ant_settings
from hw.rivals.bitfusion import FusionUnit
from hw.rivals.bitfusion import settings_of as fusion_settings
from synth.block import BlockCost, price_clocked
from tpe.papers.mixpe_designs import (
    CLOCK,
    GROUP,
    PRICED,
    SIDE,
    engine_cost,
    grouped,
    operands,
    plain,
    small,
)
from tpe.pool import Measured
from tpe.workloads.processor import Processor

SUMS = 8
"""Rows of A and columns of B that an element multiplies for its energy."""

INT8 = parse_format("int8")
INT22 = parse_format("int22")
"""Holds any sum of 128 products of int8 and a power of two up to 64."""

Codes = NDArray[np.uint64]


@dataclass(frozen=True, kw_only=True)
class Run:
    """What an element multiplies: words (sums, cycles), as they come and as they are inside.

    `inside` are words of the element's lanes.
    """

    words: tuple[Codes, Codes]
    inside: tuple[Codes, Codes]
    results: NDArray[np.int64]
    settings: int = 0
    products: int = 1


@dataclass(frozen=True, kw_only=True)
class RivalFigures:
    """Of an element at `CLOCK`: area in um^2, pJ a cycle without leakage, and leakage."""

    area: float
    dynamic: float
    leakage_uw: float
    products: int

    @property
    def energy(self) -> float:
        """Of a product in pJ, leakage included."""
        # uW ns is 1e-3 pJ.
        return (self.dynamic + self.leakage_uw * CLOCK * 1e-3) / self.products

    @property
    def efficiency(self) -> float:
        """As `mixpe_designs.efficiency`."""
        return 1 / (self.area / self.products * self.energy / CLOCK)


def measured(name: str, element: Rival, run: Run, acc: IntFormat, *, inside: bool) -> RivalFigures:
    """An element by itself, or as it is inside an array."""
    a, b = run.inside if inside else run.words
    sums, cycles = a.shape
    idle = np.zeros((1, sums), np.uint64)
    clear = np.zeros((cycles + 1, sums), np.uint64)
    clear[1] = 1
    inputs = {
        "a": np.concatenate([a.T, idle]),
        "b": np.concatenate([b.T, idle]),
        "clear": clear,
    }
    if element.settings:
        inputs["settings"] = np.full((cycles + 1, sums), run.settings, np.uint64)
    cost: BlockCost = price_clocked(
        name,
        partial(Alone, element, recodes=not inside),
        inputs,
        {"o": acc.encode(run.results)},
        clock=CLOCK,
    )
    assert cost.energy_pj is not None and cost.leakage_uw is not None
    return RivalFigures(
        area=cost.area_um2,
        dynamic=cost.energy_pj,
        leakage_uw=cost.leakage_uw,
        products=run.products,
    )


def fusion_run(mode: Mode, a: NDArray, b: NDArray) -> Run:
    """A (M, K) times B (K, N) on a fusion unit."""
    left, right = _pairs(a, b)
    shape = (len(left), -1, mode.products)
    words = mode.words(left.reshape(shape), right.reshape(shape))
    places = [
        np.array([digit(i, j) for i in range(bitfusion.SIDE) for j in range(bitfusion.SIDE)])
        for digit in (mode.digit_of_a, mode.digit_of_b)
    ]
    ends = 2 * np.arange(bitfusion.SIDE**2, dtype=np.uint64)
    inside = [
        ((word[..., None] >> 2 * place.astype(np.uint64) & np.uint64(3)) << ends).sum(
            axis=-1, dtype=np.uint64
        )
        for word, place in zip(words, places, strict=True)
    ]
    return Run(
        words=words,
        inside=(inside[0], inside[1]),
        results=(left * right).sum(axis=1),
        settings=fusion_settings(mode),
        products=mode.products,
    )


def ant_run(kind: AntFormat, a: NDArray, b: NDArray, a_kind: AntFormat | None = None) -> Run:
    """Integers A (M, K), or codes of `a_kind`, times codes B (K, N) of `kind`."""
    left, right = _pairs(a, b)
    words = (left.astype(np.uint64) if a_kind else INT8.encode(left), right.astype(np.uint64))
    decoded = np.array([kind.decoded(code) for code in range(16)])
    lanes_b = booth_codes(decoded[:, 0], ant.BASE) | decoded[:, 1].astype(np.uint64) << np.uint64(6)
    inside_a = words[0]
    values = left
    if a_kind:
        of_a = np.array([a_kind.decoded(code) for code in range(16)])
        lanes_a = ant.BASE.encode(of_a[:, 0]) | of_a[:, 1].astype(np.uint64) << np.uint64(4)
        inside_a, values = lanes_a[left], a_kind.decode(left)
    return Run(
        words=words,
        inside=(inside_a, lanes_b[right]),
        results=(values * kind.decode(right)).sum(axis=1),
        settings=ant_settings(*((kind, a_kind) if a_kind else (kind,))),
    )


def mac_run(a_format: IntFormat, b_format: IntFormat, a: NDArray, b: NDArray) -> Run:
    """A (M, K) times B (K, N) on the element `mac`."""
    left, right = _pairs(a, b)
    words = (a_format.encode(left), b_format.encode(right))
    inside = (booth_codes(left, a_format), words[1])
    return Run(words=words, inside=inside, results=(left * right).sum(axis=1))


def _pairs(a: NDArray, b: NDArray) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The factors (M N, K) of every element of C."""
    left, right = a.astype(np.int64), b.T.astype(np.int64)
    return np.repeat(left, len(right), axis=0), np.tile(right, (len(left), 1))


def booth_codes(values: NDArray, number: IntFormat) -> Codes:
    """Numbers as `hw.arith.booth.BoothEncoder` makes them."""
    digits = RECODINGS["booth4"].digits(values, number)
    codes = np.zeros(np.shape(values), np.uint64)
    for place, digit in enumerate(np.moveaxis(digits, -1, 0)):
        size = np.abs(digit)
        code = (size == 1) + 2 * (size == 2) + 4 * (digit < 0)
        codes |= code.astype(np.uint64) << np.uint64(3 * place)
    return codes


@dataclass(frozen=True, kw_only=True)
class Design:
    """An element, what it runs, and a remark."""

    element: Rival
    acc: IntFormat
    run: Callable[[], Run]
    note: str = ""

    def measured(self, *, inside: bool = False) -> RivalFigures:
        """By itself, or as it is inside an array."""
        return measured("rival", self.element, self.run(), self.acc, inside=inside)


def _fusion(a: str, b: str) -> Design:
    mode = Mode(a=parse_format(a), b=parse_format(b))
    return Design(
        element=FusionUnit(),
        acc=bitfusion.ACC,
        run=lambda: fusion_run(mode, *_integers(a, b)),
        note=f"{mode.products} products at a time",
    )


def _ant(kind: str, acc: IntFormat, *, coded_a: bool = False) -> Design:
    number = AntFormat(kind)

    def run() -> Run:
        a, _ = operands(grouped(), SUMS)
        codes = coded(number, _normal(0).T)
        if coded_a:
            return ant_run(number, coded(number, _normal(1)).T, codes.T, number)
        return ant_run(number, a, codes.T)

    return Design(element=AntMac(None if coded_a else INT8, acc), acc=acc, run=run)


def _integers(a: str, b: str) -> tuple[NDArray, NDArray]:
    """As other integer elements get them; of 2 bits, codes of weights on both sides."""
    if a == b == "int8":
        return operands(plain("mac"), SUMS)
    if a == b == "int2":
        spec = grouped(b)
        weights = [spec.groups.quantized(_normal(seed)).codes for seed in (0, 1) if spec.groups]
        return weights[0].T, weights[1]
    left, weights = operands(grouped(b, a=a), SUMS)
    return left, weights.codes


def _normal(seed: int) -> NDArray[np.float64]:
    """Real weights (GROUP, SUMS)."""
    return np.random.default_rng(seed).normal(size=(GROUP, SUMS))


def coded(number: AntFormat, rows: NDArray) -> NDArray[np.int64]:
    """Codes of real rows, the largest number of each as the largest that there is."""
    scale = np.abs(rows).max(axis=1, keepdims=True) / number.values.max()
    return number.encode(rows / scale).astype(np.int64)


ANT, BIT_FUSION = "ANT-like W4A8", "Bit Fusion A8 x W4"
WIDE = "Bit Fusion A8 x W8"
FLINT = "flint4"

DESIGNS: dict[str, Design] = {
    ANT: replace(_ant(FLINT, ant.ACC), note=f"codes are {FLINT}; 32-bit sum"),
    f"{ANT}, 22-bit sum": replace(_ant(FLINT, INT22), note="the least for all three types"),
    "ANT-like W4A4": replace(_ant(FLINT, ant.ACC, coded_a=True), note=f"both {FLINT}; 32-bit sum"),
    WIDE: _fusion("int8", "int8"),
    BIT_FUSION: _fusion("int8", "int4"),
    "Bit Fusion A4 x W4": _fusion("int4", "int4"),
    "Bit Fusion A2 x W2": _fusion("int2", "int2"),
}
"""By name."""

OTHER_TYPES = {f"{ANT}, {kind}": _ant(kind, ant.ACC) for kind in ("int4", "pot4")}
"""The same element as `ANT` on other types of codes."""


def exchanged(name: str, whole: Processor) -> Processor:
    """An engine of `mac` with elements of `DESIGNS`."""
    design = DESIGNS[name]
    ours, theirs, wide = inside.all([name, whole.spec, WIDE], lambda share: None)
    elements = whole.spec.rows * whole.spec.cols
    area, energy = edges(whole.spec, sum(design.element.words))
    per_cycle = whole.energy_per_mac_pj + ours.dynamic - theirs.dynamic + energy
    others: dict[str, Any] = {}
    if name == BIT_FUSION:
        others["kv_energy_per_mac_pj"] = per_cycle + wide.dynamic - ours.dynamic
    return replace(
        whole,
        area_um2=whole.area_um2 + elements * (ours.area - theirs.area + area),
        leakage_uw=whole.leakage_uw + elements * (ours.leakage_uw - theirs.leakage_uw),
        energy_per_mac_pj=per_cycle / ours.products,
        weight_products=ours.products,
        **others,
    )


def products(name: str) -> int:
    """With weights, that an element of `DESIGNS` or any other makes in a cycle."""
    return Mode(a=INT8, b=parse_format("int4")).products if name == BIT_FUSION else 1


def _inside(element: str | EngineSpec) -> RivalFigures:
    """Of an element of `DESIGNS`, or of that of an engine of `mac` with whole sums, as it is inside
    an array.
    """
    if isinstance(element, str):
        return DESIGNS[element].measured(inside=True)
    a_format, b_format, acc = (parse_format(name) for name in (element.a, element.b, element.acc))
    run = mac_run(a_format, b_format, *operands(element, SUMS))
    mac = Mac(a_format, b_format, acc, accumulator="whole")
    return measured("mac", Plain(mac), run, acc, inside=True)


inside = Measured(_inside)


def edges(spec: EngineSpec, words: int) -> tuple[float, float]:
    """um^2 and pJ a cycle of an element's share of longer words' registers before an array.

    As registers at the edges of the array that is priced take on average.
    """
    cost = engine_cost(small(spec))
    a, b, acc = (number.bits for number in spec.formats)
    before = (PRICED - 1) * PRICED // 2
    bits = before * (a + b) + (before + PRICED) * acc
    more = (SIDE - 1) * SIDE // 2 * (words - a - b) / (bits * SIDE**2)
    skew = cost.components["skew"]
    return skew["area_um2"] * more, skew["energy_per_mac_pj"] * PRICED**2 * more
