"""Compares what an engine did with what it had to do. The same for every backend."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from golden.formats import Format
from golden.schedule import Schedule
from sim.errors import ProtocolError
from sim.job import RESULT, Job, Record

SHOWN = 6
"""Numbers shown at either end of an operand vector."""


@dataclass(frozen=True, kw_only=True)
class Mismatch:
    """The first wrong element of C, in the order in which the engine returned them.

    Parameters
    ----------
    row, col : int
        Its place in C.
    tile, tiles : int
        The tile it belongs to, counted from 0, of how many.
    a_row, b_col : array (K,)
        Its operands.
    expected, got : int or float
    cycle : int
        The cycle in which its row of C left the engine.
    """

    row: int
    col: int
    tile: int
    tiles: int
    a_row: NDArray
    b_col: NDArray
    expected: float
    got: float
    cycle: int

    def __str__(self) -> str:
        return (
            f"C[{self.row}, {self.col}] is {self.got}, expected {self.expected}:"
            f" tile {self.tile} of 0..{self.tiles - 1}, first differs in cycle {self.cycle}\n"
            f"  A[{self.row}, :] = {_shorten(self.a_row)}\n"
            f"  B[:, {self.col}] = {_shorten(self.b_col)}"
        )


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """How the rows that came back compare: wrong elements of C, and the first of them."""

    mismatches: int
    first: Mismatch | None


def compare(
    schedule: Schedule, record: Record, acc: Format, *, expected: NDArray, a: NDArray, b: NDArray
) -> Verdict:
    """Compare as many rows as came back with the golden C (M, N) of A (M, K) and B (K, N)."""
    rows = len(record.marks)
    due = schedule.cut(expected)[:rows]
    in_c = schedule.cut(np.ones(expected.shape, np.bool_))[:rows]
    wrong = (record.codes[: len(due)] != acc.encode(due)) & in_c
    if not wrong.any():
        return Verdict(mismatches=0, first=None)
    beat, lane = divmod(int(wrong.argmax()), wrong.shape[1])
    number, _, (row, col) = schedule.locate(beat, lane)
    first = Mismatch(
        row=row,
        col=col,
        tile=number,
        tiles=len(schedule.tiles),
        a_row=a[row],
        b_col=b[:, col],
        expected=expected[row, col].item(),
        got=acc.decode(record.codes[beat, lane]).item(),
        cycle=int(record.cycles[beat]),
    )
    return Verdict(mismatches=int(np.count_nonzero(wrong)), first=first)


def check_protocol(schedule: Schedule, job: Job, record: Record, verdict: Verdict) -> None:
    """Whether the engine kept to the rules of its streams.

    Raises
    ------
    ProtocolError
        If it hung, returned a row too many, took back a row it had offered, left operands, or set a
        mark on the wrong row. It says whether the rows that came before are right.
    """
    broken = _broken_rule(schedule, job, record)
    if broken:
        before = f"the {len(record.marks)} rows of C that came are right"
        raise ProtocolError(f"{broken}\n{verdict.first or before}")


def _broken_rule(schedule: Schedule, job: Job, record: Record) -> str:
    """The first rule that was broken, empty if none was."""
    numbers = record.numbers
    cycle = numbers["cycle"]
    left = any(numbers[f"{name}_taken"] != len(beats.first) for name, beats in job.operands.items())
    wrong_mark = _wrong_mark(schedule, record)
    rules = (
        (wrong_mark, wrong_mark),
        (
            numbers["unstable"],
            f"stream c, cycle {cycle}: row {len(record.marks)} of C was offered, not taken, and"
            " then withdrawn or changed",
        ),
        (
            numbers["hang"],
            f"the engine hangs: no beat moved in the {job.patience} cycles before cycle {cycle}\n"
            + _waiting(job, record),
        ),
        (
            numbers["extra"],
            f"stream c, cycle {cycle}: a row of C too many, all {job.rows} were there already",
        ),
        (
            numbers["resets"] < len(job.resets),
            f"not all resets took place: the work was done in cycle {cycle}",
        ),
        (left, f"the engine left operands behind\n{_waiting(job, record)}"),
    )
    return next((text for broken, text in rules if broken), "")


def _wrong_mark(schedule: Schedule, record: Record) -> str:
    heights = np.array([tile.rows for tile in schedule.tiles])
    ends = np.cumsum(heights)
    due = np.zeros(schedule.outputs, np.uint8)
    due[ends - heights] |= 1
    due[ends - 1] |= 2
    wrong = np.flatnonzero(record.marks != due[: len(record.marks)])
    if not wrong.size:
        return ""
    beat = int(wrong[0])
    number, row, _ = schedule.locate(beat)
    return (
        f"stream c, cycle {record.cycles[beat]}: row {row} of tile {number} came with"
        f" {_marks(record.marks[beat])}, expected {_marks(due[beat])}"
    )


def _marks(marks: int) -> str:
    return f"first = {marks & 1}, last = {marks >> 1 & 1}"


def _waiting(job: Job, record: Record) -> str:
    """Who waits for whom, one line a stream."""
    moved = {
        name: (record.numbers[f"{name}_taken"], len(beats.first))
        for name, beats in job.operands.items()
    }
    moved[RESULT] = (len(record.marks), job.rows)
    return "\n".join(
        f"  stream {name}: {beats} of {due} beats moved,"
        f" valid = {record.numbers[f'{name}_valid']}, ready = {record.numbers[f'{name}_ready']}"
        for name, (beats, due) in moved.items()
    )


def _shorten(vector: NDArray) -> str:
    if len(vector) <= 2 * SHOWN:
        return f"[{', '.join(map(str, vector))}]"
    head, tail = (", ".join(map(str, part)) for part in (vector[:SHOWN], vector[-SHOWN:]))
    return f"[{head}, ..., {tail}] ({len(vector)} values)"
