"""What the devices of a ring do, phase by phase, to compute C = A B together.

Every device holds a slice of K: A[:, slice] and B[slice, :]. The tiles of C are dealt to N chunks,
contiguous and nearly equal. Device i goes through them as i, i + 1, ..., i + N - 1 (mod N), and
sends to device i - 1.

Reduce-scatter: chunk c ends, summed over all devices, on device c + 1. `sequential` computes
everything first and then sends: the owner of a chunk's first turn, device c, sends its partial
sums; each device that gets some loads its own, adds, stores, and sends on. The policies `t3`
do both at once: device i's first chunk is written straight into the memory of device i - 1, whose
own results are added in place; what has both updates is complete and sent on (T3, section 4.1).

The deadlock rule: a device's own results never wait for a link, or a ring of full trackers could
wait for itself. So the first chunk goes straight to the neighbour only if its tiles fit the
tracker; else it is stored, and sent when complete.

All-gather: the owner of a chunk sends it, and everyone stores it and sends it on.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from golden.quantize import QuantizedWeights
from golden.schedule import Beats, Schedule
from golden.spec import EngineSpec
from golden.trigger.spec import RingSpec

POLICIES = ("sequential", "t3", "t3-mca", "t3-link")
COLLECTIVES = ("reduce-scatter", "all-gather", "all-reduce")
READ_OUT = "read-out"
"""The phase in which the host fetches the result; it does not count."""


class Action(IntEnum):
    """What becomes of a complete tile."""

    KEEP = 0
    SEND = 1
    HOST = 2


class Priority(IntEnum):
    """Who comes first at the memory: both in turn, computing, or communicating."""

    TURNS = 0
    COMPUTING = 1
    COMMUNICATING = 2


class Incoming(IntEnum):
    """What a word from the link does: READ_ADD_WRITE is UPDATE by a memory that cannot add."""

    UPDATE = 0
    STORE = 1
    READ_ADD_WRITE = 2


PRIORITIES = {
    "t3": Priority.TURNS,
    "t3-mca": Priority.COMPUTING,
    "t3-link": Priority.COMMUNICATING,
}
"""Of the policies that do both at once."""


@dataclass(frozen=True, kw_only=True)
class Chunk:
    """What a phase does with the tiles `first` to `first` + `tiles` - 1.

    Parameters
    ----------
    first, tiles : int
    address : int
        Of the first word.
    made : bool
        Whether this device's engine computes it in this phase.
    remote : bool
        Whether results go to the neighbour instead of the own memory.
    expected : int
        Updates of each word after which a tile is complete, 0 to 3.
    action : Action
        What happens to a complete tile.
    ready : bool
        Whether the tiles are complete from the beginning.
    """

    first: int
    tiles: int
    address: int
    made: bool = False
    remote: bool = False
    expected: int = 0
    action: Action = Action.KEEP
    ready: bool = False


@dataclass(frozen=True, kw_only=True)
class Config:
    """What one device does in one phase.

    Parameters
    ----------
    rows : int
        Words of a tile.
    origin : int
        The chunk it begins with.
    chunks : tuple of Chunk
    incoming : Incoming
    priority : Priority
        Who comes first at the memory.
    received : int
        Words that come from the link.
    beats : dict of str to int
        Beats of each operand stream.
    """

    rows: int
    origin: int
    chunks: tuple[Chunk, ...]
    incoming: Incoming = Incoming.UPDATE
    priority: Priority = Priority.TURNS
    received: int = 0
    beats: Mapping[str, int] = field(default_factory=dict)

    @property
    def walk(self) -> Iterator[Chunk]:
        """The chunks in this device's order."""
        return iter(self.chunks[self.origin :] + self.chunks[: self.origin])

    @property
    def produced(self) -> int:
        """Words that the engine makes."""
        return self.rows * sum(chunk.tiles for chunk in self.chunks if chunk.made)

    @property
    def sent(self) -> int:
        """Words that the DMA engine sends, to the link or to the host."""
        return self.rows * sum(chunk.tiles for chunk in self.chunks if chunk.action)

    @property
    def to_host(self) -> int:
        """Those of them for the host."""
        return self.rows * sum(chunk.tiles for chunk in self.chunks if chunk.action is Action.HOST)

    @property
    def to_link(self) -> int:
        """Words that leave over the link, results that go to the neighbour included."""
        remote = sum(chunk.tiles for chunk in self.chunks if chunk.made and chunk.remote)
        return self.rows * remote + self.sent - self.to_host


