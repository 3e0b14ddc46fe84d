"""What the tracker costs: its bits, and its area by synthesis."""

from golden.trigger.layers import SETS, WAYS, WORD, sub_layers
from hw.plain import Plain
from hw.trigger.layouts import Widths
from hw.trigger.tracker import Tracker
from synth.block import price
from synth.sram import area as sram_area
from tpe.papers.row import Progress, Row

TABLE = "tracker: 256 sets of 8 ways, as in the paper; Nangate 45 nm, smallest design"

PAPER_KIB = 19.0

TRANSACTION = 64
"""Bytes of a memory access, which the tracker counts."""


def widths() -> Widths:
    """Those of the paper's largest result, in memory accesses."""
    words = max(layer.m * layer.n * 2 for layer in sub_layers()) // TRANSACTION
    devices = max(layer.devices for layer in sub_layers())
    return Widths(devices=devices, words=words, lanes=1, lane=1)


def tracker(progress: Progress) -> list[Row]:
    """Bits of state, and area of the logic around them."""
    found = widths()
    whole = Tracker(found, SETS, WAYS)
    whole._MustUse__silence = True  # It is made only to learn its bits.
    kib = whole.state_bits / 8192
    cost = price("tracker", lambda: Plain(Tracker(found, 1, WAYS)))
    progress(1.0)
    logic = cost.area_um2 - cost.sequential_area_um2
    return [
        Row(
            table=TABLE,
            metric="state",
            paper=PAPER_KIB,
            ours=kib,
            holds=kib <= PAPER_KIB,
            unit="KiB",
            note=f"{SETS * WAYS} tiles of {WORD // TRANSACTION} accesses, {whole.entry.size + 1}"
            f" bits each; the memory has {found.words} words",
        ),
        Row(
            table=TABLE,
            metric="area of the logic",
            paper=None,
            ours=logic,
            holds=None,
            unit="um^2",
            note=f"look-ups of both sides and counting, by synthesis of one set of {WAYS} ways;"
            f" needs {cost.delay_ns:.2f} ns",
        ),
        Row(
            table=TABLE,
            metric="area of the state, as SRAM",
            paper=None,
            ours=sram_area(kib),
            holds=None,
            unit="um^2",
            note=f"by published figures, one port; that set as flip-flops takes"
            f" {cost.sequential_area_um2:.0f} um^2",
        ),
    ]
