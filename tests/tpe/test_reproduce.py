"""`tpe reproduce`: tables, verdicts and exit status, on a paper made for the purpose."""

import sys
from collections.abc import Iterator
from types import ModuleType

import pytest

from tests.tpe.conftest import Command
from tpe.papers import PAPERS
from tpe.papers.row import Progress, Row
from tpe.verbs.reproduce import reproduce

pytestmark = pytest.mark.fast


def rows(table: str, ours: float) -> list[Row]:
    claimed = Row(table=table, metric="gain", paper=2.0, ours=ours, holds=ours >= 2, note="why")
    return [claimed, Row(table=table, metric="area", paper=None, ours=1e4, holds=None, unit="um^2")]


@pytest.fixture(autouse=True)
def paper(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    module = ModuleType("paper_of_the_test")
    module.SUMMARY = "two tables"  # type: ignore[attr-defined]
    module.TABLES = {  # type: ignore[attr-defined]
        "good": lambda progress: rows("A good table", 3.0),
        "bad": lambda progress: rows("A bad table", 1.5),
    }
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setitem(PAPERS, "test", module.__name__)
    yield


def test_all_tables(tpe: Command) -> None:
    outcome = tpe("reproduce", "test", "--json", "-")
    assert outcome.status == 1
    assert [row["holds"] for row in outcome.json["rows"]] == [True, None, False, None]
    assert outcome.json["holds"] is False
    assert outcome.json["rows"][0].keys() >= {"metric", "paper", "ours", "holds"}


def test_one_table_for_people(tpe: Command) -> None:
    outcome = tpe("reproduce", "test", "--table", "good")
    assert outcome.status == 0
    assert "A good table" in outcome.out and "A bad table" not in outcome.out
    assert "1 of 1 rows hold" in outcome.out
    assert "1.5" in outcome.out, "the ratio of ours to the paper's"


def test_what_is_not_there(tpe: Command) -> None:
    outcome = tpe("reproduce", "nothing")
    assert (outcome.status, outcome.err[0].split(":")[0]) == (
        2,
        "'nothing' is no paper that can be reproduced",
    )
    outcome = tpe("reproduce", "test", "--table", "x", "--table", "good", "--table", "y")
    assert outcome.status == 2
    assert outcome.err == [
        f"--table {name}: test has no such table, use good, bad" for name in "xy"
    ]


def test_progress_covers_all_tables() -> None:
    seen: list[float] = []

    def progress(share: float) -> None:
        seen.append(share)

    report: Progress = progress
    found = reproduce("test", progress=report)
    assert seen == sorted(seen) and seen[-1] == 1.0
    assert not found.holds and found.seconds >= 0
