"""Build results kept by content.

An entry is a folder named by a hash of everything that went into it. It is built beside its final
place and renamed when complete, so an entry that exists is whole; a lock per entry keeps two
processes from building the same thing twice.
"""

import hashlib
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from filelock import FileLock


def cache_dir() -> Path:
    """The folder of all entries: `$TPE_CACHE`, or `.tpe-cache` in the working directory."""
    return Path(os.environ.get("TPE_CACHE") or ".tpe-cache").absolute()


def content_key(parts: Iterable[str | bytes]) -> str:
    """A name for the sequence `parts`: 32 hexadecimal digits, other for any other sequence."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "little") + data)
    return digest.hexdigest()[:32]


def sources(*rooms: str) -> Iterator[bytes]:
    """The files of our packages `rooms` in Python and C++, in one order."""
    home = Path(__file__).parents[1]
    for room in rooms:
        for path in sorted((home / room).rglob("*")):
            if path.suffix in (".py", ".cpp", ".h"):
                yield path.read_bytes()


def cached(kind: str, parts: Iterable[str | bytes], build: Callable[[Path], None]) -> Path:
    """The folder built from `parts`, built now if it is not there yet.

    Parameters
    ----------
    kind : str
        What the entry is, the name of a folder.
    parts : iterable of str or bytes
        Everything the result depends on: sources, options, versions of tools.
    build : callable (Path)
        Fills an empty folder. What it raises goes to the caller, and no entry is left.
    """
    key = content_key(parts)
    home = cache_dir() / kind
    entry = home / key
    if entry.is_dir():
        return entry
    home.mkdir(parents=True, exist_ok=True)
    with FileLock(home / f"{key}.lock"):
        if not entry.is_dir():
            partial = home / f"{key}.partial"
            # Whoever was interrupted here before left its folder: we hold the lock, so it is dead.
            shutil.rmtree(partial, ignore_errors=True)
            partial.mkdir()
            try:
                build(partial)
            except BaseException:
                shutil.rmtree(partial, ignore_errors=True)
                raise
            partial.rename(entry)
    return entry
