"""MixPE: Y. Zhang et al., "MixPE: Quantization and Hardware Co-design for Efficient LLM Inference".

arXiv 2411.16158. The paper compares one processing element, and engines of one area on four
networks, in 28 nm, against FP16. Here every design is mapped to the same 45 nm library. What stands
for ANT and Bit Fusion is our own; OLAccel's rows are left out, we have no such design.
"""

from tpe.papers.mixpe_element import elements
from tpe.papers.mixpe_networks import energies, times
from tpe.papers.mixpe_unit import units
from tpe.papers.row import Table

SUMMARY = "MixPE: shift-and-add elements for weights in groups (arXiv 2411.16158)"

TABLES: dict[str, Table] = {
    "element": elements,
    "unit": units,
    "time": times,
    "energy": energies,
}
