"""L-Mul: H. Luo and W. Sun, "Addition is All You Need for Energy-efficient Language Models" (2024).

arXiv 2410.00907. The paper prices L-Mul by counting additions with published energies; here the
same units are mapped to cells. What it says of precision is checked on all mantissas.
"""

from dataclasses import dataclass
from functools import cache, partial
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from golden.accumulators import float_gemm
from golden.fixed import exact_fixed_point
from golden.floats import FloatFormat, parse_operand
from golden.lmul import BEST_OFFSETS, CARRY_PLACES, Form, LMul, paper_offset, relative_errors
from golden.lmul_codes import LMulCodes
from golden.products import ExactMultiplier, Multiplier
from golden.spec import EngineSpec
from hw.floats.lmul_codes import CHECKS, LMulUnit
from hw.floats.multiplier import FloatMultiplier
from sim.operands import random_operands
from synth.block import BlockCost, price
from synth.cost import Cost, estimate
from tpe.papers.row import Progress, Row, Table

SUMMARY = "L-Mul: precision, product and dot product in 45 nm, attention (arXiv 2410.00907)"

PRODUCT_SAVING, DOT_SAVING = 95.0, 80.0
"""Energy that the paper says L-Mul saves, in percent."""

UNITS = ("e4m3", "e5m2", "bf16", "fp32")
ACCUMULATORS = {"e4m3": "q10.8", "bf16": "q10.10"}
"""For operands of about 1 and K = 64: sums within 512, products cut at a thousandth."""

CLOCK = 4.0
"""Period in ns at which elements are compared."""

DEPTH = 64


def product_errors(progress: Progress) -> list[Row]:
    """Mean and largest error over all pairs of mantissas, by form and offset."""
    rows = []
    for name in ("e5m2", "e4m3", "e3m4", "bf16", "fp16"):
        bits = parse_operand(name).mantissa_bits
        variants: list[tuple[str, int, Form, bool]] = [
            ("bit form, paper's offset", paper_offset(bits), "bit", False),
            ("value form, paper's offset", paper_offset(bits), "value", False),
            ("no offset (Mitchell)", 0, "bit", False),
            (f"bit form, best offset {BEST_OFFSETS[bits]}", BEST_OFFSETS[bits], "bit", False),
        ]
        if bits in CARRY_PLACES:
            variants.append(("no offset, carry", 0, "bit", True))
        means = {}
        for label, offset, form, carry in variants:
            errors = 100 * np.abs(relative_errors(bits, bits, offset, form=form, carry=carry))
            means[label] = float(errors.mean())
            better = means[label] <= min(means.values())
            ours = label.startswith(("bit form, best", "no offset, carry"))
            rows.append(
                Row(
                    table="precision: relative error of a product, all pairs of mantissas",
                    metric=f"{name}, {label}: mean",
                    paper=None,
                    ours=means[label],
                    holds=better if ours else None,
                    unit="%",
                    note=f"at most {errors.max():.1f} %",
                )
            )
    return rows


def beside_fp8(progress: Progress) -> list[Row]:
    """Error of L-Mul on numbers rounded to k bits, and of exact products of fp8 numbers."""
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(2, 1 << 18))

    def error(number: FloatFormat, multiplier: Multiplier) -> float:
        left, right = (number.encode(side, saturate=True) for side in (x, y))
        values = multiplier.multiply(left, right).values()
        return float(100 * np.abs(values / (x * y) - 1).mean())

    fp8 = {
        name: error(parse_operand(f"e8m{bits}"), _exact(f"e8m{bits}"))
        for name, bits in (("e4m3", 3), ("e5m2", 2))
    }
    claims = {3: "e5m2", 4: "e4m3"}
    variants: list[tuple[str, Form]] = [("paper", "value"), ("paper", "bit"), ("best", "bit")]
    rows = []
    for bits, (offset, form) in product((3, 4, 6), variants):
        number = parse_operand(f"e8m{bits}")
        rival = claims.get(bits)
        ours = error(number, LMul(number, number, offset, form))
        rows.append(
            Row(
                table="fp8: mean relative error of a product of normally distributed numbers",
                metric=f"L-Mul, {bits} bits, {form} form, offset {offset}",
                paper=fp8[rival] if rival else None,
                ours=ours,
                holds=ours <= fp8[rival] if rival else None,
                unit="%",
                note=f"claimed to be below {rival} multiplication, which is measured here"
                if rival
                else "",
            )
        )
    return rows


