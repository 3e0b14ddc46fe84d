"""Static timing analysis with the library's look-up tables.

Late arrivals only: the worst slew and the worst arrival of each edge at each net, as in the
graph-based mode of a signoff timer. The clock is ideal and has no slew; ports neither add delay nor
slew. Wires have a capacitance, by the library's wire load or another model, and no resistance.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from synth.arcs import FALL, RISE, Arcs, arcs_of
from synth.errors import CostError
from synth.netlist import Netlist
from synth.report import WireModel
from synth.wires import loads

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

START_POINTS = ("register", "input")


@dataclass(frozen=True, kw_only=True)
class Path:
    """A path: its `delay` in ns, and its `cells` as (instance, cell, arrival in ns) in order."""

    delay: float
    cells: tuple[tuple[str, str, float], ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class Timing:
    """What the analysis of a netlist found, in ns.

    Parameters
    ----------
    arrival : array (2, 2, nets)
        From registers and from inputs, of the rising and the falling edge; -inf if there is none.
    slew : array (2, nets)
    load : array (2, nets)
        In fF.
    gate_delay : array (nets,)
        Of the logic cell that drives the net, the mean over its inputs and edges; 0 without one.
    paths : dict of str to Path
        The worst of each kind: `register to register` and `input to register` with setup time, the
        first and `register to output` with clock-to-output delay, `input to output`. Kinds
        without a path are left out.
    """

    arrival: Floats
    slew: Floats
    load: Floats
    gate_delay: Floats
    paths: dict[str, Path]

    @property
    def period(self) -> float:
        """The shortest clock period, if what is outside the ports takes no time."""
        return max((path.delay for path in self.paths.values()), default=0.0)


def analyse(netlist: Netlist, *, wires: WireModel = "library") -> Timing:
    """Time all paths of a netlist.

    Raises
    ------
    CostError
        If it has a combinational loop.
    """
    graph = Graph(netlist, loads(netlist, wires=wires), net_levels(netlist))
    nets = netlist.count
    return Timing(
        arrival=graph.arrival.reshape(2, 2, nets),
        slew=graph.slew.reshape(2, nets),
        load=graph.load.reshape(2, nets),
        gate_delay=graph.gate_delay(),
        paths={kind: graph.path(end) for kind, end in graph.worst_ends().items()},
    )


@dataclass(frozen=True, kw_only=True)
class End:
    """Where a path ends: its delay, where it started (in `START_POINTS`), and its last node."""

    delay: float
    start: int
    node: int


@dataclass(frozen=True, kw_only=True)
class Step:
    """A cell on a path: the nodes before and after it, and its arc's place among those of the cell.

    `source` is -1 at a clock pin.
    """

    instance: int
    source: int
    target: int
    arc: int


class Graph:
    """A netlist with the arrival at all its nodes.

    Nodes are edges at nets: the rising edges of all nets, then the falling ones.

    Parameters
    ----------
    netlist : Netlist
    load : array (2, nets)
    level : int array (nets,)
        From `net_levels`.
    """

    def __init__(self, netlist: Netlist, load: Floats, level: Ints) -> None:
        self.netlist = netlist
        self.tables: Arcs = arcs_of(netlist.library)
        self.load = load.ravel()
        self.arrival = np.full((2, 2 * netlist.count), -np.inf)
        self.slew = np.zeros(2 * netlist.count)
        self.level = level
        self._collect()
        self._propagate()

    def _collect(self) -> None:
        """Source and target node, tables and instance of every arc, ordered by level."""
        count = self.netlist.count
        arcs: list[Ints] = []
        launches: list[Ints] = []
        for name, where, nets in self.netlist.groups():
            own = self.tables.delays[name]
            if not len(own):
                continue
            source = nets[:, own.source] + own.source_edge * count
            target = nets[:, own.target] + own.target_edge * count
            wired = (nets[:, own.source] >= 0) & (nets[:, own.target] >= 0)
            row, place = np.nonzero(wired)
            found = [source[wired], target[wired], own.delay[place], own.slew[place], place]
            (launches if own.launches else arcs).append(np.array([*found, where[row]]))
        empty = np.empty((6, 0), np.int64)
        self.launches = np.concatenate([empty, *launches], axis=1)
        unordered = np.concatenate([empty, *arcs], axis=1)
        levels = self.level[unordered[1] % count]
        order = np.argsort(levels, kind="stable")
        self.arcs = unordered[:, order]
        self.delay = np.zeros(len(order))
        bounds = np.arange(1, levels.max(initial=0) + 2)
        self.bounds = np.searchsorted(levels[order], bounds)

    def _propagate(self) -> None:
        """Arrivals and slews of all nodes, one level of logic after the other."""
        inputs = self.netlist.port_nets("input")
        for edge in (RISE, FALL):
            self.arrival[1, inputs + edge * self.netlist.count] = 0.0
        _, target, delay, slew, _, _ = self.launches
        load = self.load[target]
        np.maximum.at(self.arrival[0], target, self.tables.lookup(delay, 0.0, load))
        np.maximum.at(self.slew, target, self.tables.lookup(slew, 0.0, load))
        for low, high in zip(self.bounds[:-1], self.bounds[1:], strict=True):
            source, target, delay, slew, _, _ = self.arcs[:, low:high]
            load, before = self.load[target], self.slew[source]
            # One look-up for both: most levels have few arcs.
            both = np.concatenate([delay, slew]), np.tile(before, 2), np.tile(load, 2)
            taken, slews = self.tables.lookup(*both).reshape(2, -1)
            self.delay[low:high] = taken
            np.maximum.at(self.slew, target, slews)
            for start in range(len(START_POINTS)):
                np.maximum.at(self.arrival[start], target, self.arrival[start, source] + taken)

    def gate_delay(self) -> Floats:
        """Mean delay of the arcs that end at each net."""
        nets = self.arcs[1] % self.netlist.count
        total = np.bincount(nets, weights=self.delay, minlength=self.netlist.count)
        return total / np.maximum(np.bincount(nets, minlength=self.netlist.count), 1)

    def worst_ends(self) -> dict[str, End]:
        """Where the worst path of each kind ends; kinds without a path are left out."""
        found = {}
        for start, name in enumerate(START_POINTS):
            for end, (nodes, setup) in self._ends().items():
                at = self.arrival[start, nodes] + setup
                worst = int(np.argmax(at)) if len(at) else 0
                if len(at) and at[worst] > -np.inf:
                    found[f"{name} to {end}"] = End(
                        delay=float(at[worst]), start=start, node=int(nodes[worst])
                    )
        return found

    def _ends(self) -> dict[str, tuple[Ints, Floats]]:
        """Nodes at which paths end, and the setup time there."""
        nodes, setups = [np.empty(0, np.int64)], [np.empty(0)]
        for name, _, nets in self.netlist.groups():
            for pin, edge, table in self.tables.setups[name]:
                at = nets[:, pin]
                at = at[at >= 0] + edge * self.netlist.count
                nodes.append(at)
                setups.append(self.tables.lookup(np.full(len(at), table), self.slew[at], 0.0))
        outputs = self.netlist.port_nets("output")
        both = np.concatenate([outputs, outputs + self.netlist.count])
        return {
            "register": (np.concatenate(nodes), np.concatenate(setups)),
            "output": (both, np.zeros(len(both))),
        }

    def steps(self, end: End) -> list[Step]:
        """The cells that make the arrival at an end, the first one first."""
        source, target, _, _, place, where = self.arcs
        arrival, node = self.arrival[end.start], end.node
        found = []
        while len(into := np.flatnonzero(target == node)):
            best = into[np.argmax(arrival[source[into]] + self.delay[into])]
            before = int(source[best])
            step = Step(instance=int(where[best]), source=before, target=node, arc=int(place[best]))
            found.append(step)
            node = before
        launched = np.flatnonzero(self.launches[1] == node)
        if START_POINTS[end.start] == "register" and len(launched):
            *_, place_, instance = self.launches[:, launched[0]]
            found.append(Step(instance=int(instance), source=-1, target=node, arc=int(place_)))
        return found[::-1]

    def path(self, end: End) -> Path:
        """The path to an end, with the names of its cells."""
        netlist, arrival = self.netlist, self.arrival[end.start]
        cells = [
            (
                netlist.path(step.instance),
                netlist.cells[netlist.kind[step.instance]],
                float(arrival[step.target]),
            )
            for step in self.steps(end)
        ]
        return Path(delay=end.delay, cells=tuple(cells))


def net_levels(netlist: Netlist) -> Ints:
    """For every net the number of logic cells on the longest way to it.

    Raises
    ------
    CostError
        If there is a loop, whose nets would have none.
    """
    sinks = [np.empty((0, 2), np.int64)]
    outputs: list[Ints] = []
    level = np.zeros(netlist.count, np.int64)
    for name, where, nets in netlist.groups():
        cell = netlist.library.cells[name]
        if cell.kind != "logic":
            continue
        for column in range(len(cell.inputs)):
            sinks.append(np.column_stack([nets[:, column], where]))
        for column in range(len(cell.inputs), nets.shape[1]):
            outputs.append(np.column_stack([where, nets[:, column]]))
    into = np.concatenate(sinks)
    into = into[into[:, 0] >= 0]
    out = np.concatenate([np.empty((0, 2), np.int64), *outputs])
    out = out[out[:, 1] >= 0]
    driven = np.zeros(netlist.count, bool)
    driven[out[:, 1]] = True
    waiting = np.bincount(into[driven[into[:, 0]], 1], minlength=len(netlist.kind))
    by_net = into[np.argsort(into[:, 0], kind="stable")]
    by_instance = out[np.argsort(out[:, 0], kind="stable")]
    done = np.zeros(len(netlist.kind), bool)
    logic = np.unique(np.concatenate([into[:, 1], out[:, 0]]))
    ready = logic[waiting[logic] == 0]
    depth = 0
    while len(ready):
        depth += 1
        done[ready] = True
        reached = _ranges(by_instance, ready)
        level[reached] = depth
        after = _ranges(by_net, reached)
        np.subtract.at(waiting, after, 1)
        after = np.unique(after)
        ready = after[(waiting[after] == 0) & ~done[after]]
    if not done[logic].all():
        stuck = netlist.path(int(logic[~done[logic]][0]))
        raise CostError([f"the netlist has a combinational loop, through {stuck}"])
    return level


def _ranges(pairs: Ints, keys: Ints) -> Ints:
    """Second members of all `pairs`, sorted by their first, whose first is in `keys`."""
    low = np.searchsorted(pairs[:, 0], keys)
    lengths = np.searchsorted(pairs[:, 0], keys, side="right") - low
    starts = np.repeat(low - np.concatenate([[0], np.cumsum(lengths)[:-1]]), lengths)
    return pairs[starts + np.arange(lengths.sum()), 1]
