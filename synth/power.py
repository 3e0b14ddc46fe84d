"""Energy and leakage of every cell from the Liberty tables, at its real load, slew and activity.

A net's toggle costs C V^2 / 2. A cell's own energy is that of its output per toggle, averaged over
the inputs in proportion to their toggles, and that of each input per toggle, averaged over the
states that the library distinguishes. States have the probability that follows from those of the
pins, taken as independent; a clock is high half of the time.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from synth import boolean
from synth.library import Cell, Energy
from synth.netlist import Ints, Netlist
from synth.tables import Tables
from synth.timing import Timing

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True, eq=False)
class Activity:
    """What the nets of a netlist do.

    Parameters
    ----------
    toggles : array (nets,)
        Per clock cycle, clocks included (2 for one that always runs).
    high : array (nets,)
        Share of the time at 1.
    """

    toggles: Floats
    high: Floats


@dataclass(frozen=True, kw_only=True, eq=False)
class Power:
    """Energy per clock cycle in fJ and leakage in nW of every cell, arrays (instances,).

    Parameters
    ----------
    internal : array
        Inside the cell, without what its clock pin takes.
    clocked : array
        Inside the cell, at its clock pin.
    switching : array
        Of the nets it drives, but for clocks: those are the clock tree's.
    leakage : array
    """

    internal: Floats
    clocked: Floats
    switching: Floats
    leakage: Floats


def cell_power(netlist: Netlist, timing: Timing, activity: Activity) -> Power:
    """Power of every cell of `netlist`."""
    shape = len(netlist.kind)
    power = Power(
        internal=np.zeros(shape),
        clocked=np.zeros(shape),
        switching=np.zeros(shape),
        leakage=np.zeros(shape),
    )
    net_energy = timing.load.mean(axis=0) * netlist.library.voltage**2 / 2 * activity.toggles
    net_energy[clock_nets(netlist)] = 0.0
    for name, where, nets in netlist.groups():
        cell = netlist.library.cells[name]
        one = _Cells(cell, nets, timing, activity)
        power.internal[where], power.clocked[where] = one.energy()
        power.leakage[where] = one.leakage()
        for column in range(len(cell.inputs), nets.shape[1]):
            driven = nets[:, column]
            power.switching[where] += np.where(driven >= 0, net_energy[driven], 0.0)
    return power


class _Cells:
    """All cells of one kind in a netlist."""

    def __init__(self, cell: Cell, nets: Ints, timing: Timing, activity: Activity) -> None:
        self.cell = cell
        pins = cell.inputs + cell.outputs
        self.column = {pin: index for index, pin in enumerate(pins)}
        wired = nets >= 0
        self.toggles = np.where(wired, activity.toggles[nets], 0.0)
        self.high = np.where(wired, activity.high[nets], 0.0)
        self.load = np.where(wired, timing.load[:, nets], 0.0)
        self.slew = np.where(wired, timing.slew[:, nets], 0.0)
        if cell.kind == "flip-flop":
            self._complete_outputs(wired)
        if cell.clock:
            self.high[:, self.column[cell.clock_pin]] = 0.5

    def _complete_outputs(self, wired: NDArray[np.bool_]) -> None:
        """An output of a flip-flop that drives nothing still toggles, with the one that does."""
        columns = {pin: self.column[pin] for pin in self.cell.outputs}
        for pin, column in columns.items():
            for other, source in columns.items():
                alone = ~wired[:, column] & wired[:, source]
                inverse = self.cell.functions[pin] != self.cell.functions[other]
                high = 1 - self.high[:, source] if inverse else self.high[:, source]
                self.toggles[:, column] = np.where(
                    alone, self.toggles[:, source], self.toggles[:, column]
                )
                self.high[:, column] = np.where(alone, high, self.high[:, column])

    def energy(self) -> tuple[Floats, Floats]:
        """Per cycle, inside the cell: without and at the clock pin."""
        count = len(self.toggles)
        rest, clocked = np.zeros(count), np.zeros(count)
        by_pin: dict[str, list[Energy]] = {}
        for entry in self.cell.energies:
            by_pin.setdefault(entry.pin, []).append(entry)
        for pin, entries in by_pin.items():
            if pin not in self.column:
                continue
            weights = np.array([self._weight(entry) for entry in entries])
            each = np.array([self._per_toggle(entry) for entry in entries])
            total = weights.sum(axis=0)
            even = np.full_like(weights, 1 / len(entries))
            weights = np.where(total > 0, weights / np.where(total > 0, total, 1), even)
            spent = (weights * each).sum(axis=0) * self.toggles[:, self.column[pin]]
            if pin == self.cell.clock_pin and self.cell.clock:
                clocked += spent
            else:
                rest += spent
        return rest, clocked

    def _weight(self, entry: Energy) -> Floats:
        weight = np.ones(len(self.toggles))
        if entry.source in self.column:
            weight = weight * self.toggles[:, self.column[entry.source]]
        if entry.when:
            weight = weight * self._probability(entry.when)
        return weight

    def _per_toggle(self, entry: Energy) -> Floats:
        """Mean of the rising and the falling edge."""
        pin = self.column[entry.pin]
        source = self.column.get(entry.source, pin)
        tables = Tables(entry.energy)
        total = np.zeros(len(self.toggles))
        for edge in range(2):
            which = np.full(len(total), edge)
            total += tables(which, self.slew[edge, :, source], self.load[edge, :, pin])
        return total / 2

    def leakage(self) -> Floats:
        """In nW, by state where the library says so."""
        if not self.cell.leakage_states:
            return np.full(len(self.toggles), self.cell.leakage)
        weights = np.array([self._probability(when) for when, _ in self.cell.leakage_states])
        values = np.array([value for _, value in self.cell.leakage_states])
        total = weights.sum(axis=0)
        mean = (weights * values[:, None]).sum(axis=0) / np.where(total > 0, total, 1)
        return np.where(total > 0, mean, self.cell.leakage)

    def _probability(self, when: str) -> Floats:
        """That `when` holds; an output of a flip-flop and its inverse are one variable."""
        names = boolean.names(when)
        inverse = {
            pin: self.cell.outputs[0]
            for pin in self.cell.outputs[1:]
            if self.cell.kind == "flip-flop" and self.cell.outputs[0] in names
        }
        free = tuple(name for name in names if name not in inverse)
        total = np.zeros(len(self.high))
        condition = boolean.function(when)
        zero = np.zeros(1, np.int64)
        for values in product((0, -1), repeat=len(free)):
            pins = {name: np.array([value]) for name, value in zip(free, values, strict=True)}
            pins |= {pin: ~pins[base] for pin, base in inverse.items() if pin in names}
            if condition(pins, zero)[0]:
                term = np.ones(len(self.high))
                for name, value in zip(free, values, strict=True):
                    high = self.high[:, self.column[name]]
                    term = term * (high if value else 1 - high)
                total += term
        return total


def uniform_activity(netlist: Netlist, toggles: float) -> Activity:
    """Every net toggles so often in a cycle and is at 1 half of the time; clocks run."""
    activity = Activity(toggles=np.full(netlist.count, toggles), high=np.full(netlist.count, 0.5))
    activity.toggles[:2] = 0.0
    activity.high[:2] = 0.0, 1.0
    activity.toggles[clock_nets(netlist)] = 2.0
    return activity


def clock_nets(netlist: Netlist) -> Ints:
    """Nets at the clock pins of flip-flops and clock gates."""
    found = [np.empty(0, np.int64)]
    for name, _, nets in netlist.groups():
        cell = netlist.library.cells[name]
        if cell.clock:
            found.append(nets[:, cell.inputs.index(cell.clock_pin)])
    return np.unique(np.concatenate(found))
