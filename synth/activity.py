"""Runs a mapped netlist on operands: toggles of every net, and proof that it computes the same.

Tiles are dealt out to lanes, which are engines of their own. Streams never stall; the cycles in which an
engine fills, drains and waits for its neighbours' lanes are part of the run.
"""

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from golden.schedule import Beats, Schedule
from golden.spec import EngineSpec
from synth.errors import CostError
from synth.netlist import Ints, Netlist
from synth.power import Activity, clock_nets
from synth.simulate import Simulator, Words

MAX_WORDS = 4
"""Lanes are taken in words of 64: more add no accuracy worth their time."""

STEP = 0.01
"""One step of a timed simulation, in ns."""

SLACK = 64
"""Cycles beyond the engine's own count after which it must have answered."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Run:
    """What a netlist did.

    Parameters
    ----------
    activity : Activity
        Per lane and clock cycle.
    cycles : int
        Clock cycles counted.
    macs : float
        Products that a lane computed in them.
    lanes, tiles : int
        How many engines ran side by side, and tiles they were given in all.
    """

    activity: Activity
    cycles: int
    macs: float
    lanes: int
    tiles: int


def operands_hash(a: NDArray, b: NDArray) -> str:
    """16 hexadecimal digits that name a pair of matrices."""
    digest = hashlib.sha256()
    for matrix in (a, b):
        digest.update(repr(matrix.shape).encode() + matrix.astype(np.int64).tobytes())
    return digest.hexdigest()[:16]


def run_engine(
    netlist: Netlist, spec: EngineSpec, a: NDArray, b: NDArray, steps: Ints | None
) -> Run:
    """Run the netlist of an engine on A (M, K) and B (K, N), with glitches if `steps` says the delays.

    Raises
    ------
    CostError
        If a result is not the golden model's.
    """
    schedule = spec.schedule(a, b)
    tiles = len(schedule.tiles)
    lanes = min(tiles, 64 * MAX_WORDS)
    each = min(tiles // lanes, max(1, 512 // (len(schedule.a.data) // tiles)))
    host = _Host(netlist, spec, schedule, lanes, each, steps)
    codes = host.run()
    wanted = spec.formats[2].encode(schedule.cut(spec.model(a, b).c)).reshape(tiles, -1)
    if not (codes == wanted[: lanes * each].reshape(lanes, -1)).all():
        raise CostError(["the mapped netlist does not compute what the golden model does"])
    macs = each * len(schedule.a.data) / tiles * spec.rows * spec.cols
    return host.result(macs)


def run_element(
    netlist: Netlist, spec: EngineSpec, a: NDArray, b: NDArray, steps: Ints | None
) -> Run:
    """Run the netlist of one element: every lane computes elements of C = A B, one after the other."""
    (rows, depth), cols = a.shape, b.shape[1]
    lanes = min(rows * cols, 64 * MAX_WORDS)
    each = min(rows * cols // lanes, max(1, 512 // depth))
    simulator = Simulator(netlist, -(-lanes // 64), steps)
    simulator.mask[:] = _pack(np.arange(64 * len(simulator.mask))[None] < lanes)[0]
    ports = {name: nets for name, (_, nets) in netlist.ports.items()}
    place = np.arange(lanes * each).reshape(each, lanes)
    left = spec.formats[0].encode(a)[place // cols]
    right = spec.formats[1].encode(b).T[place % cols]
    for tile in range(each):
        for k in range(depth):
            for name, values in (("a", left[tile, :, k]), ("b", right[tile, :, k])):
                simulator.drive(ports[name], _words(values, len(ports[name]), simulator))
            simulator.drive(ports["clear"], _words(np.full(lanes, k == 0), 1, simulator))
            simulator.settle()
            simulator.clock()
    return _result(netlist, simulator, lanes, lanes * each, each * depth)


class _Host:
    """The other ends of an engine's streams, one per lane."""

    def __init__(
        self,
        netlist: Netlist,
        spec: EngineSpec,
        schedule: Schedule,
        lanes: int,
        each: int,
        steps: Ints | None,
    ) -> None:
        self.netlist, self.lanes, self.tiles = netlist, lanes, lanes * each
        self.simulator = Simulator(netlist, -(-lanes // 64), steps)
        self.simulator.mask[:] = _pack(np.arange(64 * len(self.simulator.mask))[None] < lanes)[0]
        self.ports = {name: nets for name, (_, nets) in netlist.ports.items()}
        tiles = len(schedule.tiles)
        self.beats = {
            name: _payload_bits(beats, spec.formats[index], tiles)[: lanes * each].reshape(
                lanes, -1, len(self.ports[f"{name}_payload"])
            )
            for index, (name, beats) in enumerate((("a", schedule.a), ("b", schedule.b)))
        }
        self.sent = {name: np.zeros(lanes, np.int64) for name in self.beats}
        self.rows = schedule.outputs // tiles * each
        self.got = np.zeros(lanes, np.int64)
        self.spec = spec
        self.codes = np.zeros((lanes, self.rows, spec.cols), np.uint64)
        (m, k), n = (schedule.shape[0], 0), schedule.shape[1]
        del m, k, n

    def run(self) -> NDArray[np.uint64]:
        """Until every lane has all its rows; the rows as (lanes, rows * columns) codes."""
        self._drive_bits("rst", np.ones((self.lanes, 1)))
        for _ in range(2):
            self.simulator.settle()
            self.simulator.clock()
        self._drive_bits("rst", np.zeros((self.lanes, 1)))
        self._drive_bits("c_ready", np.ones((self.lanes, 1)))
        self._offer()
        self.simulator.settle()
        self.simulator.reset_counts()
        patience = SLACK + sum(bits.shape[1] for bits in self.beats.values())
        patience += 4 * (self.rows + self.spec.rows + self.spec.cols)
        while (self.got < self.rows).any():
            if self.simulator.cycles > patience:
                raise CostError(["the mapped netlist does not answer: it never returned a row"])
            self._step()
        return self.codes.reshape(self.lanes, -1)

    def _step(self) -> None:
        moved = {
            name: self._bits(f"{name}_ready")[:, 0] & (self.sent[name] < bits.shape[1])
            for name, bits in self.beats.items()
        }
        self._take()
        self.simulator.clock()
        for name, taken in moved.items():
            self.sent[name] += taken
        self._offer()
        self.simulator.settle()

    def _offer(self) -> None:
        """The next beat of each stream, or none after the last: the payload then stays."""
        for name, bits in self.beats.items():
            valid = self.sent[name] < bits.shape[1]
            at = np.minimum(self.sent[name], bits.shape[1] - 1)
            self._drive_bits(f"{name}_valid", valid[:, None])
            self._drive_bits(f"{name}_payload", bits[np.arange(self.lanes), at])

    def _take(self) -> None:
        valid = self._bits("c_valid")[:, 0] & (self.got < self.rows)
        if valid.any():
            width = self.spec.formats[2].bits
            lanes = np.flatnonzero(valid)
            bits = self._bits("c_payload")[lanes, : self.spec.cols * width]
            weights = np.uint64(1) << np.arange(width, dtype=np.uint64)
            words = bits.reshape(len(lanes), self.spec.cols, width).astype(np.uint64) @ weights
            self.codes[lanes, self.got[lanes]] = words
            self.got[lanes] += 1

    def _drive_bits(self, port: str, bits: NDArray) -> None:
        padded = np.zeros((bits.shape[1], 64 * len(self.simulator.mask)), np.uint8)
        padded[:, : self.lanes] = bits.T
        self.simulator.drive(self.ports[port], _pack(padded))

    def _bits(self, port: str) -> NDArray[np.bool_]:
        words = self.simulator.values[self.ports[port]]
        return np.unpackbits(words.view(np.uint8), axis=1, bitorder="little").T[: self.lanes] > 0

    def result(self, macs: float) -> Run:
        return _result(self.netlist, self.simulator, self.lanes, self.tiles, macs)


def _result(netlist: Netlist, simulator: Simulator, lanes: int, tiles: int, macs: float) -> Run:
    share = 1 / (lanes * simulator.cycles)
    activity = Activity(toggles=simulator.toggles * share, high=simulator.high * share)
    free = clock_nets(netlist)
    free = free[np.isin(free, netlist.port_nets("input"))]
    activity.toggles[free] = 2.0
    return Run(activity=activity, cycles=simulator.cycles, macs=macs, lanes=lanes, tiles=tiles)


def _payload_bits(beats: Beats, number: "object", tiles: int) -> NDArray[np.uint8]:
    """Bits of every beat, (tiles, beats, width): the numbers, lane 0 lowest, then first and last."""
    codes = number.encode(beats.data)
    bits = (codes[:, :, None] >> np.arange(number.bits, dtype=np.uint64)) & np.uint64(1)
    flat = bits.reshape(len(codes), -1).astype(np.uint8)
    whole = np.column_stack([flat, beats.first, beats.last]).astype(np.uint8)
    return whole.reshape(tiles, -1, whole.shape[1])


def _words(values: NDArray, bits: int, simulator: Simulator) -> Words:
    """Values (lanes,) of a port as words (bits, words)."""
    padded = np.zeros((bits, 64 * len(simulator.mask)), np.uint8)
    each = np.arange(bits, dtype=np.uint64)[:, None]
    padded[:, : len(values)] = values.astype(np.uint64) >> each & np.uint64(1)
    return _pack(padded)


def _pack(bits: NDArray) -> Words:
    """Bits (n, 64 * words) as words (n, words)."""
    return np.packbits(bits, axis=1, bitorder="little").view(np.int64)