def attention(progress: Progress) -> list[Row]:
    """softmax(Q K^T / sqrt(d)) V with every product in L-Mul, or in fp8."""
    q, k, v = _heads(128, 64)
    exact = _attend(q, k, v, None, None)
    rows = []
    for label, name, multiplier in (
        ("bf16, exact products", "bf16", _exact("bf16")),
        ("bf16, L-Mul best offset", "bf16", _lmul("bf16", "best")),
        ("bf16, L-Mul paper's offset", "bf16", _lmul("bf16", "paper")),
        ("e4m3, exact products", "e4m3", _exact("e4m3")),
        ("e4m3, L-Mul with carry", "e4m3", _lmul("e4m3", "none", carry=True)),
        ("e4m3, L-Mul paper's offset", "e4m3", _lmul("e4m3", "paper")),
        ("e5m2, exact products", "e5m2", _exact("e5m2")),
    ):
        got = _attend(q, k, v, parse_operand(name), multiplier)
        rows.append(
            Row(
                table="attention: 128 tokens, 64 dimensions, against double precision",
                metric=label,
                paper=None,
                ours=float(100 * np.linalg.norm(got - exact) / np.linalg.norm(exact)),
                holds=None,
                unit="%",
                note="root mean square error, relative",
            )
        )
    return rows


def _heads(tokens: int, width: int) -> list[NDArray[np.float64]]:
    """Q, K and V of tokens that resemble each other in a few directions, some of them strongly."""
    rng = np.random.default_rng(2)
    topics = rng.normal(size=(tokens, 8)) @ rng.normal(size=(8, width)) / np.sqrt(8)
    scales = np.exp(rng.normal(0, 0.5, width))
    heads = []
    for _ in range(3):
        projected = topics @ rng.normal(size=(width, width)) / np.sqrt(width)
        heads.append((projected + 0.5 * rng.normal(size=(tokens, width))) * scales)
    return heads


def _attend(
    q: NDArray,
    k: NDArray,
    v: NDArray,
    number: FloatFormat | None,
    multiplier: Multiplier | None,
) -> NDArray[np.float64]:
    """Attention; products of rounded numbers by `multiplier`, exact sums, softmax in double."""

    def multiplied(a: NDArray, b: NDArray) -> NDArray[np.float64]:
        if number is None or multiplier is None:
            return a @ b
        left, right = (number.encode(side, saturate=True) for side in (a, b))
        acc = exact_fixed_point(number, number)
        return float_gemm(left, right, multiplier, acc).c.astype(np.float64)

    scores = multiplied(q, k.T) / np.sqrt(q.shape[1])
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    return multiplied(weights / weights.sum(axis=1, keepdims=True), v)


@dataclass(frozen=True)
class _Pair:
    """Two costs of one thing, and how much the second saves."""

    exact: BlockCost | Cost
    lmul: BlockCost | Cost

    def saved(self, metric: str) -> float:
        """In percent."""
        return 100 * (1 - getattr(self.lmul, metric) / getattr(self.exact, metric))

    def row(self, table: str, what: str, metric: str, paper: float | None, note: str = "") -> Row:
        """The saving of one metric, against what was claimed."""
        saved = self.saved(metric)
        exact, lmul = getattr(self.exact, metric), getattr(self.lmul, metric)
        return Row(
            table=table,
            metric=f"{what} saved",
            paper=paper,
            ours=saved,
            holds=None if paper is None else saved >= paper,
            unit="%",
            note=f"{exact:.4g} to {lmul:.4g} {_UNITS[metric]}{note}",
        )


_UNITS = {
    "area_um2": "um^2",
    "delay_ns": "ns",
    "energy_pj": "pJ",
    "energy_per_mac_pj": "pJ",
    "energy_per_mac_glitch_free_pj": "pJ",
}


