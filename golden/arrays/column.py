"""Digit-serial array: a row of elements shares the digits of A, one digit that is not zero a cycle.

A tile is C[R, N] += A[R, K] B[K, N] for R = rows, N = cols and any K. Beat k of stream A is column
k of A, beat k of stream B is row k of B; `first` and `last` mark k = 0 and k = K - 1.

Every row of the array works through the digits of its own numbers; zeros take no time. The last
`window` rows of B are kept where all elements reach them, so the rows of the array may run that
many beats apart; the slowest holds the others back beyond that.

Elements that add several digits at a time have as many lanes in a row. Beats go to them in turn, so
that each has its own numbers and its own window, and they wait for each other when a tile ends.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from golden.arrays import systolic_os
from golden.schedule import output_stationary as schedule

__all__ = ["Shape", "cycles_on", "cycles_reference", "latency", "schedule"]

FRONT = 3
"""Registers that a beat of A passes before it waits for its beat of B."""

BACK = 3
"""Cycles from the one that lets a row of C leave to the one in which it is off the drain bus."""

CHUNK = 512
"""Beats that are walked one after the other before the state of the array is compared."""

Ints = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Shape:
    """What of an array decides its cycles.

    Parameters
    ----------
    rows : int
    ways : int
        Lanes of a row, each with a queue and a window of its own. Beats go to them in turn.
    window : int
        Beats of B that are kept for a lane.
    resolves : bool
        As for `golden.arrays.systolic_os.drain_registers`.
    """

    rows: int
    ways: int
    window: int
    resolves: bool

    @property
    def behind(self) -> int:
        """Cycles from the one that lets a row of C leave to the one in which it is offered."""
        return BACK + systolic_os.drain_registers(self.rows, self.resolves)


def latency(k: int, *, steps: int, shape: Shape) -> int:
    """Cycles from the first beat of a tile to its first row of C, both included, at most.

    Parameters
    ----------
    steps : int
        Cycles that a number of A takes at most.
    """
    return FRONT + 2 + max(k * steps, shape.ways) + shape.behind


def cycles_reference(steps: Ints, last: NDArray[np.bool_], shape: Shape) -> int:
    """Specification of `cycles_on`: the array cycle by cycle."""
    beats = list(zip(steps.tolist(), last.tolist(), strict=True))
    rows, ways = range(shape.rows), range(shape.ways)
    # A number in a lane's queue: its beat, cycles left, whether its tile ends.
    queues: list[list[list[list[int]]]] = [[[] for _ in ways] for _ in rows]
    kept: list[list[int]] = [[] for _ in ways]
    finished = [[0] * shape.ways for _ in rows]
    granted, turn, lane = [0] * shape.rows, 0, 0
    at, cycle, left = 0, FRONT, sum(shape.rows for _, ends in beats if ends)
    while left:
        # All that decides is looked at before anything moves.
        grant = min(finished[turn]) > granted[turn]
        taken = at < len(beats)
        times, ends = beats[at] if taken else ([], False)
        takes = list(ways) if ends else [lane] if any(times) else []
        if taken:
            taken = all(_has_place(kept[way], [q[way] for q in queues], shape) for way in takes)
        for row in rows:
            for way in ways:
                queue = queues[row][way]
                may_start = finished[row][way] == granted[row] or (grant and turn == row)
                if queue and may_start:
                    queue[0][1] -= 1
                    if queue[0][1] <= 0:
                        finished[row][way] += queue.pop(0)[2]
        if taken:
            for way in takes:
                kept[way].append(at)
                for row in rows:
                    time = times[row] if way == lane else 0
                    if time or ends:
                        queues[row][way].append([at, time, ends])
            lane = (lane + bool(takes)) % shape.ways
            at += 1
        if grant:
            granted[turn] += 1
            turn = (turn + 1) % shape.rows
            left -= 1
        cycle += 1
    return cycle - 1 + shape.behind


def _has_place(kept: list[int], queues: list[list[list[int]]], shape: Shape) -> bool:
    """Whether no queue waits for the beat whose place in a lane's window is the next one."""
    if len(kept) < shape.window:
        return True
    return all(number[0] != kept[-shape.window] for queue in queues for number in queue)


