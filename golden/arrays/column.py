"""Digit-serial array: a row of elements shares the digits of A, one digit that is not zero a cycle.

A tile is C[R, N] += A[R, K] B[K, N] for R = rows, N = cols and any K. Beat k of stream A is column
k of A, beat k of stream B is row k of B; `first` and `last` mark k = 0 and k = K - 1.

Every row of the array works through the digits of its own numbers; zeros take no time. The last
`window` rows of B are kept where all elements reach them, so the rows of the array may run that
many beats apart; the slowest holds the others back beyond that.
"""

import numpy as np
from numpy.typing import NDArray

from golden.arrays import systolic_os
from golden.arrays.systolic_os import schedule

__all__ = ["cycles_on", "cycles_reference", "latency", "schedule"]

FRONT = 3
"""Registers that a beat of A passes before it waits for its beat of B."""

BACK = 3
"""Cycles from the one that lets a row of C leave to the one in which it is off the drain bus."""

CHUNK = 512
"""Beats that are walked one after the other before the state of the array is compared."""

Ints = NDArray[np.int64]


def latency(k: int, *, steps: int, rows: int, cols: int, resolves: bool, window: int) -> int:
    """Cycles from the first beat of a tile to its first row of C, both included, at most.

    Parameters
    ----------
    steps : int
        Cycles that a number of A takes at most.
    """
    return FRONT + 1 + k * steps + _behind(rows, resolves)


def cycles_reference(
    steps: Ints, last: NDArray[np.bool_], *, rows: int, cols: int, resolves: bool, window: int
) -> int:
    """Specification of `cycles_on`: the array cycle by cycle."""
    beats = list(zip(steps.tolist(), last.tolist(), strict=True))
    queues: list[list[list[int]]] = [[] for _ in range(rows)]  # per row: [beat, cycles left]
    kept: list[int] = []
    finished, granted, turn = [0] * rows, [0] * rows, 0
    at, cycle, left = 0, FRONT, sum(rows for _, ends in beats if ends)
    while left:
        # Whether rows of the array, and the window, can go on is decided before anything moves.
        waiting = {beat for queue in queues for beat, _ in queue}
        grant = finished[turn] > granted[turn]
        taken = []
        if at < len(beats):
            times, ends = beats[at]
            needs_place = any(times) or ends
            if not needs_place or len(kept) < window or kept[-window] not in waiting:
                taken = [row for row in range(rows) if times[row] or ends]
                at += 1
                if needs_place:
                    kept.append(at - 1)
        for row, queue in enumerate(queues):
            may_start = finished[row] == granted[row] or (grant and turn == row)
            if queue and may_start:
                queue[0][1] -= 1
                if queue[0][1] <= 0:
                    beat, _ = queue.pop(0)
                    finished[row] += beats[beat][1]
        for row in taken:
            queues[row].append([at - 1, beats[at - 1][0][row]])
        if grant:
            granted[turn] += 1
            turn = (turn + 1) % rows
            left -= 1
        cycle += 1
    return cycle - 1 + _behind(rows, resolves)


def cycles_on(
    steps: Ints, last: NDArray[np.bool_], *, rows: int, cols: int, resolves: bool, window: int
) -> int:
    """Cycles from the first beat to the last row of C, both included, when no stream stalls.

    The beats are cut into chunks that are walked side by side, each from an estimate of the state
    in which its predecessor leaves the array, until every estimate has come true.

    Parameters
    ----------
    steps : int array (beats, rows)
        Cycles that each number of A takes.
    last : bool array (beats,)
        The beat ends its tile.
    window : int
        Beats of B that are kept.
    """
    chunks = -(-len(steps) // CHUNK)
    length = -(-len(steps) // chunks)
    # What pads the last chunk is taken and forgotten: it changes no later time that counts.
    padding = chunks * length - len(steps)
    times = np.pad(steps, ((0, padding), (0, 0))).reshape(chunks, length, rows)
    ends = np.pad(last, (0, padding)).reshape(chunks, length)
    start = np.zeros((chunks, window + rows + 1), np.int64)
    after, took = start.copy(), np.zeros(chunks, np.int64)
    stale = np.arange(chunks)
    while stale.size:
        after[stale], took[stale] = _walk(start[stale], times[stale], ends[stale], window)
        # Times before a chunk's first cycle cannot hold anything up.
        follows = np.maximum(after[:-1] - took[:-1, None], 0)
        stale = 1 + np.flatnonzero((follows != start[1:]).any(axis=1))
        start[1:] = follows
    return FRONT - 1 + int(took[:-1].sum() + after[-1, -1]) + _behind(rows, resolves)


def _walk(start: Ints, times: Ints, ends: NDArray[np.bool_], window: int) -> tuple[Ints, Ints]:
    """Many chunks at once: the state of the array behind each, and when its last beat was taken.

    A state (chunks, window + rows + 1) says when each place of the window is free, the one that is
    needed next first, when each row of the array last finished a number, and when the last row of C
    was let out. Times count from the last beat before the chunk.
    """
    rows = times.shape[2]
    free, done, let_out = start[:, :window], start[:, window:-1].copy(), start[:, -1].copy()
    taken = np.zeros(len(start), np.int64)
    order = np.arange(rows)
    for beat in range(times.shape[1]):
        ending = ends[:, beat]
        busy = np.maximum(times[:, beat] > 0, ending[:, None])
        kept = np.logical_or.reduce(busy, axis=1)
        taken = np.where(kept, np.maximum(taken + 1, free[:, 0]), taken + 1)
        then = np.maximum(done, taken[:, None]) + np.maximum(times[:, beat], 1)
        done = np.where(busy, then, done)
        place = np.max(np.where(busy, then, 0), axis=1, keepdims=True) + 1
        free = np.where(kept[:, None], np.hstack([free[:, 1:], place]), free)
        if ending.any():
            # Rows of C leave one after the other, and a row of the array starts over as its leaves.
            first = np.maximum(let_out[:, None], np.maximum.accumulate(done - order, axis=1))
            leave = first + order + 1
            done = np.where(ending[:, None], np.maximum(done, leave - 1), done)
            let_out = np.where(ending, leave[:, -1], let_out)
    return np.column_stack([free, done, let_out]), taken


def _behind(rows: int, resolves: bool) -> int:
    """Cycles from the one that lets a row of C leave to the one in which it is offered."""
    return BACK + systolic_os.drain_registers(rows, resolves)
