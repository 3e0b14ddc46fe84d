"""One command from a spec to a verified, priced engine: `make demo`.

Generates an engine, classifies held-out handwritten digits on the emitted Verilog under Verilator,
compares every output with the golden model, prices the engine on the very operands of the network,
and leaves Verilog, waves and a report in `demo-out/`.
"""

import json
import sys
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.table import Table

import digits
import tpe

OUT = Path("demo-out")
ENGINE = "opt1-os"
TRACED = 16
"""Images in the waves: a few hundred cycles are easier to read than all."""


@dataclass
class Hardware:
    """Layers on the emitted Verilog of `spec`; keeps the operands and the verdict of each."""

    spec: tpe.EngineSpec
    operands: list[tuple[NDArray, NDArray]] = field(default_factory=list)
    results: list[tpe.Comparison] = field(default_factory=list)

    def layer(self, a: NDArray, b: NDArray) -> NDArray:
        """A B from the simulated hardware."""
        self.operands.append((a, b))
        self.results.append(tpe.compare(self.spec, a, b))
        return self.results[-1].run.c


def main() -> int:
    console = Console(highlight=False, soft_wrap=True)
    images, labels = digits.load_images()
    test = digits.held_out(len(images))
    images, labels = images[test], labels[test]
    network = digits.load_network()
    spec = tpe.load_spec(ENGINE)

    console.rule(f"[bold]{spec.name}")
    written = tpe.generate(spec, OUT)
    console.print(f"Verilog     {len(written.modules)} modules, {written.seconds:.1f} s")

    hardware = Hardware(spec)
    guesses = digits.classify(network, images, hardware.layer)
    accuracy = float(np.mean(guesses == labels))
    console.print(_layers_table(hardware.results))
    passed = all(result.passed for result in hardware.results)
    console.print(
        f"digits      {np.count_nonzero(guesses == labels)} of {len(labels)} held-out images right,"
        f" accuracy {accuracy:.2%}"
    )

    a, b = hardware.operands[0]
    waves = OUT / f"{spec.name}.fst"
    tpe.simulate(spec, a[:TRACED], b, waves=waves)

    with console.status("pricing"):
        cost = tpe.estimate(spec, a, b, clock="best")
    console.print(
        f"price       {cost.area_um2:,.0f} um^2, {cost.delay_ns:.3f} ns,"
        f" {cost.energy_per_mac_pj:.2f} pJ a MAC on these digits,"
        f" {cost.tops:.2f} TOPS, {cost.tops_per_w:.2f} TOPS/W\n"
        f"            {cost.library}"
    )
    report = OUT / "report.json"
    report.write_text(json.dumps(_report(spec, hardware.results, accuracy, cost), indent=2) + "\n")
    for what, path in (("Verilog", written.verilog), ("waves", waves), ("report", report)):
        console.print(f"{what:11} {path}")
    verdict = "equal" if passed else "do NOT equal"
    console.rule(f"[bold]all outputs {verdict} the golden model's")
    return 0 if passed else 1


def _layers_table(results: list[tpe.Comparison]) -> Table:
    table = Table("layer", "outputs", "equal", "cycles", "MACs a cycle", "cycles/s", box=None)
    for number, result in enumerate(results, 1):
        run = result.run
        table.add_row(
            str(number),
            str(run.outputs),
            f"{(run.outputs - run.mismatches) / run.outputs:.0%}",
            str(run.cycles),
            f"{run.macs_per_cycle:.1f}",
            f"{run.cycles_per_second:,.0f}",
        )
    return table


def _report(
    spec: tpe.EngineSpec, results: list[tpe.Comparison], accuracy: float, cost: tpe.Cost
) -> dict[str, object]:
    return {
        "spec": spec.model_dump(),
        "hash": spec.hash,
        "accuracy": accuracy,
        "passed": all(result.passed for result in results),
        "outputs": sum(result.run.outputs for result in results),
        "mismatches": sum(result.run.mismatches for result in results),
        "cycles": sum(result.run.cycles for result in results),
        "area_um2": cost.area_um2,
        "delay_ns": cost.delay_ns,
        "energy_per_mac_pj": cost.energy_per_mac_pj,
        "area_delay_per_mac": cost.area_delay_per_mac,
        "library": cost.library,
        "tools": {**results[0].run.tools, **cost.tools},
    }


if __name__ == "__main__":
    sys.exit(main())
