"""The scoreboard finds the first wrong element and the first broken rule, and says them well."""

from typing import Any

import numpy as np
import pytest

from golden.spec import EngineSpec
from sim.errors import ProtocolError
from sim.job import Job, Lanes, Record
from sim.scoreboard import Verdict, check_protocol, compare
from sim.stall import stall_patterns

pytestmark = pytest.mark.fast

SPEC = EngineSpec.make(element="mac", array="systolic-os", rows=2, cols=3)
A = np.arange(20).reshape(4, 5) - 9
B = np.arange(20).reshape(5, 4)
SCHEDULE = SPEC.schedule(A, B)
"""Two by two tiles of two rows each; the right ones have one column in C and two beyond it."""
C = A @ B
DONE = {
    **dict.fromkeys(("first", "resets", "hang", "extra", "unstable"), 0),
    **dict.fromkeys(("a_valid", "a_ready", "b_valid", "b_ready", "c_valid", "c_ready"), 1),
    "cycle": 99,
    "a_taken": len(SCHEDULE.a.first),
    "b_taken": len(SCHEDULE.b.first),
}


def _job(**changes: Any) -> Job:
    lanes = Lanes(count=3, bits=8)
    fields: dict[str, Any] = {
        "operands": SCHEDULE.operands,
        "lanes": dict.fromkeys("abc", lanes),
        "stalls": stall_patterns("abc", 0, 0),
        "rows": SCHEDULE.outputs,
        "resets": (),
        "noise": 0,
        "drain": 0,
        "patience": 50,
    }
    return Job(**fields | changes)


def _record(rows: int = 8, **changes: int) -> Record:
    return Record(
        codes=SCHEDULE.cut(C)[:rows].astype(np.int32).view(np.uint32),
        marks=np.array([1, 2] * 4, np.uint8)[:rows],
        cycles=np.arange(10, 10 + rows),
        numbers=DONE | changes,
    )


def _compare(record: Record) -> Verdict:
    return compare(SCHEDULE, record, SPEC.formats[2], expected=C.astype(np.int32), a=A, b=B)


def test_right_results_pass() -> None:
    record = _record()
    verdict = _compare(record)
    assert verdict == Verdict(mismatches=0, first=None)
    check_protocol(SCHEDULE, _job(), record, verdict)


def test_the_first_mismatch_is_the_first_that_left() -> None:
    record = _record()
    record.codes[5, 1] += 1  # tile 2, row 3 of C
    record.codes[2, 0] -= 7  # tile 1, row 0 of C, column 3
    record.codes[6, 0] -= 1
    verdict = _compare(record)
    assert verdict.mismatches == 3
    first = verdict.first
    assert first is not None
    assert (first.row, first.col, first.tile, first.tiles, first.cycle) == (0, 3, 1, 4, 12)
    assert first.got == first.expected - 7 == C[0, 3] - 7
    assert np.array_equal(first.a_row, A[0])
    assert np.array_equal(first.b_col, B[:, 3])
    assert str(first) == (
        "C[0, 3] is -352, expected -345: tile 1 of 0..3, first differs in cycle 12\n"
        "  A[0, :] = [-9, -8, -7, -6, -5]\n"
        "  B[:, 3] = [3, 7, 11, 15, 19]"
    )


def test_what_lies_beyond_c_does_not_count() -> None:
    record = _record()
    record.codes[2, 1:] = 123
    assert _compare(record).mismatches == 0


def test_long_operands_are_shortened() -> None:
    a, b = np.ones((1, 1000), np.int8), np.ones((1000, 1), np.int8)
    schedule = SPEC.schedule(a, b)
    record = Record(
        codes=np.zeros((2, 3), np.uint32),
        marks=np.array([1, 2], np.uint8),
        cycles=np.array([1, 2]),
        numbers=DONE,
    )
    expected = np.full((1, 1), 1000, np.int32)
    verdict = compare(schedule, record, SPEC.formats[2], expected=expected, a=a, b=b)
    assert "1, 1, 1, ..., 1, 1, 1" in str(verdict.first)
    assert "(1000 values)" in str(verdict.first)
    assert len(str(verdict.first)) < 300


@pytest.mark.parametrize(
    ("record", "job", "said"),
    [
        (_record(3, hang=1), _job(), r"hangs: no beat moved in the 50 cycles before cycle 99"),
        (_record(3, hang=1), _job(), r"stream c: 3 of 8 beats moved, valid = 1, ready = 1"),
        (_record(3, hang=1), _job(), r"the 3 rows of C that came are right"),
        (_record(extra=1), _job(), r"cycle 99: a row of C too many, all 8 were there already"),
        (_record(5, unstable=1), _job(), r"row 5 of C was offered, not taken, and then withdrawn"),
        (
            _record(),
            _job(resets=(120,)),
            r"not all resets took place: the work was done in",
        ),
        (_record(b_taken=4), _job(), r"left operands behind\n(.*\n)*  stream b: 4 of 20 beats"),
    ],
)
def test_broken_rules(record: Record, job: Job, said: str) -> None:
    with pytest.raises(ProtocolError, match=said):
        check_protocol(SCHEDULE, job, record, _compare(record))


@pytest.mark.parametrize("wrong", [0, 3])
def test_marks_on_the_wrong_row(wrong: int) -> None:
    record = _record()
    record.marks[5] = wrong
    with pytest.raises(
        ProtocolError, match=rf"cycle 15: row 1 of tile 2 came with first = {wrong & 1}, last = "
    ):
        check_protocol(SCHEDULE, _job(), record, _compare(record))


def test_a_broken_rule_comes_with_the_first_mismatch() -> None:
    record = _record(3, hang=1)
    record.codes[1, 0] += 1
    with pytest.raises(ProtocolError, match=r"hangs(.*\n)*C\[1, 0\] is "):
        check_protocol(SCHEDULE, _job(), record, _compare(record))
