"""A cell library, in units of ns, fF, nW, fJ and um^2."""

from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import Literal

import numpy as np

from synth.boolean import truth_table
from synth.tables import Floats, Table

Kind = Literal["logic", "flip-flop", "clock gate", "other"]
Sense = Literal["positive", "negative", "both", "rising", "falling"]
Edges = tuple[float, float]
"""A value at a rising and one at a falling edge."""


@dataclass(frozen=True, kw_only=True)
class Delay:
    """How an output follows an input.

    Parameters
    ----------
    source, target : str
        Pins.
    sense : str
        `positive`, `negative` or `both`: the edges of the target that an edge of the source causes;
        `rising` or `falling` for an edge of a clock that causes either.
    delay, slew : pair of Table
        For a rising and a falling target, over the source's slew and the target's load.
    """

    source: str
    target: str
    sense: Sense
    delay: tuple[Table, Table]
    slew: tuple[Table, Table]


@dataclass(frozen=True, kw_only=True)
class Setup:
    """How long before the clock's edge a rising and a falling `pin` must be there."""

    pin: str
    clock: str
    time: tuple[Table, Table]


@dataclass(frozen=True, kw_only=True)
class Energy:
    """Energy inside the cell when `pin` rises and falls, while `when` holds.

    `source` is the input that makes an output change, empty for an input's own energy.
    """

    pin: str
    source: str
    when: str
    energy: tuple[Table, Table]


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One cell. `state`, `clock` and `stored` are set for what stores a bit: next value, clock
    expression, and the names of the bit and its inverse in `functions`."""

    name: str
    kind: Kind
    area: float
    leakage: float
    leakage_states: tuple[tuple[str, float], ...]
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    capacitance: dict[str, Edges]
    max_load: dict[str, float]
    functions: dict[str, str]
    delays: tuple[Delay, ...]
    setups: tuple[Setup, ...]
    energies: tuple[Energy, ...]
    usable: bool
    state: str = ""
    clock: str = ""
    stored: tuple[str, str] = ("", "")

    @property
    def clock_pin(self) -> str:
        """The pin that a clock drives."""
        return self.clock.strip("!()' ")


@dataclass(frozen=True, kw_only=True)
class WireLoad:
    """Capacitance of a net by its fan-out: `per_length` fF for each unit of length.

    `lengths` lists fan-outs and lengths; between them a length is interpolated, beyond the last it
    grows by `slope` for each further sink.
    """

    name: str
    per_length: float
    slope: float
    lengths: tuple[tuple[float, float], ...]

    def capacitance(self, fanout: Floats) -> Floats:
        """In fF, for nets with so many sinks."""
        sinks, lengths = np.array([(0.0, 0.0), *self.lengths]).T
        beyond = np.maximum(fanout - sinks[-1], 0) * self.slope
        return self.per_length * (np.interp(fanout, sinks, lengths) + beyond)


@dataclass(frozen=True, kw_only=True, eq=False)
class Library:
    """A cell library at one corner.

    Parameters
    ----------
    path : Path
    name : str
    key : str
        Hash of the file's content.
    corner : str
        Process, voltage and temperature.
    voltage : float
        In V.
    cells : dict of str to Cell
    wire_load : WireLoad or None
        The library's default.
    """

    path: Path
    name: str
    key: str
    corner: str
    voltage: float
    cells: dict[str, Cell] = field(repr=False)
    wire_load: WireLoad | None = None

    def of_kind(self, kind: Kind) -> list[Cell]:
        """The usable cells of a kind, the smallest first."""
        found = [cell for cell in self.cells.values() if cell.kind == kind and cell.usable]
        return sorted(found, key=lambda cell: (cell.area, cell.name))

    @cached_property
    def sizes(self) -> dict[str, tuple[str, ...]]:
        """For every cell, the usable cells that can take its place, the smallest first.

        They have its pins and functions, and differ in drive strength.
        """

        def behaviour(cell: Cell) -> str:
            return repr((cell.kind, cell.inputs, cell.functions, cell.state, cell.clock))

        usable = [cell for cell in self.cells.values() if cell.usable and cell.kind != "other"]
        usable.sort(key=lambda cell: (behaviour(cell), cell.area, cell.name))
        sizes: dict[str, tuple[str, ...]] = {}
        for _, group in groupby(usable, behaviour):
            names = tuple(cell.name for cell in group)
            sizes |= dict.fromkeys(names, names)
        return sizes

    @cached_property
    def buffers(self) -> list[Cell]:
        """The usable buffers, the smallest first."""
        return self._of_one_input((False, True))

    @cached_property
    def inverters(self) -> list[Cell]:
        """The usable inverters, the smallest first."""
        return self._of_one_input((True, False))

    def _of_one_input(self, table: tuple[bool, bool]) -> list[Cell]:
        return [
            cell
            for cell in self.of_kind("logic")
            if len(cell.inputs) == len(cell.outputs) == 1
            and truth_table(cell.functions[cell.outputs[0]], cell.inputs) == table
        ]
