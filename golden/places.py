"""Where in a matrix something is wrong, for the line that says so."""

import numpy as np
from numpy.typing import NDArray


def first_of(values: NDArray, wrong: NDArray[np.bool_]) -> str:
    """The first value of a matrix that is wrong, its place, and how many more there are."""
    row, col = np.argwhere(wrong)[0]
    count = int(np.count_nonzero(wrong))
    others = f" (and {count - 1} more)" if count > 1 else ""
    return f"{values[row, col]} in row {row}, column {col}{others}"
