"""A sweep: many engines, or elements alone, to be priced beside each other."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
)

from golden.catalog import elements, presets
from golden.loading import PARSERS, read_table
from golden.spec import EngineSpec, problem_line
from synth.report import Clock, usual_operands
from tpe.problems import InputError, Problems
from tpe.sources import element_or_engine

LEAST = (
    "area_delay_per_mac",
    "energy_per_mac_pj",
    "area_um2",
    "delay_ns",
    "power_mw",
    "leakage_uw",
)
"""Figures of `synth.cost.Cost` of which less is better."""

MOST = ("tops", "tops_per_mm2", "tops_per_w", "fmax_mhz", "macs_per_cycle")
"""Figures of which more is better."""

CLOCKS = ("smallest", "best", "fastest")

SweepClock = Literal["smallest", "best", "fastest"] | float
"""One of `CLOCKS`, or a period in ns to meet."""


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """An engine of a sweep, at one clock.

    Parameters
    ----------
    source : str
        As the sweep names it.
    settings : dict of str to str
        What the sweep changes in it.
    clock : SweepClock
    spec : EngineSpec
    element_only : bool
        One element of it, alone.
    """

    source: str
    settings: dict[str, str]
    clock: SweepClock
    spec: EngineSpec
    element_only: bool

    @property
    def wanted(self) -> Clock:
        """The clock as `synth.cost.estimate` takes it."""
        return None if self.clock == "smallest" else self.clock


def _listed(value: Any) -> list[Any]:
    """One thing or several, but not none."""
    listed = list(value) if isinstance(value, list | tuple) else [value]
    if not listed:
        raise ValueError("use at least one")
    return listed


def _source(name: Any) -> str:
    if not isinstance(name, str):
        raise ValueError("use a preset, the name of an element, or a file")
    return name


def _settings(table: Any) -> dict[str, tuple[str, ...]]:
    """The values of each setting.

    Tables in tables become names with dots: `{options = {ripple = 7}}` is `options.ripple = 7`.
    """
    if not isinstance(table, Mapping):
        raise ValueError("use a table of fields and their values, such as {rows = [4, 8]}")
    found: dict[str, tuple[str, ...]] = {}
    for name, value in table.items():
        if isinstance(value, Mapping):
            found |= {f"{name}.{below}": values for below, values in _settings(value).items()}
            continue
        values = _listed(value)
        if not all(type(one) in (int, str) for one in values):
            raise ValueError(f"{name} = {value!r}: use whole numbers and names")
        found[name] = tuple(map(str, values))
    return found


def _is_number(value: Any) -> bool:
    return type(value) in (int, float) and math.isfinite(value)


def _clock(value: Any) -> SweepClock:
    if value in CLOCKS or (_is_number(value) and value > 0):
        return value
    raise ValueError(f"use {', '.join(CLOCKS)}, or a positive period in ns")


def _activity(value: Any) -> float | None:
    if value == "sim":
        return None
    if _is_number(value) and value >= 0:
        return float(value)
    raise ValueError("use sim, or toggles a net and cycle that are not negative")


def _seed(value: Any) -> int:
    if type(value) is int and value >= 0:
        return value
    raise ValueError("use a whole number that is not negative")


def _objective(name: Any) -> str:
    if name not in LEAST + MOST:
        raise ValueError(f"use {', '.join(LEAST + MOST)}")
    return name


One = TypeVar("One")
Several = Annotated[tuple[One, ...], BeforeValidator(_listed)]
"""One or more; one needs no list around it."""


class Engines(BaseModel):
    """Engines from one source or several: all combinations of the values of what is set."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    spec: Several[Annotated[Any, AfterValidator(_source)]]
    settings: Annotated[Any, AfterValidator(_settings)] = Field(default={}, alias="set")

    def each(self) -> Iterator[tuple[str, dict[str, str]]]:
        """Source and settings of every engine."""
        for source in self.spec:
            for values in product(*self.settings.values()):
                yield source, dict(zip(self.settings, values, strict=True))


class Sweep(BaseModel):
    """What to price and how, and which figures decide.

    Parameters
    ----------
    engines : tuple of Engines
    clock : tuple of SweepClock
        Every engine is priced at each.
    dist : str or None
        Distribution of the operands; None takes those that `tpe estimate` takes.
    seed : int
    activity : float or None
        Toggles of every net in a cycle, in place of a run.
    objectives : tuple of str
        Of `LEAST` and `MOST`, what designs are compared by.
    folder : Path
        Where files of specs lie.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    engines: Several[Engines]
    clock: Several[Annotated[Any, AfterValidator(_clock)]] = ("best",)
    dist: str | None = None
    seed: Annotated[Any, AfterValidator(_seed)] = 0
    activity: Annotated[Any, AfterValidator(_activity)] = None
    objectives: Several[Annotated[Any, AfterValidator(_objective)]] = LEAST[:2]
    folder: Path = Path()

    @classmethod
    def make(cls, **fields: Any) -> "Sweep":
        """The sweep with these fields.

        Raises
        ------
        InputError
            Everything that is wrong with them, at once.
        """
        try:
            return cls(**fields)
        except ValidationError as error:
            raise InputError(cls._line(problem) for problem in error.errors()) from None

    @classmethod
    def _line(cls, problem: Any) -> str:
        own = [name for name in cls.model_fields if name != "folder"]
        return problem_line(problem, own if len(problem["loc"]) == 1 else ("spec", "set"))

    def candidates(self) -> list[Candidate]:
        """Every engine at every clock, each once, in the order of the sweep.

        Raises
        ------
        InputError
            If any of them cannot be built, or its operands cannot be drawn: all problems.
        """
        found: dict[tuple[EngineSpec, bool, SweepClock], Candidate] = {}
        problems: dict[tuple[str, str], str] = {}
        for source, settings in (one for group in self.engines for one in group.each()):
            changes = [f"{name}={value}" for name, value in settings.items()]
            own = Problems()
            with own:
                spec, alone = element_or_engine(self._place(source), changes)
                self.operands(spec, element_only=alone)
                for clock in self.clock:
                    candidate = Candidate(
                        source=source,
                        settings=settings,
                        clock=clock,
                        spec=spec,
                        element_only=alone,
                    )
                    found.setdefault((spec, alone, clock), candidate)
            for line in own.lines:
                # Once, with the first of the combinations that have this problem.
                problems.setdefault((source, line), " ".join([source, *changes]))
        if problems:
            raise InputError(f"{called}: {line}" for (_, line), called in problems.items())
        return list(found.values())

    def operands(self, spec: EngineSpec, *, element_only: bool) -> tuple[Any, Any]:
        """A and B, or None twice if no distribution is given."""
        if self.dist is None:
            return None, None
        return usual_operands(spec, element_only=element_only, dist=self.dist, seed=self.seed)

    def _place(self, source: str) -> str | Path:
        known = source in presets() or source in elements()
        return source if known else self.folder / source


def load_sweep(path: str | Path) -> Sweep:
    """The sweep in a TOML or JSON file.

    Raises
    ------
    InputError, golden.spec.SpecError
        If it cannot be read or is none: every problem.
    """
    path = Path(path)
    if path.suffix not in PARSERS:
        raise InputError([f"{path}: use a sweep in a {' or '.join(PARSERS)} file"])
    fields = read_table(path)
    if "folder" in fields:
        raise InputError(["folder: no field of a sweep, it is where the file lies"])
    return Sweep.make(**fields, folder=path.parent)
