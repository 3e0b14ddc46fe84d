"""Simulates a netlist of cells, 64 independent runs in the bits of every word.

A run is one lane: bit l % 64 of word l // 64 of a net's value. Between two clock edges the logic
settles either at once (no glitches), or in steps of time, where each cell follows its inputs after
its own delay and swallows pulses shorter than that (inertial delay). All toggles are counted, and
beside them those that remain without glitches.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synth import boolean
from synth.netlist import ONE, Ints, Netlist
from synth.timed import Timed
from synth.timing import net_levels

Words = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, eq=False)
class _Gates:
    """Outputs of cells of one kind: all of `target` is `function` of `sources` (one row a pin)."""

    function: Callable[..., Words]
    pins: tuple[str, ...]
    sources: Ints
    target: Ints


class Simulator:
    """The state of `netlist` in 64 * `words` lanes, all registers 0 at first.

    Parameters
    ----------
    netlist : Netlist
    words : int
        Words of 64 lanes.
    steps : int array (nets,) or None
        Delay of the cell that drives each net, in steps of at least 1; None settles at once.

    Attributes
    ----------
    values : int64 array (nets, words)
    mask : int64 array (words,)
        Lanes that are counted.
    toggles : int64 array (nets,)
        Changes since the last `reset_counts`, summed over lanes. A clock behind a gate changes
        twice in every cycle in which it is enabled; the clock itself is not counted.
    settled : int64 array (nets,)
        The same without glitches: whenever the logic settled, a net changed or did not.
    high : int64 array (nets,)
        How many lanes of how many cycles ended in a 1.
    cycles : int
        Clock edges since then.
    """

    def __init__(self, netlist: Netlist, words: int, steps: Ints | None = None) -> None:
        self.values = np.zeros((netlist.count, words), np.int64)
        self.values[ONE] = -1
        self.mask = np.full(words, -1, np.int64)
        self._zeros = np.zeros(words, np.int64)
        self._levels = _by_level(netlist)
        self._storage = _Storage(netlist)
        self.values[self._storage.inverted_outputs()] = -1
        self._settle_at_once()
        self._timed = None if steps is None else Timed(netlist, steps, self.values)
        self.reset_counts()

    def reset_counts(self) -> None:
        """Start counting anew."""
        self.toggles = np.zeros(len(self.values), np.int64)
        self.settled = np.zeros(len(self.values), np.int64)
        self.high = np.zeros(len(self.values), np.int64)
        self.cycles = 0

    def drive(self, nets: Ints, values: Words) -> None:
        """Set the nets of an input port, low bit first, to `values` (bits, words)."""
        changed = self._ones(self.values[nets] ^ values)
        self.toggles[nets] += changed
        self.settled[nets] += changed
        self.values[nets] = values

    def settle(self) -> None:
        """Let the logic follow its inputs."""
        before = self.values.copy()
        if self._timed is None:
            self._settle_at_once()
        else:
            self._timed.settle(self.values, self.toggles, self.mask)
        changed = self._ones(before ^ self.values)
        self.settled += changed
        if self._timed is None:
            self.toggles += changed

    def clock(self) -> None:
        """One rising edge: registers take their inputs. `drive` and `settle` have to follow."""
        self.high += self._ones(self.values)
        enables = self._storage.enables(self.values)
        for net, enable in enables.items():
            edges = 2 * int(self._ones(enable))
            self.toggles[net] += edges
            self.settled[net] += edges
        for nets, values in self._storage.edge(self.values, enables):
            self.drive(nets, values)
        self.cycles += 1

    def _ones(self, words: Words) -> NDArray[np.int64]:
        """Ones in the lanes that count, for every net."""
        # bitwise_count takes the absolute value of signed words.
        return np.bitwise_count((words & self.mask).view(np.uint64)).sum(axis=-1, dtype=np.int64)

    def _settle_at_once(self) -> None:
        for gates in self._levels:
            pins = dict(zip(gates.pins, self.values[gates.sources], strict=True))
            self.values[gates.target] = gates.function(pins, self._zeros)


class _Storage:
    """Flip-flops and clock gates: what they hold after a rising edge of the clock."""

    def __init__(self, netlist: Netlist) -> None:
        self._netlist = netlist
        self.flops: list[tuple[str, Ints]] = []
        self.gates: list[tuple[str, Ints]] = []
        for name, _, nets in netlist.groups():
            kind = netlist.library.cells[name].kind
            if kind == "flip-flop":
                self.flops.append((name, nets))
            elif kind == "clock gate":
                self.gates.append((name, nets))

    def inverted_outputs(self) -> Ints:
        """Nets at outputs of flip-flops that are at 1 while the flip-flop holds a 0."""
        found = [np.empty(0, np.int64)]
        for name, nets in self.flops:
            cell = self._netlist.library.cells[name]
            for column, pin in enumerate(cell.outputs, start=len(cell.inputs)):
                if cell.functions[pin] == cell.stored[1]:
                    found.append(nets[:, column])
        nets = np.concatenate(found)
        return nets[nets >= 0]

    def enables(self, values: Words) -> dict[int, Words]:
        """For the output net of every clock gate, in which lanes the clock passes."""
        found: dict[int, Words] = {}
        for name, nets in self.gates:
            cell = self._netlist.library.cells[name]
            pins = [column for column, pin in enumerate(cell.inputs) if pin != cell.clock_pin]
            # Whatever is not the clock, enable or test enable, opens the gate.
            open_ = np.bitwise_or.reduce([values[nets[:, column]] for column in pins])
            found |= dict(zip(nets[:, -1].tolist(), open_, strict=True))
        return found

    def edge(self, values: Words, enables: dict[int, Words]) -> list[tuple[Ints, Words]]:
        """Nets and their values after the edge."""
        after = []
        always = np.full(values.shape[1], -1, np.int64)
        zeros = np.zeros(values.shape[1], np.int64)
        for name, nets in self.flops:
            cell = self._netlist.library.cells[name]
            column = {pin: nets[:, i] for i, pin in enumerate(cell.inputs + cell.outputs)}
            state = boolean.function(cell.state)
            pins = {pin: values[column[pin]] for pin in boolean.names(cell.state)}
            clocks = column[cell.clock_pin].tolist()
            enable = np.array([enables.get(clock, always) for clock in clocks])
            for output in cell.outputs:
                inverted = cell.functions[output] == cell.stored[1]
                wired = column[output] >= 0
                taken = ~state(pins, zeros) if inverted else state(pins, zeros)
                held = values[column[output]]
                new = (taken & enable) | (held & ~enable)
                after.append((column[output][wired], new[wired]))
        return after


def _by_level(netlist: Netlist) -> list[_Gates]:
    """The outputs of all logic cells of one kind and level, by level."""
    level = net_levels(netlist)
    found: list[tuple[int, _Gates]] = []
    for cell, output, inputs, driven in netlist.logic():
        depth = level[driven]
        for at in np.unique(depth):
            gates = _Gates(
                function=boolean.function(cell.functions[output]),
                pins=cell.inputs,
                sources=inputs[depth == at].T,
                target=driven[depth == at],
            )
            found.append((int(at), gates))
    return [gates for _, gates in sorted(found, key=lambda entry: entry[0])]
