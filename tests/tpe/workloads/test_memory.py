"""DRAM and SRAM traffic: replayed loop by loop, against schedules, and what bounds any order."""

from dataclasses import replace
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from golden.spec import EngineSpec
from sim.operands import random_operands
from tests.golden.specs import engines
from tpe.problems import InputError
from tpe.workloads.gemms import Gemm
from tpe.workloads.memory import Memory, Reuse, Widths, best, compulsory, reuses, traffic

pytestmark = pytest.mark.fast

SPEC = EngineSpec.make(element="mac", array="systolic-os", rows=4, cols=6)
WIDTHS = Widths(a=8, b_stored=4.25, b=4.25, sums=32, out=8)
LARGE = Memory(a_kib=1e6, b_kib=1e6, c_kib=1e6)

SIZE = st.integers(1, 100)
KIB = st.floats(0.02, 4)
GEMM = st.builds(Gemm, name=st.just("x"), m=SIZE, k=SIZE, n=SIZE)
MEMORY = st.builds(Memory, a_kib=KIB, b_kib=KIB, c_kib=KIB)


def gemm(m: int, k: int, n: int) -> Gemm:
    return Gemm(name="x", m=m, k=k, n=n)


def cut(whole: int, block: int) -> list[range]:
    return [range(at, min(at + block, whole)) for at in range(0, whole, block)]


def replay(product: Gemm, reuse: Reuse, memory: Memory) -> tuple[float, float]:
    """Bits of A and of B that come from DRAM when the loops run, one block of each being kept.

    Whatever is to stay must fit half of its buffer.
    """
    m_blocks, k_blocks, n_blocks = (
        cut(product.m, reuse.m_block),
        cut(product.k, reuse.k_block),
        cut(product.n, reuse.n_block),
    )
    half = [kib * 8192 / 2 for kib in memory.kib]
    if reuse.order == "weights":
        nest = [(m, k, n) for n in n_blocks for m in m_blocks for k in k_blocks]
        stays = {"b"} | ({"a"} if reuse.n_block > SPEC.cols else set())
    elif reuse.order == "activations":
        nest = [(m, k, n) for m in m_blocks for n in n_blocks for k in k_blocks]
        stays = {"a"} | ({"b"} if reuse.m_block > SPEC.rows else set())
    elif reuse.order == "outputs":
        nest = [(m, k, n) for m in m_blocks for n in n_blocks for k in k_blocks]
        stays = {"a", "b", "c"}
    else:
        nest = [(m, k, n) for m in m_blocks for n in n_blocks for k in k_blocks]
        stays = set()
    moved, kept = {"a": 0.0, "b": 0.0}, {"a": None, "b": None}
    for m, k, n in nest:
        sizes = {
            "a": len(m) * len(k) * WIDTHS.a,
            "b": len(k) * len(n) * WIDTHS.b,
            "c": len(m) * len(n) * WIDTHS.sums,
        }
        for name, most in zip("abc", half, strict=True):
            assert name not in stays or sizes[name] <= most, (name, reuse)
        for name, block in (("a", (m, k)), ("b", (k, n))):
            if name not in stays or kept[name] != block:
                moved[name] += sizes[name]
            kept[name] = block  # type: ignore[assignment]
    return moved["a"], moved["b"]


@given(product=GEMM, memory=MEMORY)
def test_the_loops_move_what_is_counted(product: Gemm, memory: Memory) -> None:
    m, k, n = product.m, product.k, product.n
    for reuse in reuses(product, SPEC, memory, WIDTHS):
        found = traffic(product, SPEC, WIDTHS, reuse)
        moved = replay(product, reuse, memory)
        if reuse.order == "outputs" and (reuse.k_block == k or reuse.m_block >= m):
            # All of K in a block, or one row of blocks: then another order is at least as good.
            assert moved[0] <= found.dram_a and moved[1] <= found.dram_b
            continue
        if reuse.m_block < m and reuse.n_block < n:
            assert moved == pytest.approx((found.dram_a, found.dram_b), rel=1e-12), reuse
        assert moved[0] <= found.dram_a * (1 + 1e-12) and moved[1] <= found.dram_b * (1 + 1e-12)


