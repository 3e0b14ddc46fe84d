"""The table of figures: ratios the right way round, bounds, kept figures."""

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from benchmarks import __main__ as command
from benchmarks.row import Row, seconds

pytestmark = pytest.mark.fast


def _row(ours: float, other: float, better: str, bound: float) -> Row:
    return Row(
        name="thing",
        ours=ours,
        other=other,
        against="limit",
        unit="s",
        better=better,  # type: ignore[arg-type]
        bound=bound,
    )


@pytest.mark.parametrize(
    ("row", "ratio", "holds"),
    [
        (_row(6, 10, "more", 0.6), 0.6, True),
        (_row(5, 10, "more", 0.6), 0.5, False),
        (_row(2, 20, "less", 10), 10, True),
        (_row(4, 20, "less", 10), 5, False),
    ],
)
def test_a_ratio_above_one_is_a_win(row: Row, ratio: float, holds: bool) -> None:
    assert row.ratio == ratio
    assert row.holds is holds


def test_seconds_takes_the_best_of_several() -> None:
    calls: list[None] = []
    assert 0 <= seconds(lambda: calls.append(None), least=0) < 60
    assert len(calls) == 2


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch):
    def run(*arguments: str, ours: float = 2):
        monkeypatch.setattr(command, "GROUPS", {"one": lambda: [_row(ours, 20, "less", 10)]})
        app = command.typer.Typer()
        app.command()(command.main)
        return CliRunner().invoke(app, list(arguments))

    return run


def test_the_exit_status_tells_whether_all_hold(run) -> None:
    assert run().exit_code == 0
    assert run(ours=3).exit_code == 1
    assert run("two").exit_code == 2


def test_figures_are_kept_and_compared(run, tmp_path: Path) -> None:
    kept = tmp_path / "figures.json"
    run("--keep", str(kept), ours=4)
    assert json.loads(kept.read_text())["figures"]["thing, limit"]["ratio"] == 5
    table = run("--compare", str(kept)).output
    assert "earlier" in table
    assert re.search(r"10\.00.*5\.00", table)
    assert run("--compare", str(tmp_path / "none.json")).exit_code == 2
