"""A watched process reports progress, and its failures become errors that say what it said."""

import sys
from pathlib import Path

import pytest

from sim.errors import SimulationError
from sim.process import run_watched

pytestmark = pytest.mark.fast


def _python(code: str) -> list[str | Path]:
    return [sys.executable, "-c", code]


def test_progress_and_log_are_told_apart(tmp_path: Path) -> None:
    told: list[float] = []
    code = "print('hello'); print('progress 0.25'); print('progress 1'); print('bye', end='')"
    assert run_watched(_python(code), tmp_path, progress=told.append) == "hello\nbye"
    assert told == [0.25, 1.0]


def test_it_runs_where_and_how_it_should(tmp_path: Path) -> None:
    code = "import os; print(os.getcwd(), os.environ['ANSWER'])"
    said = run_watched(_python(code), tmp_path, variables={"ANSWER": "42"})
    assert said == f"{tmp_path} 42"


def test_a_failure_says_what_the_process_said(tmp_path: Path) -> None:
    code = "import sys; print('no such port', file=sys.stderr); sys.exit(3)"
    with pytest.raises(SimulationError, match=r"ended with status 3\nno such port"):
        run_watched(_python(code), tmp_path)


def test_a_crash_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SimulationError, match="ended with status -11"):
        run_watched(_python("import os; os.kill(os.getpid(), 11)"), tmp_path)


def test_a_silent_process_is_stopped(tmp_path: Path) -> None:
    code = "import time; print('start', flush=True); time.sleep(60)"
    with pytest.raises(SimulationError, match=r"was silent for 0.5 s and was stopped\nstart"):
        run_watched(_python(code), tmp_path, silence=0.5)


def test_the_caller_s_interrupt_ends_it(tmp_path: Path) -> None:
    def interrupt(fraction: float) -> None:
        raise KeyboardInterrupt

    code = "import time; print('progress 0', flush=True); time.sleep(60); open('late', 'w')"
    with pytest.raises(KeyboardInterrupt):
        run_watched(_python(code), tmp_path, progress=interrupt)
    assert not (tmp_path / "late").exists()
