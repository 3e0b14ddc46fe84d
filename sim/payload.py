"""Beats as the integers that a packed port carries, and back: what payload.h is to the harness."""

import numpy as np
from numpy.typing import NDArray

from golden.schedule import Beats
from sim.job import Lanes


def pack(beats: Beats, lanes: Lanes) -> list[int]:
    """The payload of every beat: lane 0 lowest, then the first and last marks."""
    shifts = np.arange(lanes.bits, dtype=np.uint64)
    codes = beats.data.astype(np.uint64)
    bits = ((codes[:, :, None] >> shifts) & np.uint64(1)).astype(np.uint8)
    marks = np.stack([beats.first, beats.last], axis=1).astype(np.uint8)
    rows = np.concatenate([bits.reshape(len(codes), lanes.count * lanes.bits), marks], axis=1)
    return [
        int.from_bytes(row.tobytes(), "little")
        for row in np.packbits(rows, axis=1, bitorder="little")
    ]


def unpack(payloads: list[int], lanes: Lanes) -> tuple[NDArray, NDArray[np.uint8]]:
    """Bit patterns (rows, lanes) and marks (rows,) of payloads."""
    width = lanes.count * lanes.bits
    size = (width + 2 + 7) // 8
    raw = b"".join(payload.to_bytes(size, "little") for payload in payloads)
    bits = np.unpackbits(np.frombuffer(raw, np.uint8).reshape(-1, size), axis=1, bitorder="little")
    lane_bits = bits[:, :width].reshape(len(bits), lanes.count, lanes.bits).astype(np.uint64)
    shifts = np.arange(lanes.bits, dtype=np.uint64)
    codes = (lane_bits << shifts).sum(axis=2, dtype=np.uint64).astype(lanes.dtype)
    marks = (bits[:, width] | bits[:, width + 1] << 1).astype(np.uint8)
    return codes, marks
