"""Every --help carries an example, and every example runs as typed."""

import shlex

import pytest

from tests.tpe.conftest import Command
from tpe.cli import COMMANDS


def examples(text: str) -> list[str]:
    """Commands on the lines that begin with `Example:`."""
    lines = (line.strip() for line in text.splitlines())
    return [line.removeprefix("Example:").strip() for line in lines if line.startswith("Example:")]


@pytest.mark.usefixtures("examples")
@pytest.mark.parametrize("command", [[], *([name] for name in sorted(COMMANDS))], ids=" ".join)
def test_the_example_runs(
    tpe: Command, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    (example,) = examples(tpe(*command, "--help").out)
    program, *arguments = shlex.split(example)
    assert program == "tpe"
    assert not command or arguments[0] == command[0]
    outcome = tpe(*arguments)
    assert outcome.status == 0, outcome.err


def test_the_commands_are_the_contracts() -> None:
    contract = "list describe generate simulate compare estimate explore quantize reproduce"
    assert set(contract.split()) <= set(COMMANDS)
