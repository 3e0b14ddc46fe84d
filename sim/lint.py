"""What Verilator's linter has to say about an engine."""

import re
import tempfile
from pathlib import Path

from hw.verilog import Design
from sim.tools import verilator

JUSTIFIED = (
    # One file holds all modules of an engine.
    r"DECLFILENAME:",
    # A register has an initial value and is assigned later: FPGAs start from it.
    r"PROCASSINIT:",
    # Yosys leaves the extension of unsigned operands to Verilog's rules; signed ones are explicit.
    r"WIDTHEXPAND:",
    # Second names that Yosys keeps for one signal, and carries beyond the width of a sum.
    r"UNUSEDSIGNAL:",
    # What a selection is otherwise stands before it, where its number of ways is no power of two.
    r"CASEINCOMPLETE:",
    # Yosys writes "is zero" as a logical not.
    r"WIDTHTRUNC: .*Logical operator LOGNOT",
    # One of many numbers side by side is shifted down, and those above it are cut off.
    r"WIDTHTRUNC: .*SHIFTR",
)


def lint(design: Design) -> list[str]:
    """Warnings of `verilator --lint-only -Wall`, one line each, without the `JUSTIFIED` ones.

    Raises
    ------
    SimulationError
        If Verilator rejects the Verilog.
    """
    with tempfile.TemporaryDirectory(prefix="tpe-") as name:
        source = Path(name, f"{design.top}.v")
        source.write_text(design.verilog)
        said = verilator().run(
            ["--lint-only", "-Wall", "-Wno-fatal", "--top-module", design.top, source.name],
            source.parent,
        )
    found = re.findall(r"^%Warning-(\w+: .*)$", said, re.MULTILINE)
    return [text for text in found if not any(re.match(known, text) for known in JUSTIFIED)]
