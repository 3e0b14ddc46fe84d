"""Specs from files, presets and settings."""

import json
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from golden.catalog import presets
from golden.spec import EngineSpec, SpecError, merge
from golden.trigger.spec import RingSpec

PARSERS = {".toml": tomllib.loads, ".json": json.loads}
"""How files are read, by their suffix."""

RING = "ring"
"""The table of a spec file that describes a ring of engines."""


def load_spec(source: str | Path, settings: Iterable[str] = ()) -> EngineSpec:
    """The spec in a TOML or JSON file or of a preset (`mac-os`), changed by `key=value` settings.

    Raises
    ------
    SpecError
        If the source is neither, cannot be read, or describes no engine, or a ring of them.
    """
    fields = _fields(source, settings)
    if RING in fields:
        raise SpecError([f"{RING}: a ring of engines can only be simulated: leave it out"])
    return EngineSpec.make(**fields)


def load_ring(
    source: str | Path, settings: Iterable[str] = ()
) -> tuple[EngineSpec, RingSpec | None]:
    """The spec as `load_spec` has it, and the ring of its table `ring` if it has one.

    Raises
    ------
    SpecError
        As for `load_spec`: all problems of both.
    """
    fields = _fields(source, settings)
    ring = fields.pop(RING, None)
    problems: list[str] = []
    made: list[Any] = [None, None]
    for index, make in enumerate((lambda: EngineSpec.make(**fields), lambda: RingSpec.make(ring))):
        try:
            made[index] = make() if index == 0 or ring is not None else None
        except SpecError as error:
            problems += error.problems
    if problems:
        raise SpecError(problems)
    return made[0], made[1]


def _fields(source: str | Path, settings: Iterable[str]) -> dict[str, Any]:
    fields = _read(source)
    problems = []
    for setting in settings:
        key, equals, text = setting.partition("=")
        if not (key and equals):
            problems.append(
                f"--set {setting!r}: use key=value, such as rows=16 or options.name=value"
            )
            continue
        table, _, name = key.partition(".")
        if name:
            value: Any = _value(text) if table == RING else text
            fields = merge(fields, {table: {name: value}})
        else:
            fields = merge(fields, {key: _value(text)})
    if problems:
        raise SpecError(problems)
    return fields


def _read(source: str | Path) -> dict[str, Any]:
    if str(source) in presets():
        element, array = presets()[str(source)]
        return {"element": element, "array": array}
    path = Path(source)
    if path.suffix not in PARSERS:
        known = ", ".join(presets())
        raise SpecError([f"{str(source)!r} is neither a .toml or .json file nor a preset: {known}"])
    return read_table(path)


def read_table(path: Path) -> dict[str, Any]:
    """The fields in a file, by its suffix, one of `PARSERS`.

    Raises
    ------
    SpecError
        If it cannot be read or has no fields.
    """
    try:
        fields = PARSERS[path.suffix](path.read_text())
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not text"
        raise SpecError([f"{path}: cannot be read: {reason}"]) from None
    except ValueError as error:
        raise SpecError([f"{path}: not valid {path.suffix[1:].upper()}: {error}"]) from None
    if not isinstance(fields, dict):
        raise SpecError([f"{path}: use a table of fields, such as element = 'mac'"])
    return fields


def _value(text: str) -> Any:
    try:
        return int(text)
    except ValueError:
        return text
