"""Many figures at once."""

from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from typing import Generic, TypeVar

from synth.report import Progress

Design = TypeVar("Design")
Figure = TypeVar("Figure")


class Measured(Generic[Design, Figure]):
    """Figures of designs, which are hashable, each measured once by a function of a module."""

    def __init__(self, measure: Callable[[Design], Figure]) -> None:
        self._measure = measure
        self._found: dict[Design, Figure] = {}

    def __call__(self, design: Design) -> Figure:
        """That of one design."""
        return self.all([design], lambda share: None)[0]

    def all(self, designs: Iterable[Design], progress: Progress) -> list[Figure]:
        """Those of several, measured on all cores."""
        designs = list(designs)
        missing = [one for one in dict.fromkeys(designs) if one not in self._found]
        found = side_by_side(self._measure, missing, progress)
        self._found.update(zip(missing, found, strict=True))
        return [self._found[one] for one in designs]


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
