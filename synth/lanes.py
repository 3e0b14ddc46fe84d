"""Values of ports, lane by lane, in and out of a simulator."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from synth.netlist import Ints, Netlist
from synth.power import Activity
from synth.simulate import Simulator, Words

MAX_LANES = 256
"""More lanes add little accuracy for their time."""


class Lanes:
    """A simulator of `netlist` in which `count` lanes are driven and counted.

    Parameters
    ----------
    netlist : Netlist
    count : int
    steps : int array (nets,) or None
        As for `Simulator`.
    """

    def __init__(self, netlist: Netlist, count: int, steps: Ints | None) -> None:
        self.count = count
        self.simulator = Simulator(netlist, -(-count // 64), steps)
        self.simulator.mask[:] = self._pack(np.ones((count, 1)))[0]
        self._nets = {name: nets for name, (_, nets) in netlist.ports.items()}

    def width(self, port: str) -> int:
        """Bits of a port."""
        return len(self._nets[port])

    def drive(self, port: str, bits: ArrayLike) -> None:
        """Set a port to `bits` (lanes, width), or to the same bits (width,) in all lanes."""
        whole = np.broadcast_to(bits, (self.count, self.width(port)))
        self.simulator.drive(self._nets[port], self._pack(whole))

    def read(self, port: str) -> NDArray[np.bool_]:
        """Bits (lanes, width) of a port."""
        words = self.simulator.values[self._nets[port]]
        bits = np.unpackbits(words.view(np.uint8), axis=1, bitorder="little")
        return bits.T[: self.count].astype(bool)

    def activity(self, *, glitches: bool) -> Activity:
        """What the nets did in a cycle so far, means over all lanes."""
        simulator = self.simulator
        share = self.count * simulator.cycles
        toggles = simulator.toggles if glitches else simulator.settled
        return Activity(toggles=toggles / share, high=simulator.high / share)

    def _pack(self, bits: NDArray) -> Words:
        padded = np.zeros((bits.shape[1], 64 * -(-self.count // 64)), np.uint8)
        padded[:, : self.count] = bits.T
        return np.packbits(padded, axis=1, bitorder="little").view(np.int64)


def bits_of(codes: NDArray[np.uint64], width: int) -> NDArray[np.uint8]:
    """Bits of codes of `width` bits, low bit first, in a new last axis."""
    return (codes[..., None] >> np.arange(width, dtype=np.uint64) & np.uint64(1)).astype(np.uint8)


def codes_of(bits: NDArray[np.bool_]) -> NDArray[np.uint64]:
    """Codes of bits in the last axis, low bit first."""
    weights = np.uint64(1) << np.arange(bits.shape[-1], dtype=np.uint64)
    return bits.astype(np.uint64) @ weights
