"""Settling in steps: an output takes the value that its cell has wanted for its delay."""

import ctypes
import weakref
from functools import cache
from pathlib import Path

import numpy as np

from sim.compile import shared_library
from synth.boolean import truth_table
from synth.errors import CostError
from synth.netlist import Ints, Netlist

MAX_STEPS = 1 << 16
"""Steps after which logic that has not settled never will."""

_Numbers = np.ctypeslib.ndpointer(np.int64, flags="C_CONTIGUOUS")


class Timed:
    """The logic of `netlist`, in native code.

    Parameters
    ----------
    netlist : Netlist
    steps : int array (nets,)
        Delay of the cell that drives each net; at least 1 is taken.
    values : int64 array (nets, words)
        Of settled logic.
    """

    def __init__(self, netlist: Netlist, steps: Ints, values: Ints) -> None:
        self._library = _library(values.shape[1])
        targets: list[Ints] = []
        sources: list[Ints] = []
        tables: list[Ints] = []
        rows: list[Ints] = []
        for cell, output, inputs, driven in netlist.logic():
            targets.append(driven)
            sources += list(inputs)
            rows.append(np.full(len(driven), sum(map(len, tables))))
            tables.append(-np.array(truth_table(cell.functions[output], cell.inputs), np.int64))
        target = _joined(targets)
        handle = self._library.timed_new(
            len(values),
            len(target),
            target,
            np.maximum(steps[target], 1),
            np.cumsum([0, *map(len, sources)]),
            _joined(sources),
            _joined(rows),
            sum(map(len, tables)),
            _joined(tables),
            values,
        )
        self._handle = ctypes.c_void_p(handle)
        weakref.finalize(self, self._library.timed_delete, self._handle)

    def settle(self, values: Ints, toggles: Ints, mask: Ints) -> None:
        """Until nothing changes; changes in the lanes of `mask` are added to `toggles` (nets,).

        Raises
        ------
        CostError
            If the logic oscillates.
        """
        if not self._library.timed_settle(self._handle, values, toggles, mask, MAX_STEPS):
            raise CostError(["the netlist does not settle: it oscillates"])


def _joined(parts: list[Ints]) -> Ints:
    return np.concatenate([np.empty(0, np.int64), *parts])


@cache
def _library(words: int) -> ctypes.CDLL:
    source = Path(__file__).with_suffix(".cpp")
    library = ctypes.CDLL(str(shared_library(source, [f"-DWORDS={words}"])))
    library.timed_new.restype = ctypes.c_void_p
    library.timed_new.argtypes = [
        *[ctypes.c_int64] * 2,
        *[_Numbers] * 5,
        ctypes.c_int64,
        *[_Numbers] * 2,
    ]
    library.timed_delete.restype = None
    library.timed_settle.restype = ctypes.c_bool
    library.timed_settle.argtypes = [ctypes.c_void_p, *[_Numbers] * 3, ctypes.c_int64]
    return library
