"""Cycles of the workloads' GEMMs against SCALE-Sim's analytical model, and against themselves.

A. Samajdar et al., ISPASS 2020, equations 1 to 3, as in `tests/golden/test_cycles.py`: folds of
2 R + C + T - 2 cycles one after the other. Our folds overlap, so that fill and drain are paid once;
what is left of SCALE-Sim's count is exact.
"""

from math import ceil

import pytest

from golden.loading import load_spec
from golden.spec import EngineSpec
from tests.golden.test_cycles import EXTRA, scale_sim
from tpe.workloads.gemms import Gemm
from tpe.workloads.memory import Reuse
from tpe.workloads.models import MODELS, Language, model_gemms
from tpe.workloads.timing import compute_cycles, one_run

pytestmark = pytest.mark.fast

SIZES = [(8, 8), (32, 28), (32, 40), (64, 64), (128, 128)]


def all_gemms() -> list[Gemm]:
    """Of all models in both phases, alone and with the batch of MixPE."""
    return [
        gemm
        for name, model in MODELS.items()
        for batch in (1, 64)
        for phase in ("prefill", "decode")
        if phase == "prefill" or isinstance(model, Language)
        for gemm in model_gemms(name, batch=batch, phase=phase)
    ]


def engine(preset: str, rows: int, cols: int) -> EngineSpec:
    return load_spec(preset, [f"rows={rows}", f"cols={cols}"])


def whole(gemm: Gemm, spec: EngineSpec) -> Reuse:
    """Nothing stays, K is not cut."""
    return Reuse(
        order="tiles",
        m_block=spec.rows,
        k_block=gemm.k,
        n_block=spec.cols,
        a_fetched=1,
        b_fetched=1,
    )


def cycles(gemm: Gemm, spec: EngineSpec, engines: int = 1) -> int:
    return compute_cycles(spec, gemm, whole(gemm, spec), engines=engines, passes=1)


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("preset", ["mac-os", "opt1-os"])
def test_output_stationary_is_scale_sims_without_fill_and_drain(
    preset: str, size: tuple[int, int]
) -> None:
    """A fold takes K cycles, or R if that is more: rows of C leave through one port."""
    rows, cols = size
    spec = engine(preset, rows, cols)
    registers = set()
    for gemm in all_gemms():
        folds = ceil(gemm.m / rows) * ceil(gemm.n / cols)
        hidden = folds * (2 * rows + cols - 2) - (folds - 1) * max(0, rows - gemm.k)
        theirs = scale_sim(spec, gemm.m, gemm.k, gemm.n)
        ours, rest = divmod(cycles(gemm, spec), gemm.count)
        assert rest == 0
        registers.add(ours - (theirs - hidden) - (rows + cols))
    assert len(registers) == 1, "the same few cycles whatever the GEMM"
    assert 0 < registers.pop() <= EXTRA


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_weight_stationary_is_scale_sims_without_fill_and_drain(size: tuple[int, int]) -> None:
    """With more than one fold of K, R rows of A pass at a time, and M is padded to a multiple."""
    rows, cols = size
    spec = engine("mac-ws", rows, cols)
    for gemm in all_gemms():
        folds = ceil(gemm.k / rows) * ceil(gemm.n / cols)
        padded = ceil(gemm.m / rows) * rows if gemm.k > rows else max(gemm.m, rows)
        last = rows if gemm.k > rows else gemm.m
        hidden = folds * (2 * rows + cols - 2)
        theirs = scale_sim(spec, padded, gemm.k, gemm.n)
        edges = 2 * rows + cols + 1 - (padded - last if gemm.k <= rows else 0)
        assert cycles(gemm, spec) == gemm.count * (theirs - hidden + edges), gemm


@pytest.mark.parametrize("preset", ["mac-os", "mac-ws", "opt1-tree", "fmac-os"])
def test_cutting_k_takes_no_time_where_tiles_follow_each_other(preset: str) -> None:
    spec = engine(preset, 8, 8)
    step = spec.rows * spec.depth
    for k in (4 * step, 5 * step, 17 * step):
        assert one_run(spec, 20, k, 30, 4 * step) == spec.cycles(20, k, 30)


def test_a_short_last_block_of_k_takes_as_long_as_its_results() -> None:
    """One beat of operands, but R rows of C."""
    spec, tiles = engine("mac-os", 8, 8), 3 * 4
    assert one_run(spec, 20, 65, 30, 32) == spec.cycles(20, 65, 30) + tiles * 7


def test_cutting_k_costs_a_drain_where_results_wait_for_nobody() -> None:
    """`matrix2d` adds nothing while R - 1 rows of C leave."""
    spec = engine("mac-2d", 8, 8)
    tiles = 3 * 4
    assert one_run(spec, 20, 96, 30, 32) == spec.cycles(20, 96, 30) + tiles * 2 * 7
    assert one_run(spec, 20, 100, 30, 32) == spec.cycles(20, 100, 30) + tiles * 3 * 7


@pytest.mark.parametrize("m", [3, 8, 256])
def test_digit_serial_engines_take_the_pace_of_their_digits(m: int) -> None:
    """But for the start and the end of a run, exactly what the formula says of every run."""
    spec = engine("bit-serial-column", 8, 8)
    k, n = 40, 24
    exact = spec.cycles(m, k, n)
    assert 0 < exact - one_run(spec, m, k, n, k) <= spec.latency(k) + spec.rows


def test_several_engines_share_the_work() -> None:
    spec = engine("mac-os", 8, 8)
    tall, wide = Gemm(name="a", m=80, k=64, n=8), Gemm(name="b", m=8, k=64, n=80)
    many = Gemm(name="c", m=8, k=64, n=8, count=10)
    assert cycles(tall, spec, 5) == spec.cycles(16, 64, 8)
    assert cycles(wide, spec, 5) == spec.cycles(8, 64, 16)
    assert cycles(many, spec, 5) == 2 * spec.cycles(8, 64, 8)
    one = Gemm(name="d", m=8, k=64, n=8)
    assert cycles(one, spec, 5) == cycles(one, spec), "a tile is not shared"
