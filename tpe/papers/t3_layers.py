"""Sub-layers of transformers under every policy: time, and what the memories move."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, groupby
from statistics import geometric_mean

from golden.trigger.layers import (
    PAPER,
    Accelerator,
    Figures,
    SubLayer,
    exchange,
    ideal,
    overlapped,
    sequential,
    sub_layers,
)
from tpe.papers.row import Progress, Row
from tpe.pool import Measured

SPEEDUP = "speed-up over one after the other, in the cycle model"
OTHER = "speed-up on other machines, in the cycle model"
MOVEMENT = "bytes moved against one after the other, in the cycle model"

SMALL, LARGE = ("Mega-GPT-2", "T-NLG"), ("PALM", "MT-NLG")
"""Models that the paper's means are over: of TP 8 and 16, and those of about 500 billion
parameters."""

T3, MCA, IDEAL = "t3", "t3-mca", "ideal"

CLAIMS = {T3: (20.0, 39.0), MCA: (30.0, 47.0), IDEAL: (35.0, 50.0)}
"""Percent: geometric mean and most of the paper, models `SMALL`."""

LARGE_CLAIM = (29.0, 35.0)
"""The same of `t3-mca`, models `LARGE`."""

OTHERS = {
    "link 150 GB/s each way": replace(PAPER, link=150.0),
    "60 % of the peak rate": replace(PAPER, efficiency=0.6),
    "all of the peak rate": replace(PAPER, efficiency=1.0),
}
"""If the paper's 150 GB/s were those of one direction, and the GEMM slower or faster."""

ROUNDING = 0.001
"""Share of a time by which a bound may be exceeded: phases end in whole cycles."""


@dataclass(frozen=True, kw_only=True)
class Result:
    """A sub-layer under every policy; `bound` in us."""

    layer: SubLayer
    base: Figures
    t3: Figures
    mca: Figures
    bound: float

    @property
    def speedups(self) -> dict[str, float]:
        """Times as fast as one after the other, by policy."""
        times = {T3: self.t3.time, MCA: self.mca.time, IDEAL: self.bound}
        return {policy: self.base.time / time for policy, time in times.items()}

    @property
    def moved(self) -> float:
        """Bytes moved, over those of one after the other."""
        return self.mca.bytes / self.base.bytes

    @property
    def near_memory(self) -> float:
        """How many times as fast a reduce-scatter by a memory that adds is, alone."""
        alone = exchange(self.layer, PAPER, "near memory")
        return self.base.parts["reduce-scatter"].time / alone.time


def _ring(job: tuple[tuple[SubLayer, ...], Accelerator]) -> list[Result]:
    """Sub-layers of one model on one ring: they share what moves between devices."""
    layers, accelerator = job
    return [
        Result(
            layer=layer,
            base=sequential(layer, accelerator),
            t3=overlapped(layer, accelerator, mca=False),
            mca=overlapped(layer, accelerator, mca=True),
            bound=ideal(layer, accelerator),
        )
        for layer in layers
    ]


def results(models: Iterable[str], accelerator: Accelerator, progress: Progress) -> list[Result]:
    """Every sub-layer of some models; rings side by side."""
    chosen = [layer for layer in sub_layers() if layer.model in set(models)]
    rings = [
        (tuple(layers), accelerator)
        for _, layers in groupby(chosen, key=lambda layer: (layer.model, layer.devices))
    ]
    return list(chain(*rings_done.all(rings, progress)))


rings_done = Measured(_ring)


def everything(progress: Progress) -> list[Result]:
    """All sub-layers on the paper's machine."""
    return results({layer.model for layer in sub_layers()}, PAPER, progress)


def sublayers(progress: Progress) -> list[Row]:
    """Each sub-layer, then means."""
    found = everything(progress)
    rows = [row for result in found for row in _of_layer(result)]
    small, large = (_of(found, models) for models in (SMALL, LARGE))
    for policy, claim in CLAIMS.items():
        rows += _means(SPEEDUP, ", ".join(SMALL), small, policy, claim)
    rows += _means(SPEEDUP, ", ".join(LARGE), large, MCA, LARGE_CLAIM)
    return [*rows, _bound(SPEEDUP, found), *_near_memory(small)]


def sensitivity(progress: Progress) -> list[Row]:
    """Means again, had the machine been another one."""
    rows, found = [], []
    for done, (name, accelerator) in enumerate(OTHERS.items()):

        def part(share: float, done: int = done) -> None:
            progress((done + share) / len(OTHERS))

        found += (small := results(SMALL, accelerator, part))
        for policy in CLAIMS:
            rows += _means(OTHER, f"{', '.join(SMALL)}, {name}", small, policy, (None, None))
        if accelerator.link != PAPER.link:
            found += (large := results(LARGE, accelerator, part))
            rows += _means(OTHER, f"{', '.join(LARGE)}, {name}", large, IDEAL, (None, None))
    return [*rows, _bound(OTHER, found)]


def _percent(factor: float) -> float:
    return 100 * (factor - 1)


def _of(found: Iterable[Result], models: Sequence[str]) -> list[Result]:
    return [result for result in found if result.layer.model in models]


