"""What the devices of a ring do over time, as a picture."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from golden.trigger.device import COUNTERS
from tpe.picture import blank, save

BINS = 150
"""Stretches of time that are drawn at most."""

ACCESSES = {
    "operands": ("operand reads", "tab:blue"),
    "loads": ("reads of results", "tab:green"),
    "stores": ("writes", "tab:orange"),
    "updates": ("additions in place", "tab:red"),
}
"""Counters of the memory: what they are called and their colours, from the bottom up."""

COMPUTE, LINK = ("engine takes operands", "tab:gray"), ("link busy", "tab:purple")

LANE, GAP = 0.28, 0.08
"""Height of the lanes of engine and link above the memory's, whose height is 1, and what is between
them."""


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """Counters of a run over time.

    Parameters
    ----------
    samples : int array (samples, devices, counters)
        Counters in the order of `COUNTERS`, the first at cycle 0.
    period : int
        Cycles from one sample to the next.
    link_interval : int
        Cycles that a word keeps a link busy.
    phases : sequence of (str, int, int)
        Names, and the cycles in which they begin and end.
    """

    samples: ArrayLike
    period: int
    link_interval: float
    phases: Sequence[tuple[str, int, int]]

    @property
    def end(self) -> int:
        return self.phases[-1][2]

    def rates(self, span: int) -> tuple[NDArray, dict[str, NDArray]]:
        """Edges (bins + 1,) in cycles, and by counter what is counted a cycle (bins, devices), of a
        picture that is `span` cycles wide."""
        counts = np.asarray(self.samples, np.float64)
        times = np.arange(len(counts)) * self.period
        bins = max(1, min(BINS, span // max(1, self.period)))
        edges = np.linspace(0, span, bins + 1)
        edges = edges[edges < self.end]
        edges = np.append(edges, self.end)
        rates = {}
        for index, name in enumerate(COUNTERS):
            at = np.stack(
                [np.interp(edges, times, counts[:, device, index]) for device in self._devices],
                axis=1,
            )
            rates[name] = np.diff(at, axis=0) / np.diff(edges)[:, None]
        return edges, rates

    @property
    def _devices(self) -> range:
        return range(np.asarray(self.samples).shape[1])

    @property
    def devices(self) -> int:
        return len(self._devices)


def draw(runs: Mapping[str, Timeline], target: Path) -> None:
    """Write a picture of some runs, one above the other, with one axis of time.

    Of every device, from the bottom up: accesses of the memory a cycle, share of the time in which
    the link to the neighbour is busy, and in which the engine takes operands.

    Parameters
    ----------
    runs : dict of str to Timeline
        By the name of the policy.
    target : Path
        Its suffix, `.svg`, `.png` or `.pdf`, says the kind of file.
    """
    from matplotlib import rc_context  # noqa: PLC0415

    count = sum(run.devices for run in runs.values())
    figure = blank(11, 1.2 + 0.85 * count + 0.3 * len(runs))
    span = max(run.end for run in runs.values())
    parts = figure.subfigures(
        len(runs), 1, height_ratios=[run.devices + 0.4 for run in runs.values()], squeeze=False
    )
    for part, (name, run) in zip(parts[:, 0], runs.items(), strict=True):
        axes = part.subplots(run.devices, 1, sharex=True, squeeze=False)[:, 0]
        edges, rates = run.rates(span)
        for device, one in enumerate(axes):
            _device(one, edges, {key: value[:, device] for key, value in rates.items()}, run)
            one.set_xlim(0, span)
            one.set_ylabel(f"device {device}", rotation=0, ha="right", va="center")
        _phases(axes[0], run.phases)
        axes[0].set_title(f"{name}: {run.end:,} cycles", loc="left", fontweight="bold", pad=16)
        axes[-1].tick_params(labelbottom=True)
    last = parts[-1, 0].axes[-1]
    last.set_xlabel("cycles; memory: accesses a cycle, full height 1; others: share of the time")
    handles, labels = parts[0, 0].axes[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=6, frameon=False)
    with rc_context({"svg.fonttype": "none"}):
        save(figure, target)


def _device(axes, edges: NDArray, rates: Mapping[str, NDArray], run: Timeline) -> None:
    bottom = np.zeros(len(edges) - 1)
    for name, (label, color) in ACCESSES.items():
        top = bottom + rates[name]
        axes.stairs(top, edges, baseline=bottom, fill=True, color=color, label=label)
        bottom = top
    busy = np.minimum(1.0, rates["sent"] * run.link_interval)
    for level, share, (label, color) in (
        (1 + GAP, busy, LINK),
        (1 + 2 * GAP + LANE, np.minimum(1.0, rates["computing"]), COMPUTE),
    ):
        lane = level + LANE * share
        axes.stairs(lane, edges, baseline=level, fill=True, color=color, label=label)
        axes.axhline(level, color="lightgray", lw=0.5)
    axes.set_ylim(0, 1 + 2 * GAP + 2 * LANE)
    axes.set_yticks([0, 1])
    axes.tick_params(labelsize=7, labelbottom=False)
    axes.spines[["top", "right"]].set_visible(False)


def _phases(axes, phases: Sequence[tuple[str, int, int]]) -> None:
    """Their names, where they begin."""
    for name, begin, _ in phases:
        axes.annotate(
            name,
            (begin, 1),
            xycoords=("data", "axes fraction"),
            xytext=(0, 3),
            textcoords="offset points",
            fontsize=8,
            color="dimgray",
        )
        if begin:
            axes.axvline(begin, color="dimgray", lw=0.8, ls=":")
