"""Networks on engines of one area: time and energy beside the paper's, those of FP16 being 1."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from statistics import geometric_mean
from typing import Any

from golden.spec import EngineSpec
from synth.cost import Cost
from tpe.papers.mixpe_designs import (
    CLOCK,
    GROUP,
    PRICED,
    SHIFT_ADD,
    SIDE,
    WHOLE,
    engine_cost,
    plain,
    small,
)
from tpe.papers.mixpe_rivals import ANT, BIT_FUSION, WIDE, exchanged, inside, products
from tpe.papers.mixpe_unit import Areas, accumulator_memory
from tpe.papers.row import Progress, Row
from tpe.workloads.gemms import Gemm
from tpe.workloads.models import MODELS, Vision, model_gemms
from tpe.workloads.processor import Dequantize, Processor, priced
from tpe.workloads.run import Figures, run_workload

IMAGES = 64
"""In a batch, as in the paper. Of a language model one sequence is read, `models.SEQUENCE` long."""

RUN = 4
"""Side of the array that runs for the energy of a price."""

ATTENTION = ("q k^T", "p v")
"""Products of a transformer that have no weights."""

BEFORE = Dequantize(when="before", group=GROUP)

FAMILIES = {"vit-base": 0, "vit-huge": 1, "opt-6.7b": 2, "llama2-13b": 2}
"""Networks, and which of the paper's columns (ViT, ViT-Huge, OPT and Llama) is theirs."""


@dataclass(frozen=True, kw_only=True)
class Engine:
    """An engine as the comparison runs it.

    Parameters
    ----------
    spec : EngineSpec
    storage : mapping of str to object
        Fields of `Processor`: how numbers are stored.
    size : (int, int) or None
        Rows and columns in the paper, if that has such an engine.
    time, energy : tuple of float
        The paper's, by `FAMILIES`. None where it has no such engine.
    memory : bool
        The accumulators of the group unit are an SRAM. It changes their area, and nothing else.
    digits : bool
        int8 weights as two digits: everything passes twice, as keys and values do.
    element : str
        Of `mixpe_rivals.DESIGNS`, in place of the spec's own.
    """

    spec: EngineSpec
    size: tuple[int, int] | None = None
    storage: Mapping[str, Any] = field(default_factory=dict)
    time: tuple[float, float, float] | None = None
    energy: tuple[float, float, float] | None = None
    memory: bool = False
    digits: bool = False
    element: str = ""

    def gemms(self, network: str) -> Iterable[Gemm]:
        """What it runs."""
        batch = IMAGES if isinstance(MODELS[network], Vision) else 1
        gemms = model_gemms(network, batch=batch)
        return [replace(gemm, weights=False) for gemm in gemms] if self.digits else gemms


FLOAT = plain("fmac", rows=SIDE, cols=SIDE, a="fp16", b="fp16", acc="fp32")
MAC, CARRY_SAVE = (plain(name, rows=SIDE, cols=SIDE) for name in ("mac", "opt1"))
FIXED = SHIFT_ADD.override(acc="q12.12")
POWERS = FIXED.override(options={"group": GROUP, "scale": "pow2"})

AROUND = MAC.override(options=WHOLE)
SHORT = AROUND.override(b="int4")
"""Arrays around elements of others."""

FP16, W4A8 = "FP16", "MixPE W4A8"
SLIM = f"{W4A8}, q12.12, powers of two, accumulators as SRAM"
"""That with the least behind its array."""

INT8 = ("INT8", "INT8, carry-save sums", "INT8, int4 weights dequantised")
OTHERS = ("ANT-like, W4A8", "BitFusion, W4A8")
RIVALS = (*INT8, *OTHERS)
"""The quantisation accelerators."""

