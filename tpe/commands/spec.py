"""The argument SPEC and the option --set."""

from typing import Annotated

import typer

from golden.catalog import elements
from golden.loading import load_ring, load_spec
from golden.spec import EngineSpec
from golden.trigger.spec import RingSpec
from tpe.problems import InputError
from tpe.sources import presets_of

Source = Annotated[
    str, typer.Argument(metavar="SPEC", help="A .toml or .json file, or a preset such as mac-os.")
]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="KEY=VALUE", help="Change a field, such as rows=16. As often as needed."
    ),
]


def engine(source: str, settings: list[str] | None) -> EngineSpec:
    """The spec of an engine.

    Raises
    ------
    InputError, golden.spec.SpecError
        If there is none: every problem.
    """
    _check_engine(source)
    return load_spec(source, settings or ())


def engine_or_ring(source: str, settings: list[str] | None) -> tuple[EngineSpec, RingSpec | None]:
    """The spec of an engine, and the ring that engines of it are to be in, if any.

    Raises
    ------
    InputError, golden.spec.SpecError
        If there is none: every problem.
    """
    _check_engine(source)
    return load_ring(source, settings or ())


def _check_engine(source: str) -> None:
    if source in elements():
        raise InputError(
            [f"{source!r} is an element, not an engine: use {', '.join(presets_of(source))}"]
        )
