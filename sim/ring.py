"""One call from operands to a verdict for a ring of devices that compute C = A B together."""

import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from golden.spec import EngineSpec
from golden.trigger.device import COUNTERS
from golden.trigger.partial import Partial, refusal
from golden.trigger.program import COLLECTIVES, POLICIES, Program, program
from golden.trigger.reduce import results
from golden.trigger.spec import RingSpec
from hw.trigger.layouts import Widths
from hw.trigger.partial import ring_widths
from hw.verilog import Design, generate_ring
from sim.build import TRACES, Options, build_program
from sim.errors import ProtocolError
from sim.job import Lanes, read_numbers, write_numbers
from sim.operands import OperandError, check_operands
from sim.payload import pack
from sim.process import run_watched
from sim.stall import MOST_STALLS
from sim.tools import tool_versions

_ROOM = Path(__file__).parent
SAMPLES = 1000
"""About so many samples of the counters are taken in a run."""


@dataclass(frozen=True, kw_only=True)
class PhaseRun:
    """What happened in a phase.

    Parameters
    ----------
    name : str
    begin, end : int
        Cycle in which the host offers the configuration, and in which all devices are done.
    counters : tuple of dict of str to int
        Of each device, at the end, counted since the reset.
    """

    name: str
    begin: int
    end: int
    counters: tuple[dict[str, int], ...]

    @property
    def cycles(self) -> int:
        return self.end - self.begin


@dataclass(frozen=True, kw_only=True)
class RingRun:
    """What a ring returned, and whether it was right.

    Parameters
    ----------
    c : array (M, N)
        The result, of the first device that holds it.
    mismatches : int
        Numbers, of all devices, that differ from the sum of the devices' golden models.
    exact : bool
        Whether the sum over devices is the golden model's of the whole product, bit for bit. Sums
        in floating point depend on their order and may differ.
    phases : tuple of PhaseRun
        Without the read-out.
    samples : int array (samples, devices, counters)
        Counters every `period` cycles, in the order of `hw.trigger.layouts.COUNTERS`.
    period : int
    tiles : int
        Of C.
    macs : int
        M K N.
    word_bits : int
        Of a word, which all traffic is counted in.
    seconds : float
    policy, collective, seed, stall
        As given.
    tools : dict of str to str
    """

    c: NDArray
    mismatches: int
    exact: bool
    phases: tuple[PhaseRun, ...]
    samples: NDArray[np.int64]
    period: int
    tiles: int
    macs: int
    word_bits: int
    seconds: float
    policy: str
    collective: str
    seed: int
    stall: float
    tools: dict[str, str]

    @property
    def passed(self) -> bool:
        return self.mismatches == 0

    @property
    def cycles(self) -> int:
        """Of all phases, barriers between them included."""
        return self.phases[-1].end - self.phases[0].begin

    @property
    def counters(self) -> tuple[dict[str, int], ...]:
        """Of each device, in the end."""
        return self.phases[-1].counters


def simulate_ring(
    spec: EngineSpec,
    ring: RingSpec,
    a: object,
    b: object,
    *,
    policy: str = "t3-mca",
    collective: str = "reduce-scatter",
    stall: float = 0.0,
    seed: int = 0,
    resets: Sequence[int] = (),
    waves: Path | None = None,
    progress: Callable[[float], None] | None = None,
    design: Design | None = None,
) -> RingRun:
    """Run A (M, K) times B (K, N) on a ring of engines of `spec` and compare with the golden model.

    Parameters
    ----------
    policy : str
        `sequential`, `t3`, `t3-mca` or `t3-link`.
    collective : str
        `reduce-scatter`, `all-gather` or `all-reduce`.
    stall, seed, resets, waves, progress, design
        As for `sim.run.simulate`; stalls on the operands, the configurations and what goes to the
        host.

    Raises
    ------
    OperandError
        If the operands or settings are out of range: all problems at once.
    ProtocolError
        If the ring hangs, returns too much, or breaks the rules of its streams.
    SimulationError
        If a tool is missing or fails.
    """
    problems = _problems(policy, collective, stall, resets, waves)
    if problems:
        raise OperandError(problems)
    a_checked, b_checked = check_operands(spec, a, b)
    if reason := refusal(spec):
        raise OperandError([reason])
    plan = program(spec, ring, a_checked, b_checked, policy=policy, collective=collective)
    if plan.schedule.outputs > ring.words:
        raise OperandError(
            [f"ring.words: {ring.words} given, C takes {plan.schedule.outputs} on this engine"]
        )
    design = design or generate_ring(spec, ring)
    waves = waves.absolute() if waves else None
    widths = ring_widths(spec, ring)
    built = _build(spec, ring, design, waves)
    job = _Job(spec, ring, plan, design, widths)
    start = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="tpe-") as name:
        folder = Path(name)
        job.write(folder, stall, seed, resets)
        run_watched([built, folder, *([waves] if waves else [])], folder, progress=progress)
        record = read_numbers(folder / "record.txt")
        _check(record, resets, plan, folder)
        words = [job.words(folder, device) for device in range(ring.devices)]
        phases = job.phases(folder)
        shape = (-1, ring.devices, len(COUNTERS))
        samples = np.fromfile(folder / "samples.bin", np.uint32).reshape(shape).astype(np.int64)
    seconds = time.perf_counter() - start
    partial = Partial(spec)
    parts = [partial.of(*part) for part in plan.slices]
    expected = results(plan, parts, partial.add)
    mismatches = 0
    held: list[NDArray] = []
    for owned, (addresses, codes) in zip(plan.owners, words, strict=True):
        where = _addresses(plan, owned)
        if sorted(addresses) != where:
            raise ProtocolError(f"words {sorted(addresses)[:5]} ... read, expected {where[:5]} ...")
        mismatches += int((codes != expected[addresses]).sum())
        got = np.zeros_like(expected)
        got[addresses] = codes
        held.append(got)
    whole = np.zeros_like(expected)
    for owned, got in zip(plan.owners, held, strict=True):
        where = _addresses(plan, owned)
        whole[where] = got[where]
    c = partial.finish(plan.schedule.assemble(whole))
    golden = spec.model(a_checked, b_checked).c
    acc = spec.formats[2]
    return RingRun(
        c=c,
        mismatches=mismatches,
        exact=bool((acc.encode(c) == acc.encode(golden)).all()),
        phases=tuple(phases[:-1]),
        samples=samples,
        period=job.period,
        tiles=len(plan.schedule.tiles),
        macs=golden.size * a_checked.shape[1],
        word_bits=widths.word,
        seconds=seconds,
        policy=policy,
        collective=collective,
        seed=seed,
        stall=stall,
        tools=tool_versions(),
    )


