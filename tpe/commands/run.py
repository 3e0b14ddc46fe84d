"""`tpe simulate` and `tpe compare`."""

import io
import math
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
import typer
from numpy.typing import NDArray

from golden.spec import EngineSpec
from golden.trigger.spec import RingSpec
from sim.build import TRACES
from sim.run import Run, simulate
from sim.stall import MOST_STALLS
from tpe.commands import console, operands, ring
from tpe.commands.spec import Settings, Source, engine_or_ring
from tpe.files import check_suffix, check_target, write_atomically
from tpe.operands import rounded
from tpe.picture import FORMATS
from tpe.problems import Problems
from tpe.verbs.compare import Comparison, ErrorFigures, compare

Backend = Annotated[
    Literal["native", "cocotb"],
    typer.Option("--backend", help="native: a compiled loop, fast. cocotb: the Python bench."),
]
Stall = Annotated[
    float, typer.Option("--stall", metavar="P", help="Probability that a stream waits, each cycle.")
]
Waves = Annotated[
    Path | None,
    typer.Option("--waves", metavar="FILE", help="Write waves, .fst or .vcd."),
]
FileC = Annotated[Path | None, typer.Option("--c", metavar="C.npy", help="Save the result.")]


def run_command(
    context: typer.Context,
    source: Source,
    settings: Settings = None,
    a: operands.FileA = None,
    b: operands.FileB = None,
    c: FileC = None,
    random: operands.Count = None,
    dist: operands.Dist = None,
    m: operands.SizeM = None,
    k: operands.SizeK = None,
    n: operands.SizeN = None,
    seed: operands.Seed = 0,
    backend: Backend = "native",
    stall: Stall = 0.0,
    waves: Waves = None,
    policy: ring.Policy = None,
    collective: ring.Collective = None,
    timeline: ring.Picture = None,
    json: console.Json = None,
    quiet: console.Quiet = False,
    verbose: console.Verbose = False,
) -> None:
    """Both commands: they take the same options, `compare` says more, `simulate` runs rings."""
    problems = Problems()
    with problems:
        report = console.Reporter(json, quiet, verbose)
    with problems:
        choice = operands.Choice(a=a, b=b, random=random, dist=dist, m=m, k=k, n=n, seed=seed)
    with problems:
        spec, devices = engine_or_ring(source, settings)
    overlap = ring.RingChoice(policy=policy, collective=collective, timeline=timeline)
    if not problems.lines:
        with problems:
            _check_ring(context, devices, overlap, backend)
    if not problems.lines:
        with problems:
            left, right = operands.operands(choice, spec)
    for target in (c, waves, timeline):
        with problems:
            check_target(target)
    if not 0 <= stall <= MOST_STALLS:
        problems.add(f"--stall {stall}: use a probability from 0 to {MOST_STALLS}")
    with problems:
        check_suffix("--waves", waves, TRACES)
    problems.check()
    if waves is not None:
        waves.parent.mkdir(parents=True, exist_ok=True)

    if devices is not None:
        left, right = rounded(spec, left, right)
        done = ring.run_ring(
            report, spec, devices, left, right, overlap, stall=stall, seed=seed, waves=waves
        )
        if c is not None:
            write_atomically({c: npy_bytes(done.c)})
        return
    act = compare if context.info_name == "compare" else simulate
    if act is simulate:
        left, right = rounded(spec, left, right)
    with report.progress(f"{context.info_name} {spec.name}") as progress:
        result = act(
            spec,
            left,
            right,
            backend=backend,
            stall=stall,
            seed=seed,
            waves=waves,
            progress=progress,
        )
    comparison = result if isinstance(result, Comparison) else None
    run = result.run if isinstance(result, Comparison) else result
    if c is not None:
        write_atomically({c: npy_bytes(run.c)})
    report.write(run_facts(spec, run) | (error_facts(comparison) if comparison else {}))
    report.say(_headline(spec, run))
    report.say(
        console.facts_table(
            _rows(spec, run, left, right, choice.products)
            | (_error_rows(comparison) if comparison else {})
            | {name: path for name, path in (("result", c), ("waves", waves)) if path}
            | (run.tools if report.verbose else {})
        )
    )
    if not run.passed:
        report.fail(f"{run.mismatches} of {run.outputs} outputs differ\n{run.first_mismatch}")
        raise typer.Exit(1)


