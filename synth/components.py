"""Which part of an engine a cell belongs to: the rows of a cost table."""

import numpy as np
from numpy.typing import NDArray

from synth.library import Kind
from synth.netlist import Ints, Netlist

Floats = NDArray[np.float64]

COMPONENTS = (
    "arithmetic",
    "accumulators",
    "operand registers",
    "recoding and drain",
    "skew",
    "control",
    "clock",
)

_ELEMENTS = {"pe", "pe_bottom", "first", "link", "accumulator", "accumulator_bottom"}
"""Modules of `hw.arrays` that add, and so are the stages `dot_0`, ... of a tree."""

_SUM = {"o", "held"}
"""Registers of an element that hold a sum, beside those whose names begin with `state`."""

_EDGE = (
    *("grid", "entry", "resolve", "row", "encode", "drain", "merge", "hold", "block"),
    *("front", "gather"),
)
"""Beginnings of the names of modules around the elements."""


def component_of(netlist: Netlist, module_of: dict[str, str], *, element_only: bool) -> Ints:
    """For every cell an index into `COMPONENTS`.

    Parameters
    ----------
    netlist : Netlist
    module_of : dict of str to str
        Short name of the module at each scope, such as `pe`.
    element_only : bool
        The top is an element, not an engine.
    """
    kinds = [netlist.library.cells[cell].kind for cell in netlist.cells]
    modules = [module_of[scope] or ("pe" if element_only else "") for scope in netlist.scopes]
    names = [
        _component(modules[scope], name.partition("[")[0], kinds[kind])
        for scope, name, kind in zip(
            netlist.scope.tolist(), netlist.names, netlist.kind.tolist(), strict=True
        )
    ]
    return np.array([COMPONENTS.index(name) for name in names])


def _component(module: str, name: str, kind: Kind) -> str:
    """By the names that `hw.arrays` gives to modules and registers."""
    if kind == "clock gate":
        return "clock"
    if module in _ELEMENTS or module.startswith("dot_"):
        if kind == "logic":
            return "arithmetic"
        holds_sum = name.startswith("state") or name in _SUM
        return "accumulators" if holds_sum else "operand registers"
    if module == "window" or (module.startswith(("block", "relay")) and kind == "flip-flop"):
        return "operand registers"
    if module.startswith(_EDGE):
        return "skew" if kind == "flip-flop" else "recoding and drain"
    return "control"


def by_component(values: Floats, component: Ints) -> dict[str, float]:
    """Sums of `values`, one a cell, over the cells of each component."""
    total = np.bincount(component, weights=values, minlength=len(COMPONENTS))
    return dict(zip(COMPONENTS, total.tolist(), strict=True))
