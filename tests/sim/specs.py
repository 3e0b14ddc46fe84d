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

FEWER_ENGINES = [
    engine for engine in ENGINES if engine.values[0] != "fmac" or engine.values[1] == "systolic-os"
]
"""For tests that take long: fmac is lmul with another multiplier, of which tests/hw/pe runs all
pairs of operands."""


NARROW = {"a": "int5", "b": "uint3", "acc": "int16"}
"""Formats that build fast, and whose lanes fill no bytes."""


FLOATS = {
    "int3": "e2m1",
    "uint2": "e3m2",
    "uint3": "e2m3",
    "uint4": "e2m1",
    "int5": "e3m2",
    "int8": "e4m3",
    "int16": "bf16",
}
SIGNED = {"uint2": "int2", "uint3": "int3"}
"""Weights in groups without zero points have a sign."""

FLOAT_ACCUMULATORS = {"int12": "q8.4", "int16": "q10.6"}
"""What elements on floating-point numbers get in place of integer formats."""


def small(element: str, array: str, **fields: Any) -> EngineSpec:
    """A small engine: quick to build, neither square nor a power of two.

    Integer formats become others of about the same size where the element needs those, and weights
    come in groups of 7.
    """
    flat, spatial = {"rows": 3, "cols": 5}, {"rows": 3, "cols": 2, "depth": 3}
    size: dict[str, Any] = {**(spatial if ARRAYS[array].spatial else flat)}
    if elements()[element].operands == "float":
        for name, known in (("a", FLOATS), ("b", FLOATS), ("acc", FLOAT_ACCUMULATORS)):
            if name in fields:
                fields[name] = known[fields[name]]
    if elements()[element].operands == "quantized":
        size["options"] = {"group": 7}
        for name, known in (("b", SIGNED), ("acc", FLOAT_ACCUMULATORS)):
            if name in fields:
                fields[name] = known.get(fields[name], fields[name])
    return EngineSpec.make(element=element, array=array, **{**size, **fields})
