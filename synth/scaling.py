"""Large arrays by small ones.

Area is that of any size: the distinct modules of the very design are mapped, and counted. Timing is
that of an array of at most `TIMED` elements a side, activity and power are those of one of at most
`RUN`, each built of the same variants; power grows with the area of each module.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from golden.spec import EngineSpec
from synth.engine import Build

TIMED = 8
"""An output-stationary array's drain bus is combinational over that many rows."""

RUN = 4


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
        large, small = self.whole.module_area(), self.run.module_area()
        ratio = {
            name: large.get(name, area) / area if area else 1.0 for name, area in small.items()
        }
        scopes = self.run.modules_by_scope()
        by_scope = np.array([ratio[scopes[scope]] for scope in self.run.netlist.scopes])
        return by_scope[self.run.netlist.scope]


def limited(spec: EngineSpec, side: int) -> EngineSpec:
    """`spec` with at most `side` rows and columns."""
    return spec.override(rows=min(spec.rows, side), cols=min(spec.cols, side))