def cycles_on(steps: Ints, last: NDArray[np.bool_], shape: Shape) -> int:
    """Cycles from the first beat to the last row of C, both included, when no stream stalls.

    The beats are cut into chunks that are walked side by side, each from an estimate of the state
    in which its predecessor leaves the array, until every estimate has come true.

    Parameters
    ----------
    steps : int array (beats, rows)
        Cycles that each number of A takes.
    last : bool array (beats,)
        The beat ends its tile.
    """
    chunks = -(-len(steps) // CHUNK)
    length = -(-len(steps) // chunks)
    # What pads the last chunk is taken and forgotten: it changes no later time that counts.
    padding = chunks * length - len(steps)
    times = np.pad(steps, ((0, padding), (0, 0))).reshape(chunks, length, shape.rows)
    ends = np.pad(last, (0, padding)).reshape(chunks, length)
    start = np.zeros((chunks, shape.ways * (shape.window + shape.rows) + 1), np.int64)
    after, took = start.copy(), np.zeros(chunks, np.int64)
    stale = np.arange(chunks)
    while stale.size:
        after[stale], took[stale] = _walk(start[stale], times[stale], ends[stale], shape)
        # Times before a chunk's first cycle cannot hold anything up.
        follows = np.maximum(after[:-1] - took[:-1, None], 0)
        stale = 1 + np.flatnonzero((follows != start[1:]).any(axis=1))
        start[1:] = follows
    return FRONT - 1 + int(took[:-1].sum() + after[-1, -1]) + shape.behind


def _walk(start: Ints, times: Ints, ends: NDArray[np.bool_], shape: Shape) -> tuple[Ints, Ints]:
    """Many chunks at once: the state of the array behind each, and when its last beat was taken.

    A state says, for every lane, the one whose turn it is first: when each place of its window is
    free, the one that is needed next first, and when each row last finished a number there; and
    when the last row of C was let out. Times count from the last beat before the chunk.
    """
    chunks, (ways, window, rows) = len(start), (shape.ways, shape.window, shape.rows)
    free = start[:, : ways * window].reshape(chunks, ways, window)
    done = start[:, ways * window : -1].reshape(chunks, ways, rows)
    let_out, taken = start[:, -1], np.zeros(chunks, np.int64)
    order = np.arange(rows)
    for beat in range(times.shape[1]):
        ending = ends[:, beat]
        time = np.zeros_like(done)
        time[:, 0] = times[:, beat]
        busy = np.maximum(time > 0, ending[:, None, None])
        keeps = np.logical_or.reduce(busy, axis=2)
        taken = np.maximum(taken + 1, np.max(np.where(keeps, free[:, :, 0], 0), axis=1))
        then = np.maximum(done, taken[:, None, None]) + np.maximum(time, 1)
        done = np.where(busy, then, done)
        place = np.max(np.where(busy, then, 0), axis=2, keepdims=True) + 1
        moved = np.concatenate([free[:, :, 1:], place], axis=2)
        free = np.where(keeps[:, :, None], moved, free)
        if ending.any():
            # Rows of C leave one after the other, and a row of the array starts over as its leaves.
            complete = np.maximum.accumulate(done.max(axis=1) - order, axis=1)
            leave = np.maximum(let_out[:, None], complete) + order + 1
            started = np.maximum(done, leave[:, None] - 1)
            done = np.where(ending[:, None, None], started, done)
            let_out = np.where(ending, leave[:, -1], let_out)
        if ways > 1:
            turns = keeps[:, 0, None, None]
            free, done = (np.where(turns, np.roll(x, -1, axis=1), x) for x in (free, done))
    state = [free.reshape(chunks, -1), done.reshape(chunks, -1), let_out[:, None]]
    return np.hstack(state), taken