def _of_layer(result: Result) -> list[Row]:
    base = result.base.parts
    notes = {
        T3: "us: "
        + ", ".join(f"{name} {part.time:.0f}" for name, part in base.items())
        + f"; communication {100 - 100 * base['GEMM'].time / result.base.time:.0f} %",
        MCA: f"threshold {result.mca.threshold}, at most {result.mca.peak} tiles tracked",
        IDEAL: f"{result.bound:.0f} us",
    }
    return [
        Row(
            table=SPEEDUP,
            metric=f"{result.layer.title}: {policy}",
            paper=None,
            ours=_percent(factor),
            holds=None,
            unit="%",
            note=notes[policy],
        )
        for policy, factor in result.speedups.items()
    ]


def _means(
    table: str,
    name: str,
    found: Sequence[Result],
    policy: str,
    claim: tuple[float | None, float | None],
) -> list[Row]:
    factors = [result.speedups[policy] for result in found]
    rows = []
    for kind, paper, factor in zip(
        ("geometric mean", "most"), claim, (geometric_mean(factors), max(factors)), strict=True
    ):
        ours = _percent(factor)
        claimed = paper is not None and policy != IDEAL
        rows.append(
            Row(
                table=table,
                metric=f"{name}: {policy}, {kind}",
                paper=paper,
                ours=ours,
                holds=ours >= (paper or 0.0) if claimed else None,
                unit="%",
                note="the bound, no claim" if policy == IDEAL else "",
            )
        )
    return rows


def _bound(table: str, found: Sequence[Result]) -> Row:
    better = [
        f"{result.layer.title}: {policy}"
        for result in found
        for policy in (T3, MCA)
        if result.speedups[policy] > result.speedups[IDEAL] * (1 + ROUNDING)
    ]
    return Row(
        table=table,
        metric="runs that exceed the bound",
        paper=0.0,
        ours=float(len(better)),
        holds=not better,
        note="; ".join(better) or f"of {2 * len(found)}",
    )


def _near_memory(found: Sequence[Result]) -> list[Row]:
    """The reduce-scatter alone, by a memory that adds, over one that does not."""
    rows = []
    for devices, paper in ((8, 7.0), (16, 3.0)):
        factors = [one.near_memory for one in found if one.layer.devices == devices]
        ours = _percent(geometric_mean(factors))
        rows.append(
            Row(
                table=SPEEDUP,
                metric=f"reduce-scatter alone, memory that adds, TP {devices}",
                paper=paper,
                ours=ours,
                holds=ours >= paper,
                unit="%",
                note="ours goes on tile by tile without it, too: the link is busy all the time",
            )
        )
    return rows


@dataclass(frozen=True, kw_only=True)
class Kind:
    """Some of the accesses: how they change, and by how much in the paper."""

    name: str
    paper: float
    of: Callable[[Result], tuple[float, float]]
    less: bool
    """In percent less, else how many times less."""


def _reads(result: Result) -> tuple[float, float]:
    return (
        result.base.parts["reduce-scatter"].moved["loads"],
        result.mca.parts["GEMM and reduce-scatter"].moved["loads"],
    )


def _writes(result: Result) -> tuple[float, float]:
    def written(moved: Mapping[str, int]) -> int:
        return moved["stores"] + moved["updates"]

    base = result.base.parts
    return (
        written(base["GEMM"].moved) + written(base["reduce-scatter"].moved),
        written(result.mca.parts["GEMM and reduce-scatter"].moved),
    )


def _operands(result: Result) -> tuple[float, float]:
    return result.base.moved["operands"], result.mca.moved["operands"]


KINDS = (
    Kind(name="reads of the reduce-scatter, times less", paper=2.4, of=_reads, less=False),
    Kind(name="writes of GEMM and reduce-scatter", paper=-10.0, of=_writes, less=True),
    Kind(name="reads of the GEMM, times less", paper=1.56, of=_operands, less=False),
)

BASELINE = "ours adds what comes to what it reads, the paper's writes it first and reads both"


def movement(progress: Progress) -> list[Row]:
    """Bytes of every sub-layer, then means, and by kind of access."""
    found = everything(progress)
    rows = [
        Row(
            table=MOVEMENT,
            metric=result.layer.title,
            paper=None,
            ours=_percent(result.moved),
            holds=None,
            unit="%",
            note=f"{result.mca.bytes / 1e6:.0f} of {result.base.bytes / 1e6:.0f} MB a device;"
            f" operands {_operands(result)[1] / 1e6:.0f} of {_operands(result)[0] / 1e6:.0f}",
        )
        for result in found
    ]
    small = _of(found, SMALL)
    shares = [result.moved for result in small]
    for kind, paper, share in (
        ("geometric mean", -22.0, geometric_mean(shares)),
        ("most", -36.0, min(shares)),
    ):
        ours = _percent(share)
        rows.append(
            Row(
                table=MOVEMENT,
                metric=f"{', '.join(SMALL)}: {kind}",
                paper=paper,
                ours=ours,
                holds=ours <= paper,
                unit="%",
                note="" if ours <= paper else BASELINE,
            )
        )
    return rows + [_of_kind(kind, small) for kind in KINDS]


def _of_kind(kind: Kind, found: Sequence[Result]) -> Row:
    pairs = [kind.of(result) for result in found]
    factor = geometric_mean([before / after for before, after in pairs])
    ours = _percent(1 / factor) if kind.less else factor
    holds = ours <= kind.paper if kind.less else ours >= kind.paper
    return Row(
        table=MOVEMENT,
        metric=f"{', '.join(SMALL)}: {kind.name}",
        paper=kind.paper,
        ours=ours,
        holds=holds,
        unit="%" if kind.less else "",
        note="" if holds else BASELINE,
    )
