"""One processing element of MixPE beside its rivals: area, power, and the product of both."""

from dataclasses import dataclass, replace
from functools import partial

from golden.floats import parse_operand
from golden.spec import EngineSpec
from hw.floats.multiplier import FloatMultiplier
from synth.block import price
from synth.cost import Cost
from tpe.papers.mixpe_designs import (
    CLOCK,
    WHOLE,
    at_clock,
    distribution,
    efficiency,
    grouped,
    operands,
    plain,
)
from tpe.papers.mixpe_rivals import DESIGNS as RIVALS
from tpe.papers.mixpe_rivals import OTHER_TYPES, RivalFigures
from tpe.papers.row import Progress, Row
from tpe.pool import side_by_side

TABLE = f"element: in Nangate 45 nm at {1e3 / CLOCK:g} MHz, sums of 128 products"

SIDE = 8
"""Rows of A and columns of B that an element multiplies."""

ROWS = 32
"""Elements of a column that share its dequantiser."""

PAPER_INT8, PAPER_W4A8, PAPER_W4A16 = 58.3, 133.4, 4.82
"""1 / (area x power) in the paper, that of FP16 being 1."""

GAIN, GAIN_A16 = 2.5, 6.0
"""What is asked of W4A8 over the best int8 element, and of W4A16 over the FMA."""


@dataclass(frozen=True, kw_only=True)
class Design:
    """An element, and its area x power efficiency in the paper, FP16 being 1."""

    spec: EngineSpec
    paper: float | None = None
    note: str = ""


FP16 = "FP16 FMA, fp32 accumulator"
FP16_SHORT = "FP16 FMA, fp16 accumulator"
W4A8 = "MixPE W4A8"
W4A16 = "MixPE W4A16"
W4A8_BITS = "MixPE W4A8, bits of the weight"
INT8 = ("INT8 MAC", "INT8 MAC, carry-save sum")
MULTIPLIERS = (
    "INT8 x INT4 MAC",
    "INT8 x INT4 MAC, 19-bit sum",
    "INT8 x INT4 MAC, 19-bit sum, recodes the weight",
)

