"""Files are complete or not there."""

from pathlib import Path

import pytest

from tpe.files import check_target, write_atomically
from tpe.problems import InputError

pytestmark = pytest.mark.fast


def test_all_files_are_written_and_nothing_else(tmp_path: Path) -> None:
    first, second = tmp_path / "new" / "a.v", tmp_path / "b.json"
    second.write_bytes(b"old")
    write_atomically({first: b"module", second: b"{}"})
    assert (first.read_bytes(), second.read_bytes()) == (b"module", b"{}")
    assert {path.name for path in tmp_path.rglob("*")} == {"new", "a.v", "b.json"}


def test_none_is_written_if_one_cannot_be(tmp_path: Path) -> None:
    good, blocker = tmp_path / "a.v", tmp_path / "file"
    good.write_bytes(b"old")
    blocker.write_bytes(b"")
    with pytest.raises(InputError, match=r"b\.json: cannot be written"):
        write_atomically({good: b"new", blocker / "b.json": b"{}"})
    assert good.read_bytes() == b"old"
    assert {path.name for path in tmp_path.iterdir()} == {"a.v", "file"}


def test_files_are_readable_by_others_as_the_umask_says(tmp_path: Path) -> None:
    plain, written = tmp_path / "plain", tmp_path / "written"
    plain.touch()
    write_atomically({written: b""})
    assert written.stat().st_mode == plain.stat().st_mode


def test_targets_are_checked_without_touching_them(tmp_path: Path) -> None:
    check_target(None)
    check_target(tmp_path / "some" / "where" / "new.json")
    assert not list(tmp_path.iterdir())
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="is a folder"):
        check_target(tmp_path)
    with pytest.raises(InputError, match="not a writable folder"):
        check_target(tmp_path / "file" / "new.json")
