"""The sub-layers of T3's evaluation on its machine, in the cycle model of `golden.trigger.model`.

Transformers sliced over devices (tensor parallelism) need an all-reduce behind four GEMMs of a
layer: in the forward pass behind the output projection (OP) and the second feed-forward layer
(FC-2), in the backward pass, where gradients of inputs are made, behind the first one (FC-1) and
the input projection (IP). Each device has a slice of K; C has tokens x hidden numbers in fp16.

What the paper states (ASPLOS 2024, tables 1 and 2): 80 compute units of 1.4 GHz, a memory of
1 TB/s, a ring of 150 GB/s bidirectional with 500 ns, a last-level cache of 16 MB, and the models'
hidden sizes and slices. What is assumed here is said where it stands below.

A word is the tile of a wavefront, 64 x 64 numbers, a cycle the time that the memory takes for it. A
stage of the GEMM is a workgroup (`SIDE` x `SIDE` numbers) on each compute unit. They all end
together and then write their results, while the next stage begins.
"""

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import product

from golden.trigger.engines import EngineTiming
from golden.trigger.model import run
from golden.trigger.program import Config, Incoming, Maker
from golden.trigger.units import OPERATIONS, Machine

WORD = 64 * 64 * 2
"""Bytes of a wavefront's tile, which has one entry in the tracker."""

SIDE = 128
"""Rows and columns of a workgroup's tile: four wavefronts."""

NUMBER = 2
"""Bytes of a number."""

FLOPS = 1024
"""Operations in fp16 of a compute unit in a cycle: eight tensor cores of 64 multiply-adds."""

CACHE = 16 << 20
"""Bytes of the last-level cache."""

ACROSS, DOWN = 10, 8
"""Assumed: workgroups of a stage lie side by side as 8 x 10, the nearest to a square of 80."""

SETS, WAYS = 256, 8
"""The tracker: the low 8 bits of a workgroup's number, and up to 8 wavefronts."""

MEMORY_LATENCY = 400.0
"""ns, assumed."""

PREFETCH = 64
"""Words, assumed: operands read ahead (512 KB on 80 compute units), and what the DMA engine has
under way: a little more than the memory delivers in its latency."""

QUEUE = 64
"""Words, assumed: accesses that wait in the memory."""

STARVATION = 256
"""Cycles, assumed."""

THRESHOLDS = (5, 10, 30, QUEUE)
"""Of the queue: the paper has 5, 10, 30 and none, and takes the one that suits the GEMM."""

LITTLE = 0.001
"""Share of a time that is no difference."""


@dataclass(frozen=True, kw_only=True)
class Model:
    """A transformer, sliced.

    Parameters
    ----------
    name : str
    hidden : int
    tokens : int
        Sequence length times batch. Assumed: 1024 times 16, 8 and 2.
    devices : tuple of int
        Devices that its layers are sliced over.
    """

    name: str
    hidden: int
    tokens: int
    devices: tuple[int, ...]


MODELS = (
    Model(name="Mega-GPT-2", hidden=3072, tokens=16384, devices=(8, 16)),
    Model(name="T-NLG", hidden=4256, tokens=8192, devices=(8, 16)),
    Model(name="GPT-3", hidden=12288, tokens=2048, devices=(32,)),
    Model(name="PALM", hidden=18432, tokens=2048, devices=(32,)),
    Model(name="MT-NLG", hidden=20480, tokens=2048, devices=(32,)),
)

SUB_LAYERS = {"OP": 1, "FC-2": 4, "FC-1": 4, "IP": 3}
"""By name: K of the GEMM, as a multiple of the hidden size over the devices."""