def _problems(
    policy: str, collective: str, stall: float, resets: Sequence[int], waves: Path | None
) -> list[str]:
    problems = []
    if policy not in POLICIES:
        problems.append(f"policy: {policy!r} given, use {', '.join(POLICIES)}")
    if collective not in COLLECTIVES:
        problems.append(f"collective: {collective!r} given, use {', '.join(COLLECTIVES)}")
    if not 0 <= stall <= MOST_STALLS:
        problems.append(f"stall: {stall} given, use a probability from 0 to {MOST_STALLS}")
    if any(cycle < 0 for cycle in resets) or list(resets) != sorted(set(resets)):
        problems.append(f"resets: {list(resets)} given, use ascending cycles from 0")
    if waves is not None and waves.suffix not in TRACES:
        problems.append(f"waves: {str(waves)!r} given, use a name that ends in {', '.join(TRACES)}")
    return problems


def _build(spec: EngineSpec, ring: RingSpec, design: Design, waves: Path | None) -> Path:
    devices = range(ring.devices)
    streams = [
        name for name in "abs" if any(port.name == f"{name}_0_valid" for port in design.ports)
    ]
    bits = {name: design.width(f"{name}_0_payload") for name in (*streams, "config")}
    lines = [
        "#pragma once",
        f"#define DEVICES(X) {' '.join(f'X({device})' for device in devices)}",
        f"#define STREAMS(X, d) {' '.join(f'X({name}, d)' for name in streams)}",
        f"constexpr int DEVICE_COUNT = {ring.devices}, COUNTER_COUNT = {len(COUNTERS)};",
        *(f"constexpr int {name}_BITS = {width};" for name, width in bits.items()),
        "",
    ]
    own = {name: (_ROOM / name).read_text() for name in ("payload.h", "job.h", "streams.h")}
    return build_program(
        "ring",
        design,
        _ROOM / "ring.cpp",
        {**own, "ring.h": "\n".join(lines)},
        Options(trace=TRACES[waves.suffix] if waves else ""),
    )


