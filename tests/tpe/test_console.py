"""What goes where: people, scripts, terminals and pipes."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from golden.loading import load_spec
from hw.verilog import Port
from tpe.commands.console import Reporter, hint, plain
from tpe.problems import InputError

pytestmark = pytest.mark.fast


def test_plain_values_are_valid_json() -> None:
    values = {
        "infinite": [math.inf, -math.inf, math.nan, 1.5],
        "numpy": (np.int64(3), np.float32(0.5), np.float64(math.nan), np.bool_(True)),
        "path": Path("a/b"),
        "nothing": None,
        "port": Port(name="clk", direction="input", width=1, summary="clock"),
        "spec": load_spec("mac-os"),
        7: "key",
    }
    text = json.dumps(plain(values), allow_nan=False)
    read = json.loads(text)
    assert read["infinite"] == [None, None, None, 1.5]
    assert read["numpy"] == [3, 0.5, None, True]
    assert read["path"] == "a/b"
    assert read["port"]["width"] == 1
    assert read["spec"]["options"] == {"overflow": "wrap", "accumulator": "split"}
    assert read["7"] == "key"


def test_a_pipe_shows_no_bar(capsys: pytest.CaptureFixture[str]) -> None:
    with Reporter(None, False, False).progress("working") as progress:
        assert progress is None
    assert capsys.readouterr() == ("", "")


def test_a_terminal_shows_a_bar_on_standard_error(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TTY_COMPATIBLE", "1")
    monkeypatch.setenv("TERM", "xterm")
    with Reporter("-", False, False).progress("working") as progress:
        assert progress is not None
        progress(0.5)
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "working" in shown.err
    with Reporter(None, True, False).progress("working") as progress:
        assert progress is None


def test_people_see_text_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    Reporter(None, False, False).fail("normal:a:b [red] " + "long " * 40)
    assert capsys.readouterr().err == "normal:a:b [red] " + "long " * 40 + "\n"


def test_json_on_standard_output_is_alone(capsys: pytest.CaptureFixture[str]) -> None:
    report = Reporter("-", False, True)
    report.say(hint("tpe list"))
    report.write({"a": 1})
    assert json.loads(capsys.readouterr().out) == {"a": 1}
    assert not report.verbose


def test_quiet_and_verbose_exclude_each_other() -> None:
    with pytest.raises(InputError, match="use one of them"):
        Reporter(None, True, True)
