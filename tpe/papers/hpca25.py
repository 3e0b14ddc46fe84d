"""The classic arrays of the bit-weight paper, each with the best baseline and each optimisation.

"Exploring the Performance Improvement of Tensor Processing Engines through Transformation in the
Bit-weight Dimension of MACs", HPCA 2025: gains in area efficiency and energy efficiency over a
multiply-accumulate baseline (SMIC 28 nm). Ours are in Nangate 45 nm, before placement, and our
baseline is a fused one: partial products and accumulator in one tree, one adder. Where products
are added one by one there are two: its accumulator in two parts, the better one, and whole.
"""

from dataclasses import dataclass
from functools import partial

from golden.spec import EngineSpec
from synth.cost import Cost
from tpe.papers import hpca25_serial
from tpe.papers.pricing import best_cost, cost_at
from tpe.papers.row import Progress, Row, Table
from tpe.pool import side_by_side

SUMMARY = "bit-weight transformations of MACs (HPCA 2025) on four classic arrays"

BASELINE, WHOLE = "mac", "mac with a whole sum"


@dataclass(frozen=True, kw_only=True)
class Claim:
    """What the paper says of an array: gains over the baseline in area and energy efficiency.

    Engines have the options that they have by themselves; `examples/ripple.toml` tries others.
    """

    array: str
    size: dict[str, int]
    area: float
    energy: float
    note: str

    @property
    def bases(self) -> dict[str, EngineSpec]:
        """The best baseline, and one whose accumulator is whole if that is another."""
        best = self._spec("mac")
        whole = self._spec("mac", accumulator="whole")
        return {BASELINE: best} if whole == best else {BASELINE: best, WHOLE: whole}

    @property
    def optimised(self) -> dict[str, EngineSpec]:
        """Every optimisation that runs on the array."""
        names = ("opt1", *(["opt2"] if self.array == "adder-tree" else []))
        return {name: self._spec(name) for name in names}

    def _spec(self, element: str, **options: str) -> EngineSpec:
        """From int8 to int32."""
        return EngineSpec.make(element=element, array=self.array, **self.size, options=options)


CLAIMS = (
    Claim(
        array="systolic-os",
        size={"rows": 8, "cols": 8},
        area=1.27,
        energy=1.04,
        note="two fifths are the clock of flip-flops, of which carry-save sums have more",
    ),
    Claim(
        array="cube",
        size={"rows": 4, "cols": 4, "depth": 4},
        area=1.28,
        energy=1.56,
        note="a carry-save sum that hops has 9 more flip-flops in each element",
    ),
    Claim(
        array="adder-tree",
        size={"rows": 1, "cols": 8, "depth": 16},
        area=1.56,
        energy=1.49,
        note="the baseline's lanes are in one pipelined tree, too, and share its only adder",
    ),
    Claim(
        array="matrix2d",
        size={"rows": 8, "cols": 8},
        area=1.44,
        energy=1.20,
        note="the gain is that of the element alone over a fused one",
    ),
)


def gains(claim: Claim, progress: Progress) -> list[Row]:
    """Cost of an array's engines at the clock with the least area x period, and the gains.

    An engine that is faster there than the baseline has paid for it with larger gates: its energy
    is also told at the baseline's clock.
    """
    bases, optimised = claim.bases, claim.optimised
    specs = {**bases, **optimised}
    found = side_by_side(best_cost, specs.values(), lambda share: progress(share / 2))
    costs = dict(zip(specs, found, strict=True))
    pairs = [(name, base) for name in optimised for base in bases]
    slowed = side_by_side(
        cost_at,
        [(optimised[name], costs[base].delay_ns) for name, base in pairs],
        lambda share: progress((1 + share) / 2),
    )
    rows = _costs(claim, costs)
    for (name, base), slow in zip(pairs, slowed, strict=True):
        rows += _gains(claim, f"{name} over {base}", costs[base], costs[name], slow)
    return rows


TABLES: dict[str, Table] = {
    **{claim.array: partial(gains, claim) for claim in CLAIMS},
    **hpca25_serial.TABLES,
}


def _title(claim: Claim) -> str:
    size = " x ".join(map(str, claim.size.values()))
    return f"{claim.array} {size}, int8, normal:0:20"


def _costs(claim: Claim, costs: dict[str, Cost]) -> list[Row]:
    figures = (
        ("area", "um^2", lambda cost: cost.area_um2),
        ("clock", "MHz", lambda cost: cost.fmax_mhz),
        ("energy per MAC", "pJ", lambda cost: cost.energy_per_mac_pj),
        ("area x delay per MAC", "um^2 ns", lambda cost: cost.area_delay_per_mac),
    )
    return [
        Row(
            table=_title(claim),
            metric=f"{name}: {metric}",
            paper=None,
            ours=figure(cost),
            holds=None,
            unit=unit,
        )
        for name, cost in costs.items()
        for metric, unit, figure in figures
    ]


def _gains(claim: Claim, name: str, base: Cost, cost: Cost, slowed: Cost) -> list[Row]:
    """Of one engine over a baseline, at its own clock and `slowed` to the baseline's."""
    energy = base.energy_per_mac_pj
    figures = (
        ("area efficiency", claim.area, base.area_delay_per_mac / cost.area_delay_per_mac),
        ("energy efficiency", claim.energy, energy / cost.energy_per_mac_pj),
        ("the same at the baseline's clock", claim.energy, energy / slowed.energy_per_mac_pj),
    )
    return [
        Row(
            table=_title(claim),
            metric=f"{name}: {metric}",
            paper=paper,
            ours=ours,
            holds=ours >= paper,
            note="" if ours >= paper else claim.note,
        )
        for metric, paper, ours in figures
    ]
