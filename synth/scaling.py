"""Large arrays by small ones.

Area is that of any size: the distinct modules of the very design are mapped, and counted. Timing is
that of an array of at most `TIMED` elements a side, activity and power are those of one of at most
`RUN`, each built of the same variants; power grows with the area of each kind of module. Where K is
in space, the elements of `LAYERS` such arrays are timed and run.
"""

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from golden.spec import EngineSpec
from synth.build import Build

TIMED = 8
"""An output-stationary array's drain bus is combinational over that many rows."""

RUN = 4

LAYERS = 4
"""Values of k in space that make no array smaller."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Scaled:
    """A design, and the smaller ones that stand for it.

    Parameters
    ----------
    whole, timed, run : Build
        They are one and the same for a small design.
    elements : float
        How many elements the whole has for each one that runs.
    """

    whole: Build
    timed: Build
    run: Build
    elements: float

    @property
    def exact(self) -> bool:
        """Whether nothing had to be scaled."""
        return self.whole is self.run

    @property
    def area(self) -> float:
        """Of the whole, in um^2."""
        return self._grown(self.timed.area, lambda build: build.module_area())

    @property
    def cells(self) -> int:
        """Of the whole."""
        return round(self._grown(len(self.timed.netlist.kind), lambda build: build.module_cells()))

    def _grown(self, flat: float, by_module: Callable[[Build], dict[str, float]]) -> float:
        """A figure of the timed design, its buffers between modules included, for the whole."""
        if self.whole is self.timed:
            return flat
        large, small = (sum(by_module(build).values()) for build in (self.whole, self.timed))
        return flat * large / small

    @cached_property
    def weights(self) -> NDArray[np.float64]:
        """For every cell of the netlist that runs, how many cells of the whole it stands for."""
        if self.exact:
            return np.ones(len(self.run.netlist.kind))
        large, small = _area_by_kind(self.whole), _area_by_kind(self.run)
        ratio = {
            kind: large.get(kind, area) / area if area else 1.0 for kind, area in small.items()
        }
        scopes = self.run.modules_by_scope()
        by_scope = np.array([ratio[_kind(scopes[scope])] for scope in self.run.netlist.scopes])
        return by_scope[self.run.netlist.scope]


def _kind(module: str) -> str:
    """What modules that differ in size or place only have in common."""
    return re.sub(r"_bottom|_\d+x\d+", "", module)


def _area_by_kind(build: Build) -> dict[str, float]:
    area: defaultdict[str, float] = defaultdict(float)
    for module, um2 in build.module_area().items():
        area[_kind(module)] += um2
    return area


def limited(spec: EngineSpec, side: int) -> EngineSpec:
    """`spec` with at most `side` rows and columns, and so many elements, shorter side first."""
    rows, cols = min(spec.rows, side), min(spec.cols, side)
    most = max(1, LAYERS * side**2 // spec.depth)
    if rows * cols > most:
        long = min(max(rows, cols), most)
        short = max(min(rows, cols, 2), most // long)
        rows, cols = (long, short) if rows > cols else (short, long)
    return spec.override(rows=rows, cols=cols)
