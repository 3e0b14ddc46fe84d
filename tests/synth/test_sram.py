"""Memories beside an engine, by published figures."""

import pytest

from golden.loading import load_spec
from synth.cost import estimate
from synth.sram import CELL, area, buffers, energy_per_bit

pytestmark = pytest.mark.fast


@pytest.mark.parametrize(("kib", "picojoules"), [(8, 10), (32, 20), (1024, 100)])
def test_the_published_energies(kib: float, picojoules: float) -> None:
    assert energy_per_bit(kib) * 64 == pytest.approx(picojoules)


def test_larger_memories_cost_more() -> None:
    sizes = [1, 8, 16, 32, 100, 1024, 4096]
    assert sorted(map(area, sizes)) == [area(size) for size in sizes]
    assert sorted(map(energy_per_bit, sizes)) == [energy_per_bit(size) for size in sizes]
    assert area(1) > 8192 * CELL


def test_what_an_output_stationary_array_moves() -> None:
    spec = load_spec("mac-os", ["rows=4", "cols=2", "a=int8", "b=int4", "acc=int16"])
    found = buffers(spec, (8, 8, 8), depth=16)
    assert found["a"].bits_per_mac == 8 / 2
    assert found["b"].bits_per_mac == 4 / 4
    assert found["c"].bits_per_mac == 16 / 16
    assert found["a"].energy_per_mac_pj == pytest.approx(4 * 10 / 64)


def test_no_other_figure_includes_them() -> None:
    spec = load_spec("mac-os", ["rows=2", "cols=2", "a=int4", "b=int4", "acc=int12"])
    plain = estimate(spec, activity=0.1)
    with_memories = estimate(spec, activity=0.1, buffers=(8, 8, 8))
    assert plain.buffers == {}
    assert set(with_memories.buffers) == {"a", "b", "c"}
    assert with_memories.area_um2 == plain.area_um2
