"""Which matrix a digit-serial engine recodes: the same C, in the order of its transpose."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from golden.spec import EngineSpec, SpecError
from sim.job import Record
from sim.run import simulate
from sim.scoreboard import compare
from synth.cost import estimate
from synth.sram import buffers


def _spec(recode: str, element: str = "opt4c", **fields: Any) -> EngineSpec:
    size = {"rows": 3, "cols": 2, **fields}
    return EngineSpec.make(element=element, array="column", options={"recode": recode}, **size)


def _operands(m: int, k: int, n: int, a: float, b: float) -> tuple[NDArray, NDArray]:
    """round(normal(0, sigma)) with one sigma for A, one for B, that fit int5."""
    random = np.random.default_rng(7)

    def drawn(sigma: float, shape: tuple[int, int]) -> NDArray:
        return np.clip(np.rint(random.normal(0, sigma, shape)), -16, 15).astype(np.int8)

    return drawn(a, (m, k)), drawn(b, (k, n))


@pytest.mark.parametrize("stall", [0.0, 0.5])
@pytest.mark.parametrize("element", ["bit-serial", "opt4c", "laconic"])
def test_b_is_recoded(element: str, stall: float) -> None:
    spec = _spec("b", element, a="int5", b="uint3", acc="int16")
    a, b = _operands(7, 9, 8, 5, 0)
    b = np.random.default_rng(3).integers(0, 8, b.shape)
    run = simulate(spec, a, b, stall=stall)
    assert run.passed, str(run.first_mismatch)
    assert np.array_equal(run.c, a.astype(int) @ b)
    if not stall:
        other = _spec("a", element, a="uint3", b="int5", acc="int16")
        assert run.cycles == spec.cycles_on(a, b) == other.cycles_on(b.T, a.T)
        assert run.tiles == 3 * 4


@pytest.mark.parametrize(("sigmas", "turns"), [((6.0, 1.0), True), ((1.0, 6.0), False)])
def test_the_matrix_with_fewer_digits_is_found(sigmas: tuple[float, float], turns: bool) -> None:
    spec = _spec("auto", a="int5", b="int5", acc="int16")
    a, b = _operands(12, 40, 12, *sigmas)
    assert spec.turns(a, b) == turns
    cycles = {recode: spec.override(options={"recode": recode}).cycles_on(a, b) for recode in "ab"}
    run = simulate(spec, a, b)
    assert run.passed, str(run.first_mismatch)
    assert run.cycles == spec.cycles_on(a, b) == min(cycles.values())
    assert spec.pace(a, b) == spec.override(options={"recode": "ab"[turns]}).pace(a, b)


@pytest.mark.fast
def test_a_wrong_number_is_found_where_it_is_in_c() -> None:
    spec = _spec("b", a="int5", b="int5", acc="int16")
    a, b = _operands(7, 9, 5, 5, 5)
    c = a.astype(int) @ b
    schedule = spec.encoded(a, b)
    codes = spec.formats[2].encode(schedule.cut(c))
    assert np.array_equal(schedule.assemble(schedule.cut(c)), c)
    # The first row of the second tile is C[2:4, 0], of which this is the second number.
    codes[3, 1] ^= 1
    rows = len(codes)
    record = Record(codes=codes, marks=np.zeros(rows, np.uint8), cycles=np.arange(rows), numbers={})
    first = compare(schedule, record, spec.formats[2], expected=c, a=a, b=b).first
    assert first is not None
    assert (first.row, first.col, first.tile) == (3, 0, 1)
    assert first.expected == c[3, 0]


@pytest.mark.fast
def test_formats_that_differ_cannot_change_places() -> None:
    with pytest.raises(SpecError, match="recode = 'auto': a = 'int5' and b = 'int8' given"):
        _spec("auto", a="int5")


@pytest.mark.fast
def test_each_matrix_is_read_from_its_own_memory() -> None:
    spec = _spec("b", a="int5", b="uint3", acc="int16")
    found = buffers(spec, (8.0, 8.0, 8.0), 10)
    # A tile of its transpose takes 3 columns of B and 2 rows of A.
    macs = 3 * 10 * 2
    assert found["a"].bits_per_mac == 2 * 10 * 5 / macs
    assert found["b"].bits_per_mac == 3 * 10 * 3 / macs


def test_its_price_is_that_of_the_engine_for_the_transpose() -> None:
    spec = _spec("b", "opt4c", rows=1, cols=2, a="int5", b="int3", acc="int12")
    other = _spec("a", "opt4c", rows=1, cols=2, a="int3", b="int5", acc="int12")
    a, b = _operands(8, 16, 8, 5, 0.8)
    ours, theirs = estimate(spec, a, b), estimate(other, b.T.copy(), a.T.copy())
    assert ours.area_um2 == theirs.area_um2
    assert ours.energy_per_mac_pj == pytest.approx(theirs.energy_per_mac_pj)
