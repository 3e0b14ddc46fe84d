"""What every command shares: where results go, how much is said, what progress looks like."""

import dataclasses
import json
import math
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer
from pydantic import BaseModel
from rich.console import Console, RenderableType
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from tpe.files import check_target, write_atomically
from tpe.problems import InputError

Json = Annotated[
    str | None,
    typer.Option(
        "--json", metavar="FILE", help="Write one JSON object to FILE, - for standard output."
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Say more: tools, ports, parts.")]

PLAIN: Any = {"highlight": False, "emoji": False, "soft_wrap": True}
"""Text as it is: `normal:a:b` is no picture, and a path is one line however long."""


WIDE = 140
"""Columns of a pipe or a file."""


class Reporter:
    """Says what a command found: to people on standard output, to scripts as JSON.

    Parameters
    ----------
    json_target : str or None
        File name, or `-` for standard output, which then carries nothing else.
    quiet, verbose : bool

    Raises
    ------
    InputError
        If `json_target` cannot be written, or a command is to be both quiet and verbose.
    """

    def __init__(self, json_target: str | None, quiet: bool, verbose: bool) -> None:
        if quiet and verbose:
            raise InputError(["--quiet and --verbose: use one of them"])
        if json_target not in (None, "-"):
            check_target(Path(json_target))
        self._json = json_target
        self._silent = quiet or json_target == "-"
        fixed = sys.stdout.isatty() or "COLUMNS" in os.environ
        self._out = Console(**PLAIN, width=None if fixed else WIDE)
        self._err = Console(stderr=True, **PLAIN)
        self._bars = not quiet and self._err.is_terminal
        self.verbose = verbose and not self._silent

    def say(self, what: RenderableType) -> None:
        """Print for people."""
        if not self._silent:
            self._out.print(what)

    def fail(self, what: str) -> None:
        """Print, quiet or not, that something does not hold."""
        self._err.print(what, style="bold red", markup=False)

    def write(self, facts: Mapping[str, Any]) -> None:
        """Write the JSON object, if one is wanted."""
        if self._json is None:
            return
        text = json.dumps(plain(facts), indent=2, allow_nan=False) + "\n"
        if self._json == "-":
            sys.stdout.write(text)
        else:
            write_atomically({Path(self._json): text.encode()})

    @contextmanager
    def progress(self, doing: str) -> Iterator[Callable[[float], None] | None]:
        """A bar on a terminal, nothing in a pipe. Gives the function that moves it, from 0 to 1."""
        if not self._bars:
            yield None
            return
        columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
        with Progress(*columns, console=self._err, transient=True) as bar:
            task = bar.add_task(doing, total=1.0)
            yield lambda done: bar.update(task, completed=done)


def facts_table(rows: Mapping[str, object]) -> Table:
    """Names and values, two columns."""
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim")
    table.add_column()
    for name, value in rows.items():
        table.add_row(name, str(value))
    return table


def hint(command: str) -> str:
    """The line that says what to type next."""
    return f"[dim]next:[/dim] [cyan]{command}[/cyan]"


def plain(value: Any) -> Any:
    """`value` in the types of JSON. What JSON has no number for, infinity and NaN, becomes null."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, BaseModel):
        return plain(value.model_dump())
    if isinstance(value, Mapping):
        return {str(key): plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
