"""T3: S. Pati et al., "T3: Transparent Tracking & Triggering for Fine-grained Overlap of Compute &
Collectives", ASPLOS 2024, arXiv 2401.16677.

Sub-layers of five transformers in the cycle model of the ring, on the paper's machine
(`golden.trigger.layers`). Speed-ups are in percent over GEMM, reduce-scatter and all-gather one
after the other; so is what moves between memory and the rest of a device.
"""

from tpe.papers.row import Table
from tpe.papers.t3_layers import movement, sensitivity, sublayers
from tpe.papers.t3_rtl import rtl
from tpe.papers.t3_tracker import tracker

SUMMARY = "T3: GEMM and reduce-scatter at once, tracked and triggered (arXiv 2401.16677)"

TABLES: dict[str, Table] = {
    "sublayers": sublayers,
    "movement": movement,
    "sensitivity": sensitivity,
    "tracker": tracker,
    "rtl": rtl,
}
