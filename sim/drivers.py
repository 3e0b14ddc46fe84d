"""The host's side of an engine's streams in cocotb: drivers of operands, and a monitor of results.

None of them waits for anything: the bench calls them once a cycle, at the rising edge, when the
levels of the cycle that ends can still be read and what is written belongs to the next.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from golden.schedule import Beats
from sim.job import Lanes
from sim.payload import pack, unpack


class Stream:
    """The signals of one stream, looked up once.

    Parameters
    ----------
    dut : cocotb handle of the top module
    name : str
        `a`, `b`, ... or `c`.
    stalls : bool array
        Whether the host stalls in cycle t modulo the length.
    """

    def __init__(self, dut: Any, name: str, stalls: NDArray[np.bool_]) -> None:
        self.payload = getattr(dut, f"{name}_payload")
        self.valid = getattr(dut, f"{name}_valid")
        self.ready = getattr(dut, f"{name}_ready")
        self._stalls: list[bool] = stalls.tolist()

    def stalls(self, cycle: int) -> bool:
        return self._stalls[cycle % len(self._stalls)]


class Driver:
    """Offers the beats of one operand; what is offered stays until taken."""

    def __init__(self, stream: Stream, beats: Beats, lanes: Lanes) -> None:
        self._stream = stream
        self._payloads = pack(beats, lanes)
        self._level = 0
        self.offered = False
        self.taken = 0

    @property
    def beats(self) -> int:
        return len(self._payloads)

    def offer(self, cycle: int) -> None:
        """Set the signals for `cycle`."""
        if not self.offered:
            stalls = self._stream.stalls(cycle)
            self.offered = not stalls and self.taken < len(self._payloads)
            if self.offered:
                self._stream.payload.value = self._payloads[self.taken]
            if self._level != self.offered:
                self._level = int(self.offered)
                self._stream.valid.value = self._level

    def sample(self) -> bool:
        """Whether the beat on offer moves at this edge."""
        if self.offered and self._stream.ready.value:
            self.offered = False
            self.taken += 1
            return True
        return False

    def restart(self) -> None:
        self.offered = False
        self.taken = 0


class Monitor:
    """Takes rows of results and checks that a row on offer does not change."""

    def __init__(self, stream: Stream, due: int, lanes: Lanes) -> None:
        self._stream = stream
        self._due = due
        self._lanes = lanes
        self._level = 0
        self.restart()

    def restart(self) -> None:
        self._payloads: list[int] = []
        self._cycles: list[int] = []
        self._refused: int | None = None
        self.unstable = False

    @property
    def rows(self) -> int:
        return len(self._cycles)

    @property
    def full(self) -> bool:
        return self.rows >= self._due

    def offer(self, cycle: int) -> None:
        """Set the signals for `cycle`."""
        stalls = self._stream.stalls(cycle)
        ready = int(self.full or not stalls)
        if ready != self._level:
            self._level = ready
            self._stream.ready.value = ready

    def sample(self, cycle: int) -> bool:
        """Whether a row moves at this edge, which ends `cycle`."""
        if not self._stream.valid.value:
            self.unstable = self._refused is not None
            return False
        if self.full:
            return bool(self._level)
        if self._level and self._refused is None:
            self._payloads.append(int(self._stream.payload.value))
            self._cycles.append(cycle)
            return True
        payload = int(self._stream.payload.value)
        self.unstable = self._refused not in (None, payload)
        if self._level and not self.unstable:
            self._payloads.append(payload)
            self._cycles.append(cycle)
        self._refused = None if self._level else payload
        return bool(self._level)

    def results(self) -> tuple[NDArray, NDArray[np.uint8], NDArray[np.int64]]:
        """Bit patterns (rows, lanes), marks and cycles of the rows."""
        return *unpack(self._payloads, self._lanes), np.array(self._cycles, np.int64)