DESIGNS = {
    FP16: Design(spec=plain("fmac", a="fp16", b="fp16", acc="fp32"), paper=1.0),
    FP16_SHORT: Design(spec=plain("fmac", a="fp16", b="fp16", acc="fp16")),
    INT8[0]: Design(spec=plain("mac"), paper=PAPER_INT8),
    INT8[1]: Design(spec=plain("opt1"), note="element opt1; the adder behind it is not included"),
    MULTIPLIERS[0]: Design(spec=plain("mac", b="int4")),
    MULTIPLIERS[1]: Design(spec=plain("mac", b="int4", acc="int19", options=WHOLE)),
    MULTIPLIERS[2]: Design(spec=plain("mac", a="int4", acc="int19", options=WHOLE)),
    W4A8: Design(spec=grouped(), paper=PAPER_W4A8),
    W4A8_BITS: Design(spec=grouped(options={"digits": "bits"}), paper=PAPER_W4A8),
    "MixPE W2A8": Design(spec=grouped("int2")),
    "MixPE W3A8": Design(spec=grouped("int3")),
    "MixPE W6A8": Design(spec=grouped("int6")),
    "MixPE W8A8": Design(spec=grouped("int8"), note="codes use all 8 bits, those of INT8 do not"),
    "MixPE W4A4": Design(spec=grouped(a="int4")),
    "MixPE W8A4": Design(spec=grouped("int8", a="int4")),
    W4A16: Design(spec=grouped(a="fp16"), paper=PAPER_W4A16, note="its sum is exact, in 51 bits"),
}
"""By name. What can be priced by itself is one more line here."""


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Area in um^2, period in ns and energy of a product in pJ, of an element."""

    area: float
    period: float
    energy: float
    efficiency: float

    @classmethod
    def of(cls, cost: Cost) -> "Figures":
        return cls(
            area=cost.area_um2,
            period=cost.period_ns,
            energy=cost.energy_per_mac_pj,
            efficiency=efficiency(cost),
        )


def element_cost(spec: EngineSpec) -> Cost:
    """The price of an element alone, `at_clock`."""
    return at_clock(spec, *operands(spec, SIDE), element_only=True)


def elements(progress: Progress) -> list[Row]:
    """Every design, then what is claimed of them."""
    costs = side_by_side(element_cost, (design.spec for design in DESIGNS.values()), progress)
    found = {name: Figures.of(cost) for name, cost in zip(DESIGNS, costs, strict=True)}
    rows = [row for name in DESIGNS for row in _of_design(name, DESIGNS[name], found)]
    return rows + _dequantised(found[FP16]) + rivals(found[FP16]) + claims(found)


def _of_design(name: str, design: Design, found: dict[str, Figures]) -> list[Row]:
    figures = found[name]
    slow = "" if figures.period == CLOCK else f"at {1e3 / figures.period:.0f} MHz, its best clock"
    gain = figures.efficiency / found[FP16].efficiency
    holds = gain >= design.paper if design.paper and name.startswith("MixPE") else None
    return [
        _row(f"{name}: area", figures.area, "um^2", note=design.note),
        _row(f"{name}: power", figures.energy / figures.period, "mW", note=slow),
        _row(f"{name}: energy", figures.energy, "pJ", note=distribution(design.spec)),
        replace(
            _row(f"{name}: efficiency", gain, note="1 / (area x power) at equal rate, FP16 = 1"),
            paper=design.paper,
            holds=holds,
        ),
    ]


def _row(metric: str, ours: float, unit: str = "", note: str = "") -> Row:
    return Row(table=TABLE, metric=metric, paper=None, ours=ours, holds=None, unit=unit, note=note)


def _dequantised(fma: Figures) -> list[Row]:
    """The FMA with its share of a multiplier that turns an int4 weight into fp16."""
    multiplier = price("multiply_fp16", partial(FloatMultiplier, parse_operand("fp16")))
    area = fma.area + multiplier.area_um2 / ROWS
    return [
        _row(
            "INT4 x FP16 by dequantisation: area",
            area,
            "um^2",
            note=f"FMA and 1 / {ROWS} of an fp16 multiplier of {multiplier.area_um2:.0f} um^2",
        ),
        replace(
            _row(
                "INT4 x FP16 by dequantisation: efficiency",
                fma.area / area,
                note="at most: without the energy of the multiplier",
            ),
            paper=1.0,
        ),
    ]


def rival_figures(name: str) -> RivalFigures:
    """Of an element of another accelerator."""
    return {**RIVALS, **OTHER_TYPES}[name].measured()


def rivals(fma: Figures) -> list[Row]:
    """Elements of other accelerators."""
    names = [*RIVALS, *OTHER_TYPES]
    measured = side_by_side(rival_figures, names, lambda share: None)
    found = dict(zip(names, measured, strict=True))
    rows = []
    for name, design in RIVALS.items():
        figures = found[name]
        rows += [
            _row(f"{name}: area", figures.area, "um^2", note=design.note),
            _row(f"{name}: power", figures.energy * figures.products / CLOCK, "mW"),
            _row(f"{name}: energy", figures.energy, "pJ"),
            _row(
                f"{name}: efficiency",
                figures.efficiency / fma.efficiency,
                note="1 / (area x power) at equal rate, FP16 = 1",
            ),
        ]
    return rows + [
        _row(f"{name}: energy", found[name].energy, "pJ", note="the element is the same")
        for name in OTHER_TYPES
    ]


def claims(found: dict[str, Figures]) -> list[Row]:
    """What is claimed: efficiency against the best int8 element and the best FMA, and area."""
    best = max(INT8, key=lambda name: found[name].efficiency)
    gain = found[W4A8].efficiency / found[best].efficiency
    rows = [
        replace(
            _row(
                f"W4A8 over the best INT8 element ({best}): efficiency",
                gain,
                note=f"at least {GAIN:g} is asked",
            ),
            paper=PAPER_W4A8 / PAPER_INT8,
            holds=gain >= GAIN,
        )
    ]
    fma = max((FP16, FP16_SHORT), key=lambda name: found[name].efficiency)
    gain = found[W4A16].efficiency / found[fma].efficiency
    rows.append(
        replace(
            _row(
                f"{W4A16} over the best FP16 element ({fma}): efficiency",
                gain,
                note=f"at least {GAIN_A16:g} is asked",
            ),
            paper=PAPER_W4A16,
            holds=gain >= GAIN_A16,
        )
    )
    for multiplier in MULTIPLIERS:
        for ours in (W4A8, W4A8_BITS):
            share = found[ours].area / found[multiplier].area
            rows.append(
                replace(
                    _row(f"{ours} over {multiplier}: area", share, note="below 1 is asked"),
                    holds=share < 1,
                )
            )
    return rows
