"""Runs a mapped netlist on operands: toggles of every net, and proof that it computes the same.

Tiles are dealt out to lanes, each of which is an engine of its own. Streams stall as often as asked
for. The cycles in which an engine fills, drains or waits belong to the run.
"""

import hashlib
import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from golden.gemm import exact_product
from golden.quantize import QuantizedWeights
from golden.schedule import Beats
from golden.spec import EngineSpec
from hw.build import element_of
from hw.combinational import evaluate
from synth.errors import CostError
from synth.lanes import MAX_LANES, Lanes, bits_of, codes_of
from synth.netlist import Ints, Netlist
from synth.power import Activity, clock_nets
from synth.timing import Timing

STEP = 0.001
"""One step of a timed simulation, in ns."""

FOLLOWING = 4
"""Tiles that follow each other in a lane at least, if there are so many: filling and draining the
engine is a small part of the run then."""

MAX_BEATS = 256
"""Beats of A that a lane gets at most, if that is more than one tile."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Run:
    """What a netlist did.

    Parameters
    ----------
    activity, settled : Activity
        Means over all lanes, with glitches and without.
    cycles : int
        Clock cycles counted.
    macs : float
        Products of each lane in them.
    lanes, tiles : int
        How many engines ran side by side, and how many tiles they got in all.
    """

    activity: Activity
    settled: Activity
    cycles: int
    macs: float
    lanes: int
    tiles: int


def operands_hash(a: NDArray, b: NDArray | QuantizedWeights) -> str:
    """16 hexadecimal digits that name a matrix, and another or weights in groups."""
    digest = hashlib.sha256()
    weights = [b.codes, b.scales, b.zeros] if isinstance(b, QuantizedWeights) else [b]
    for matrix in (a, *(each for each in weights if each is not None)):
        whole = np.issubdtype(matrix.dtype, np.integer)
        content = matrix.astype(np.int64 if whole else np.float64)
        digest.update(repr(matrix.shape).encode() + content.tobytes())
    return digest.hexdigest()[:16]


def delay_steps(timing: Timing) -> Ints:
    """Delays of the cells that drive each net, in steps of a timed simulation."""
    return np.rint(timing.gate_delay / STEP).astype(np.int64)


def run_engine(
    netlist: Netlist,
    spec: EngineSpec,
    a: NDArray,
    b: Any,
    steps: Ints | None,
    *,
    stall: float = 0.0,
) -> Run:
    """Run an engine on A (M, K) and B (K, N); with glitches if `steps` has the cells' delays.

    In every cycle each stream stalls with probability `stall`, the same cycles in every run.

    Raises
    ------
    CostError
        If a result is not the golden model's.
    """
    schedule = spec.encoded(a, b)
    tiles = len(schedule.tiles)
    beats = len(schedule.a.data) // tiles
    lanes = min(max(1, tiles // FOLLOWING), MAX_LANES)
    each = min(tiles // lanes, max(1, MAX_BEATS // beats))
    host = _Host(Lanes(netlist, lanes, steps), spec, schedule.outputs // tiles * each, stall)
    for name, stream in schedule.operands.items():
        payloads = _payloads(stream, spec.lane_bits[name])
        payloads = payloads.reshape(tiles, -1, host.lanes.width(f"{name}_payload"))
        host.give(name, payloads[: lanes * each].reshape(lanes, -1, payloads.shape[2]))
    got = host.run()
    wanted = spec.formats[2].encode(schedule.cut(spec.model(a, b).c))
    if not (got == wanted.reshape(tiles, -1)[: lanes * each].reshape(got.shape)).all():
        raise CostError(["the mapped netlist does not compute what the golden model does"])
    macs = each * a.shape[1] * math.prod(schedule.shape) / tiles
    return _result(netlist, host.lanes, lanes * each, macs)


def run_element(netlist: Netlist, spec: EngineSpec, a: NDArray, b: Any, steps: Ints | None) -> Run:
    """Run one element: every lane computes some elements of C = A B, one after the other.

    Raises
    ------
    CostError
        If a result is not the golden model's. Sums of groups that are no plain numbers are not
        looked at.
    """
    (rows, depth), factor = a.shape, b.codes if spec.groups else b
    cols = factor.shape[1]
    count = min(rows * cols, MAX_LANES)
    each = min(rows * cols // count, max(1, MAX_BEATS // depth))
    place = np.arange(each * count).reshape(each, count)
    left = bits_of(spec.formats[0].encode(a), spec.formats[0].bits)[place // cols]
    right = bits_of(spec.formats[1].encode(factor.T), spec.formats[1].bits)[place % cols]
    lanes = Lanes(netlist, count, steps)

    def cycle(k: int, tile: int) -> None:
        lanes.drive("a", left[tile, :, k])
        lanes.drive("b", right[tile, :, k])
        # The mark belongs to the operands that the registers already hold.
        lanes.drive("clear", [(k - 1) % depth == 0])
        lanes.simulator.settle()
        lanes.simulator.clock()

    for tile in range(each):
        for k in range(depth):
            cycle(k, tile)
    result = _result(netlist, lanes, each * count, each * depth)
    if spec.groups is None or not spec.resolves:
        cycle(0, 0)
        total = spec.groups.sum if spec.groups else spec.formats[2]
        sums = exact_product(a, factor) if spec.groups else spec.model(a, b).c
        wanted = total.encode(sums).ravel()[place[-1]]
        if _numbers(spec, lanes.read("o")) != wanted.tolist():
            raise CostError(["the mapped netlist does not compute what the golden model does"])
    return result


def _numbers(spec: EngineSpec, kept: NDArray[np.bool_]) -> list[int]:
    """Codes of accumulators (lanes, width), resolved where an array would, in Amaranth."""
    packed = np.packbits(kept, axis=1, bitorder="little")
    codes = [int.from_bytes(row.tobytes(), "little") for row in packed]
    resolve = element_of(spec).resolve
    if resolve is None:
        return codes
    return evaluate(resolve(), ({"i": code} for code in codes))


class _Host:
    """The other ends of the streams: offers all operands and takes `rows` rows in each lane."""

    def __init__(self, lanes: Lanes, spec: EngineSpec, rows: int, stall: float) -> None:
        self.lanes, self.rows, self.stall = lanes, rows, stall
        self.shape = (spec.cols, spec.formats[2].bits)
        self.beats: dict[str, NDArray[np.uint8]] = {}
        self.sent: dict[str, NDArray[np.int64]] = {}
        self.offered: dict[str, NDArray[np.bool_]] = {}
        self.random = np.random.default_rng(0)

    def give(self, name: str, payloads: NDArray[np.uint8]) -> None:
        """Bits of the beats of a stream, (lanes, beats, width)."""
        self.beats[name] = payloads
        self.sent[name] = np.zeros(self.lanes.count, np.int64)
        self.offered[name] = np.zeros(self.lanes.count, np.bool_)

    def run(self) -> NDArray[np.uint64]:
        """The rows of C of every lane as codes, (lanes, rows, columns)."""
        self._reset()
        codes = np.zeros((self.lanes.count, self.rows, self.shape[0]), np.uint64)
        got = np.zeros(self.lanes.count, np.int64)
        lanes = np.arange(self.lanes.count)
        beats = sum(beats.shape[1] for beats in self.beats.values())
        patience = 16 * (beats + self.rows + 64) / (1 - self.stall)
        for _ in range(int(patience)):
            taken = self._works()
            self.lanes.drive("c_ready", taken[:, None])
            self.lanes.simulator.settle()
            moved = {name: self._moves(name) for name in self.beats}
            arrived = lanes[self.lanes.read("c_valid")[:, 0] & taken & (got < self.rows)]
            if len(arrived):
                bits = self.lanes.read("c_payload")[arrived, : self.shape[0] * self.shape[1]]
                codes[arrived, got[arrived]] = codes_of(bits.reshape(-1, *self.shape))
                got[arrived] += 1
            self.lanes.simulator.clock()
            for name, accepted in moved.items():
                self.sent[name] += accepted
                self.offered[name] &= ~accepted
                self._offer(name)
            if (got == self.rows).all():
                return codes
        raise CostError(["the mapped netlist hangs: it does not return all rows of C"])

    def _reset(self) -> None:
        self.lanes.drive("rst", [1])
        self.lanes.drive("c_ready", [1])
        for name in self.beats:
            self._offer(name)
        for level in (1, 0):
            self.lanes.drive("rst", [level])
            self.lanes.simulator.settle()
            if level:
                self.lanes.simulator.clock()
        self.lanes.simulator.reset_counts()

    def _works(self) -> NDArray[np.bool_]:
        """In which lanes a stream does not stall in this cycle."""
        return self.random.random(self.lanes.count) >= self.stall

    def _offer(self, name: str) -> None:
        """The next beat in each lane, once it is there; after the last one its payload stays."""
        beats, sent = self.beats[name], self.sent[name]
        self.offered[name] |= self._works() & (sent < beats.shape[1])
        self.lanes.drive(f"{name}_valid", self.offered[name][:, None])
        at = np.minimum(sent, beats.shape[1] - 1)
        self.lanes.drive(f"{name}_payload", beats[np.arange(len(at)), at])

    def _moves(self, name: str) -> NDArray[np.bool_]:
        return self.lanes.read(f"{name}_ready")[:, 0] & self.offered[name]


def _payloads(beats: Beats, bits: int) -> NDArray[np.uint8]:
    """Bits of every beat: its codes, lane 0 lowest, then first and last."""
    numbers = bits_of(beats.data.astype(np.uint64), bits).reshape(len(beats.data), -1)
    return np.column_stack([numbers, beats.first, beats.last])


def _result(netlist: Netlist, lanes: Lanes, tiles: int, macs: float) -> Run:
    return Run(
        activity=clocked_activity(netlist, lanes, glitches=True),
        settled=clocked_activity(netlist, lanes, glitches=False),
        cycles=lanes.simulator.cycles,
        macs=macs,
        lanes=lanes.count,
        tiles=tiles,
    )


def clocked_activity(netlist: Netlist, lanes: Lanes, *, glitches: bool) -> Activity:
    """What the nets did in a cycle, the clock included, which the simulator does not count."""
    activity = lanes.activity(glitches=glitches)
    clocks = clock_nets(netlist)
    activity.toggles[clocks[np.isin(clocks, netlist.port_nets("input"))]] = 2.0
    return activity