def _check_ring(
    context: typer.Context, devices: RingSpec | None, choice: ring.RingChoice, backend: str
) -> None:
    problems = Problems()
    if devices is None:
        for option in choice.given:
            problems.add(f"{option}: is for rings, give --set ring.devices=4 too")
    else:
        if context.info_name != "simulate":
            problems.add("ring: use simulate, which compares as well")
        if backend != "native":
            problems.add(f"--backend {backend}: rings run on native")
        with problems:
            check_suffix("--timeline", choice.timeline, FORMATS)
    problems.check()


def run_facts(spec: EngineSpec, run: Run) -> dict[str, Any]:
    """The JSON object of a run."""
    mismatch = None if run.first_mismatch is None else str(run.first_mismatch)
    return {
        "spec": spec,
        "hash": spec.hash,
        "passed": run.passed,
        "mismatches": run.mismatches,
        "first_mismatch": mismatch,
        "outputs": run.outputs,
        "tiles": run.tiles,
        "cycles": run.cycles,
        "macs": run.macs,
        "macs_per_cycle": run.macs_per_cycle,
        "cycles_per_second": run.cycles_per_second,
        "seconds": run.seconds,
        "seed": run.seed,
        "stall": run.stall,
        "backend": run.backend,
        "tools": run.tools,
    }


def error_facts(comparison: Comparison) -> dict[str, Any]:
    """What `compare` adds to it."""
    facts: dict[str, Any] = {"error": comparison.error, "overflows": comparison.overflows}
    if comparison.quantization_error is not None:
        facts["quantization_error"] = comparison.quantization_error
    return facts


def npy_bytes(matrix: NDArray) -> bytes:
    """`matrix` as the content of a `.npy` file."""
    content = io.BytesIO()
    np.save(content, matrix, allow_pickle=False)
    return content.getvalue()


def _headline(spec: EngineSpec, run: Run) -> str:
    verdict = "[green]equal bit for bit[/green]" if run.passed else "[red]different[/red]"
    return f"[bold]{spec.name}[/bold], hardware and golden model: {verdict}"


def _rows(spec: EngineSpec, run: Run, a: NDArray, b: Any, products: int) -> dict[str, object]:
    (m, k), n = a.shape, b.shape[1]
    blocks = f", its blocks are {products} random products" if products > 1 else ""
    return {
        "product": f"{m} x {k} x {n}{blocks}",
        "outputs": f"{run.outputs} checked, {run.mismatches} differ",
        "cycles": f"{run.cycles} for {run.tiles} tiles, {run.macs_per_cycle:.4g} MACs a cycle"
        f" of at most {spec.rows * spec.cols * spec.depth}",
        "simulation": f"{run.backend}, {run.cycles_per_second:,.0f} cycles/s, seed {run.seed},"
        f" stall {run.stall:g}",
    }


def _error_rows(comparison: Comparison) -> dict[str, object]:
    quantization = comparison.quantization_error
    return {
        "golden model": _error_text(comparison.error),
        **({"rounded operands": _error_text(quantization)} if quantization else {}),
        "overflows": f"in {comparison.overflows} of {comparison.run.outputs} accumulators",
    }


def _error_text(error: ErrorFigures) -> str:
    if math.isinf(error.snr_db):
        return "exact"
    return (
        f"differs from exact arithmetic: max {error.max_abs:g}, relative max"
        f" {error.max_rel:.3g} mean {error.mean_rel:.3g}, SNR {error.snr_db:.1f} dB"
    )
