"""A ring of devices as a cycle model: when things happen, not what the numbers are.

Unit by unit it does what `hw.trigger` does (`golden.trigger.units`), and it is equal to the RTL in
every cycle and counter where both ran (tests/sim). It follows every word, but skips the cycles in
which nothing happens.

The same units also serve machines that no RTL is made of (`golden.trigger.layers`): a word then is
some kilobytes and a cycle the time that the memory takes for it. There all devices do the same, so
one stands for all: what it sends comes back to it, as its neighbour's, a link's latency later.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from golden.spec import EngineSpec
from golden.trigger.device import Device
from golden.trigger.program import Config, Incoming, Program
from golden.trigger.spec import RingSpec
from golden.trigger.units import Link, Machine, Shifted

HOST = 1
"""Cycles from the one in which all devices are done to their taking the next configuration."""


class ModelError(RuntimeError):
    """A ring that waits for itself."""


@dataclass(frozen=True, kw_only=True)
class PhaseCycles:
    """What happened in a phase.

    Parameters
    ----------
    name : str
    begin, end : int
        Cycle in which the host offers the configurations, and in which all devices are done.
    counters : tuple of dict of str to int
        Of each device, at the end, counted from the beginning of the run.
    """

    name: str
    begin: int
    end: int
    counters: tuple[dict[str, int], ...]

    @property
    def cycles(self) -> int:
        return self.end - self.begin


@dataclass(frozen=True, kw_only=True)
class Run:
    """A run of the model.

    Parameters
    ----------
    phases : tuple of PhaseCycles
    samples : list of list of tuple of int
        Counters, in the order of `COUNTERS`, of every device every `period` cycles.
    period : int
    """

    phases: tuple[PhaseCycles, ...]
    samples: list[list[tuple[int, ...]]]
    period: int

    @property
    def cycles(self) -> int:
        """Of all phases, barriers included."""
        return self.phases[-1].end - self.phases[0].begin

    @property
    def counters(self) -> tuple[dict[str, int], ...]:
        return self.phases[-1].counters


def run(
    machine: Machine,
    phases: Iterable[tuple[str, Sequence[Config]]],
    *,
    period: int = 0,
    patience: int = 100_000_000,
) -> Run:
    """Run phases one after the other.

    Parameters
    ----------
    phases : iterable of (name, sequence of Config)
        One configuration a device; one in all if one stands for all.
    period : int
        Cycles from one sample of the counters to the next; 0 takes none.
    patience : int
        Cycles after which a run is given up.

    Raises
    ------
    ModelError
        If the ring waits for itself, or patience ends.
    """
    planned = list(phases)
    if len(machine.engines) == 1:
        config = planned[0][1][0]
        links: list[Link] = [Shifted(machine, config.chunks[0].tiles, config.rows)]
    else:
        links = [Link(machine) for _ in machine.engines]
    # What device i sends goes to device i - 1.
    devices = [
        Device(machine, timing, links[(i + 1) % len(links)], links[i])
        for i, timing in enumerate(machine.engines)
    ]
    samples: list[list[tuple[int, ...]]] = []
    cycle, found = 0, []
    for name, configs in planned:
        begin = cycle
        cycle += HOST
        for device, config in zip(devices, configs, strict=True):
            device.begin(cycle, config)
        cycle += 1
        while not all(device.done(cycle) for device in devices):
            moved = [device.step(cycle) for device in devices]
            following = cycle + 1
            if not any(moved):
                wake = min(device.wake(cycle) for device in devices)
                if wake == math.inf or cycle > patience:
                    raise ModelError(f"the ring waits for itself in cycle {cycle} of {name}")
                following = int(wake)
                for device in devices:
                    device.skip(following - cycle - 1)
            while period and len(samples) * period < following:
                samples.append([tuple(device.totals().values()) for device in devices])
            cycle = following
        found.append(
            PhaseCycles(
                name=name,
                begin=begin,
                end=cycle,
                counters=tuple(device.totals() for device in devices),
            )
        )
    return Run(phases=tuple(found), samples=samples, period=period)


def bound(machine: Machine, configs: Sequence[Config]) -> float:
    """Cycles that a phase takes at least: those of the busiest engine, memory or link by itself."""
    least = 0.0
    for config, timing in zip(configs, machine.engines, strict=True):
        beats, incoming = config.beats, config.received
        tiles = beats.get(timing.streams[0], 0) / sum(timing.beats)
        computing = tiles * max(sum(timing.beats) * timing.pace, timing.rows)
        stays = sum(chunk.tiles for chunk in config.chunks if chunk.made and not chunk.remote)
        accesses = (
            sum(beats.get(name, 0) * words for name, words in machine.operands.items())
            + stays * config.rows
            + incoming * (2 if config.incoming == Incoming.READ_ADD_WRITE else 1)
            + config.sent
        )
        memory = accesses * max(1.0, machine.memory_interval / machine.banks)
        least = max(least, computing, memory, config.to_link * machine.link_interval)
    return least


def run_program(
    spec: EngineSpec, ring: RingSpec, program: Program, *, read_out: bool = False, period: int = 0
) -> Run:
    """Run a program on a ring of engines of `spec`, as `sim.ring.simulate_ring` does.

    Parameters
    ----------
    read_out : bool
        Whether the host fetches the result in the end.
    """
    phases = program.phases if read_out else program.phases[:-1]
    return run(
        Machine.of(spec, ring, program),
        [(phase.name, phase.configs) for phase in phases],
        period=period,
    )
