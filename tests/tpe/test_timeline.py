"""Pictures of what devices do over time."""

from pathlib import Path

import numpy as np
import pytest

from golden.trigger.device import COUNTERS
from tpe.timeline import BINS, Timeline, draw

pytestmark = pytest.mark.fast


def timeline(cycles: int = 1000, period: int = 7) -> Timeline:
    """Two devices, of which the second does twice as much; a word a fourth cycle."""
    times = np.arange(0, cycles, period)
    samples = np.zeros((len(times), 2, len(COUNTERS)), np.int64)
    for name, every in (("sent", 4), ("operands", 2), ("computing", 1)):
        samples[:, 0, COUNTERS.index(name)] = times // every // 2
        samples[:, 1, COUNTERS.index(name)] = times // every
    phases = (("GEMM", 0, 600), ("all-gather", 600, cycles))
    return Timeline(samples=samples, period=period, link_interval=4, phases=phases)


def test_rates() -> None:
    run = timeline()
    edges, rates = run.rates(run.end)
    assert edges[0] == 0 and edges[-1] == 1000 and len(edges) <= BINS + 1
    assert rates["computing"].shape == (len(edges) - 1, 2)
    assert rates["computing"][3:-3].mean(axis=0) == pytest.approx([0.5, 1.0], rel=0.05)
    assert rates["sent"][3:-3].mean(axis=0) == pytest.approx([0.125, 0.25], rel=0.05)


def test_a_shorter_run_ends_before_the_others() -> None:
    edges, _ = timeline(500).rates(1000)
    assert edges[-1] == 500


@pytest.mark.parametrize("suffix, start", [(".svg", b"<?xml"), (".png", b"\x89PNG")])
def test_pictures(suffix: str, start: bytes, tmp_path: Path) -> None:
    target = tmp_path / f"timeline{suffix}"
    draw({"sequential": timeline(1000), "t3": timeline(600)}, target)
    content = target.read_bytes()
    assert content.startswith(start)
    if suffix == ".svg":
        for text in (b"sequential: 1,000 cycles", b"device 1", b"GEMM", b"link busy"):
            assert text in content
