"""One call from operands to a verdict: the engine's Verilog, simulated and compared bit for bit."""

import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Literal

from numpy.typing import NDArray

from golden.gemm import GemmResult
from golden.schedule import Schedule
from golden.spec import EngineSpec
from hw.verilog import Design, generate
from sim.build import TRACES
from sim.cosim import build_cosim, run_cosim
from sim.errors import ProtocolError, SimulationError
from sim.job import RESULT, Job, Lanes, Record
from sim.native import build_native, run_native
from sim.operands import OperandError, check_operands
from sim.scoreboard import Mismatch, check_protocol, compare
from sim.stall import MOST_STALLS, longest_stall, stall_patterns
from sim.tools import tool_versions

__all__ = ["Backend", "Mismatch", "ProtocolError", "Run", "SimulationError", "simulate"]

Backend = Literal["native", "cocotb"]
LONG = 10_000_000
"""Products, about a second of simulation, from which on a program is built to run fast."""

BACKENDS = {"native": (build_native, run_native), "cocotb": (build_cosim, run_cosim)}


@dataclass(frozen=True, kw_only=True)
class Run:
    """What an engine returned, and whether it was right.

    Parameters
    ----------
    c : array (M, N), dtype of the accumulator's format
    expected : GemmResult
        Of the golden model.
    mismatches : int
        Elements of C that differ from it.
    first_mismatch : Mismatch or None
        The first of them; `str()` of it is a report.
    outputs, tiles : int
        Elements of C, and tiles they came in.
    cycles : int
        From the first beat taken to the last row of C, both included.
    macs : int
        M K N.
    seconds : float
        Of simulation, operands and results crossing included, building excluded.
    seed, stall, backend
        As given.
    tools : dict of str to str
        Versions of the tools that had a say.
    """

    c: NDArray
    expected: GemmResult
    mismatches: int
    first_mismatch: Mismatch | None
    outputs: int
    tiles: int
    cycles: int
    macs: int
    seconds: float
    seed: int
    stall: float
    backend: Backend
    tools: dict[str, str]

    @property
    def passed(self) -> bool:
        """Whether C is the golden model's, bit for bit."""
        return self.mismatches == 0

    @property
    def macs_per_cycle(self) -> float:
        return self.macs / self.cycles

    @property
    def cycles_per_second(self) -> float:
        return self.cycles / self.seconds


def simulate(
    spec: EngineSpec,
    a: object,
    b: object,
    *,
    backend: Backend = "native",
    stall: float = 0.0,
    seed: int = 0,
    resets: Sequence[int] = (),
    waves: Path | None = None,
    progress: Callable[[float], None] | None = None,
    design: Design | None = None,
) -> Run:
    """Run the engine of `spec` on A (M, K) and B (K, N) and compare with its golden model.

    Every run starts with noise on all inputs and a reset, so that no result leans on an initial
    value, and ends with a wait for rows too many.

    Parameters
    ----------
    backend : str
        `native`: a C++ program, for volume. `cocotb`: a bench in Python, slower and independent.
    stall : float
        Probability with which the host makes each stream wait in a cycle, 0 to 0.95.
    seed : int
        Of the stalls.
    resets : sequence of int
        Cycles (0 is the first one) in which to reset the engine; the work then starts over.
    waves : Path
        Where to write waves: a name that ends in .fst, .vcd, or .saif for switching activity only.
    progress : callable (float)
        Told the fraction done several times a second.
    design : Design
        What to simulate instead of `generate(spec)`: the same ports, other insides.

    Raises
    ------
    OperandError
        If the operands or settings are out of range: all problems at once.
    ProtocolError
        If the engine hangs, returns too much, or breaks the rules of its streams.
    SimulationError
        If a tool is missing or fails.
    """
    problems = _problems(backend, stall, resets, waves)
    if problems:
        raise OperandError(problems)
    a_checked, b_checked = check_operands(spec, a, b)
    design = design or generate(spec)
    lanes = _lanes(spec, design)
    waves = waves.absolute() if waves else None
    expected = spec.model(a_checked, b_checked)
    macs = expected.c.size * a_checked.shape[1]
    build, run = BACKENDS[backend]
    program = build(design, lanes, waves, quick=macs < LONG)
    start = time.perf_counter()
    acc = spec.formats[2]
    schedule = spec.encoded(a_checked, b_checked)
    job = _job(
        spec, schedule, k=a_checked.shape[1], lanes=lanes, stall=stall, seed=seed, resets=resets
    )
    with tempfile.TemporaryDirectory(prefix="tpe-") as name:
        folder = Path(name)
        job.write(folder)
        run(program, job, folder, waves, progress)
        record = Record.read(folder, lanes[RESULT])
    seconds = time.perf_counter() - start
    numbers = b_checked.dequantized() if spec.groups else b_checked
    verdict = compare(schedule, record, acc, expected=expected.c, a=a_checked, b=numbers)
    check_protocol(schedule, job, record, verdict)
    return Run(
        c=schedule.assemble(acc.decode(record.codes)),
        expected=expected,
        mismatches=verdict.mismatches,
        first_mismatch=verdict.first,
        outputs=expected.c.size,
        tiles=len(schedule.tiles),
        cycles=int(record.cycles[-1]) - record.numbers["first"] + 1,
        macs=macs,
        seconds=seconds,
        seed=seed,
        stall=stall,
        backend=backend,
        tools=tool_versions(),
    )


def _problems(backend: str, stall: float, resets: Sequence[int], waves: Path | None) -> list[str]:
    problems = []
    if backend not in BACKENDS:
        problems.append(f"backend: {backend!r} given, use {' or '.join(BACKENDS)}")
    if not 0 <= stall <= MOST_STALLS:
        problems.append(f"stall: {stall} given, use a probability from 0 to {MOST_STALLS}")
    if any(cycle < 0 for cycle in resets) or list(resets) != sorted(set(resets)):
        problems.append(f"resets: {list(resets)} given, use ascending cycles from 0")
    if waves is not None and waves.suffix not in TRACES:
        problems.append(f"waves: {str(waves)!r} given, use a name that ends in {', '.join(TRACES)}")
    if waves is not None and not waves.absolute().parent.is_dir():
        problems.append(f"waves: {str(waves)!r} given, but there is no such folder")
    return problems


def _lanes(spec: EngineSpec, design: Design) -> dict[str, Lanes]:
    return {
        name: Lanes(count=(design.width(f"{name}_payload") - 2) // bits, bits=bits)
        for name, bits in spec.lane_bits.items()
    }


def _job(
    spec: EngineSpec,
    schedule: Schedule,
    *,
    k: int,
    lanes: dict[str, Lanes],
    stall: float,
    seed: int,
    resets: Sequence[int],
) -> Job:
    stalls = stall_patterns(lanes, stall, seed)
    # Longer than anything inside an engine takes: the whole of a tile's latency and a drain.
    settled = spec.latency(k) + 2 * spec.rows + 64
    return Job(
        operands=schedule.operands,
        lanes=lanes,
        stalls=stalls,
        rows=schedule.outputs,
        resets=tuple(resets),
        noise=spec.latency(1) + spec.rows,
        drain=settled,
        patience=2 * ceil(settled / (1 - stall)) + sum(map(longest_stall, stalls.values())),
    )
