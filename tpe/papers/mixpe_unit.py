"""The group unit of MixPE beside its array: area, and cycles."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from golden.grouped import stages
from golden.spec import EngineSpec
from synth.cost import Cost, estimate
from synth.sram import area as sram_area
from tpe.papers.mixpe_designs import (
    CLOCK,
    PRICED,
    SHIFT_ADD,
    SIDE,
    WHOLE,
    clocked_cost,
    grouped,
    plain,
)
from tpe.papers.row import Progress, Row
from tpe.pool import side_by_side

MAPPED = 4
"""Side of the array that is mapped here: its modules are counted as the larger one has them."""

ACTIVITY = 0.1
"""Assumed; no area depends on it."""

GROUPS = (32, 128)
LARGEST_SHARE = 5.0
"""Percent of the array that the logic behind it may take."""

AREA = (
    f"unit: what is behind a {SIDE} x {SIDE} W4A8 array; smallest design, modules of"
    f" {MAPPED} x {MAPPED} counted"
)
CYCLES = "unit: cycles of a GEMM 128 x 1024 x 128 with groups, against the same array without"


@dataclass(frozen=True, kw_only=True)
class Areas:
    """um^2 of an engine of `SIDE` rows and columns.

    Parameters
    ----------
    array : float
        Elements, operand skew, drain.
    logic : float
        The columns of the group unit, and what they share.
    accumulators : float
        A word for every row of every column, as flip-flops.
    """

    array: float
    logic: float
    accumulators: float

    @property
    def total(self) -> float:
        return self.array + self.logic + self.accumulators

    @classmethod
    def of(cls, cost: Cost, side: int) -> "Areas":
        """By the modules of an engine of `side` rows and columns.

        Modules of columns and rows are counted as often as there are some. What there is once for
        the array, its skew for the most part, grows with the elements, and so do accumulators.
        """
        found = {"array": 0.0, "logic": 0.0, "accumulators": 0.0}
        across, elements = SIDE / side, (SIDE / side) ** 2
        for part in cost.parts:
            area = part.count * part.area_um2
            match part.module:
                case "column" | "top":
                    found["logic"] += area * across
                case "column_accumulators":
                    found["accumulators"] += area * elements
                case name if name.startswith(("row", "drain_stage", "encode", "resolve")):
                    found["array"] += area * across
                case _:
                    found["array"] += area * elements
        return cls(**found)


def variants() -> Iterator[tuple[str, EngineSpec]]:
    """Every engine whose group unit is priced, and what to call it."""
    for acc, scale, group in product(("q12.12", "fp32"), ("fp16", "pow2"), GROUPS):
        options = {"group": group, "scale": scale}
        yield (
            f"{acc}, {scale} scales, group {group}",
            grouped(acc=acc, rows=MAPPED, cols=MAPPED, options=options),
        )


def price(spec: EngineSpec) -> Cost:
    """That of the smallest design; of one with `PRICED` rows the `clocked_cost`."""
    if spec.rows == PRICED:
        return clocked_cost(spec)
    return estimate(spec, activity=ACTIVITY)


def units(progress: Progress) -> list[Row]:
    """Area of every variant, then cycles."""
    rows = []
    found = dict(variants())
    clocked = SHIFT_ADD.override(rows=PRICED, cols=PRICED)
    fast, *costs = side_by_side(price, [clocked, *found.values()], progress)
    for (name, spec), cost in zip(found.items(), costs, strict=True):
        rows += _areas(name, spec, Areas.of(cost, MAPPED), cost.delay_ns)
    rows += _areas(
        f"fp32, fp16 scales, group 128, at {CLOCK:g} ns",
        SHIFT_ADD,
        Areas.of(fast, PRICED),
        fast.delay_ns,
    )
    return rows + cycles()


def accumulator_memory(spec: EngineSpec) -> float:
    """um^2 of an SRAM for the accumulators of `SIDE` rows and columns."""
    return sram_area(SIDE * SIDE * spec.formats[2].bits / 8192)


def _areas(name: str, spec: EngineSpec, areas: Areas, delay: float) -> list[Row]:
    memory = accumulator_memory(spec)
    share = 100 * areas.logic / areas.array
    return [
        Row(
            table=AREA,
            metric=f"{name}: logic over array",
            paper=None,
            ours=share,
            holds=share < LARGEST_SHARE,
            unit="%",
            note=f"{areas.logic:.0f} of {areas.array:.0f} um^2, below {LARGEST_SHARE:g} % is asked;"
            f" needs {delay:.2f} ns",
        ),
        Row(
            table=AREA,
            metric=f"{name}: accumulators over array",
            paper=None,
            ours=100 * areas.accumulators / areas.array,
            holds=None,
            unit="%",
            note=f"{areas.accumulators:.0f} um^2 of flip-flops; as SRAM {memory:.0f} um^2,"
            f" {100 * memory / areas.array:.1f} %",
        ),
    ]


def cycles() -> list[Row]:
    """Cycles more than without groups, beyond the registers that results pass."""
    rows = []
    for side, group in ((16, 16), (32, 16), (32, 32), (32, 128)):
        engine = grouped(rows=side, cols=side, options={"group": group})
        array = plain("mac", b="int4", rows=side, cols=side, options=WHOLE)
        ours, base = (spec.cycles(128, 1024, 128) for spec in (engine, array))
        assert engine.groups is not None
        registers = stages(engine.groups, engine.formats[2])
        lost = ours - base - registers
        rows.append(
            Row(
                table=CYCLES,
                metric=f"{side} x {side}, groups of {group}: cycles lost",
                paper=None,
                ours=lost,
                holds=lost == 0,
                note=f"{ours} against {base}, {registers} of them registers behind the array"
                + ("" if lost == 0 else f"; {side} rows of sums leave in {side} cycles"),
            )
        )
    return rows