@dataclass(frozen=True, kw_only=True)
class Phase:
    """What all devices do between two barriers.

    Parameters
    ----------
    name : str
    configs : tuple of Config
        One a device.
    operands : tuple of dict of str to Beats
        What the engine of each device is fed.
    """

    name: str
    configs: tuple[Config, ...]
    operands: tuple[Mapping[str, Beats], ...]


@dataclass(frozen=True, kw_only=True)
class Program:
    """A run of a ring.

    Parameters
    ----------
    phases : tuple of Phase
        The last one is `READ_OUT`.
    schedule : Schedule
        Of the whole C on one engine: which tiles there are.
    slices : tuple of (array, array)
        A and B of each device.
    chunks : tuple of range
        Tiles of each chunk.
    owners : tuple of tuple of int
        Chunks that each device holds in the end.
    reduces : bool
        Whether chunks are sums over the devices; else each is one device's result.
    """

    phases: tuple[Phase, ...]
    schedule: Schedule
    slices: tuple[tuple[Any, Any], ...]
    chunks: tuple[range, ...]
    owners: tuple[tuple[int, ...], ...]
    reduces: bool


def dealt(tiles: int, devices: int) -> tuple[range, ...]:
    """Tiles in `devices` contiguous chunks whose sizes differ by one at most."""
    bounds = [tiles * chunk // devices for chunk in range(devices + 1)]
    return tuple(range(*pair) for pair in pairwise(bounds))


def program(
    spec: EngineSpec, ring: RingSpec, a: NDArray, b: Any, *, policy: str, collective: str
) -> Program:
    """How `ring` computes A (M, K) times B (K, N), checked operands of `spec`.

    An all-gather alone comes after a GEMM of which each device computes its own chunk, over all K.
    """
    return Maker(spec, ring, a, b, policy=policy, collective=collective).program()


class Maker:
    """Makes the phases of a run: a method for what a device does in each."""

    def __init__(
        self, spec: EngineSpec, ring: RingSpec, a: NDArray, b: Any, *, policy: str, collective: str
    ) -> None:
        self.devices = ring.devices
        self.policy, self.collective = policy, collective
        self.reduces = collective != "all-gather"
        self.slices = (
            tuple(_slices(spec, ring.devices, a, b)) if self.reduces else ((a, b),) * self.devices
        )
        self.schedules = [spec.encoded(*part) for part in self.slices]
        self.schedule = self.schedules[0]
        tiles = self.schedule.tiles
        self.rows = tiles[0].rows
        assert all(tile.rows == self.rows for tile in tiles), "tiles of one height"
        self.chunks = dealt(len(tiles), ring.devices)
        self.fits = max(map(len, self.chunks)) <= ring.entries

    def program(self) -> Program:
        phases = []
        if not self.reduces:
            phases.append(self.phase("GEMM", self.own_gemm))
        elif self.policy == "sequential":
            phases += [
                self.phase("GEMM", self.gemm),
                self.phase("reduce-scatter", self.reduce_scatter),
            ]
        else:
            phases.append(self.phase("GEMM and reduce-scatter", self.fused))
        if self.collective != "reduce-scatter":
            phases.append(self.phase("all-gather", self.all_gather))
        everything = tuple(range(self.devices))
        owners = tuple(
            ((i - 1) % self.devices,) if self.collective == "reduce-scatter" else everything
            for i in everything
        )
        phases.append(self.phase(READ_OUT, lambda i: self.read_out(owners[i])))
        return Program(
            phases=tuple(phases),
            schedule=self.schedule,
            slices=self.slices,
            chunks=self.chunks,
            owners=owners,
            reduces=self.reduces,
        )

    def phase(self, name: str, config: Any) -> Phase:
        """The phase in which device i does `config(i)`, and receives what device i + 1 sends."""
        configs = [config(i) for i in range(self.devices)]
        operands = [self.operands(i, own) for i, own in enumerate(configs)]
        return Phase(
            name=name,
            configs=tuple(
                replace(
                    own,
                    received=configs[(i + 1) % self.devices].to_link,
                    beats={stream: len(beats.first) for stream, beats in operands[i].items()},
                )
                for i, own in enumerate(configs)
            ),
            operands=tuple(operands),
        )

    def config(
        self, origin: int, changes: Mapping[int, Mapping[str, Any]], **fields: Any
    ) -> Config:
        """A config in which the chunk `origin` + step does what `changes[step]` says."""
        chunks = []
        for number, tiles in enumerate(self.chunks):
            own = changes.get((number - origin) % self.devices, {})
            chunks.append(
                Chunk(first=tiles.start, tiles=len(tiles), address=tiles.start * self.rows, **own)
            )
        return Config(rows=self.rows, origin=origin, chunks=tuple(chunks), **fields)

    def gemm(self, i: int) -> Config:
        """Everything, into the own memory."""
        return self.config(i, {step: {"made": True, "expected": 1} for step in range(self.devices)})

    def own_gemm(self, i: int) -> Config:
        """The chunk of which this device is the owner."""
        return self.config((i - 1) % self.devices, {0: {"made": True, "expected": 1}})

    def reduce_scatter(self, i: int) -> Config:
        """A ring reduce-scatter of what the memories hold, tile by tile."""
        passed = {"expected": 1, "action": Action.SEND}
        changes = self.passing({"ready": True, "action": Action.SEND}, passed, {"expected": 1})
        return self.config(i, changes, incoming=Incoming.READ_ADD_WRITE)

    def fused(self, i: int) -> Config:
        """The same while the engine computes."""
        own = {"made": True, "expected": 2}
        first = (
            {"made": True, "remote": True}
            if self.fits
            else {"made": True, "expected": 1, "action": Action.SEND}
        )
        changes = self.passing(first, {**own, "action": Action.SEND}, own)
        return self.config(i, changes, priority=PRIORITIES[self.policy])

    def all_gather(self, i: int) -> Config:
        """A ring all-gather of the chunks, tile by tile."""
        passed = {"expected": 1, "action": Action.SEND}
        changes = self.passing({"ready": True, "action": Action.SEND}, passed, {"expected": 1})
        return self.config((i - 1) % self.devices, changes, incoming=Incoming.STORE)

    def passing(
        self, first: Mapping[str, Any], passed: Mapping[str, Any], last: Mapping[str, Any]
    ) -> dict[int, Mapping[str, Any]]:
        """What a device does with the chunk it begins with, those in between, and the last."""
        steps = range(1, self.devices - 1)
        return {0: first, **dict.fromkeys(steps, passed), self.devices - 1: last}

    def read_out(self, owned: tuple[int, ...]) -> Config:
        """The chunks `owned`, to the host."""
        return self.config(0, {number: {"ready": True, "action": Action.HOST} for number in owned})

    def operands(self, i: int, config: Config) -> Mapping[str, Beats]:
        """What device i is fed: the beats of the tiles it makes, in its order."""
        order = [
            tile
            for chunk in config.walk
            if chunk.made
            for tile in range(chunk.first, chunk.first + chunk.tiles)
        ]
        streams = self.schedules[i].operands
        return {name: _beats_of(beats, self.tiles, order) for name, beats in streams.items()}

    @property
    def tiles(self) -> int:
        return len(self.schedule.tiles)


def _beats_of(beats: Beats, tiles: int, order: list[int]) -> Beats:
    """The beats of whole tiles, in another order."""

    def chosen(values: NDArray) -> NDArray:
        return values.reshape(tiles, -1, *values.shape[1:])[order].reshape(-1, *values.shape[1:])

    return Beats(data=chosen(beats.data), first=chosen(beats.first), last=chosen(beats.last))


def _slices(spec: EngineSpec, devices: int, a: NDArray, b: Any) -> Iterator[tuple[Any, Any]]:
    """A and B of each device: nearly equal parts of K, of whole groups; zeros for one without."""
    k = a.shape[1]
    unit = b.group if spec.groups else 1
    for part in dealt(-(-k // unit), devices):
        start, stop = part.start * unit, min(part.stop * unit, k)
        if part:
            yield a[:, start:stop], _rows_of(b, slice(start, stop), part)
        else:
            some = min(unit, k)
            yield np.zeros_like(a[:, :some]), _zeros(b, some)


def _rows_of(b: Any, rows: slice, groups: range) -> Any:
    if not isinstance(b, QuantizedWeights):
        return b[rows]
    own = slice(groups.start, groups.stop)
    zeros = None if b.zeros is None else b.zeros[own]
    return replace(b, codes=b.codes[rows], scales=b.scales[own], zeros=zeros)


def _zeros(b: Any, rows: int) -> Any:
    if not isinstance(b, QuantizedWeights):
        return np.zeros_like(b[:rows])
    return _rows_of(b, slice(0, rows), range(1))
