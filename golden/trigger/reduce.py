"""What every device must hold in the end, word for word."""

from collections.abc import Callable
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from golden.trigger.program import Program

Add = Callable[[NDArray, NDArray], NDArray]
"""Adds partial sums, code by code."""


def results(program: Program, partials: list[NDArray], add: Add) -> NDArray:
    """The words (tiles * rows, lanes) of C, chunk by chunk.

    The sum of chunk c goes from device c to c - 1, c - 2, ...: floating-point sums are made in this
    order.

    Parameters
    ----------
    partials : list of array (M, N)
        Codes of the results of each device.
    """
    schedule, devices = program.schedule, len(partials)
    words = [schedule.cut(codes) for codes in partials]
    rows = schedule.tiles[0].rows
    whole = np.zeros_like(words[0])
    for number, tiles in enumerate(program.chunks):
        place = slice(tiles.start * rows, tiles.stop * rows)
        order = [words[(number - step) % devices][place] for step in range(devices)]
        whole[place] = reduce(add, order) if program.reduces else order[0]
    return whole
