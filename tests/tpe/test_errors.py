"""Bad input: one line a problem on standard error, status 2, nothing written, no traceback."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.tpe.conftest import Command

pytestmark = pytest.mark.fast

COMMANDS = {
    "describe": (),
    "generate": ("-o", "out"),
    "simulate": (),
    "compare": (),
    "estimate": (),
}
CASES = {
    "compare": [
        (("--a", "a.npy"), ["--a a.npy: give --b as well"]),
        (("--b", "b.npy"), ["--b b.npy: give --a as well"]),
        (("--a", "no.npy", "--b", "b.npy"), ["no.npy: cannot be read: No such file"]),
        (("--a", "a.npy", "--b", "a.npy"), ["do not multiply"]),
        (("--a", "wide.npy", "--b", "b.npy"), ["wide.npy: 300 in row 0, column 2 is outside int8"]),
        (
            ("--a", "a.npy", "--b", "b.npy", "--random", 3, "--k", 4, "--dist", "uniform"),
            ["--random 3: is for random", "--k 4: is for random", "--dist uniform: is for random"],
        ),
        (("--random", 0, "--m", -1, "--seed", -2), ["--random 0", "--m -1", "--seed -2"]),
        (("--random", "many"), ["'--random'"]),
        (("--m", 10**9, "--n", 10**9), ["multiplications"]),
        (("--dist", "poisson:3"), ["poisson:3"]),
        (("--dist", "normal:0:-1"), ["normal:0:-1"]),
        (("--dist", "normal:a:b"), ["normal:a:b"]),
        (("--stall", 1), ["--stall 1.0: use a probability from 0 to 0.95"]),
        (("--stall", "nan"), ["--stall nan"]),
        (("--backend", "vcs"), ["'vcs'"]),
        (("--waves", "."), [".: is a folder", "--waves .: use a name that ends in .fst, .vcd"]),
        (("--waves", "a.npy/x.fst"), ["not a writable folder"]),
        (("--c", "a.npy/c.npy"), ["not a writable folder"]),
        (("--json", "a.npy/x.json"), ["not a writable folder"]),
        (("--quiet", "--verbose"), ["--quiet and --verbose: use one of them"]),
        (("--bogus",), ["--bogus"]),
        (("--set", "rows=0", "--set", "acc=x", "--stall", 2), ["rows: 0", "acc: 'x'", "--stall"]),
    ],
    "estimate": [
        (("--clock", "soon"), ["--clock soon: use a period in ns above 0, fastest or best"]),
        (("--clock", 0, "--activity", -1), ["--clock 0", "--activity -1"]),
        (("--clock", "inf"), ["--clock inf"]),
        (("--liberty", "no.lib"), ["no.lib"]),
        (("--liberty", "a.npy"), ["a.npy"]),
        (("--a", "a.npy"), ["--a a.npy: give --b as well"]),
        (("--scale", "old", "--buffers", "1,2"), ["--scale old", "--buffers 1,2: use three sizes"]),
        (("--stall", 1, "--picture", "cost.txt"), ["--stall 1", "--picture cost.txt: use a name"]),
        (("--scale", "3"), ["scale: 3 nm given, use 7 to 130"]),
    ],
    "generate": [
        (("-o", "a.npy"), ["a.npy: is a file, use the name of a folder"]),
        (("-o", "-"), ["--output -: Verilog goes to files, use the name of a folder"]),
    ],
}


@pytest.fixture(autouse=True)
def files(matrix: Callable[[str, NDArray], Path]) -> None:
    matrix("a.npy", np.ones((2, 3), np.int8))
    matrix("b.npy", np.ones((3, 2), np.int8))
    matrix("wide.npy", np.array([[1, 2, 300]]))


@pytest.mark.parametrize(
    ("command", "arguments", "expected"),
    [(command, *case) for command, cases in CASES.items() for case in cases],
    ids=str,
)
def test_every_problem_has_its_line(
    tpe: Command, tmp_path: Path, command: str, arguments: tuple, expected: list[str]
) -> None:
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    outcome = tpe(command, "mac-os", "--set", "cols=2", *arguments)
    assert outcome.status == 2
    assert outcome.out == ""
    assert len(outcome.err) == len(expected), outcome.err
    for line, part in zip(outcome.err, expected, strict=True):
        assert part in line
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    ("source", "expected"),
    [("nothing", "'nothing' is neither"), ("no.toml", "no.toml: cannot be read")],
)
def test_every_command_refuses_an_unknown_spec(
    tpe: Command, command: str, source: str, expected: str
) -> None:
    outcome = tpe(command, source, *COMMANDS[command])
    assert outcome.status == 2
    assert len(outcome.err) == 1
    assert expected in outcome.err[0]


@pytest.mark.parametrize("command", sorted(COMMANDS.keys() - {"estimate"}))
def test_an_element_alone_is_no_engine(tpe: Command, command: str) -> None:
    outcome = tpe(command, "mac", *COMMANDS[command])
    assert outcome.status == 2
    assert outcome.err == [
        "'mac' is an element, not an engine: use mac-os, mac-ws, mac-2d, mac-cube, mac-tree"
    ]


@pytest.mark.parametrize("arguments", [("compare",), ("fly",), ("list", "extra"), ("--nope",)])
def test_usage_is_status_2_and_one_line(tpe: Command, arguments: tuple[str, ...]) -> None:
    outcome = tpe(*arguments)
    assert (outcome.status, len(outcome.err)) == (2, 1)


def test_nothing_typed_shows_the_help(tpe: Command) -> None:
    outcome = tpe()
    assert "compare" in outcome.out
    assert outcome.err == []


def test_version(tpe: Command) -> None:
    outcome = tpe("--version")
    assert (outcome.status, outcome.out) == (0, "0.1.0\n")
