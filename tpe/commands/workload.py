"""`tpe workload`."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated, Any, Literal

import typer
from rich.console import RenderableType
from rich.table import Table

from golden.spec import EngineSpec
from tpe.commands import console, numbers
from tpe.commands.estimate import Activity, Clock, Library, Scaling
from tpe.commands.spec import Settings, Source, engine
from tpe.problems import Problems
from tpe.verbs.workload import PricedWorkload, Storage, workload
from tpe.workloads.constants import Constant
from tpe.workloads.gemms import Gemm
from tpe.workloads.memory import Memory
from tpe.workloads.models import MODELS, Phase
from tpe.workloads.processor import Dequantize
from tpe.workloads.run import Figures, Line
from tpe.workloads.source import load_gemms

Workload = Annotated[
    str,
    typer.Argument(
        metavar="WORKLOAD",
        help=f"One of: {', '.join(MODELS)}; or a .csv file with the header name,m,k,n,count and, if"
        " need be, weights; or an .onnx file.",
    ),
]
PhaseOf = Annotated[
    Phase | None,
    typer.Option("--phase", help="All tokens at once (if not given), or one more token."),
]
Batch = Annotated[
    int | None, typer.Option("--batch", metavar="N", help="Images or sequences; 1 if not given.")
]
Sequence = Annotated[
    int | None,
    typer.Option(
        "--sequence",
        metavar="N",
        help="Tokens; those of a 224 x 224 image, or 2048. In decode those in the KV cache.",
    ),
]
Linear = Annotated[
    bool, typer.Option("--linear", help="Only products with weights, without Q K^T and P V.")
]
Area = Annotated[
    float | None,
    typer.Option(
        "--area", metavar="MM2", help="As many elements as fit this area; buffers do not count."
    ),
]
Buffers = Annotated[
    str | None,
    typer.Option(
        "--buffers", metavar="A,B,C", help="KiB of the buffers; 256,128,128 if not given."
    ),
]
DramEnergy = Annotated[
    float | None, typer.Option("--dram-energy", metavar="PJ", help="Of a bit; 20.3 if not given.")
]
DramBandwidth = Annotated[
    float | None, typer.Option("--dram-bandwidth", metavar="GBIT/S", help="512 if not given.")
]
WeightBits = Annotated[
    int | None,
    typer.Option("--weight-bits", metavar="N", help="Of a weight in DRAM; as B if not given."),
]
KvBits = Annotated[
    int | None,
    typer.Option("--kv-bits", metavar="N", help="Of keys and values; as A if not given."),
]
DequantizeWhen = Annotated[
    Literal["none", "before", "after"],
    typer.Option(
        "--dequantize",
        help="Scale every weight before the product, or every sum of a group after it.",
    ),
]
Group = Annotated[
    int | None,
    typer.Option("--group", metavar="N", help="Weights with one scale; 128 if not given."),
]
Lanes = Annotated[
    int | None,
    typer.Option(
        "--lanes", metavar="N", help="Dequantizations a cycle; one a column if not given."
    ),
]
Overlap = Annotated[
    bool, typer.Option("--overlap", help="Dequantize while the engine works, not as a step.")
]


def workload_command(
    source: Workload,
    engine_source: Source,
    settings: Settings = None,
    phase: PhaseOf = None,
    batch: Batch = None,
    sequence: Sequence = None,
    linear: Linear = False,
    area: Area = None,
    buffers: Buffers = None,
    dram_energy: DramEnergy = None,
    dram_bandwidth: DramBandwidth = None,
    weight_bits: WeightBits = None,
    kv_bits: KvBits = None,
    dequantize: DequantizeWhen = "none",
    group: Group = None,
    lanes: Lanes = None,
    overlap: Overlap = False,
    liberty: Library = None,
    clock: Clock = None,
    activity: Activity = "sim",
    scale: Scaling = None,
    json: console.Json = None,
    quiet: console.Quiet = False,
    verbose: console.Verbose = False,
) -> None:
    """Time, traffic and energy of a network's matrix products on an engine.

    The engine is priced as its spec has it and, with --area, resized. docs/workloads.md has the
    model and its limits.
    """
    problems = Problems()
    with problems:
        report = console.Reporter(json, quiet, verbose)
    gemms: tuple[Gemm, ...] = ()
    with problems:
        gemms = load_gemms(source, batch=batch, sequence=sequence, phase=phase)
        gemms = tuple(gemm for gemm in gemms if gemm.weights or not linear)
        if not gemms:
            problems.add(f"--linear: {source} has no product with weights, leave it out")
    with problems:
        spec = engine(engine_source, settings)
    with problems:
        period = numbers.clock(clock)
    with problems:
        toggles = numbers.activity(activity)
    with problems:
        nodes = numbers.nodes(scale)
    with problems:
        sizes = numbers.buffers(buffers)
    with problems:
        vector = Dequantize(
            when=dequantize,
            lanes=lanes,
            overlaps=overlap,
            **({} if group is None else {"group": group}),
        )
    for option, bits in (("--weight-bits", weight_bits), ("--kv-bits", kv_bits)):
        if bits is not None and bits < 1:
            problems.add(f"{option} {bits}: use a whole number from 1")
    if dram_energy is not None and not 0 <= dram_energy < float("inf"):
        problems.add(f"--dram-energy {dram_energy}: use a number of pJ from 0")
    for option, value, unit in (
        ("--dram-bandwidth", dram_bandwidth, "Gbit/s"),
        ("--area", area, "mm^2"),
    ):
        if value is not None and not 0 < value < float("inf"):
            problems.add(f"{option} {value}: use a number of {unit} above 0")
    problems.check()
    with report.progress(f"pricing {spec.name}") as progress:
        found = workload(
            gemms,
            spec,
            area_mm2=area,
            memory=_memory(sizes, dram_energy, dram_bandwidth),
            storage=Storage(weight_bits=weight_bits, kv_bits=kv_bits, dequantize=vector),
            liberty=liberty,
            clock=period,
            activity=toggles,
            scale=nodes,
            progress=progress,
        )
    report.write(workload_facts(source, spec, found))
    for part in _said(source, found, verbose=report.verbose):
        report.say(part)


def workload_facts(source: str, spec: EngineSpec, found: PricedWorkload) -> dict[str, Any]:
    """The JSON object of a workload."""
    result, cost = found.result, found.cost
    processor = result.processor
    return {
        "workload": source,
        "spec": processor.spec,
        "hash": processor.spec.hash,
        "priced_spec": spec,
        "engines": processor.engines,
        "area_mm2": processor.engines * processor.area_um2 * 1e-6,
        "buffers_mm2": result.memory.area_um2 * 1e-6,
        "clock_ns": processor.clock_ns,
        "energy_per_mac_pj": processor.energy_per_mac_pj,
        "gemms": [_line_facts(line) for line in result.lines],
        "total": _figures_facts(result.total),
        "constants": [asdict(constant) for constant in result.constants],
        "library": cost.library,
        "activity": cost.activity,
        "scaled": cost.scaled,
        "tools": cost.tools,
    }


def _line_facts(line: Line) -> dict[str, Any]:
    return {**asdict(line.gemm), "order": line.reuse.order, **_figures_facts(line.figures)}


def _figures_facts(figures: Figures) -> dict[str, Any]:
    energy = figures.energy
    return {
        **{name: value for name, value in asdict(figures).items() if name != "energy"},
        "energy_mj": {**asdict(energy), "total": energy.total},
    }


def _memory(
    sizes: tuple[float, float, float] | None, energy: float | None, bandwidth: float | None
) -> Memory:
    given = {
        **({} if sizes is None else dict(zip(("a_kib", "b_kib", "c_kib"), sizes, strict=True))),
        **({} if energy is None else {"dram_pj_per_bit": energy}),
        **({} if bandwidth is None else {"dram_gbit_per_s": bandwidth}),
    }
    return Memory(**given)


def _said(source: str, found: PricedWorkload, *, verbose: bool) -> Iterator[RenderableType]:
    result, processor = found.result, found.result.processor
    several = f"{processor.engines} engines " if processor.engines > 1 else ""
    yield f"[bold]{source}[/bold] on {several}[bold]{processor.spec.name}[/bold]"
    yield _time_table(result.lines, result.total)
    yield _energy_table(result.lines, result.total)
    total = result.total
    yield console.facts_table(
        {
            "engine": f"{processor.engines * processor.area_um2 * 1e-6:.3g} mm^2 at"
            f" {processor.clock_ns:.3f} ns, buffers {result.memory.area_um2 * 1e-6:.3g} mm^2",
            "time": f"{total.seconds * 1e3:,.4g} ms, {total.utilisation:.1%} of the elements used;"
            f" engine alone {total.compute_cycles:,} cycles, DRAM alone {total.dram_cycles:,}",
            "energy": f"{total.energy.total:,.4g} mJ, {total.energy.total / total.macs / 1e-9:.3g}"
            " pJ a MAC with everything",
            "DRAM": f"{total.dram_bits / total.dram_bits_compulsory:.3g} times the least possible",
            **({} if found.cost.scaled is None else {"scaled": found.cost.scaled}),
        }
    )
    if verbose:
        yield _constants_table(result.constants)
    else:
        yield "[dim]--verbose says which constants this rests on[/dim]"


def _time_table(lines: tuple[Line, ...], total: Figures) -> Table:
    table = _table(("product", "M x K x N", "stays"), ("count", "GMAC", "Mcycles", "used"))

    def cells(figures: Figures) -> list[str]:
        products, cycles = _short(figures.macs * 1e-9), _short(figures.cycles * 1e-6)
        return [products, cycles, f"{figures.utilisation:.1%}"]

    for line in lines:
        gemm = line.gemm
        shape = f"{gemm.m} x {gemm.k} x {gemm.n}"
        table.add_row(gemm.name, shape, line.reuse.order, str(gemm.count), *cells(line.figures))
    table.add_row("all", "", "", "", *cells(total), style="bold")
    return table


def _energy_table(lines: tuple[Line, ...], total: Figures) -> Table:
    table = _table(
        ("product",),
        ("DRAM MB", "SRAM MB", "static mJ", "DRAM mJ", "buffers mJ", "core mJ", "sum mJ"),
    )

    def cells(figures: Figures) -> list[str]:
        energy, megabytes = figures.energy, 8e6
        parts = (energy.static, energy.dram, energy.buffer, energy.core, energy.total)
        moved = figures.dram_bits / megabytes, sum(figures.sram_bits.values()) / megabytes
        return [_short(value) for value in (*moved, *parts)]

    for line in lines:
        table.add_row(line.gemm.name, *cells(line.figures))
    table.add_row("all", *cells(total), style="bold")
    return table


def _table(names: tuple[str, ...], numbers: tuple[str, ...]) -> Table:
    table = Table(box=None, header_style="dim")
    for heading in names:
        table.add_column(heading, no_wrap=True)
    for heading in numbers:
        table.add_column(heading, justify="right")
    return table


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}"


def _constants_table(constants: tuple[Constant, ...]) -> Table:
    table = Table("constant", "value", "", "source", box=None, header_style="dim")
    for constant in constants:
        table.add_row(constant.name, f"{constant.value:.4g}", constant.unit, constant.source)
    return table
