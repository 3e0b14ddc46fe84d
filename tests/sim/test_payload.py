"""Payloads: lane 0 lowest, then the first and last marks; packing and unpacking are inverse."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from golden.schedule import Beats
from sim.job import Lanes
from sim.payload import pack, unpack

pytestmark = pytest.mark.fast


def test_layout() -> None:
    beats = Beats(
        data=np.array([[0b101, 0b010], [0b111, 0]], np.uint8),
        first=np.array([True, False]),
        last=np.array([False, True]),
    )
    assert pack(beats, Lanes(count=2, bits=3)) == [0b01_010_101, 0b10_000_111]


@given(
    bits=st.integers(2, 64),
    count=st.integers(1, 9),
    beats=st.integers(0, 4),
    seed=st.integers(0, 2**32 - 1),
)
def test_unpack_is_the_inverse(bits: int, count: int, beats: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    lanes = Lanes(count=count, bits=bits)
    codes = random.integers(0, 2**bits - 1, (beats, count), np.uint64, endpoint=True)
    marks = random.integers(0, 4, beats, np.uint8)
    sent = Beats(data=codes.astype(lanes.dtype), first=marks & 1 != 0, last=marks & 2 != 0)
    back, back_marks = unpack(pack(sent, lanes), lanes)
    assert back.dtype == lanes.dtype
    assert np.array_equal(back, codes)
    assert np.array_equal(back_marks, marks)
