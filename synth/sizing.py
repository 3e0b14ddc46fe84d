"""Sizes cells on the critical path, one small step after the other, by our own timing.

The mapper sizes by timing of its own, without wires and without what surrounds a module. From a
mapped module this goes on: of all changes of size on the critical path it makes those that gain
most time for their area (the greedy method of TILOS: J. P. Fishburn, A. E. Dunlop, ICCAD 1985), and
so draws a piece of the module's curve of area over delay.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from synth.arcs import CellArcs, arcs_of
from synth.netlist import Ints, Netlist
from synth.report import WireModel
from synth.timing import End, Graph, Step, net_levels
from synth.wires import loads

MOVES = 3
"""Changes between two timing runs."""

FAILURES = 4
"""Rounds without gain after which the end is reached."""

LEAST_AREA = 0.2
"""Area in um^2 that a change counts for at least, so that free gains do not all look the same."""

LEAST_GAIN = 1e-6
"""Promises of less time in ns are rounding."""

Floats = NDArray[np.float64]
Outside = Mapping[str, float]
"""What each kind of path takes outside the module, in ns."""


@dataclass(frozen=True, kw_only=True)
class _Change:
    """Another cell for a `twin`, and all others, at a position of the critical path.

    `merit` is the time that it promises to gain for its area.
    """

    position: int
    twin: int
    cell: int
    merit: float


def sized(
    netlist: Netlist,
    outside: Outside,
    *,
    twins: Ints | None = None,
    wires: WireModel = "library",
    failures: int = FAILURES,
) -> Iterator[tuple[Netlist, float]]:
    """Faster and faster netlists with their delays in ns, beginning with `netlist` itself.

    Parameters
    ----------
    netlist : Netlist
    outside : mapping
    twins : int array (instances,)
        Cells with the same number change together, such as those of a module used many times.
    wires : str
        How wires are estimated.
    failures : int
        Rounds without gain after which the end is reached.
    """
    library = netlist.library
    names = list(dict.fromkeys([*netlist.cells, *library.sizes]))
    current = replace(netlist, cells=tuple(names))
    if twins is None:
        twins = np.arange(len(netlist.kind))
    sizer = _Sizer(current, outside, twins, wires)
    graph, end, delay = sizer.time(current)
    yield current, delay
    failed, refused = 0, set[tuple[int, int]]()
    while failed < failures:
        changes = [c for c in sizer.changes(graph, end) if (c.twin, c.cell) not in refused]
        chosen = _apart(changes, 1 if failed else MOVES)
        if not chosen:
            return
        kinds: Ints = current.kind.copy()
        for change in chosen:
            kinds[twins == change.twin] = change.cell
        tried = replace(current, kind=kinds)
        new_graph, new_end, new_delay = sizer.time(tried)
        if new_delay < delay - 1e-6:
            current, graph, end, delay, failed = tried, new_graph, new_end, new_delay, 0
            yield current, delay
        else:
            failed += 1
            if len(chosen) == 1:
                refused.add((chosen[0].twin, chosen[0].cell))


def _apart(changes: list[_Change], limit: int) -> list[_Change]:
    """The best changes of which no two are neighbours: they would spoil each other's estimate."""
    chosen: list[_Change] = []
    for change in sorted(changes, key=lambda c: -c.merit):
        if all(
            abs(change.position - other.position) > 1 and change.twin != other.twin
            for other in chosen
        ):
            chosen.append(change)
        if len(chosen) == limit:
            break
    return chosen


class _Sizer:
    def __init__(self, netlist: Netlist, outside: Outside, twins: Ints, wires: WireModel) -> None:
        self._outside, self._wires = outside, wires
        self._twin, self._count = twins, np.bincount(twins)
        self._level = net_levels(netlist)
        self._arcs = arcs_of(netlist.library)
        self._cells = [netlist.library.cells[name] for name in netlist.cells]
        number = {name: index for index, name in enumerate(netlist.cells)}
        sizes = netlist.library.sizes
        self._sizes = [[number[s] for s in sizes.get(name, ())] for name in netlist.cells]

    def time(self, netlist: Netlist) -> tuple[Graph, End, float]:
        """Arrivals, the end of the worst path, and its delay with what is outside."""
        graph = Graph(netlist, loads(netlist, wires=self._wires), self._level)
        ends = graph.worst_ends()
        kind = max(ends, key=lambda kind: ends[kind].delay + self._outside[kind])
        return graph, ends[kind], ends[kind].delay + self._outside[kind]

    def changes(self, graph: Graph, end: End) -> list[_Change]:
        """All changes of one cell on the path to `end` that promise a gain."""
        steps = graph.steps(end)
        kinds = [int(graph.netlist.kind[step.instance]) for step in steps]
        tried = [
            (position, other)
            for position, now in enumerate(kinds)
            for other in self._sizes[now]
            if other != now and self._alike(now, other, steps[position].arc)
        ]
        if not tried:
            return []
        gains = self._gains(graph, steps, kinds, tried)
        twins = [int(self._twin[step.instance]) for step in steps]
        areas = [
            self._count[twins[p]] * (self._cells[o].area - self._cells[kinds[p]].area)
            for p, o in tried
        ]
        return [
            _Change(
                position=position,
                twin=twins[position],
                cell=other,
                merit=gain / max(area, LEAST_AREA),
            )
            for (position, other), gain, area in zip(tried, gains.tolist(), areas, strict=True)
            if gain > LEAST_GAIN
        ]

    def _alike(self, now: int, other: int, arc: int) -> bool:
        return self._of(now).alike(self._of(other), arc)

    def _of(self, cell: int) -> CellArcs:
        return self._arcs.delays[self._cells[cell].name]

    def _gains(
        self, graph: Graph, steps: list[Step], kinds: list[int], tried: list[tuple[int, int]]
    ) -> Floats:
        """Estimates: the cell, the one before it, whose load changes, and the one after it."""
        at = np.array([position for position, _ in tried])
        own = [(self._of(kinds[p]), self._of(other), steps[p].arc) for p, other in tried]
        source, target = (
            np.array([getattr(s, end) for s in steps]) for end in ("source", "target")
        )
        slew = np.where(source >= 0, graph.slew[source], 0.0)
        load = graph.load[target]
        delay = np.array([self._of(k).delay[s.arc] for k, s in zip(kinds, steps, strict=True)])
        look = self._arcs.lookup
        new_delay = np.array([new.delay[arc] for _, new, arc in own])
        gain = look(delay[at], slew[at], load[at]) - look(new_delay, slew[at], load[at])
        old_slew = np.array([old.slew[arc] for old, _, arc in own])
        new_slew = np.array([new.slew[arc] for _, new, arc in own])
        after = np.minimum(at + 1, len(steps) - 1)
        later = [
            look(delay[after], look(which, slew[at], load[at]), load[after])
            for which in (old_slew, new_slew)
        ]
        gain += np.where(at + 1 < len(steps), later[0] - later[1], 0.0)
        before = np.maximum(at - 1, 0)
        more = np.array([self._more_load(kinds[p], o, steps[p].arc) for p, o in tried])
        earlier = [look(delay[before], slew[before], load[before] + extra) for extra in (0.0, more)]
        return gain + np.where(at > 0, earlier[0] - earlier[1], 0.0)

    def _more_load(self, now: int, other: int, arc: int) -> float:
        """In fF, at the input of the arc."""
        arcs = self._of(now)
        pin = self._cells[now].inputs[arcs.source[arc]]
        edge = int(arcs.source_edge[arc])
        return self._cells[other].capacitance[pin][edge] - self._cells[now].capacitance[pin][edge]