def products(progress: Progress) -> list[Row]:
    """Savings of the elementwise unit."""
    rows = []
    for done, name in enumerate(UNITS):
        progress(done / len(UNITS))
        rows += product_costs(name)
    return rows


def rules(progress: Progress) -> list[Row]:
    """What every rule of the elementwise unit costs, one added after the other, without offset."""
    names = ("e4m3", "bf16")
    rows = []
    for index, name in enumerate(names):
        progress(index / len(names))
        codes = LMulCodes(parse_operand(name), "none")
        before = 0.0
        for count in range(len(CHECKS) + 1):
            label = CHECKS[count - 1] if count else "sum alone"
            unit = partial(LMulUnit, codes, CHECKS[:count])
            area = price(f"lmul_{name}_{count}", unit).area_um2
            rows.append(
                Row(
                    table="rules: area of the elementwise unit in Nangate 45 nm",
                    metric=f"{name}: {label}",
                    paper=None,
                    ours=area - before,
                    holds=None,
                    unit="um^2",
                    note=f"{area:.0f} um^2 with all before it",
                )
            )
            before = area
    return rows


def dot_products(progress: Progress) -> list[Row]:
    """Savings of the dot-product element."""
    rows = []
    for done, name in enumerate(ACCUMULATORS):
        progress(done / len(ACCUMULATORS))
        rows += dot_costs(name)
    return rows


def product_costs(name: str) -> list[Row]:
    """The elementwise unit against a multiplier that rounds, both as small as can be."""
    number = parse_operand(name)
    rng = np.random.default_rng(3)
    inputs = {side: number.encode(rng.normal(size=2048), saturate=True) for side in "xy"}
    pair = _Pair(
        exact=price(f"multiply_{name}", partial(FloatMultiplier, number), inputs=inputs),
        lmul=price(f"lmul_{name}", partial(LMulUnit, LMulCodes(number)), inputs=inputs),
    )
    table = "product: in Nangate 45 nm, zeros, saturation and NaN included"
    return [
        pair.row(table, f"{name}: energy", "energy_pj", PRODUCT_SAVING),
        pair.row(table, f"{name}: area", "area_um2", None),
        pair.row(table, f"{name}: delay", "delay_ns", None),
    ]


def dot_costs(name: str) -> list[Row]:
    """One element at a clock: L-Mul in fixed point against exact products in fp32."""
    rivals: dict[str, dict[str, Any]] = {
        "fmac": {"acc": "fp32", "options": {"subnormals": "flush"}},
        "lmul": {"acc": ACCUMULATORS[name]},
    }
    costs: dict[str, Cost] = {}
    for element, fields in rivals.items():
        spec = EngineSpec.make(element=element, array="systolic-os", a=name, b=name, **fields)
        a, b = random_operands(spec, 8, DEPTH, 8, dist="normal:0:1", seed=0)
        costs[element] = estimate(spec, a, b, clock=CLOCK, element_only=True)
    pair = _Pair(exact=costs["fmac"], lmul=costs["lmul"])
    table = f"dot-product: an element at {CLOCK:g} ns, K = {DEPTH}, against exact products in fp32"
    what = f"{name} in {ACCUMULATORS[name]}"
    return [
        pair.row(table, f"{what}: energy", "energy_per_mac_pj", DOT_SAVING),
        pair.row(table, f"{what}: energy without glitches", "energy_per_mac_glitch_free_pj", None),
        pair.row(table, f"{what}: area", "area_um2", None),
    ]


@cache
def _exact(name: str) -> ExactMultiplier:
    number = parse_operand(name)
    return ExactMultiplier(number, number)


def _lmul(name: str, offset: str, *, carry: bool = False) -> LMul:
    number = parse_operand(name)
    return LMul(number, number, offset, carry=carry)


TABLES: dict[str, Table] = {
    "precision": product_errors,
    "fp8": beside_fp8,
    "attention": attention,
    "product": products,
    "rules": rules,
    "dot-product": dot_products,
}