ENGINES = {
    FP16: Engine(spec=FLOAT, size=(32, 28), time=(1.0, 1.0, 1.0), energy=(1.0, 1.0, 1.0)),
    f"{FP16}, int4 weights dequantised": Engine(
        spec=FLOAT, size=(32, 28), storage={"weight_bits": 4, "dequantize": BEFORE}
    ),
    INT8[0]: Engine(spec=MAC, size=(32, 32), time=(0.82, 0.82, 0.86), energy=(0.51, 0.50, 0.50)),
    INT8[1]: Engine(spec=CARRY_SAVE),
    INT8[2]: Engine(spec=MAC, size=(32, 32), storage={"weight_bits": 4, "dequantize": BEFORE}),
    OTHERS[0]: Engine(
        spec=SHORT,
        size=(32, 32),
        element=ANT,
        time=(0.61, 0.47, 0.40),
        energy=(0.39, 0.30, 0.25),
    ),
    OTHERS[1]: Engine(
        spec=AROUND,
        size=(32, 40),
        storage={"weight_bits": 4},
        element=BIT_FUSION,
        time=(0.70, 0.67, 0.68),
        energy=(0.48, 0.43, 0.43),
    ),
    W4A8: Engine(
        spec=SHIFT_ADD,
        size=(64, 64),
        time=(0.15, 0.12, 0.10),
        energy=(0.26, 0.18, 0.14),
    ),
    f"{W4A8}, accumulators as SRAM": Engine(spec=SHIFT_ADD, memory=True),
    f"{W4A8}, q12.12": Engine(spec=FIXED),
    f"{W4A8}, q12.12, accumulators as SRAM": Engine(spec=FIXED, memory=True),
    SLIM: Engine(spec=POWERS, memory=True),
    "W8A8 on MixPE W4A8": Engine(spec=SHIFT_ADD, size=(64, 64), digits=True),
}
"""What stands for OLAccel is not here: we have no such engine."""


@cache
def processor(spec: EngineSpec) -> Processor:
    """An engine of `SIDE` rows and columns, by the price of a smaller one."""
    smaller, *_ = mapped(spec)
    cost = engine_cost(smaller)
    found = priced(spec, cost)
    area = Areas.of(cost, smaller.rows).total
    more = busier(spec, cost) if spec.groups else 0.0
    return replace(
        found,
        area_um2=area,
        leakage_uw=found.leakage_uw * area / cost.area_um2,
        energy_per_mac_pj=found.energy_per_mac_pj + more,
    )


def mapped(spec: EngineSpec) -> list[EngineSpec]:
    """The engines whose prices are needed for that of a larger one."""
    return [small(spec), *([spec.override(rows=RUN, cols=RUN)] if spec.groups else [])]


def busier(spec: EngineSpec, cost: Cost) -> float:
    """pJ a product that columns of the group unit take more with `SIDE` rows than in the price.

    A sum of a group takes what it takes in the array that runs, however many rows share a column;
    the price takes columns of larger arrays to be no busier. Their registers are clocked in every
    cycle: of the clock, a product takes a share in inverse proportion to the rows.
    """
    ran = engine_cost(mapped(spec)[1])
    logic, clock = (
        ran.components[name]["energy_per_mac_pj"] - cost.components[name]["energy_per_mac_pj"]
        for name in ("control", "clock")
    )
    return logic - clock * (1 / PRICED - 1 / SIDE) / (1 / RUN - 1 / PRICED)


def with_memory(found: Processor) -> Processor:
    """Its accumulators as SRAM."""
    cost = engine_cost(small(found.spec))
    saved = Areas.of(cost, PRICED).accumulators - accumulator_memory(found.spec)
    return replace(found, area_um2=found.area_um2 - saved)


def processors(progress: Progress) -> dict[str, Processor]:
    """Every engine at the area of `INT8`."""
    specs = list(dict.fromkeys(engine.spec for engine in ENGINES.values()))
    engine_cost.all([one for spec in specs for one in mapped(spec)], progress)
    others = [(one.element, one.spec) for one in ENGINES.values() if one.element]
    inside.all([element for pair in others for element in (*pair, WIDE)], lambda share: None)
    # As many elements as there are must fit again.
    area = processor(MAC).area_um2 * 1e-6 * (1 + 1e-9)
    found = {}
    for name, engine in ENGINES.items():
        whole = processor(engine.spec)
        whole = with_memory(whole) if engine.memory else whole
        whole = exchanged(engine.element, whole) if engine.element else whole
        found[name] = replace(whole, **engine.storage).at_area(area)
    return found


