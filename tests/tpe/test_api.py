"""The package as a library: what `import tpe` offers, and that it is imported late."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import tpe

pytestmark = pytest.mark.fast


def test_names_come_from_where_type_checkers_are_told() -> None:
    tree = ast.parse(Path(str(tpe.__file__)).read_text())
    (block,) = (node for node in tree.body if isinstance(node, ast.If))
    told = {
        alias.name: node.module
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert told == tpe._HOME_OF
    assert sorted(told) == sorted(tpe.__all__)


def test_every_name_is_there() -> None:
    for name in tpe.__all__:
        assert getattr(tpe, name).__name__ == name
    assert set(tpe.__all__) <= set(dir(tpe))
    with pytest.raises(AttributeError, match="no attribute 'estimat'"):
        _ = tpe.estimat


@pytest.mark.parametrize(
    "program",
    [
        "from tpe.cli import run; assert run(['--version']) == 0",
        *(
            f"import tpe.commands.{name}"
            for name in ("estimate", "explore", "reproduce", "workload")
        ),
    ],
)
def test_what_takes_no_hardware_imports_none(program: str) -> None:
    """A version, help, and a price that is kept are there at once."""
    asked = "print({'amaranth', 'pyosys', 'onnx', 'matplotlib'} & sys.modules.keys())"
    done = subprocess.run(
        [sys.executable, "-c", f"import sys\n{program}\n{asked}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split()[-1] == "set()"
