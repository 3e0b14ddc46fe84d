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


Ints = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True, eq=False)
class CellArcs:
    """All arcs of a cell, each an edge of an input that causes one of an output; arrays (arcs,).

    Parameters
    ----------
    source, target : int array
        Positions of the pins among the cell's inputs and outputs.
    source_edge, target_edge : int array
    delay, slew : int array
        Numbers of their tables.
    launches : bool
        Whether the sources are clocks.
    """

    source: Ints
    target: Ints
    source_edge: Ints
    target_edge: Ints
    delay: Ints
    slew: Ints
    launches: bool

    def __len__(self) -> int:
        return len(self.source)

    def alike(self, other: "CellArcs", arc: int) -> bool:
        """Whether arc number `arc` joins the same edges of the same pins in both cells."""
        return arc < len(other) and all(
            getattr(self, name)[arc] == getattr(other, name)[arc]
            for name in ("source", "target", "source_edge", "target_edge")
        )


class Arcs:
    """All arcs of a library.

    Attributes
    ----------
    delays : dict of str to CellArcs
        By cell. Clock gates have none: the clock behind them is ideal, too.
    setups : dict of str to list of (pin, edge, table)
        By cell.
    """

    def __init__(self, library: Library) -> None:
        self._tables: list[Table] = []
        self.delays = {name: self._delays(cell) for name, cell in library.cells.items()}
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

    def lookup(self, which: Ints, x: ArrayLike, y: ArrayLike) -> NDArray[np.float64]:
        """Values of tables `which` at slews `x` and loads (or slews of the clock) `y`."""
        return self._stack(which, x, y)

    def _add(self, table: Table) -> int:
        self._tables.append(table)
        return len(self._tables) - 1

    def _delays(self, cell: Cell) -> CellArcs:
        pins = cell.inputs + cell.outputs
        rows = []
        for entry in cell.delays if cell.kind in ("logic", "flip-flop") else ():
            tables = [(self._add(entry.delay[e]), self._add(entry.slew[e])) for e in (RISE, FALL)]
            ends = pins.index(entry.source), pins.index(entry.target)
            rows += [(*ends, *edges, *tables[edges[1]]) for edges in _EDGES[entry.sense]]
        source, target, before, after, delay, slew = np.array(rows, np.int64).reshape(-1, 6).T
        return CellArcs(
            source=source,
            target=target,
            source_edge=before,
            target_edge=after,
            delay=delay,
            slew=slew,
            launches=cell.kind == "flip-flop",
        )


@lru_cache(maxsize=8)
def arcs_of(library: Library) -> Arcs:
    """The arcs of `library`."""
    return Arcs(library)
