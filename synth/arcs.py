"""The timing arcs of a library's cells, edge by edge, over one stack of tables."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from synth.library import Cell, Library
from synth.tables import Table, Tables

RISE, FALL = 0, 1

_EDGES = {
    "positive": ((RISE, RISE), (FALL, FALL)),
    "negative": ((FALL, RISE), (RISE, FALL)),
    "both": ((RISE, RISE), (FALL, FALL), (FALL, RISE), (RISE, FALL)),
    "rising": ((RISE, RISE), (RISE, FALL)),
    "falling": ((FALL, RISE), (FALL, FALL)),
}


@dataclass(frozen=True, kw_only=True)
class Arc:
    """An edge of an input that causes one of an output.

    Parameters
    ----------
    source, target : int
        Positions of the pins among the cell's inputs and outputs.
    source_edge, target_edge : int
    delay, slew : int
        Numbers of their tables.
    launches : bool
        Whether the source is a clock.
    """

    source: int
    target: int
    source_edge: int
    target_edge: int
    delay: int
    slew: int
    launches: bool


class Arcs:
    """All arcs of a library.

    Attributes
    ----------
    delays : dict of str to list of Arc
        By cell. Clock gates have none: the clock behind them is ideal, too.
    setups : dict of str to list of (pin, edge, table)
        By cell.
    """

    def __init__(self, library: Library) -> None:
        self._tables: list[Table] = []
        self.delays = {name: list(self._delays(cell)) for name, cell in library.cells.items()}
        self.setups = {
            name: [
                (cell.inputs.index(setup.pin), edge, self._add(setup.time[edge]))
                for setup in cell.setups
                for edge in (RISE, FALL)
                if cell.kind in ("flip-flop", "clock gate")
            ]
            for name, cell in library.cells.items()
        }
        self._stack = Tables(self._tables)

    def lookup(self, which: NDArray[np.int64], x: ArrayLike, y: ArrayLike) -> NDArray[np.float64]:
        """Values of tables `which` at slews `x` and loads (or slews of the clock) `y`."""
        return self._stack(which, x, y)

    def _add(self, table: Table) -> int:
        self._tables.append(table)
        return len(self._tables) - 1

    def _delays(self, cell: Cell) -> "list[Arc]":
        if cell.kind not in ("logic", "flip-flop"):
            return []
        pins = cell.inputs + cell.outputs
        arcs = []
        for entry in cell.delays:
            tables = [(self._add(entry.delay[e]), self._add(entry.slew[e])) for e in (RISE, FALL)]
            for source_edge, target_edge in _EDGES[entry.sense]:
                delay, slew = tables[target_edge]
                arcs.append(
                    Arc(
                        source=pins.index(entry.source),
                        target=pins.index(entry.target),
                        source_edge=source_edge,
                        target_edge=target_edge,
                        delay=delay,
                        slew=slew,
                        launches=entry.sense in ("rising", "falling"),
                    )
                )
        return arcs


@lru_cache(maxsize=8)
def arcs_of(library: Library) -> Arcs:
    """The arcs of `library`."""
    return Arcs(library)
