"""Workloads on processors with made-up prices: sums, sizes, what DRAM and dequantization take."""

from dataclasses import asdict, replace
from math import ceil
from types import SimpleNamespace
from typing import Any

import pytest

from golden.loading import load_spec
from tpe.problems import InputError
from tpe.workloads.constants import DRAM_ENERGY
from tpe.workloads.gemms import Gemm
from tpe.workloads.memory import Memory
from tpe.workloads.models import MODELS, model_gemms
from tpe.workloads.processor import Dequantize, Processor, priced, sides
from tpe.workloads.run import run_workload

pytestmark = pytest.mark.fast

SMALL = Gemm(name="small", m=16, k=64, n=24, count=3)
"""All of it fits the buffers, so that every number comes from DRAM once."""

SCORES = replace(SMALL, weights=False)


def processor(preset: str = "mac-os", *settings: str, **fields: Any) -> Processor:
    spec = load_spec(preset, settings)
    prices = {
        "area_um2": 64 * 800.0,
        "clock_ns": 2.0,
        "energy_per_mac_pj": 2.5,
        "leakage_uw": 900.0,
    }
    return Processor(spec=spec, **{**prices, **fields})


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("preset", ["mac-os", "mac-ws", "opt2-tree", "fmac-2d"])
def test_totals_are_sums(name: str, preset: str) -> None:
    engine = processor(preset, dequantize=Dequantize(when="after"))
    result = run_workload(model_gemms(name), engine)
    total, parts = result.total, [line.figures for line in result.lines]
    for field in ("macs", "cycles", "compute_cycles", "dram_cycles", "dram_bits", "seconds"):
        assert getattr(total, field) == sum(getattr(part, field) for part in parts), field
    for part in (*parts, total):
        energy = part.energy
        four = energy.static + energy.dram + energy.buffer + energy.core
        assert energy.total == four > energy.core > energy.dequantize
        assert part.cycles >= max(part.compute_cycles, part.dram_cycles)
        assert 0 < part.utilisation <= 1
        assert part.dram_bits >= part.dram_bits_compulsory * (1 - 1e-12)
        assert part.seconds == pytest.approx(part.cycles * 2e-9)
    for part in asdict(total.energy):
        summed = sum(getattr(line.energy, part) for line in parts)
        assert getattr(total.energy, part) == pytest.approx(summed, rel=1e-12)


def test_weights_in_groups_bring_their_scales() -> None:
    engine = processor("mixpe-os", "options.group=32")
    widths = engine.widths(SMALL)
    assert widths.b == widths.b_stored == 4 + 16 / 32
    zeros = processor("mixpe-os", "options.group=32", "options.zeros=on", "b=uint4")
    assert zeros.widths(SMALL).b == 4 + (16 + 4) / 32
    assert engine.passes(SMALL) == 1
    assert engine.passes(SCORES) == 2


def test_figures_by_hand() -> None:
    engine = processor()
    memory = Memory(dram_gbit_per_s=1000.0, dram_pj_per_bit=10.0, leakage_uw_per_kib=1.0)
    (line,) = run_workload([SMALL], engine, memory).lines
    figures = line.figures
    bits = 3 * 8 * (16 * 64 + 64 * 24 + 16 * 24)
    assert figures.macs == 3 * 16 * 64 * 24
    assert figures.dram_bits == figures.dram_bits_compulsory == bits
    assert figures.dram_cycles == ceil(bits / 2000)
    assert figures.cycles == figures.compute_cycles == 3 * engine.spec.cycles(16, 64, 24)
    # A three times for as many tiles across, B twice, each written once; sums in and out.
    assert figures.sram_bits == {
        "a": 3 * 8 * 16 * 64 * (1 + 3),
        "b": 3 * 8 * 64 * 24 * (1 + 2),
        "c": 3 * 32 * 16 * 24 * 2,
    }
    energy = figures.energy
    assert energy.dram == pytest.approx(bits * 10e-9)
    assert energy.core == pytest.approx(figures.macs * 2.5e-9)
    assert energy.static == pytest.approx((900 + 512) * 1e-3 * figures.cycles * 2e-9)
    moved = zip(figures.sram_bits.values(), memory.pj_per_bit, strict=True)
    assert energy.buffer == pytest.approx(sum(bit * pj for bit, pj in moved) * 1e-9)


def test_dram_bounds_the_time() -> None:
    """A decoded token meets every weight once: bandwidth decides, however many elements."""
    engine = processor("mac-os", "rows=64", "cols=64")
    gemms = [gemm for gemm in model_gemms("llama2-13b", phase="decode") if gemm.weights]
    slow = Memory(dram_gbit_per_s=10.0)
    total = run_workload(gemms, engine, slow).total
    assert total.cycles == total.dram_cycles > 10 * total.compute_cycles
    weights = 8 * sum(gemm.parameters for gemm in gemms)
    assert weights < total.dram_bits < 1.001 * weights
    assert total.seconds == pytest.approx(total.dram_bits / 10e9, rel=1e-6)


def test_a_narrower_weight_is_less_traffic() -> None:
    wide, narrow = (
        run_workload([SMALL, SCORES], processor(weight_bits=bits, overhead_bits=0.25))
        for bits in (8, 4)
    )
    weights, scores = (
        a.figures.dram_bits - b.figures.dram_bits
        for a, b in zip(wide.lines, narrow.lines, strict=True)
    )
    assert weights == pytest.approx(3 * 4 * 64 * 24)
    assert scores == 0


