"""What a backend is given and what it gives back: a folder of raw arrays and two lists of numbers.

The native harness and the cocotb bench read the same `Job` and write the same `Record`; neither
knows what is right.

A cycle ends at a rising edge of the clock. Cycle 0 is the first one after the reset that every run
starts with; before that reset the engine was fed noise, so that no register has its initial value.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from golden.formats import IntFormat
from golden.schedule import Beats

RESULT = "c"
"""The stream of results; all others carry operands."""

_STREAMS = ("a", "b", "s", RESULT)
_NUMBERS = ("rows", "noise", "drain", "patience")


@dataclass(frozen=True, kw_only=True)
class Lanes:
    """What a payload holds: `count` numbers of `bits` bits below its two marks."""

    count: int
    bits: int

    @property
    def dtype(self) -> np.dtype:
        """The smallest unsigned type that holds a lane."""
        return IntFormat(self.bits, signed=False).dtype


@dataclass(frozen=True, kw_only=True)
class Job:
    """A run of an engine.

    Parameters
    ----------
    operands : dict of str to Beats
        What each operand stream carries.
    lanes : dict of str to Lanes
        Of every stream.
    stalls : dict of str to bool array
        For every stream: whether the host stalls in cycle t modulo the length.
    rows : int
        Beats of C that are due.
    resets : tuple of int
        Cycles in which the reset is high and after which all streams start over, ascending.
    noise : int
        Cycles of random inputs before the first reset.
    drain : int
        Cycles to wait for a row too many.
    patience : int
        Cycles without a beat on any stream after which the engine hangs.
    """

    operands: dict[str, Beats]
    lanes: dict[str, Lanes]
    stalls: dict[str, NDArray[np.bool_]]
    rows: int
    resets: tuple[int, ...]
    noise: int
    drain: int
    patience: int

    def write(self, folder: Path) -> None:
        """Lay the job out in `folder`."""
        for name, beats in self.operands.items():
            beats.data.astype(self.lanes[name].dtype).tofile(folder / f"{name}.bin")
            (beats.first | beats.last.astype(np.uint8) << 1).tofile(folder / f"{name}_marks.bin")
        for name, pattern in self.stalls.items():
            pattern.tofile(folder / f"{name}_stall.bin")
        np.array(self.resets, np.int64).tofile(folder / "resets.bin")
        numbers = {name: getattr(self, name) for name in _NUMBERS}
        for name, lanes in self.lanes.items():
            numbers |= {f"{name}_count": lanes.count, f"{name}_bits": lanes.bits}
        write_numbers(folder / "job.txt", numbers)

    @classmethod
    def read(cls, folder: Path) -> "Job":
        """What `write` laid out."""
        numbers = read_numbers(folder / "job.txt")
        lanes = {
            name: Lanes(count=numbers[f"{name}_count"], bits=numbers[f"{name}_bits"])
            for name in _STREAMS
            if f"{name}_count" in numbers
        }
        return cls(
            operands={
                name: _read_beats(folder, name, own)
                for name, own in lanes.items()
                if name != RESULT
            },
            lanes=lanes,
            stalls={name: np.fromfile(folder / f"{name}_stall.bin", np.bool_) for name in lanes},
            resets=tuple(np.fromfile(folder / "resets.bin", np.int64).tolist()),
            **{name: numbers[name] for name in _NUMBERS},
        )


@dataclass(frozen=True, kw_only=True)
class Record:
    """What an engine did.

    Parameters
    ----------
    codes : array (rows, lanes)
        The rows of C that came back, as bit patterns.
    marks : uint8 array (rows,)
        Bit 0 first, bit 1 last.
    cycles : int64 array (rows,)
        When they came.
    numbers : dict of str to int
        `first` (cycle of the first beat, -1 without), `cycle` (how far it ran), `a_taken`,
        `b_taken`, ... (beats), `resets` (how many took place), `hang`, `extra`, `unstable` (0 or
        1), and the levels of `a_valid`, `a_ready`, ... in the last cycle.
    """

    codes: NDArray
    marks: NDArray[np.uint8]
    cycles: NDArray[np.int64]
    numbers: dict[str, int]

    @classmethod
    def read(cls, folder: Path, lanes: Lanes) -> "Record":
        """What a backend left in `folder`."""
        return cls(
            codes=np.fromfile(folder / "c.bin", lanes.dtype).reshape(-1, lanes.count),
            marks=np.fromfile(folder / "c_marks.bin", np.uint8),
            cycles=np.fromfile(folder / "c_cycle.bin", np.int64),
            numbers=read_numbers(folder / "record.txt"),
        )

    def write(self, folder: Path) -> None:
        """Leave it in `folder`."""
        self.codes.tofile(folder / "c.bin")
        self.marks.tofile(folder / "c_marks.bin")
        self.cycles.tofile(folder / "c_cycle.bin")
        write_numbers(folder / "record.txt", self.numbers)


def _read_beats(folder: Path, name: str, lanes: Lanes) -> Beats:
    marks = np.fromfile(folder / f"{name}_marks.bin", np.uint8)
    return Beats(
        data=np.fromfile(folder / f"{name}.bin", lanes.dtype).reshape(-1, lanes.count),
        first=marks & 1 != 0,
        last=marks & 2 != 0,
    )


def write_numbers(path: Path, numbers: dict[str, int]) -> None:
    """One `name value` a line: a format that C++ reads without a library."""
    path.write_text("".join(f"{name} {value}\n" for name, value in numbers.items()))


def read_numbers(path: Path) -> dict[str, int]:
    """What `write_numbers` wrote."""
    words = path.read_text().split()
    return {name: int(value) for name, value in zip(words[::2], words[1::2], strict=True)}
