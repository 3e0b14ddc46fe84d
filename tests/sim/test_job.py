"""Jobs and records survive the folder they cross in."""

from pathlib import Path

import numpy as np
import pytest

from golden.schedule import Beats
from sim.job import Job, Lanes, Record
from sim.stall import stall_patterns

pytestmark = pytest.mark.fast


def _beats(lanes: Lanes, data: list[list[int]]) -> Beats:
    return Beats(
        data=np.array(data, lanes.dtype),
        first=np.arange(len(data)) == 0,
        last=np.arange(len(data)) == len(data) - 1,
    )


@pytest.mark.parametrize("scales", [False, True])
def test_a_job_comes_back(tmp_path: Path, scales: bool) -> None:
    a, b, c = Lanes(count=2, bits=8), Lanes(count=3, bits=17), Lanes(count=3, bits=40)
    operands = {
        "a": _beats(a, [[1, 2], [3, 255]]),
        "b": _beats(b, [[1 << 16, 5, 6], [7, 8, 9]]),
        **({"s": _beats(b, [[10, 11, 1]])} if scales else {}),
    }
    job = Job(
        operands=operands,
        lanes={"a": a, "b": b, **({"s": b} if scales else {}), "c": c},
        stalls=stall_patterns([*operands, "c"], 0.5, seed=4),
        rows=7,
        resets=(3, 17),
        noise=5,
        drain=11,
        patience=13,
    )
    job.write(tmp_path)
    back = Job.read(tmp_path)
    assert back.operands.keys() == operands.keys()
    for stream, sent in operands.items():
        got = back.operands[stream]
        assert got.data.dtype == sent.data.dtype
        assert np.array_equal(got.data, sent.data)
        assert np.array_equal(got.first, sent.first)
        assert np.array_equal(got.last, sent.last)
    assert back.stalls.keys() == job.stalls.keys()
    assert all(np.array_equal(back.stalls[name], job.stalls[name]) for name in job.stalls)
    same = ("lanes", "rows", "resets", "noise", "drain", "patience")
    assert [getattr(back, name) for name in same] == [getattr(job, name) for name in same]


def test_signed_beats_cross_as_bit_patterns(tmp_path: Path) -> None:
    lanes = Lanes(count=1, bits=8)
    beats = Beats(data=np.array([[-1]], np.int8), first=np.ones(1, bool), last=np.ones(1, bool))
    Job(
        operands={"a": beats, "b": beats},
        lanes=dict.fromkeys("abc", lanes),
        stalls=stall_patterns("abc", 0, seed=0),
        rows=1,
        resets=(),
        noise=0,
        drain=0,
        patience=1,
    ).write(tmp_path)
    assert Job.read(tmp_path).operands["a"].data.tolist() == [[255]]


def test_a_record_comes_back(tmp_path: Path) -> None:
    lanes = Lanes(count=2, bits=33)
    record = Record(
        codes=np.array([[1 << 32, 2], [3, 4]], lanes.dtype),
        marks=np.array([1, 2], np.uint8),
        cycles=np.array([7, 9]),
        numbers={"first": -1, "cycle": 12},
    )
    record.write(tmp_path)
    back = Record.read(tmp_path, lanes)
    assert np.array_equal(back.codes, record.codes)
    assert np.array_equal(back.marks, record.marks)
    assert np.array_equal(back.cycles, record.cycles)
    assert back.numbers == record.numbers
