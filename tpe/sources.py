"""What a user may name where one element will do as well as an engine."""

from collections.abc import Iterable
from pathlib import Path

from golden.catalog import elements, presets
from golden.loading import load_spec
from golden.spec import EngineSpec


def element_or_engine(source: str | Path, settings: Iterable[str]) -> tuple[EngineSpec, bool]:
    """The spec, and whether `source` names an element alone rather than an engine.

    Raises
    ------
    golden.spec.SpecError
        As from `golden.loading.load_spec`.
    """
    if source in elements():
        return load_spec(presets_of(str(source))[0], settings), True
    return load_spec(source, settings), False


def presets_of(element: str) -> list[str]:
    """Engines of one element."""
    return [name for name, (of, _) in presets().items() if of == element]
