"""When digit-serial arrays take beats and offer rows of C, with stalls on every stream."""

import math
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from golden.arrays.column import FRONT, Shape

NEVER = math.inf


@dataclass(frozen=True, kw_only=True)
class SerialTiming:
    """What of a digit-serial array decides its cycles.

    Parameters
    ----------
    beats : int
        Of a tile.
    steps : tuple of tuple of int
        Cycles that each number of each beat takes, tile after tile as the schedule has them.
    shape : Shape
    paired : bool
        It takes beats of A and B together.
    """

    beats: int
    steps: tuple[tuple[int, ...], ...]
    shape: Shape
    paired: bool


@dataclass
class Number:
    """A number in a lane's queue: of which beat, cycles left, whether its tile ends."""

    beat: int
    left: int
    ends: bool


class Column:
    """A digit-serial array, see `golden.arrays.column.cycles_reference`, with stalls.

    A beat of A passes `FRONT` registers and waits in the last one for its beat of B.
    """

    def __init__(self, timing: SerialTiming) -> None:
        self.timing, self.shape = timing, timing.shape
        self.rows: deque[int] = deque()
        self.standstill = 0
        self.frozen = False
        self.passed: tuple[str, ...] = ()
        self.lacks: tuple[str, ...] = ()
        self.beats: deque[tuple[tuple[int, ...], bool]] = deque()
        """Of the beats that are still to come: cycles a row, and whether a tile ends."""
        self.front: list[tuple[tuple[int, ...], bool] | None] = [None] * FRONT
        rows, ways = self.shape.rows, self.shape.ways
        self.queues = [[deque[Number]() for _ in range(ways)] for _ in range(rows)]
        self.kept: list[list[int]] = [[] for _ in range(ways)]
        self.finished = [[0] * ways for _ in range(rows)]
        self.granted = [0] * rows
        self.turn, self.lane, self.at = 0, 0, 0

    def begin(self, tiles: Iterable[int]) -> None:
        """As for `golden.trigger.engines.Engine`."""
        count = self.timing.beats
        for tile in tiles:
            for beat in range(count):
                steps = self.timing.steps[tile * count + beat]
                self.beats.append((steps, beat == count - 1))

    def offers(self, cycle: int) -> bool:
        """As for `golden.trigger.engines.Engine`."""
        return bool(self.rows) and self.rows[0] <= cycle - self.standstill

    def step(self, cycle: int, offers: bool, taken: bool, valid: Mapping[str, bool]) -> bool:
        """As for `golden.trigger.engines.Engine`."""
        self.passed, self.lacks = (), ()
        self.frozen = offers and not taken
        if self.frozen:
            self.standstill += 1
            return False
        if taken:
            self.rows.popleft()
        # All that decides is looked at before anything moves.
        grant = min(self.finished[self.turn]) > self.granted[self.turn]
        oldest = self.front[-1]
        lanes = self._lanes(oldest)
        may_enter = oldest is not None and all(map(self._has_place, lanes))
        enters = may_enter and (self.timing.paired or valid["b"])
        moves = [enters or oldest is None]
        for register in reversed(self.front[:-1]):
            moves.insert(0, moves[0] or register is None)
        self._take(moves[0], may_enter, valid)
        worked = self._work(grant)
        if enters and oldest:
            self._enter(*oldest, lanes)
        shifts = any(map(bool, self.front)) and any(moves)
        arriving = self.beats.popleft() if "a" in self.passed else None
        before = [arriving, *self.front]
        self.front = [
            before[level] if moves[level] else self.front[level] for level in range(FRONT)
        ]
        if grant:
            self.granted[self.turn] += 1
            self.turn = (self.turn + 1) % self.shape.rows
            self.rows.append(cycle - self.standstill + self.shape.behind - 1)
        return bool(taken or grant or worked or enters or shifts or self.passed)

    def _take(self, free: bool, may_enter: bool, valid: Mapping[str, bool]) -> None:
        """Which operands pass, and which ones are waited for."""
        if self.timing.paired:
            if free and all(valid.values()):
                self.passed = ("a", "b")
            elif free and sum(valid.values()) == 1:
                self.lacks = tuple(name for name in "ab" if not valid[name])
            return
        ready = {"a": free, "b": may_enter}
        self.passed = tuple(name for name in "ab" if ready[name] and valid[name])
        self.lacks = tuple(name for name in "ab" if ready[name] and not valid[name])

    def _lanes(self, beat: tuple[tuple[int, ...], bool] | None) -> list[int]:
        """Lanes whose windows a beat goes to."""
        if beat is None:
            return []
        times, ends = beat
        return list(range(self.shape.ways)) if ends else [self.lane] if any(times) else []

    def _has_place(self, way: int) -> bool:
        """Whether the next place of a lane's window is free."""
        kept, window = self.kept[way], self.shape.window
        return len(kept) < window or all(
            number.beat != kept[-window] for queues in self.queues for number in queues[way]
        )

    def _work(self, grant: bool) -> bool:
        """A cycle of all lanes; whether any had something to do."""
        worked = False
        for row, queues in enumerate(self.queues):
            for way, queue in enumerate(queues):
                starts = self.finished[row][way] == self.granted[row]
                if queue and (starts or (grant and row == self.turn)):
                    worked = True
                    queue[0].left -= 1
                    if queue[0].left <= 0:
                        self.finished[row][way] += queue.popleft().ends
        return worked

    def _enter(self, times: tuple[int, ...], ends: bool, lanes: list[int]) -> None:
        for way in lanes:
            self.kept[way] = [*self.kept[way][1 - self.shape.window :], self.at]
            for row, queues in enumerate(self.queues):
                time = times[row] if way == self.lane else 0
                if time or ends:
                    queues[way].append(Number(self.at, time, ends))
        self.lane = (self.lane + bool(lanes)) % self.shape.ways
        self.at += 1

    def wake(self, cycle: int) -> float:
        """As for `golden.trigger.engines.Engine`."""
        if self.frozen or not self.rows or self.rows[0] <= cycle - self.standstill:
            return NEVER
        return self.rows[0] + self.standstill

    def skip(self, cycles: int) -> None:
        """As for `golden.trigger.engines.Engine`."""
        if self.frozen:
            self.standstill += cycles
