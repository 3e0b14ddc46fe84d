"""When engines take beats and offer rows of C, cycle by cycle, with stalls on every stream.

An engine that offers a row which nobody takes stands still, whatever is inside. Its own time, in
which tiles have the latency of `EngineSpec.latency`, thus only runs in the other cycles.
"""

import math
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from numpy.typing import NDArray

from golden.grouped import stages
from golden.groups import slices
from golden.spec import EngineSpec
from golden.trigger.digit_serial import NEVER, Column, SerialTiming


@dataclass(frozen=True, kw_only=True)
class EngineTiming:
    """What of an engine decides its cycles.

    Parameters
    ----------
    beats : tuple of int
        Beats of each tile, or of each of its groups.
    rows : int
        Rows of C that a tile returns, one a cycle.
    whole : int
        Rows of C in all if the last tile has fewer, else 0.
    latency : int
        Cycles from a tile's last beat to its first row of C.
    waits : bool
        No beat is taken while rows leave, but for the last of them. Otherwise only the last beat
        of the next tile has to wait for that.
    pace : float
        Cycles that a beat takes.
    streams : tuple of str
        Operands.
    behind : int
        Registers behind an engine whose tiles come in groups: only the last group's rows leave.
    groups : int
        Groups of a tile.
    weights : int
        Beats of B that are loaded ahead and stay while rows of A pass (`systolic-ws`), else 0.
    finals : tuple of int
        Which of `beats` end a sum that circulates.
    freezes : bool
        The engine stands still while a row is not taken. Otherwise it keeps a tile's rows aside,
        and only the last beat of the next tile waits until they have left.
    serial : SerialTiming or None
        Of a digit-serial array (`column`).
    """

    beats: tuple[int, ...]
    rows: int
    latency: int
    whole: int = 0
    waits: bool = False
    pace: float = 1
    streams: tuple[str, ...] = ("a", "b")
    behind: int = 0
    groups: int = 1
    weights: int = 0
    finals: tuple[int, ...] = ()
    freezes: bool = True
    serial: SerialTiming | None = None

    @classmethod
    def of(cls, spec: EngineSpec, a: NDArray, b: Any, rows: int) -> "EngineTiming":
        """That of an engine for A (M, K) times B (K, N), whose tiles return so many rows."""
        k = a.shape[1]
        if spec.groups:
            depths = [ks.stop - ks.start for ks in slices(k, spec.groups.group)]
            behind = stages(spec.groups, spec.formats[2])
            grouped: dict[str, Any] = {
                "streams": ("a", "b", "s"),
                "behind": behind,
                "groups": len(depths),
            }
            if spec.array == "systolic-ws":
                return cls(**cls._stationary(spec, rows, depths, spec.groups.zeros), **grouped)
            return cls(
                beats=tuple(depths),
                rows=spec.rows,
                latency=spec.latency(k) - behind - sum(depths),
                **grouped,
            )
        if spec.array == "systolic-ws":
            return cls(**cls._stationary(spec, rows, [k]))
        beats = -(-k // spec.depth)
        if steps := spec.element_info.steps:
            whole = spec.schedule(a, b)
            operands = (whole.a.data, whole.b.data, *spec.formats[:2])
            times = steps.of(*operands, **spec.element_options)
            return cls(
                beats=(beats,),
                rows=spec.rows,
                latency=spec.shape.behind,
                serial=SerialTiming(
                    beats=beats,
                    steps=tuple(map(tuple, times.tolist())),
                    shape=spec.shape,
                    paired=steps.paired,
                ),
            )
        return cls(
            beats=(beats,),
            rows=spec.rows,
            latency=spec.latency(k) - beats,
            waits=spec.array == "matrix2d",
        )

    @classmethod
    def _stationary(
        cls, spec: EngineSpec, rows: int, depths: Sequence[int], more: int = 0
    ) -> dict[str, Any]:
        """Fields for an array that keeps B, of `more` columns more, and sums over `depths` each."""
        folds = [-(-depth // spec.rows) for depth in depths]
        return {
            "beats": (rows,) * sum(folds),
            "finals": tuple(end - 1 for end in accumulate(folds)),
            "rows": rows,
            "latency": spec.rows + spec.cols + more + 1,
            "weights": spec.rows,
        }

    def engine(self) -> "Engine | Grouped | Column":
        """An engine of this timing."""
        if self.serial:
            return Column(self.serial)
        array: Engine = WeightStationary(self) if self.weights else Engine(self)
        return Grouped(self, array) if self.behind else array


class Engine:
    """An engine that takes beats of A and B together.

    In every cycle: `offers`, then `step`.
    """

    def __init__(self, timing: EngineTiming) -> None:
        self.timing = timing
        self.standstill = 0
        """Cycles lost so far: what is left of the time is the engine's own."""
        self.rows: deque[int] = deque()
        """Own time at which each row under way is offered."""
        self.beat, self.group = 0, 0
        self.open: float = timing.rows - 1
        """Own time from which beats are taken: after a reset accumulators are cleared."""
        self.drained = 0
        """Own time from which a last beat is taken."""
        self.left = timing.whole
        self.frozen = False
        self.passed: tuple[str, ...] = ()
        self.lacks: tuple[str, ...] = ()
        self.streams = tuple(name for name in timing.streams if name != "s")

    def begin(self, tiles: Iterable[int]) -> None:
        """What is to be computed next, by the tiles' numbers in the schedule."""

    def offers(self, cycle: int) -> bool:
        """Whether a row of C is offered."""
        return bool(self.rows) and self.rows[0] <= cycle - self.standstill

    def step(self, cycle: int, offers: bool, taken: bool, valid: Mapping[str, bool]) -> bool:
        """A cycle in which `valid` operands are offered; whether anything happened.

        Sets `passed`, the operands that were taken, and `lacks`, those that are waited for.
        """
        self.passed, self.lacks = (), ()
        timing = self.timing
        self.frozen = offers and not taken and timing.freezes
        if self.frozen:
            self.standstill += 1
            return False
        if taken:
            self.rows.popleft()
        now = cycle - self.standstill
        last = self.beat == timing.beats[self.group] - 1
        if now < self.open or (last and (now < self.drained or self._full)):
            return taken
        offered = [valid[name] for name in self.streams]
        if not all(offered):
            # Each stream is ready while the others are valid.
            if sum(offered) == len(offered) - 1:
                self.lacks = tuple(name for name in self.streams if not valid[name])
            return taken
        self.passed = self.streams
        self.beat += 1
        # A pace may be a fraction: what a cycle is too late for is made up for.
        self.open = (self.open if self.open > now - 1 else now) + timing.pace
        if last:
            self.beat = 0
            self.group = (self.group + 1) % len(timing.beats)
            self.drained = now + timing.rows
            if timing.waits:
                self.open = max(self.open, now + timing.rows)
            first, rows = now + timing.latency, timing.rows
            if timing.whole:
                rows = min(rows, self.left)
                self.left = (self.left - rows) or timing.whole
            self.rows.extend(range(first, first + rows))
        return True

    @property
    def _full(self) -> bool:
        """Whether rows are kept aside, and no more can be."""
        return not self.timing.freezes and bool(self.rows)

    def wake(self, cycle: int) -> float:
        """The next cycle in which it may do something by itself."""
        if self.frozen:
            return NEVER
        now = cycle - self.standstill
        times: list[float] = [math.ceil(self.open), self.drained]
        if self.rows:
            times.append(self.rows[0])
        return min((time for time in times if time > now), default=NEVER) + self.standstill

    def skip(self, cycles: int) -> None:
        """So many cycles like the last one, in which nothing happened."""
        if self.frozen:
            self.standstill += cycles


class Grouped:
    """An array with a unit behind it that scales the sums of groups and adds them up.

    A row of a group needs the beat of scales of its tile's column, which passes with the last row.
    """

    def __init__(self, timing: EngineTiming, array: Engine) -> None:
        self.timing, self.array = timing, array
        self.out: deque[int] = deque()
        self.behind = 0
        """Cycles in which the unit stood still."""
        self.holds = False
        self.row, self.leaving = 0, 0
        self.passed: tuple[str, ...] = ()
        self.lacks: tuple[str, ...] = ()

    def begin(self, tiles: Iterable[int]) -> None:
        """As for `Engine`."""
        self.array.begin(tiles)

    def offers(self, cycle: int) -> bool:
        """Whether a row of C is offered."""
        return bool(self.out) and self.out[0] <= cycle - self.behind

    def step(self, cycle: int, offers: bool, taken: bool, valid: Mapping[str, bool]) -> bool:
        """As for `Engine`."""
        runs = taken or not offers
        self.holds = not runs
        if taken:
            self.out.popleft()
        if not runs:
            self.behind += 1
        inner = self.array.offers(cycle)
        scaled = inner and runs and valid["s"]
        done = self.array.step(cycle, inner, scaled, valid)
        self.passed, self.lacks = self.array.passed, self.array.lacks
        if scaled:
            self.row += 1
            if self.leaving == self.timing.groups - 1:
                self.out.append(cycle - self.behind + self.timing.behind)
            if self.row == self.timing.rows:
                self.row = 0
                self.leaving = (self.leaving + 1) % self.timing.groups
                self.passed += ("s",)
        elif inner and runs:
            self.lacks += ("s",)
        return done or taken or scaled

    def wake(self, cycle: int) -> float:
        """As for `Engine`."""
        own = self.out[0] + self.behind if self.out and not self.holds else NEVER
        return min(self.array.wake(cycle), own if own > cycle else NEVER)

    def skip(self, cycles: int) -> None:
        """As for `Engine`."""
        self.array.skip(cycles)
        if self.holds:
            self.behind += cycles


class WeightStationary(Engine):
    """An engine that keeps R beats of B while rows of A pass; partial sums circulate, see
    `golden.arrays.systolic_ws`.

    Sums that circulate wait for their row of A; nothing moves then, but a row of C leaves.
    """

    def __init__(self, timing: EngineTiming) -> None:
        super().__init__(timing)
        self.size = timing.weights
        self.loaded = False
        self.position = 0
        self.opened: float = 0
        """Rows of the next weights that have been taken, and own time at which the next may be."""
        self.slot = 0
        """Own time modulo the rows at which a fold that circulates begins."""
        self.circulating, self.sent = False, False

    def offers(self, cycle: int) -> bool:
        return not self.sent and super().offers(cycle)

    def step(self, cycle: int, offers: bool, taken: bool, valid: Mapping[str, bool]) -> bool:
        self.passed, self.lacks = (), ()
        now = cycle - self.standstill
        self.frozen = offers and not taken
        if self.frozen:
            self.standstill += 1
            return False
        open_ = self.beat > 0 or (
            self.loaded and (not self.circulating or (now - self.slot) % self.size == 0)
        )
        if open_ and not valid["a"]:
            self.lacks = ("a",)
            if self.circulating:
                self.frozen = True
                self.standstill += 1
                self.sent = self.sent or offers
                return taken
        if self.rows and self.rows[0] <= now:
            self.rows.popleft()
        self.sent = False
        if open_ and valid["a"]:
            self._pass(now)
        if not self.loaded and now >= self.opened:
            self._load(valid["b"])
        return taken or bool(self.passed)

    def _pass(self, now: int) -> None:
        """A row of A enters, the first of its fold with a new set of weights."""
        self.passed = ("a",)
        finals = self.timing.finals
        first, final = self.group == 0 or self.group - 1 in finals, self.group in finals
        if self.beat == 0:
            self.loaded, self.opened = False, now
            if first:
                self.slot = now
        if final:
            self.rows.append(now + self.timing.latency)
        self.beat += 1
        ends = self.beat == self.timing.beats[self.group]
        self.circulating = not final or (not first and not ends)
        if ends:
            self.beat = 0
            self.group = (self.group + 1) % len(self.timing.beats)

    def _load(self, valid: bool) -> None:
        """A row of the next weights is taken, if there is one; after the last the next set waits
        for the next swap."""
        if not valid:
            self.lacks += ("b",)
            return
        self.passed += ("b",)
        self.position += 1
        if self.position == self.size:
            self.position, self.loaded, self.opened = 0, True, NEVER

    def wake(self, cycle: int) -> float:
        if self.frozen:
            return NEVER
        now = cycle - self.standstill
        times: list[float] = [self.rows[0]] if self.rows and self.rows[0] > now else []
        if self.loaded and self.circulating and self.beat == 0:
            times.append(now + 1 + (self.slot - now - 1) % self.size)
        return min(times, default=NEVER) + self.standstill
