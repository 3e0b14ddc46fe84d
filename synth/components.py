"""Which part of an engine a cell belongs to: the rows of a cost table."""

import numpy as np
from numpy.typing import NDArray

from synth.netlist import Ints, Netlist
from synth.power import Power

COMPONENTS = (
    "arithmetic",
    "accumulators",
    "operand registers",
    "recoding and drain",
    "skew",
    "control",
    "clock",
)

_ELEMENT_STATE = ("state", "sum", "acc", "carry")


def component_of(netlist: Netlist, module_of: dict[str, str]) -> Ints:
    """For every cell an index into `COMPONENTS`.

    Parameters
    ----------
    netlist : Netlist
    module_of : dict of str to str
        Short name of the module at each scope, such as `pe`; `element` for an element alone.
    """
    sequential = np.array([netlist.library.cells[c].kind == "flip-flop" for c in netlist.cells])
    gate = np.array([netlist.library.cells[c].kind == "clock gate" for c in netlist.cells])
    scope_kind = [module_of[scope] for scope in netlist.scopes]
    found = np.empty(len(netlist.kind), np.int64)
    for index, kind in enumerate(netlist.kind):
        module = scope_kind[netlist.scope[index]]
        name = _component(module, netlist.names[index], bool(sequential[kind]), bool(gate[kind]))
        found[index] = COMPONENTS.index(name)
    return found


def _component(module: str, name: str, sequential: bool, gate: bool) -> str:
    if gate:
        return "clock"
    if module in ("pe", "element"):
        if not sequential:
            return "arithmetic"
        return "accumulators" if name.startswith(_ELEMENT_STATE) else "operand registers"
    if module.startswith(("skew", "deskew")):
        return "skew"
    if module.startswith(("encode", "resolve", "row")):
        return "recoding and drain"
    return "control"


def energy_by_component(power: Power, component: Ints) -> dict[str, float]:
    """fJ per cycle of each component; what clock pins take is the clock's."""
    own = power.internal + power.switching
    total = np.bincount(component, weights=own, minlength=len(COMPONENTS))
    total[COMPONENTS.index("clock")] += power.clocked.sum()
    return dict(zip(COMPONENTS, total.tolist(), strict=True))


def area_by_component(netlist: Netlist, component: Ints) -> dict[str, float]:
    """um^2 of each component."""
    areas: NDArray[np.float64] = np.array([netlist.library.cells[c].area for c in netlist.cells])
    total = np.bincount(component, weights=areas[netlist.kind], minlength=len(COMPONENTS))
    return dict(zip(COMPONENTS, total.tolist(), strict=True))
