"""Rings that were run in RTL, beside the cycle model of the same rings."""

from dataclasses import dataclass

from golden.loading import load_spec
from golden.trigger.model import run_program
from golden.trigger.program import POLICIES, program
from golden.trigger.spec import RingSpec
from sim.operands import random_operands
from sim.ring import simulate_ring
from tpe.papers.row import Progress, Row

TABLE = "RTL: all-reduce on the emitted Verilog, and the cycle model of the same ring"

LARGEST_ERROR = 2.0
"""Percent by which the cycle model may differ from the RTL."""


@dataclass(frozen=True, kw_only=True)
class Measured:
    """A ring, and the GEMM that it runs.

    Parameters
    ----------
    preset : str
    rows, cols : int
        Of the engine.
    ring : RingSpec
    shape : (M, K, N)
    """

    preset: str
    rows: int
    cols: int
    ring: RingSpec
    shape: tuple[int, int, int]

    @property
    def title(self) -> str:
        """What it is called in the table."""
        size = " x ".join(map(str, self.shape))
        return f"RTL, {self.ring.devices} {self.preset} {self.rows} x {self.cols}, {size}"


RINGS = (
    Measured(
        preset="mac-os",
        rows=4,
        cols=4,
        ring=RingSpec(devices=4, words=512, link_interval=16),
        shape=(32, 96, 32),
    ),
    Measured(
        preset="mac-os",
        rows=4,
        cols=4,
        ring=RingSpec(devices=4, words=1024),
        shape=(48, 64, 48),
    ),
    Measured(
        preset="lmul-os",
        rows=4,
        cols=4,
        ring=RingSpec(devices=8, words=512),
        shape=(32, 192, 32),
    ),
)


def rtl(progress: Progress) -> list[Row]:
    """Cycles of every ring and policy in RTL, the model's error, and speed-ups."""
    rows = []
    for done, measured in enumerate(RINGS):

        def part(share: float, done: int = done) -> None:
            progress((done + share) / len(RINGS))

        rows += _of_ring(measured, part)
    return rows


def _of_ring(measured: Measured, progress: Progress) -> list[Row]:
    spec = load_spec(measured.preset).override(rows=measured.rows, cols=measured.cols)
    a, b = random_operands(spec, *measured.shape)
    cycles: dict[str, int] = {}
    rows, parts = [], {}
    for policy in POLICIES:
        plan = program(spec, measured.ring, a, b, policy=policy, collective="all-reduce")
        model = run_program(spec, measured.ring, plan)
        found = simulate_ring(spec, measured.ring, a, b, policy=policy, collective="all-reduce")
        cycles[policy] = found.cycles
        error = 100 * (model.cycles / found.cycles - 1)
        if policy == "sequential":
            parts = {phase.name: phase.cycles for phase in found.phases}
        phases = ", ".join(f"{phase.name} {phase.cycles}" for phase in found.phases)
        rows.append(
            Row(
                table=TABLE,
                metric=f"{measured.title}: {policy}",
                paper=None,
                ours=found.cycles,
                holds=found.passed and abs(error) <= LARGEST_ERROR,
                unit="cycles",
                note=f"{phases}; model {model.cycles}, {error:+.2f} %;"
                f" {found.mismatches} numbers wrong",
            )
        )
        progress(len(cycles) / len(POLICIES))
    least = max(parts["GEMM"], parts["reduce-scatter"]) + parts["all-gather"]
    for policy, taken in {**cycles, "ideal": least}.items():
        if policy != "sequential":
            rows.append(
                Row(
                    table=TABLE,
                    metric=f"{measured.title}: {policy} over sequential",
                    paper=None,
                    ours=100 * (cycles["sequential"] / taken - 1),
                    holds=None if policy == "ideal" else taken >= least,
                    unit="%",
                    note="" if policy == "ideal" else "holds: the bound is not exceeded",
                )
            )
    return rows
