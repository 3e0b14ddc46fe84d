"""The engines that the tests of this room run on: every element on every array it can be on."""

import pytest

from golden.catalog import elements
from golden.spec import EngineSpec

ENGINES = [
    pytest.param(element.name, array, id=f"{element.name}-{array}")
    for element in elements().values()
    for array in element.arrays
]


def small(element: str, array: str, **fields: object) -> EngineSpec:
    """A small engine: quick to build, neither square nor a power of two."""
    defaults = {"rows": 3, "cols": 5}
    return EngineSpec.make(element=element, array=array, **{**defaults, **fields})
