"""What is not Python travels with the package too."""

import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("golden", "hw", "sim", "synth", "tpe")

pytestmark = pytest.mark.fast


def test_every_data_file_is_packaged() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]
    for room in ROOMS:
        patterns = declared["package-data"].get(room, [])
        packaged = {path for pattern in patterns for path in (ROOT / room).glob(pattern)}
        found = {
            path
            for path in (ROOT / room).rglob("*")
            if path.is_file() and path.suffix not in (".py", ".pyc")
        }
        assert found == packaged


def test_every_folder_with_modules_is_a_package() -> None:
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            assert (path.parent / "__init__.py").exists(), path
