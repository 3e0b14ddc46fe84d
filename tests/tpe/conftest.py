"""Running the command line inside the test's process."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tpe.cli import run


@dataclass(frozen=True)
class Outcome:
    """What a command left: exit status, standard output, lines of standard error."""

    status: int
    out: str
    err: list[str]

    @property
    def json(self) -> dict[str, Any]:
        """Standard output as the one JSON object it must be."""
        return json.loads(self.out, parse_constant=pytest.fail)


Command = Callable[..., Outcome]


@pytest.fixture
def tpe(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Command:
    """Runs `tpe` with the given arguments in an empty folder, `tmp_path`."""
    monkeypatch.chdir(tmp_path)

    def command(*arguments: object) -> Outcome:
        status = run([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Outcome(status, captured.out, captured.err.splitlines())

    return command


@pytest.fixture
def examples(tmp_path: Path) -> None:
    """The folder `examples`, where commands that are run as typed find it."""
    (tmp_path / "examples").symlink_to(Path(__file__).parents[2] / "examples")


@pytest.fixture
def matrix(tmp_path: Path) -> Callable[[str, NDArray], Path]:
    """Saves an array as a `.npy` file and gives its path."""

    def save(name: str, values: NDArray) -> Path:
        path = tmp_path / name
        np.save(path, values)
        return path

    return save