@given(product=GEMM, memory=MEMORY, grows=st.sampled_from(["a_kib", "b_kib", "c_kib"]))
def test_bounds(product: Gemm, memory: Memory, grows: str) -> None:
    """Never less than every number once, and never more with a larger buffer."""
    _, found = best(product, SPEC, memory, WIDTHS)
    least = compulsory(product, WIDTHS)
    assert least <= found.dram * (1 + 1e-12)
    larger = replace(memory, **{grows: 1.5 * getattr(memory, grows)})
    assert best(product, SPEC, larger, WIDTHS)[1].dram <= found.dram
    assert best(product, SPEC, LARGE, WIDTHS)[1].dram == pytest.approx(least, rel=1e-12)
    # What comes from DRAM is written to a buffer, and what the engine takes is read from one.
    assert found.sram_a >= found.dram_a + product.m * product.k * WIDTHS.a
    assert found.sram_c >= 2 * product.m * product.n * WIDTHS.sums


def test_orders_by_hand() -> None:
    """64 x 64 x 60 numbers, tiles of 4 x 6: what each order fetches from half a buffer."""
    product = gemm(64, 64, 60)
    widths = Widths(a=8, b_stored=8, b=8, sums=32, out=8)

    def fetched(a: float, b: float, c: float) -> dict[str, tuple[int, int]]:
        memory = Memory(a_kib=a, b_kib=b, c_kib=c)
        found: dict[str, tuple[int, int]] = {}
        for reuse in reuses(product, SPEC, memory, widths):
            now = reuse.a_fetched, reuse.b_fetched
            found[reuse.order] = min(found.get(reuse.order, now), now, key=sum)
        return found

    # Halves of 256, 256 and 32 bytes: 4 rows of A, no 6 columns of B, no tile of sums.
    assert fetched(0.5, 0.5, 0.0625) == {"tiles": (10, 16), "activations": (1, 16)}
    # 4 KiB hold all of A, 3.75 KiB all of B.
    assert fetched(8, 7.5, 0.0625)["activations"] == (1, 1)
    assert fetched(8, 7.5, 0.0625)["weights"] == (1, 1)
    # 16 x 16 sums, of which tiles fill 16 x 12: 5 blocks across, 4 down.
    assert fetched(0.5, 0.5, 2)["outputs"] == (5, 4)


@pytest.mark.parametrize("spec", engines(4, 6), ids=lambda spec: spec.name)
@pytest.mark.parametrize("k", [1, 2, 64])
def test_buffers_are_read_as_the_schedule_says(spec: EngineSpec, k: int) -> None:
    """Of sizes that fill whole tiles, beats of A and B are the numbers read."""
    deep = k * 4 * spec.depth
    product = gemm(12, deep, 18)
    schedule = spec.encoded(*random_operands(spec, 12, deep, 18, dist="zero"))
    (reuse,) = (one for one in reuses(product, spec, LARGE, WIDTHS) if one.order == "tiles")
    found = traffic(product, spec, WIDTHS, reuse)
    assert found.sram_a - found.dram_a == schedule.a.data.size * WIDTHS.a
    assert found.sram_b - found.dram_b == schedule.b.data.size * WIDTHS.b
    assert found.sram_c == 2 * schedule.outputs * schedule.cols * WIDTHS.sums


def test_one_fold_of_weights_serves_all_rows() -> None:
    """A weight-stationary array that holds all of K reads weights once, however many rows pass."""
    spec = EngineSpec.make(element="mac", array="systolic-ws", rows=4, cols=6)
    for k, reads in ((4, 1), (5, 3)):
        reuse, found = best(gemm(12, k, 18), spec, LARGE, WIDTHS)
        assert found.sram_b == pytest.approx(k * 18 * WIDTHS.b * (reuse.b_fetched + reads))


def test_partial_sums_go_to_their_buffer_and_back() -> None:
    """256 x 256 sums stay, so that A and B come once; K passes in blocks."""
    product = gemm(256, 10_000, 256)
    reuse, found = best(product, SPEC, Memory(c_kib=512), WIDTHS)
    blocks = ceil(10_000 / reuse.k_block)
    assert reuse.order == "outputs" and blocks > 1
    assert found.dram == pytest.approx(compulsory(product, WIDTHS))
    assert found.sram_c == 2 * blocks * 256 * 256 * WIDTHS.sums


def test_everything_wrong_at_once() -> None:
    with pytest.raises(InputError) as caught:
        Memory(a_kib=0, dram_gbit_per_s=-1, dram_pj_per_bit=float("nan"), leakage_uw_per_kib=0)
    assert caught.value.problems == [
        "a_kib: 0 given, use a number above 0",
        "dram_gbit_per_s: -1 given, use a number above 0",
        "dram_pj_per_bit: nan given, use a number from 0",
    ]
