"""What was measured in RTL, beside the cycle model of the same rings."""

from tpe.papers.row import Progress, Row

TABLE = "RTL: measured on the emitted Verilog, and the cycle model of the same ring"


def rtl(progress: Progress) -> list[Row]:
    """Rows marked `RTL`: each configuration, policy by policy."""
    progress(1.0)
    return []
