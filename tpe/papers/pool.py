"""Many figures at once."""

from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from typing import TypeVar

from tpe.papers.row import Progress

Design = TypeVar("Design")
Figure = TypeVar("Figure")


def side_by_side(
    measure: Callable[[Design], Figure], designs: Iterable[Design], progress: Progress
) -> list[Figure]:
    """`measure`, a function of a module, of each of `designs`, on all cores."""
    designs = list(designs)
    found = []
    with ProcessPoolExecutor() as pool:
        for figure in pool.map(measure, designs):
            found.append(figure)
            progress(len(found) / len(designs))
    return found
