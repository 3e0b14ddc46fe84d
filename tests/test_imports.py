"""The rooms import in one direction: golden <- hw <- sim <- synth <- tpe."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ALLOWED = {
    "golden": {"golden"},
    "hw": {"golden", "hw"},
    "sim": {"golden", "hw", "sim"},
    "synth": {"golden", "hw", "sim", "synth"},
    "tpe": {"golden", "hw", "sim", "synth", "tpe"},
}
FOREIGN = {
    "golden": {"amaranth", "cocotb", "pyosys", "typer", "rich"},
    "hw": {"cocotb", "typer", "rich", "numpy"},
    "sim": {"amaranth", "typer", "rich"},
    "synth": {"amaranth", "cocotb", "typer", "rich"},
    "tpe": {"amaranth", "cocotb", "pyosys"},
}
"""What a room has no business with: the golden room is numpy alone, hardware Amaranth alone, and
what people see on a terminal is the front door's."""

pytestmark = pytest.mark.fast


def imported(source: str) -> set[str]:
    """Top-level names of all modules that `source` imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "absolute imports only"
            names.add(str(node.module).partition(".")[0])
    return names


@pytest.mark.parametrize("room", ALLOWED)
def test_imports_run_to_the_left(room: str) -> None:
    files = sorted((ROOT / room).rglob("*.py"))
    assert files
    for path in files:
        names = imported(path.read_text())
        assert names & ALLOWED.keys() <= ALLOWED[room], path
        assert not names & FOREIGN[room], path


def test_a_wrong_import_is_seen() -> None:
    assert imported("from tpe.cli import main\nimport hw.verilog as v") == {"tpe", "hw"}
