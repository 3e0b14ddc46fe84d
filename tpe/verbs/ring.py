"""What a ring of devices gains by computing and communicating at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from golden.spec import EngineSpec
from golden.trigger.program import POLICIES
from golden.trigger.spec import RingSpec
from sim.ring import PhaseRun, RingRun, simulate_ring

ACCESSES = ("loads", "stores", "updates", "operands")
"""Counters of accesses to a memory."""


@dataclass(frozen=True, kw_only=True)
class RingStudy:
    """The same product on the same ring under several policies.

    Parameters
    ----------
    ring : RingSpec
    runs : dict of str to RingRun
        By policy.
    """

    ring: RingSpec
    runs: dict[str, RingRun]

    @property
    def ideal(self) -> int | None:
        """Cycles if what can be at once cost nothing: the longer of GEMM and reduce-scatter alone.

        What the sequential policy takes for the phases tells it. Where banks conflict more in a
        GEMM alone than in one whose results go to the link, it is what the busiest engine, memory
        or link of the others takes. None without that policy, or where there is nothing to overlap.
        """
        sequential = self.runs.get("sequential")
        if sequential is None or sequential.collective == "all-gather":
            return None
        gemm, scatter, *others = (phase.cycles for phase in sequential.phases)
        overlapped = [run for name, run in self.runs.items() if name != "sequential"]
        busiest = [self._busiest(run.phases[0]) for run in overlapped]
        return min([max(gemm, scatter), *busiest]) + sum(others)

    def _busiest(self, phase: PhaseRun) -> int:
        """Cycles of the busiest unit of any device in the first phase."""
        ring = self.ring
        pace = max(1.0, ring.memory_interval / ring.banks)
        return max(
            ceil(
                max(
                    sum(device[name] for name in ACCESSES) * pace,
                    device["sent"] * ring.link_interval,
                    device["computing"],
                )
            )
            for device in phase.counters
        )

    def speedup(self, cycles: int) -> float | None:
        """Of something that takes so many cycles, over the sequential policy."""
        sequential = self.runs.get("sequential")
        return sequential.cycles / cycles if sequential else None


def ring(
    spec: EngineSpec,
    devices: RingSpec,
    a: Any,
    b: Any,
    *,
    policies: Sequence[str] = POLICIES,
    progress: Callable[[float], None] | None = None,
    **options: Any,
) -> RingStudy:
    """Run A (M, K) times B (K, N) on a ring of devices under each of `policies`.

    Parameters
    ----------
    options
        See `sim.ring.simulate_ring`.

    Raises
    ------
    OperandError, ProtocolError, SimulationError
        As `sim.ring.simulate_ring`.
    """
    runs = {}
    for index, policy in enumerate(policies):

        def part(done: float, index: int = index) -> None:
            if progress:
                progress((index + done) / len(policies))

        runs[policy] = simulate_ring(spec, devices, a, b, policy=policy, progress=part, **options)
    return RingStudy(ring=devices, runs=runs)


def moved_bytes(run: RingRun) -> dict[str, int]:
    """Bytes that the memories of all devices read, wrote and updated, and the links carried."""
    counters = run.counters
    names = {
        "read": ("loads", "operands"),
        "written": ("stores",),
        "updated": ("updates",),
        "sent": ("sent",),
    }
    return {
        name: sum(device[counter] for device in counters for counter in of) * run.word_bits // 8
        for name, of in names.items()
    }
