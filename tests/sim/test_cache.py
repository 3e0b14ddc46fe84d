"""Entries of the cache are whole, built once, and named by everything that went into them."""

import multiprocessing
import os
import time
from pathlib import Path

import pytest

from sim.cache import cache_dir, cached, content_key

pytestmark = pytest.mark.fast


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TPE_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_the_environment_names_the_folder(own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cache_dir() == own_cache
    monkeypatch.delenv("TPE_CACHE")
    monkeypatch.chdir(own_cache.parent)
    assert cache_dir() == own_cache.parent / ".tpe-cache"


def test_an_entry_is_built_once() -> None:
    built = []

    def build(folder: Path) -> None:
        built.append(folder)
        (folder / "result").write_text("42")

    first = cached("test", ["source", "option"], build)
    assert (first / "result").read_text() == "42"
    assert cached("test", ["source", "option"], build) == first
    assert len(built) == 1
    assert cached("test", ["source", "other"], build) != first
    assert len(built) == 2


def test_keys_tell_where_one_part_ends() -> None:
    assert content_key(["ab", "c"]) != content_key(["a", "bc"])
    assert content_key(["a"]) != content_key(["a", ""])
    assert content_key(["a"]) == content_key([b"a"])


def test_a_build_that_fails_leaves_no_entry(own_cache: Path) -> None:
    def fails(folder: Path) -> None:
        (folder / "half").write_text("")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cached("test", ["source"], fails)
    assert not [path for path in own_cache.rglob("*") if path.suffix != ".lock" and path.is_file()]
    assert not (cached("test", ["source"], lambda folder: None) / "half").exists()


def test_what_a_killed_build_left_is_not_taken_over(own_cache: Path) -> None:
    partial = own_cache / "test" / f"{content_key(['source'])}.partial"
    partial.mkdir(parents=True)
    (partial / "half").write_text("")
    entry = cached("test", ["source"], lambda folder: None)
    assert list(entry.iterdir()) == []
    assert not partial.exists()


def _slow_build(folder: Path) -> None:
    time.sleep(0.2)
    (folder / f"by-{os.getpid()}").write_text("")


def _built_by(_: int) -> list[str]:
    return [path.name for path in cached("test", ["shared"], _slow_build).iterdir()]


def test_two_processes_build_once() -> None:
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        one, other = pool.map(_built_by, range(2), chunksize=1)
    assert len(one) == 1
    assert one == other