class _Job:
    """What the host does with the ring, laid out for the harness, and what came of it."""

    def __init__(
        self, spec: EngineSpec, ring: RingSpec, plan: Program, design: Design, widths: Widths
    ) -> None:
        self._spec, self._ring, self._plan, self._design = spec, ring, plan, design
        self._widths = widths
        beats = sum(
            len(beats.first) for phase in plan.phases for beats in phase.operands[0].values()
        )
        words = plan.schedule.outputs * (2 + len(plan.phases))
        least = beats * self._accesses + words * ring.memory_interval
        self.period = max(1, (least + ring.link_latency * ring.devices) // SAMPLES)

    @property
    def _accesses(self) -> int:
        return 1 + self._ring.memory_interval // self._ring.banks

    def write(self, folder: Path, stall: float, seed: int, resets: Sequence[int]) -> None:
        random = np.random.default_rng(seed)

        def stream(name: str, width: int, payloads: list[int]) -> None:
            size = _port_bytes(width)
            (folder / f"{name}.bin").write_bytes(
                b"".join(payload.to_bytes(size, "little") for payload in payloads)
            )
            stalls(name)

        def stalls(name: str) -> None:
            pattern = random.random(10007) < stall if stall else np.zeros(1, np.bool_)
            pattern.tofile(folder / f"{name}_stall.bin")

        phases = self._plan.phases
        for device in range(self._ring.devices):
            for name in phases[0].operands[device]:
                width = self._design.width(f"{name}_0_payload")
                bits = self._spec.lane_bits[name]
                lanes = Lanes(count=(width - 2) // bits, bits=bits)
                payloads = [
                    payload
                    for phase in phases
                    for payload in pack(phase.operands[device][name], lanes)
                ]
                stream(f"{name}_{device}", width, payloads)
            configs = [self._widths.encode(phase.configs[device]) for phase in phases]
            stream(f"config_{device}", self._widths.config.size, configs)
            stalls(f"c_{device}")
        np.array(resets, np.int64).tofile(folder / "resets.bin")
        ring, spec = self._ring, self._spec
        settled = 4 * (
            ring.link_latency + ring.memory_latency + ring.memory_interval * (ring.queue + 8)
        ) + 2 * spec.latency(max(1, self._plan.slices[0][0].shape[1]))
        words = self._plan.schedule.outputs
        numbers = {
            "phases": len(phases),
            "period": self.period,
            "words": sum(config.to_host for phase in phases for config in phase.configs),
            "noise": 64,
            "drain": ring.link_latency + ring.memory_latency + 64,
            "patience": int(
                (settled + words * (ring.memory_interval + ring.link_interval) * 4 * ring.devices)
                * (1 + ring.link_latency / ring.credits / 4)
                / (1 - stall)
            )
            + 400_000,
        }
        write_numbers(folder / "job.txt", numbers)

    def words(self, folder: Path, device: int) -> tuple[NDArray[np.int64], NDArray]:
        """Addresses and codes (words, lanes) of what the host got from `device`."""
        widths = self._widths
        layout = widths.link_word
        size = _port_bytes(layout.size)
        raw = np.fromfile(folder / f"words_{device}.bin", np.uint8).reshape(-1, size)
        bits = np.unpackbits(raw, axis=1, bitorder="little")
        address = layout["address"].offset
        addresses = _numbers(bits[:, address : address + widths.tile])
        data = layout["data"].offset
        lanes = bits[:, data : data + widths.word].reshape(len(bits), widths.lanes, widths.lane)
        return addresses.astype(np.int64), _numbers(lanes)

    def phases(self, folder: Path) -> list[PhaseRun]:
        began, ended = (
            np.fromfile(folder / f"{name}.bin", np.int64) for name in ("began", "ended")
        )
        shape = (-1, self._ring.devices, len(COUNTERS))
        totals = np.fromfile(folder / "totals.bin", np.uint32).reshape(shape)
        return [
            PhaseRun(
                name=phase.name,
                begin=int(begin),
                end=int(end),
                counters=tuple(
                    dict(zip(COUNTERS, map(int, counts), strict=True)) for counts in counters
                ),
            )
            for phase, begin, end, counters in zip(
                self._plan.phases, began, ended, totals, strict=True
            )
        ]


def _addresses(plan: Program, owned: Sequence[int]) -> list[int]:
    rows = plan.schedule.tiles[0].rows
    return sorted(
        tile * rows + row for chunk in owned for tile in plan.chunks[chunk] for row in range(rows)
    )


def _port_bytes(width: int) -> int:
    """Bytes of a port of `width` bits in Verilator's C++."""
    return next((size for size in (1, 2, 4, 8) if width <= 8 * size), -(-width // 32) * 4)


def _numbers(bits: NDArray[np.uint8]) -> NDArray[Any]:
    """Numbers of their bits along the last axis, the lowest first."""
    width = bits.shape[-1]
    if width <= 64:
        shifts = np.arange(width, dtype=np.uint64)
        return (bits.astype(np.uint64) << shifts).sum(axis=-1, dtype=np.uint64)
    packed = np.packbits(bits, axis=-1, bitorder="little")
    flat = [int.from_bytes(row.tobytes(), "little") for row in packed.reshape(-1, packed.shape[-1])]
    return np.array(flat, object).reshape(bits.shape[:-1])


def _check(record: dict[str, int], resets: Sequence[int], plan: Program, folder: Path) -> None:
    ended = np.fromfile(folder / "ended.bin", np.int64)
    if record["hang"]:
        phase = plan.phases[min(len(ended), len(plan.phases) - 1)]
        raise ProtocolError(
            f"the ring hangs in cycle {record['cycle']}, in phase {phase.name!r}:"
            " nothing moves at its ports"
        )
    if record["unstable"]:
        raise ProtocolError("c: a word on offer changed before it was taken")
    if record["extra"]:
        raise ProtocolError("c: more words came than there are")
    if record["resets"] != len(resets):
        raise ProtocolError(
            f"resets: {list(resets)} given, but the run ended in cycle {record['cycle']}"
        )
