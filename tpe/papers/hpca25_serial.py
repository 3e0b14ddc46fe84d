"""The digit-serial tables of the bit-weight paper: cycles for a number, and gains over Laconic."""

from golden.partial_products import DEPTHS, SIGMAS, Average, averages
from golden.spec import EngineSpec
from tpe.papers.pricing import best_cost, cost_on
from tpe.papers.row import Progress, Row, Table
from tpe.pool import side_by_side

PUBLISHED = {10: 1.71, 20: 2.05, 30: 2.27, 40: 2.45, 50: 2.57}
"""Average partial products of a number round(normal(0, sigma)), from the README of the authors."""

SIZE = {"rows": 8, "cols": 32}
WINDOWS = ("2", "4", "16")
CYCLES = "cycles for a number of A, int8, round(normal(0, sigma))"
ENERGY_SIGMAS = (10, 20, 30)
AREA, ENERGY = 2.85, 12.10
"""What the paper says of OPT4E over Laconic."""


def partial_products(progress: Progress) -> list[Row]:
    """Cycles that OPT4C takes for a number: one row, then many in lock step or a window apart."""
    one, binary = (
        EngineSpec.make(element="opt4c", array="column", rows=1, cols=32, options=options)
        for options in ({}, {"recoding": "naf"})
    )
    rows = []
    for average, fewest in zip(averages(one), averages(binary), strict=True):
        rows.append(_cycles(average, fewest))
        progress(len(rows) / (len(SIGMAS) * len(DEPTHS)))
    for window in WINDOWS:
        several = EngineSpec.make(
            element="opt4c", array="column", **SIZE, options={"window": window}
        )
        (average,) = averages(several, [20], [32])
        if window == WINDOWS[0]:
            rows.append(_waiting("in lock step", average.lock_step))
        rows.append(_waiting(f"window {window}", average.cycles))
    return rows


def _waiting(how: str, cycles: float) -> Row:
    return Row(
        table=CYCLES,
        metric=f"opt4c, {SIZE['rows']} rows {how}, K = 32, sigma = 20",
        paper=None,
        ours=cycles,
        holds=None,
        unit="cycles",
    )


def _cycles(average: Average, fewest: Average) -> Row:
    paper = PUBLISHED[average.sigma]
    return Row(
        table=CYCLES,
        metric=f"opt4c, K = {average.k}, sigma = {average.sigma}",
        paper=paper,
        ours=average.cycles,
        holds=average.cycles <= paper,
        unit="cycles",
        note=f"{fewest.cycles:.3f} with naf, the fewest signed binary digits",
    )


def over_laconic(progress: Progress) -> list[Row]:
    """Gains of the digit-serial elements over the bit-slice baseline, on the same array."""
    names = ("laconic", "bit-serial", "opt4c", "opt4e")
    specs = [EngineSpec.make(element=name, array="column", **SIZE) for name in names]
    costs = dict(zip(names, side_by_side(best_cost, specs, progress), strict=True))
    table = "digit-serial, column 8 x 32, int8, normal:0:20, K = 32"
    rows = [
        Row(table=table, metric=f"{name}: {metric}", paper=None, ours=ours, holds=None, unit=unit)
        for name, cost in costs.items()
        for metric, ours, unit in (
            ("area", cost.area_um2, "um^2"),
            ("clock", cost.fmax_mhz, "MHz"),
            ("MACs a cycle", cost.macs_per_cycle, ""),
            ("area x delay per MAC", cost.area_delay_per_mac, "um^2 ns"),
            ("energy per MAC", cost.energy_per_mac_pj, "pJ"),
        )
    ]
    base, best = costs["laconic"], costs["opt4e"]
    for metric, paper, ours in (
        ("area efficiency", AREA, base.area_delay_per_mac / best.area_delay_per_mac),
        ("energy efficiency", ENERGY, base.energy_per_mac_pj / best.energy_per_mac_pj),
    ):
        rows.append(
            Row(
                table=table,
                metric=f"opt4e over laconic: {metric}",
                paper=paper,
                ours=ours,
                holds=ours >= paper,
                note="our laconic has the fewest terms and shares the control of the array",
            )
        )
    return rows


def against_mac(progress: Progress) -> list[Row]:
    """Energy of the digit-serial elements beside the best baseline's, which takes every bit."""
    mac = EngineSpec.make(element="mac", array="systolic-os", rows=8, cols=8)
    serial = {
        name: EngineSpec.make(element=name, array="column", **SIZE) for name in ("opt4c", "opt4e")
    }
    designs = {"mac": mac, **serial}
    pairs = [(name, sigma) for sigma in ENERGY_SIGMAS for name in designs]
    runs = [(designs[name], f"normal:0:{sigma}") for name, sigma in pairs]
    costs = side_by_side(cost_on, runs, progress)
    energy = {pair: cost.energy_per_mac_pj for pair, cost in zip(pairs, costs, strict=True)}
    table = "energy per MAC, mac on systolic-os 8 x 8, others on column 8 x 32, int8, K = 32"
    rows = [
        Row(
            table=table,
            metric=f"{name}, sigma = {sigma}",
            paper=None,
            ours=ours,
            holds=None,
            unit="pJ",
        )
        for (name, sigma), ours in energy.items()
    ]
    return rows + [
        Row(
            table=table,
            metric=f"{name} over mac, sigma = {sigma}: energy efficiency",
            paper=None,
            ours=ours,
            holds=None,
            note="" if ours >= 1 else "registers are clocked for every digit",
        )
        for sigma in ENERGY_SIGMAS
        for name in serial
        for ours in [energy["mac", sigma] / energy[name, sigma]]
    ]


TABLES: dict[str, Table] = {
    "partial-products": partial_products,
    "digit-serial": over_laconic,
    "digit-energy": against_mac,
}