@dataclass(frozen=True, kw_only=True)
class SubLayer:
    """A GEMM whose result needs an all-reduce.

    Parameters
    ----------
    model, name : str
    m, k, n : int
        Of the GEMM on each device.
    devices : int
    """

    model: str
    name: str
    m: int
    k: int
    n: int
    devices: int

    @property
    def title(self) -> str:
        return f"{self.model}, TP {self.devices}, {self.name}"

    @property
    def grid(self) -> tuple[int, int]:
        """Workgroups down and across."""
        return -(-self.m // SIDE), -(-self.n // SIDE)


def sub_layers() -> Iterator[SubLayer]:
    """Those of the paper."""
    for model in MODELS:
        for devices, (name, times) in product(model.devices, SUB_LAYERS.items()):
            yield SubLayer(
                model=model.name,
                name=name,
                m=model.tokens,
                k=times * model.hidden // devices,
                n=model.hidden,
                devices=devices,
            )


@dataclass(frozen=True, kw_only=True)
class Accelerator:
    """The paper's machine.

    Parameters
    ----------
    units : int
        Compute units.
    clock : float
        GHz.
    memory, link : float
        GB/s; the link in one direction. The paper's 150 GB/s bidirectional are taken as 75 in each:
        with that, the bound of its largest models is what it reports, see docs/trigger.md.
    link_latency : float
        ns.
    efficiency : float
        Assumed: share of the peak rate that a GEMM reaches while its operands are there.
    """

    units: int = 80
    clock: float = 1.4
    memory: float = 1000.0
    link: float = 75.0
    link_latency: float = 500.0
    efficiency: float = 0.8

    @property
    def cycle(self) -> float:
        """ns that the memory takes for a word."""
        return WORD / self.memory

    def stage(self, k: int) -> float:
        """ns that a workgroup takes."""
        return 2 * SIDE * SIDE * k / (FLOPS * self.clock * self.efficiency)

    def cycles(self, time: float) -> int:
        """Of so many ns, at least 1."""
        return max(1, round(time / self.cycle))


PAPER = Accelerator()


def stages(layer: SubLayer, units: int) -> Iterator[list[tuple[int, int]]]:
    """Workgroups (down, across) of each stage: in bands of `DOWN` rows, column by column."""
    rows, cols = layer.grid
    order = [
        (row, col)
        for band in range(0, rows, DOWN)
        for col in range(cols)
        for row in range(band, min(band + DOWN, rows))
    ]
    for start in range(0, len(order), units):
        yield order[start : start + units]


@cache
def operand_bytes(layer: SubLayer, units: int, bypass: bool) -> int:
    """Bytes of operands that the GEMM reads from the memory.

    The workgroups of a stage go along K together; what one has read, the others find in the cache.
    That forgets what has not been used for longest, of operands and results alike. With `bypass`
    results do not pass it: T3 sends them to the memory, which adds (section 4.3).
    """
    step = SIDE * 128 * NUMBER
    room = CACHE // step
    held: OrderedDict[tuple[str, int, int], None] = OrderedDict()
    missed = 0

    def touch(block: tuple[str, int, int]) -> bool:
        found = block in held
        if found:
            held.move_to_end(block)
        else:
            held[block] = None
            if len(held) > room:
                held.popitem(last=False)
        return found

    for stage in stages(layer, units):
        panels = [("a", row) for row in sorted({row for row, _ in stage})]
        panels += [("b", col) for col in sorted({col for _, col in stage})]
        for part in range(-(-layer.k // 128)):
            for name, number in panels:
                missed += not touch((name, number, part))
        if not bypass:
            for row, col in stage:
                touch(("c", row, col))
    return missed * step * layer.k // (-(-layer.k // 128) * 128)


class Phases(Maker):
    """The phases of device 0; all others do the same, a chunk further on."""

    def __init__(self, layer: SubLayer, policy: str = "t3") -> None:
        self.devices, self.policy, self.collective = layer.devices, policy, "all-reduce"
        self.reduces, self.rows = True, 1
        rows, cols = layer.grid
        words = rows * cols * SIDE * SIDE * NUMBER // WORD
        chunk = -(-words // layer.devices)
        self.chunks = tuple(
            range(number * chunk, (number + 1) * chunk) for number in range(layer.devices)
        )
        self.fits = chunk <= SETS * WAYS

    @property
    def words(self) -> int:
        """Of C, with those that make all chunks equal."""
        return self.chunks[-1].stop


@dataclass(frozen=True, kw_only=True)
class Part:
    """What a phase takes.

    Parameters
    ----------
    time : float
        us
    moved : dict of str to int
        Bytes that each device's memory moves, by kind of access.
    peak : int
        Most tiles in the tracker.
    """

    time: float
    moved: Mapping[str, int]
    peak: int


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What a sub-layer takes with a policy.

    Parameters
    ----------
    parts : dict of str to Part
        By phase.
    threshold : int
        That of the arbiter.
    """

    parts: Mapping[str, Part]
    threshold: int = 0

    @property
    def time(self) -> float:
        """us"""
        return sum(part.time for part in self.parts.values())

    @property
    def peak(self) -> int:
        return max(part.peak for part in self.parts.values())

    @property
    def moved(self) -> dict[str, int]:
        """Bytes by kind of access."""
        return {name: sum(part.moved[name] for part in self.parts.values()) for name in OPERATIONS}

    @property
    def bytes(self) -> int:
        return sum(self.moved.values())


def machine(
    layer: SubLayer, accelerator: Accelerator, *, bypass: bool = True, threshold: int = QUEUE
) -> tuple[Machine, int]:
    """The machine for this GEMM, and the beats of operands, of a word each."""
    count = len(list(stages(layer, accelerator.units)))
    beats = max(1, round(operand_bytes(layer, accelerator.units, bypass) / WORD / count))
    words = Phases(layer).words
    timing = EngineTiming(
        beats=(beats,),
        rows=-(-words // count),
        whole=words,
        latency=1,
        pace=accelerator.stage(layer.k) / accelerator.cycle / beats,
        streams=("a",),
        freezes=False,
    )
    return (
        Machine(
            devices=layer.devices,
            memory_latency=accelerator.cycles(MEMORY_LATENCY),
            memory_interval=1,
            banks=1,
            queue=QUEUE,
            threshold=threshold,
            starvation=STARVATION,
            prefetch=PREFETCH,
            sets=SETS,
            ways=WAYS,
            link_latency=accelerator.cycles(accelerator.link_latency),
            link_interval=accelerator.memory / accelerator.link,
            credits=4 * PREFETCH,
            operands={"a": 1},
            engines=(timing,),
        ),
        beats * count,
    )


def _part(ring: Machine, accelerator: Accelerator, config: Config) -> Part:
    found = run(ring, [("", (replace(config, received=config.to_link),))])
    counters = found.counters[0]
    return Part(
        time=found.cycles * accelerator.cycle * 1e-3,
        moved={name: counters[name] * WORD for name in OPERATIONS},
        peak=counters["peak"],
    )


@cache
def gemm(layer: SubLayer, accelerator: Accelerator, bypass: bool) -> Part:
    """The GEMM alone; results pass the cache, or not."""
    ring, beats = machine(layer, accelerator, bypass=bypass)
    return _part(ring, accelerator, replace(Phases(layer).gemm(0), beats={"a": beats}))


@cache
def fused(layer: SubLayer, accelerator: Accelerator, mca: bool, threshold: int) -> Part:
    """GEMM and reduce-scatter at once."""
    ring, beats = machine(layer, accelerator, threshold=threshold)
    config = Phases(layer, "t3-mca" if mca else "t3").fused(0)
    return _part(ring, accelerator, replace(config, beats={"a": beats}))


def exchange(layer: SubLayer, accelerator: Accelerator, name: str) -> Part:
    """A collective alone: `reduce-scatter`, the same `near memory`, or `all-gather`."""
    return _exchange(replace(layer, name="", k=SIDE), accelerator, name)


@cache
def _exchange(layer: SubLayer, accelerator: Accelerator, name: str) -> Part:
    maker = Phases(layer)
    config = maker.all_gather(0) if name == "all-gather" else maker.reduce_scatter(0)
    if name == "near memory":
        config = replace(config, incoming=Incoming.UPDATE)
    return _part(machine(layer, accelerator)[0], accelerator, config)


def sequential(layer: SubLayer, accelerator: Accelerator = PAPER) -> Figures:
    """One after the other."""
    parts = {"GEMM": gemm(layer, accelerator, False)}
    for name in ("reduce-scatter", "all-gather"):
        parts[name] = exchange(layer, accelerator, name)
    return Figures(parts=parts)


def overlapped(
    layer: SubLayer,
    accelerator: Accelerator = PAPER,
    *,
    mca: bool,
    thresholds: tuple[int, ...] = THRESHOLDS,
) -> Figures:
    """T3; with `mca` at the threshold that suits this GEMM, as the paper chooses it."""
    # Where the first and the last one make no difference, those in between make none.
    tried = {
        threshold: fused(layer, accelerator, mca, threshold)
        for threshold in ((thresholds[0], thresholds[-1]) if mca else thresholds[:1])
    }
    times = [part.time for part in tried.values()]
    if max(times) > min(times) * (1 + LITTLE):
        tried |= {one: fused(layer, accelerator, mca, one) for one in thresholds[1:-1]}
    threshold = min(tried, key=lambda one: tried[one].time)
    parts = {
        "GEMM and reduce-scatter": tried[threshold],
        "all-gather": exchange(layer, accelerator, "all-gather"),
    }
    return Figures(parts=parts, threshold=threshold)


def ideal(layer: SubLayer, accelerator: Accelerator = PAPER) -> float:
    """us that the sub-layer takes at least: the GEMM, or the reduce-scatter by a memory that adds,
    whichever takes longer by itself, and the all-gather."""
    alone = gemm(layer, accelerator, True), exchange(layer, accelerator, "near memory")
    return max(part.time for part in alone) + exchange(layer, accelerator, "all-gather").time