def test_keys_and_values_wider_than_b_take_several_passes() -> None:
    four = processor("mac-os", "b=int4")
    eight = processor()
    for gemm in (SMALL, SCORES):
        narrow, wide = (run_workload([gemm], p).total for p in (four, eight))
        passes = 1 if gemm.weights else 2
        assert narrow.compute_cycles == passes * wide.compute_cycles
        assert narrow.energy.core == pytest.approx(passes * wide.energy.core)
    quantized = run_workload([SCORES], replace(four, kv_bits=4)).total
    assert quantized.compute_cycles == run_workload([SMALL], four).total.compute_cycles


@pytest.mark.parametrize(
    ("when", "operations"), [("none", 0), ("before", 3 * 64 * 24), ("after", 3 * 16 * 24 * 2)]
)
def test_dequantization(when: Any, operations: int) -> None:
    """Every weight before, every sum of a group of 32 after; none of what is no weight."""
    plain = run_workload([SMALL], processor()).total
    vector = Dequantize(when=when, group=32, lanes=5, pj=2.0)
    total = run_workload([SMALL], processor(dequantize=vector)).total
    assert total.dequantize_cycles == ceil(operations / 5)
    assert total.cycles == plain.cycles + total.dequantize_cycles
    assert total.energy.dequantize == pytest.approx(operations * 2e-9)
    assert total.energy.core == pytest.approx(plain.energy.core + operations * 2e-9)
    scales = 0 if when == "none" else 3 * 64 * 24 * (16 + 8) / 32
    assert total.dram_bits == pytest.approx(plain.dram_bits + scales)
    beside = replace(vector, overlaps=True)
    overlapped = run_workload([SMALL], processor(dequantize=beside)).total
    assert overlapped.cycles == max(plain.cycles, total.dequantize_cycles)
    assert run_workload([SCORES], processor(dequantize=vector)).total.dequantize_cycles == 0


def test_weights_that_come_twice_are_dequantized_twice() -> None:
    gemm = Gemm(name="x", m=8192, k=4096, n=4096)
    vector = Dequantize(when="before", lanes=1)
    (line,) = run_workload([gemm], processor(dequantize=vector)).lines
    assert line.reuse.b_fetched > 1
    assert line.figures.dequantize_cycles == 4096 * 4096 * line.reuse.b_fetched


def test_equal_area() -> None:
    """Elements, sides being multiples of 4: 62, 1250, 1024 and 4096 fit these areas."""
    one = processor()
    for area, size in ((0.05, (8, 4)), (1.0, (44, 28)), (0.8192, (32, 32)), (3.2768, (64, 64))):
        fitted = one.at_area(area)
        assert (fitted.spec.rows, fitted.spec.cols) == size
        assert fitted.area_um2 == pytest.approx(800 * size[0] * size[1])
        assert fitted.area_um2 <= area * 1e6 * (1 + 1e-12)
        assert fitted.leakage_uw / fitted.area_um2 == pytest.approx(one.leakage_uw / one.area_um2)
    several = one.at_area(200)
    assert several.engines == ceil(250_000 / 65_536)
    assert 0.98 * 200e6 < several.engines * several.area_um2 <= 200e6
    total = run_workload(model_gemms("vit-base"), several).total
    assert total.utilisation <= 1


def test_the_largest_engine_that_fits() -> None:
    """Of multiples of 4 with a ratio of at most 2; of those with as many elements, the squarest."""
    expected = {16: (4, 4), 100: (12, 8), 1000: (40, 24), 4100: (64, 64), 70_000: (256, 256)}
    assert {elements: sides(elements, 256) for elements in expected} == expected


def test_everything_wrong_at_once() -> None:
    with pytest.raises(InputError) as caught:
        processor(area_um2=0, leakage_uw=-1.0, engines=0, kv_bits=1.5)
    assert caught.value.problems == [
        "engines: 0 given, use a whole number from 1",
        "kv_bits: 1.5 given, use a whole number from 1",
        "area_um2: 0 given, use a number above 0",
        "leakage_uw: -1.0 given, use a number from 0",
    ]
    with pytest.raises(InputError) as caught:
        Dequantize(when="during", group=0, lanes=0, pj=-1.0)  # type: ignore[arg-type]
    assert len(caught.value.problems) == 4
    with pytest.raises(InputError, match=r"use at least 0\.0128: 4 x 4"):
        processor().at_area(0.001)
    with pytest.raises(InputError, match="area: nan given"):
        processor().at_area(float("nan"))


def test_leakage_is_not_counted_twice() -> None:
    """A price's energy includes it; over the time of a run at full pace both agree."""
    cost: Any = SimpleNamespace(
        area_um2=1e5, period_ns=2.0, energy_per_mac_pj=2.5, power_mw=80.0, leakage_uw=1000.0
    )
    engine = priced(load_spec("mac-os"), cost)
    macs_per_cycle = cost.power_mw * cost.period_ns / cost.energy_per_mac_pj
    leaked = cost.leakage_uw * 1e-3 * cost.period_ns / macs_per_cycle
    assert engine.energy_per_mac_pj + leaked == pytest.approx(2.5)


def test_constants_say_what_was_used() -> None:
    usual = {c.name: c for c in run_workload([SMALL], processor()).constants}
    assert usual["DRAM energy"] == DRAM_ENERGY
    assert all(constant.source for constant in usual.values())
    assert "group" not in usual
    vector = Dequantize(when="after", group=64)
    given = run_workload([SMALL], processor(dequantize=vector), Memory(dram_pj_per_bit=4.0))
    used = {c.name: (c.value, c.source) for c in given.constants}
    assert used["DRAM energy"] == (4.0, "given")
    assert used["group"] == (64, "given")
    assert used["dequantizations a cycle"] == (8, "one for each column of the engine")
