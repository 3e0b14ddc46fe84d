"""Cycle formulas against SCALE-Sim's analytical model, and against what bounds any engine.

A. Samajdar et al., "A Systematic Methodology for Characterizing Scalability of DNN Accelerators
using SCALE-Sim", ISPASS 2020, equations 1 to 3: a fold on S_R x S_C elements takes
2 S_R + S_C + T - 2 cycles, and folds follow each other without overlap. T is K for
output-stationary, and the rows of A that stream past the weights for weight-stationary.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from golden.spec import EngineSpec
from tests.golden.specs import steady_engines

pytestmark = pytest.mark.fast

SIDES = [(1, 1), (1, 7), (7, 1), (3, 5), (8, 8), (16, 16), (64, 32), (128, 128), (256, 256)]
EXTRA = 8
"""Cycles that our engines have and SCALE-Sim's model does not: registers at the edges and on the
way out, and adders that resolve redundant sums. They delay a run once, not every fold."""


def systolic(rows: int, cols: int) -> list[EngineSpec]:
    return [spec for spec in steady_engines(rows, cols) if spec.array.startswith("systolic")]


def scale_sim(spec: EngineSpec, m: int, k: int, n: int) -> int:
    folds_of_n = -(-n // spec.cols)
    if spec.array == "systolic-os":
        folds, streamed = -(-m // spec.rows) * folds_of_n, k
    else:
        folds, streamed = -(-k // spec.rows) * folds_of_n, m
    return folds * (2 * spec.rows + spec.cols + streamed - 2)


@pytest.mark.parametrize("sides", SIDES, ids=str)
@pytest.mark.parametrize("k", [1, 2, 17, 1000])
def test_one_fold_is_scale_sims_and_a_constant(sides: tuple[int, int], k: int) -> None:
    """Output-stationary rows drain while those below still add, which hides S_R of the 2 S_R."""
    for spec in systolic(*sides):
        if spec.array == "systolic-os":
            m, depth, hidden = spec.rows, k, spec.rows
        else:
            m, depth, hidden = k, spec.rows, 0
        theirs = scale_sim(spec, m, depth, spec.cols) - hidden
        assert 0 < spec.cycles(m, depth, spec.cols) - theirs <= EXTRA, spec.name


@pytest.mark.parametrize("sides", SIDES, ids=str)
def test_more_folds_cost_less_than_scale_sims(sides: tuple[int, int]) -> None:
    """The next fold enters while the last one leaves, so fill and drain are paid once."""
    for spec in systolic(*sides):
        m, k, n = 20 * spec.rows, 20 * spec.rows, 20 * spec.cols
        assert spec.cycles(m, k, n) < scale_sim(spec, m, k, n), spec.name


@pytest.mark.parametrize("sides", SIDES, ids=str)
def test_deep_tiles_keep_every_element_busy(sides: tuple[int, int]) -> None:
    for spec in steady_engines(*sides):
        m, k, n = 50 * spec.rows, 64 * spec.rows * spec.depth, 4 * spec.cols
        elements = spec.rows * spec.cols * spec.depth
        utilisation = m * k * n / (elements * spec.cycles(m, k, n))
        assert utilisation > 0.97, spec.name


SIZE = st.integers(1, 200)


@given(m=SIZE, k=SIZE, n=SIZE, rows=st.integers(1, 20), cols=st.integers(1, 20))
def test_bounds(m: int, k: int, n: int, rows: int, cols: int) -> None:
    """No product is free, none can come before its operands, and more work never takes less."""
    for spec in steady_engines(rows, cols):
        cycles = spec.cycles(m, k, n)
        assert cycles * rows * cols * spec.depth >= m * k * n
        assert 0 < spec.latency(k) <= cycles
        for larger in ((m + 1, k, n), (m, k + 1, n), (m, k, n + 1)):
            assert spec.cycles(*larger) >= cycles, (spec.name, larger)
