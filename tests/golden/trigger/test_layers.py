"""The paper's sub-layers: their shapes, what they read, and what must hold of any of them."""

import itertools
from dataclasses import replace

import pytest

from golden.trigger.layers import (
    CACHE,
    PAPER,
    SIDE,
    WORD,
    Accelerator,
    Phases,
    SubLayer,
    fused,
    gemm,
    ideal,
    operand_bytes,
    overlapped,
    sequential,
    stages,
    sub_layers,
)

pytestmark = pytest.mark.fast

LAYER = SubLayer(model="small", name="FC-2", m=1024, k=512, n=1280, devices=8)
UNITS = replace(PAPER, units=8, memory=100.0, link=7.5)
"""A tenth of the paper's machine: eighty workgroups take ten stages."""


def test_the_papers_sub_layers() -> None:
    found = {layer.title: layer for layer in sub_layers()}
    assert len(found) == 28
    layer = found["T-NLG, TP 16, FC-2"]
    assert (layer.m, layer.k, layer.n) == (8192, 4 * 4256 // 16, 4256)
    assert found["Mega-GPT-2, TP 8, OP"].k == 384
    assert found["MT-NLG, TP 32, IP"].k == 3 * 640


def test_units() -> None:
    """A cycle moves a word, a workgroup takes as long as its operations."""
    assert PAPER.cycle == pytest.approx(8.192)
    whole = PAPER.units * SIDE * SIDE * 2 * 1000 / PAPER.stage(1000)
    assert whole == pytest.approx(0.8 * 80 * 1.4 * 1024)


def test_stages_cover_the_result_once() -> None:
    every = [group for stage in stages(LAYER, 8) for group in stage]
    assert sorted(every) == [(row, col) for row in range(8) for col in range(10)]
    assert [len(stage) for stage in stages(LAYER, 8)] == [8] * 10


@pytest.mark.parametrize("bypass", [False, True])
def test_operands_that_fit_the_cache_are_read_once(bypass: bool) -> None:
    assert operand_bytes(LAYER, 8, bypass) == 2 * 512 * (1024 + 1280)


def test_results_that_pass_the_cache_drive_out_operands() -> None:
    layer = SubLayer(model="", name="", m=8192, k=1024, n=3072, devices=8)
    once = 2 * layer.k * (layer.m + layer.n)
    reads = [operand_bytes(layer, 80, bypass) for bypass in (True, False)]
    assert once <= reads[0] < reads[1]
    assert once > CACHE


def test_chunks_are_equal() -> None:
    phases = Phases(replace(LAYER, devices=6))
    assert {len(chunk) for chunk in phases.chunks} == {54}
    assert phases.words >= 1024 * 1280 * 2 // WORD
    assert phases.fits


def test_policies() -> None:
    base = sequential(LAYER, UNITS)
    t3, mca = (overlapped(LAYER, UNITS, mca=mca) for mca in (False, True))
    least = ideal(LAYER, UNITS)
    for found in (t3, mca):
        assert least <= found.time * 1.001 < base.time
        assert found.bytes < base.bytes
        assert found.moved["updates"] > 0 == base.moved["updates"]
    chunk = Phases(LAYER).words // 8 * WORD
    assert base.moved["loads"] == (2 * 8 - 2 + 8 - 1) * chunk
    assert base.moved["stores"] == (8 + 8 - 1 + 8 - 1) * chunk
    assert t3.moved["loads"] == (8 - 2 + 8 - 1) * chunk
    assert t3.moved["stores"] + t3.moved["updates"] == (3 * 8 - 3) * chunk


@pytest.mark.parametrize("field", ["memory", "link", "efficiency"])
def test_a_better_machine_is_never_slower(field: str) -> None:
    times = []
    for factor in (0.5, 0.75, 1.0):
        machine = replace(UNITS, **{field: factor * getattr(UNITS, field)})
        times.append((sequential(LAYER, machine).time, fused(LAYER, machine, True, 5).time))
    for slower, faster in itertools.pairwise(times):
        assert all(after <= before * 1.005 for before, after in zip(slower, faster, strict=True))


def test_the_gemm_takes_what_its_operations_take() -> None:
    """Its operands come in time, and results leave behind the next stage."""
    machine = Accelerator(units=8)
    found = gemm(LAYER, machine, True).time
    least = 10 * machine.stage(LAYER.k) * 1e-3
    assert least <= found <= 1.1 * least
