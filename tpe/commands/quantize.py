"""`tpe quantize`."""

import math
from pathlib import Path
from typing import Annotated, Any

import typer

from golden.quantize import BITS, parameter_problems
from golden.scales import Scale
from tpe.commands import console
from tpe.files import check_suffix, check_target
from tpe.problems import Problems
from tpe.verbs.quantize import Quantization, quantize
from tpe.weights import read_finite, write_weights

Source = Annotated[
    Path, typer.Argument(metavar="W.npy", help="Weights, K x N: any finite numbers.")
]
Bits = Annotated[int, typer.Option("--bits", help=f"Of a code: {', '.join(map(str, BITS))}.")]
Group = Annotated[
    int,
    typer.Option("--group", help="Rows of K that share a scale. The last group may be shorter."),
]
ScaleFormat = Annotated[
    Scale, typer.Option("--scale", help="Format of the scales; pow2: powers of two.")
]
ZeroPoint = Annotated[
    bool, typer.Option("--zero-point", help="Unsigned codes and a zero point for every group.")
]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE.npz", help="Save what was found.")
]


def quantize_command(
    source: Source,
    bits: Bits = 4,
    group: Group = 128,
    scale: ScaleFormat = "fp16",
    zero_point: ZeroPoint = False,
    output: Output = None,
    json: console.Json = None,
    quiet: console.Quiet = False,
    verbose: console.Verbose = False,
) -> None:
    """Round weights to integers of few bits, with a scale for every group of rows.

    Says how far the quantised weights are from those given.
    """
    problems = Problems()
    with problems:
        report = console.Reporter(json, quiet, verbose)
    with problems:
        w = read_finite(source)
    for line in parameter_problems(bits=bits, group=group, scale=scale):
        problems.add(line)
    with problems:
        check_target(output)
    with problems:
        check_suffix("--output", output, [".npz"])
    problems.check()
    found = quantize(w, bits=bits, group=group, scale=scale, zero_point=zero_point)
    if output is not None:
        write_weights(output, found.weights)
    report.write(quantization_facts(found) | {"output": output})
    report.say(f"[bold]{source}[/bold] as {found.weights.weights.name}")
    report.say(console.facts_table(_rows(found) | ({"weights": output} if output else {})))


def quantization_facts(found: Quantization) -> dict[str, Any]:
    """The JSON object of a quantisation."""
    weights = found.weights
    return {
        "k": weights.k,
        "n": weights.n,
        "weights": weights.weights.name,
        "bits": weights.weights.bits,
        "group": weights.group,
        "groups": weights.groups,
        "scale": weights.scale,
        "zero_point": weights.zeros is not None,
        "bits_per_weight": weights.bits_per_weight,
        "error": found.error,
    }


def _rows(found: Quantization) -> dict[str, object]:
    weights, error = found.weights, found.error
    last = weights.k - (weights.groups - 1) * weights.group
    shorter = f", the last of {last}" if last != weights.group else ""
    points = "scale and zero point" if weights.zeros is not None else "scale"
    return {
        "shape": f"{weights.k} x {weights.n}",
        "groups": f"{weights.groups} a column, of {weights.group} rows{shorter}",
        "scales": f"{weights.scale}, {weights.scales.min():g} to {weights.scales.max():g}",
        "bits per weight": f"{weights.bits_per_weight:.4g} with {points}",
        "largest error": f"{error.max_abs:.4g}",
        "relative error": f"max {error.max_rel:.3g}, mean {error.mean_rel:.3g}",
        "SNR": "exact" if math.isinf(error.snr_db) else f"{error.snr_db:.1f} dB",
    }
