"""`tpe simulate` of a ring of engines."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.table import Table

from golden.spec import EngineSpec
from golden.trigger.program import POLICIES
from golden.trigger.spec import RingSpec
from sim.ring import RingRun
from tpe.commands import console
from tpe.timeline import Timeline, draw
from tpe.verbs.ring import RingStudy, moved_bytes, ring

Policy = Annotated[
    Literal["sequential", "t3", "t3-mca", "t3-link", "all"] | None,
    typer.Option("--policy", help="Of a ring: how it overlaps. all if not given."),
]
Collective = Annotated[
    Literal["reduce-scatter", "all-gather", "all-reduce"] | None,
    typer.Option("--collective", help="Of a ring: what follows the GEMM. Else reduce-scatter."),
]
Picture = Annotated[
    Path | None,
    typer.Option("--timeline", metavar="FILE.svg", help="Of a ring: draw who does what when."),
]


@dataclass(frozen=True, kw_only=True)
class RingChoice:
    """What the user said about a ring; None is nothing."""

    policy: str | None
    collective: str | None
    timeline: Path | None

    @property
    def given(self) -> list[str]:
        """The options that were given."""
        return [f"--{name}" for name, value in vars(self).items() if value is not None]

    @property
    def policies(self) -> tuple[str, ...]:
        """The policies to run."""
        return POLICIES if self.policy in (None, "all") else (self.policy,)


def run_ring(
    report: console.Reporter,
    spec: EngineSpec,
    devices: RingSpec,
    a: Any,
    b: Any,
    choice: RingChoice,
    **options: Any,
) -> RingRun:
    """Run all policies, say what came of it, and return the last run."""
    collective = choice.collective or "reduce-scatter"
    with report.progress(f"simulate {spec.name} x {devices.devices}") as progress:
        study = ring(
            spec,
            devices,
            a,
            b,
            policies=choice.policies,
            collective=collective,
            progress=progress,
            **options,
        )
    runs = list(study.runs.values())
    if choice.timeline:
        draw({name: _timeline(run, devices) for name, run in study.runs.items()}, choice.timeline)
    report.write(ring_facts(spec, devices, study))
    passed = all(run.passed for run in runs)
    verdict = "[green]equal bit for bit[/green]" if passed else "[red]different[/red]"
    report.say(
        f"[bold]{devices.devices} x {spec.name}[/bold], {collective},"
        f" hardware and golden model: {verdict}"
    )
    (m, k), n = a.shape, b.shape[1]
    exact = "" if runs[-1].exact else ", another order of rounding than one engine's"
    report.say(
        console.facts_table(
            {
                "product": f"{m} x {k} x {n}, K in {devices.devices} slices"
                if collective != "all-gather"
                else f"{m} x {k} x {n}, C in {devices.devices} chunks",
                "outputs": f"{runs[-1].c.size} checked on every device that holds them{exact}",
                **({"timeline": choice.timeline} if choice.timeline else {}),
                **(runs[-1].tools if report.verbose else {}),
            }
        )
    )
    report.say(_policies_table(study))
    if report.verbose:
        report.say(_counters_table(runs[-1]))
    if not passed:
        wrong = {name: run.mismatches for name, run in study.runs.items() if not run.passed}
        report.fail(f"outputs differ: {wrong}")
        raise typer.Exit(1)
    return runs[-1]


def _timeline(run: RingRun, devices: RingSpec) -> Timeline:
    return Timeline(
        samples=run.samples,
        period=run.period,
        link_interval=devices.link_interval,
        phases=[(phase.name, phase.begin, phase.end) for phase in run.phases],
    )


def ring_facts(spec: EngineSpec, devices: RingSpec, study: RingStudy) -> dict[str, Any]:
    """The JSON object of a study."""
    runs = list(study.runs.values())
    last = runs[-1]
    return {
        "spec": spec,
        "hash": spec.hash,
        "ring": devices,
        "collective": last.collective,
        "passed": all(run.passed for run in runs),
        "mismatches": sum(run.mismatches for run in runs),
        "exact": all(run.exact for run in runs),
        "outputs": last.c.size,
        "tiles": last.tiles,
        "cycles": last.cycles,
        "macs": last.macs,
        "macs_per_cycle": last.macs / last.cycles,
        "cycles_per_second": last.cycles / last.seconds,
        "seed": last.seed,
        "stall": last.stall,
        "backend": "native",
        "tools": last.tools,
        "policies": {
            name: {
                "cycles": run.cycles,
                "speedup": study.speedup(run.cycles),
                "phases": {phase.name: phase.cycles for phase in run.phases},
                "bytes": moved_bytes(run),
                "counters": run.counters,
            }
            for name, run in study.runs.items()
        },
        "ideal_cycles": study.ideal,
    }


def _policies_table(study: RingStudy) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for name in ("policy", "cycles", "speed-up", "read", "written", "updated", "sent", "phases"):
        table.add_column(name, justify="left" if name in {"policy", "phases"} else "right")
    for name, run in study.runs.items():
        phases = ", ".join(f"{phase.name} {phase.cycles}" for phase in run.phases)
        moved = [f"{count:,}" for count in moved_bytes(run).values()]
        table.add_row(name, str(run.cycles), _times(study.speedup(run.cycles)), *moved, phases)
    if study.ideal:
        table.add_row("ideal", str(study.ideal), _times(study.speedup(study.ideal)))
    table.caption = "bytes of all devices' memories and links"
    return table


def _counters_table(run: RingRun) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column(run.policy)
    for device in range(len(run.counters)):
        table.add_column(f"device {device}", justify="right")
    for name in run.counters[0]:
        table.add_row(name, *(f"{device[name]:,}" for device in run.counters))
    return table


def _times(ratio: float | None) -> str:
    return f"{ratio:.2f}" if ratio else ""
