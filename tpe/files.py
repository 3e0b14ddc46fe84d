"""Files that are either complete or not there."""

import os
import tempfile
from collections.abc import Collection, Mapping
from pathlib import Path

from tpe.problems import InputError


def write_atomically(contents: Mapping[Path, bytes]) -> None:
    """Write all files, or none: each is complete under another name before the first appears.

    Raises
    ------
    InputError
        If a file cannot be written.
    """
    written: list[tuple[Path, Path]] = []
    path = Path()
    try:
        for path, content in contents.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
            written.append((Path(name), path))
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
            os.chmod(name, 0o666 & ~_umask())
        for temporary, path in written:
            os.replace(temporary, path)
    except OSError as error:
        raise InputError([f"{path}: cannot be written: {error.strerror}"]) from None
    finally:
        for temporary, _ in written:
            temporary.unlink(missing_ok=True)


def check_target(path: Path | None) -> None:
    """Make sure, before long work, that `path`, if any, can be written after it.

    Raises
    ------
    InputError
        If it is a folder, or lies in something that is not a writable folder.
    """
    if path is None:
        return
    if path.is_dir():
        raise InputError([f"{path}: is a folder, use the name of a file"])
    folder = next(parent for parent in path.absolute().parents if parent.exists())
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        raise InputError([f"{path}: cannot be written: {folder} is not a writable folder"])


def check_suffix(option: str, path: Path | None, suffixes: Collection[str]) -> None:
    """Make sure that the name of a file, if any, says one of the kinds that `option` writes.

    Raises
    ------
    InputError
        If it does not.
    """
    if path is not None and path.suffix not in suffixes:
        raise InputError([f"{option} {path}: use a name that ends in {', '.join(suffixes)}"])


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
