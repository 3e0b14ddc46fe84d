"""Arrays that broadcast: all pairs in every lane, every accumulator, large ones, faults found."""

import re

import numpy as np
import pytest

from golden.arrays.broadcast import SEGMENT, broadcast_registers
from golden.catalog import ARRAYS, elements
from golden.formats import parse_format
from golden.spec import EngineSpec
from hw.verilog import generate
from sim.operands import random_operands
from sim.run import simulate
from tests.hw.faults import undetected

BROADCAST = [
    pytest.param(element.name, array, id=f"{element.name}-{array}")
    for element in elements().values()
    for array in element.arrays
    if array in ("matrix2d", "cube", "adder-tree") and element.operands == "integer"
]


def _spec(element: str, array: str, rows: int, cols: int, depth: int, **fields) -> EngineSpec:
    size = {"rows": rows, "cols": cols, **({"depth": depth} if ARRAYS[array].spatial else {})}
    return EngineSpec.make(element=element, array=array, **size, **fields)


@pytest.mark.parametrize(("a", "b"), [("int8", "int8"), ("uint8", "int8")])
@pytest.mark.parametrize(("element", "array"), BROADCAST)
def test_all_pairs_in_every_lane(element: str, array: str, a: str, b: str) -> None:
    """Lane z of row i and column j multiplies number i + 37 z of A by number j + 101 z of B."""
    spec = _spec(element, array, 2, 2, 4, a=a, b=b)
    x, y = (
        np.arange(number.min, number.max + 1, dtype=number.dtype)
        for number in map(parse_format, (a, b))
    )
    left = np.column_stack([np.roll(x, 37 * z) for z in range(spec.depth)])
    right = np.stack([np.roll(y, 101 * z) for z in range(spec.depth)])
    run = simulate(spec, left, right)
    assert run.passed, str(run.first_mismatch)
    assert np.array_equal(run.c, left.astype(int) @ right.astype(int))


@pytest.mark.parametrize(
    ("depth", "formats"),
    [
        (3, ("int8", "int8", "int2")),
        (6, ("uint7", "int8", "uint13")),
        (1, ("int2", "uint2", "int64")),
        (5, ("uint13", "int12", "int40")),
    ],
    ids=str,
)
@pytest.mark.parametrize(("element", "array"), BROADCAST)
def test_long_sums_in_every_accumulator(
    element: str, array: str, depth: int, formats: tuple[str, str, str]
) -> None:
    fields = dict(zip(("a", "b", "acc"), formats, strict=True))
    spec = _spec(element, array, 1, 1, depth, **fields)
    for dist in ("uniform", "min", "max"):
        run = simulate(spec, *random_operands(spec, 3, 300, 5, dist=dist, seed=1))
        assert run.passed, str(run.first_mismatch)


@pytest.mark.parametrize(("element", "array"), BROADCAST)
def test_a_line_of_many_blocks(element: str, array: str) -> None:
    """One register level more leads to more than `SEGMENT` blocks; the last one is not full."""
    cols = SEGMENT * SEGMENT + 3
    assert broadcast_registers(1, cols) == broadcast_registers(1, SEGMENT * SEGMENT) + 1
    for rows, columns in ((1, cols), (cols, 1)):
        spec = _spec(element, array, rows, columns, 2, a="int2", b="uint2", acc="int5")
        a, b = random_operands(spec, 2 * rows, 5, 2 * columns, seed=3)
        run = simulate(spec, a, b)
        assert run.passed, str(run.first_mismatch)
        assert run.cycles == spec.cycles(2 * rows, 5, 2 * columns)


@pytest.mark.parametrize("registers", ["1", "3", "8"])
@pytest.mark.parametrize(
    "element", [element.name for element in elements().values() if "adder-tree" in element.arrays]
)
def test_a_tree_with_any_number_of_registers(element: str, registers: str) -> None:
    spec = _spec(element, "adder-tree", 2, 3, 7, options={"registers": registers})
    a, b = random_operands(spec, 6, 40, 9, seed=2)
    assert simulate(spec, a, b).cycles == spec.cycles(6, 40, 9)
    for seed in range(2):
        run = simulate(spec, a, b, stall=0.5, seed=seed, resets=(9, 30))
        assert run.passed, str(run.first_mismatch)


@pytest.mark.fast
@pytest.mark.parametrize(("element", "array"), BROADCAST)
def test_large_arrays_have_no_more_modules(element: str, array: str) -> None:
    """Verilog grows with blocks, not with elements."""
    small, large = (
        generate(_spec(element, array, side, side, 2, a="int2", b="int2", acc="int5"))
        for side in (128, 256)
    )
    assert len(large.modules) == len(small.modules)
    uses = len(re.findall(r"_pe\w* pe_", large.verilog))
    assert uses == len(re.findall(r"_pe\w* pe_", small.verilog))


def test_what_a_row_shares_survives_stalls_and_resets() -> None:
    """`opt2` has it from five lanes on."""
    spec = _spec("opt2", "adder-tree", 3, 2, 5, a="int5", b="uint3", acc="int16")
    a, b = random_operands(spec, 10, 33, 7, seed=5)
    assert simulate(spec, a, b).cycles == spec.cycles(10, 33, 7)
    for seed in range(4):
        run = simulate(spec, a, b, stall=0.5, seed=seed, resets=(9, 40, 41))
        assert run.passed, str(run.first_mismatch)


@pytest.mark.parametrize(
    ("element", "array"), [("mac", "matrix2d"), ("opt1", "cube"), ("opt2", "adder-tree")]
)
def test_a_fault_in_any_line_is_found(element: str, array: str) -> None:
    spec = _spec(element, array, 1, 2, 5, a="int4", b="int4", acc="int12")
    # An odd number of beats, and one row, in which sums do not move on through other elements:
    # inverting the top bit an even number of times changes nothing.
    a, b = random_operands(spec, 20, 17 * spec.depth, 20, seed=4)
    parts = r"(?:pe|step|row|dot|first|link|accumulator)\w*"
    assert not undetected(spec, parts, [(a, b)])
