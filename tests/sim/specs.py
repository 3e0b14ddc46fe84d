"""The engines that the tests of this room run on: every element on every array it can be on."""

from typing import Any

import pytest

from golden.catalog import ARRAYS, elements
from golden.spec import EngineSpec

ENGINES = [
    pytest.param(element.name, array, id=f"{element.name}-{array}")
    for element in elements().values()
    for array in element.arrays
]


NARROW = {"a": "int5", "b": "uint3", "acc": "int16"}
"""Formats that build fast, and whose lanes fill no bytes."""


def small(element: str, array: str, **fields: Any) -> EngineSpec:
    """A small engine: quick to build, neither square nor a power of two."""
    flat, spatial = {"rows": 3, "cols": 5}, {"rows": 3, "cols": 2, "depth": 3}
    size: dict[str, Any] = {**(spatial if ARRAYS[array].spatial else flat)}
    return EngineSpec.make(element=element, array=array, **{**size, **fields})