def at_paper_size(progress: Progress) -> dict[str, Processor]:
    """The paper's engines in its sizes and at its clock, for times only: they have no price."""
    return {
        name: Processor(
            spec=engine.spec.override(rows=engine.size[0], cols=engine.size[1]),
            area_um2=1.0,
            clock_ns=CLOCK,
            energy_per_mac_pj=0.0,
            leakage_uw=0.0,
            weight_products=products(engine.element),
            **engine.storage,
        )
        for name, engine in ENGINES.items()
        if engine.size
    }


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """What networks take on engines.

    Parameters
    ----------
    table : str
    metric : str
        "time" or "energy": what the paper's figures in `Engine` are called.
    unit : str
    of : callable (Figures) -> float
    claim : float
        How many times less W4A8 takes than the best quantisation accelerator, in the paper.
    engines : callable (progress) -> dict of str to Processor
    """

    table: str
    metric: str
    unit: str
    of: Callable[[Figures], float]
    claim: float
    engines: Callable[[Progress], dict[str, Processor]]


def compared(comparison: Comparison, progress: Progress) -> list[Row]:
    """Every network on every engine, then W4A8 against the best quantisation accelerator."""
    engines = comparison.engines(progress)
    rows: list[Row] = []
    whole, weights, slim = [], [], []
    for network in FAMILIES:
        results = {
            name: run_workload(ENGINES[name].gemms(network), engine)
            for name, engine in engines.items()
        }
        taken = {name: comparison.of(result.total) for name, result in results.items()}
        rows += _of_network(comparison, network, taken, engines)
        of_weights = {
            name: sum(
                comparison.of(line.figures)
                for line in result.lines
                if line.gemm.name not in ATTENTION
            )
            for name, result in results.items()
        }
        whole.append(_gain(taken))
        weights.append(_gain(of_weights))
        if SLIM in taken:
            slim.append(_gain(taken, SLIM))
    rows += [_mean(comparison, whole), _unclaimed(comparison, weights, WITHOUT_ATTENTION)]
    return [*rows, _unclaimed(comparison, slim, SLIM)] if slim else rows


WITHOUT_ATTENTION = "W4A8 without attention's products"


def _gain(taken: Mapping[str, float], ours: str = W4A8) -> float:
    """How many times less an engine of ours takes than the best quantisation accelerator."""
    return min(taken[name] for name in RIVALS if name in taken) / taken[ours]


def _unclaimed(comparison: Comparison, gains: list[float], ours: str) -> Row:
    """The same for what the paper does not have."""
    metric = f"{ours} over the best other accelerator, mean of networks"
    return replace(_mean(comparison, gains), metric=metric, paper=None, holds=None)


def _mean(comparison: Comparison, gains: list[float]) -> Row:
    gain = geometric_mean(gains)
    return Row(
        table=comparison.table,
        metric="W4A8 over the best other accelerator, mean of networks",
        paper=comparison.claim,
        ours=gain,
        holds=gain >= comparison.claim,
        note="times less: " + ", ".join(f"{each:.2f}" for each in gains),
    )


def _of_network(
    comparison: Comparison,
    network: str,
    taken: Mapping[str, float],
    engines: Mapping[str, Processor],
) -> list[Row]:
    rows = []
    for name, value in taken.items():
        published = getattr(ENGINES[name], comparison.metric)
        paper = None if published is None else published[FAMILIES[network]]
        engine = engines[name]
        ours = value / taken[FP16]
        rows.append(
            Row(
                table=comparison.table,
                metric=f"{network}, {name}",
                paper=paper,
                ours=ours,
                holds=ours <= paper if name == W4A8 and paper is not None else None,
                note=f"{engine.spec.rows} x {engine.spec.cols} at {1e3 / engine.clock_ns:.0f} MHz,"
                f" {value:.4g} {comparison.unit}",
            )
        )
    return rows


def _seconds(figures: Figures) -> float:
    return figures.seconds


TIME = Comparison(
    table="time: at the area of INT8 32 x 32, FP16 = 1",
    metric="time",
    unit="s",
    of=_seconds,
    claim=2.6,
    engines=processors,
)
TIME_AT_SIZE = replace(
    TIME, table="time: at the paper's array sizes and clock, FP16 = 1", engines=at_paper_size
)
ENERGY = Comparison(
    table="energy: at the area of INT8 32 x 32, FP16 = 1",
    metric="energy",
    unit="mJ",
    of=lambda figures: figures.energy.total,
    claim=1.4,
    engines=processors,
)


def times(progress: Progress) -> list[Row]:
    """At the area of the INT8 engine, and at the paper's sizes."""
    return compared(TIME, progress) + compared(TIME_AT_SIZE, lambda share: None)


def energies(progress: Progress) -> list[Row]:
    """At the area of the INT8 engine."""
    return compared(ENERGY, progress)
