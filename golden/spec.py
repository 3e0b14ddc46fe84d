"""`EngineSpec`: the one description of an engine that every command starts from."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictInt,
    StrictStr,
    ValidationError,
    ValidationInfo,
    field_serializer,
    field_validator,
    model_validator,
)

from golden.catalog import ARRAYS, Array, Element, elements
from golden.fields import (
    check_accumulator,
    check_operand,
    check_side,
    element_of,
    formats_of,
    known_options,
)
from golden.fitting import fitted
from golden.formats import Format
from golden.gemm import GemmResult
from golden.grouped import grouped_cycles, grouped_schedule
from golden.groups import Groups
from golden.schedule import Schedule, pad, round_up

DEPTH = 8
"""Values of k in a beat unless the spec says otherwise, where K is in space."""


class SpecError(ValueError):
    """A spec that cannot be built.

    Parameters
    ----------
    problems : list of str
        One line each: the field, its value and what would be allowed.
    """

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(self.problems))


Side = Annotated[StrictInt, BeforeValidator(check_side)]


class EngineSpec(BaseModel):
    """An array of processing elements with its formats and size. Immutable.

    Raises
    ------
    SpecError
        From `EngineSpec.make`, `load` and `override`: everything that is wrong, at once.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    element: StrictStr = Field(description="processing element, a name from `tpe list`")
    array: StrictStr = Field(description="how elements are wired, a name from `tpe list`")
    rows: Side = Field(default=8, description="rows of the array, 1 to 256")
    cols: Side = Field(default=8, description="columns of the array, 1 to 256")
    depth: Side = Field(description="values of k in a beat: 1, or 1 to 256 where K is in space")
    a: Annotated[StrictStr, AfterValidator(check_operand)] = Field(
        default="int8", description="format of A: intN or uintN, N = 2..32, or a float format"
    )
    b: Annotated[StrictStr, AfterValidator(check_operand)] = Field(
        default="int8", description="format of B: intN or uintN, N = 2..32, or a float format"
    )
    acc: Annotated[StrictStr, AfterValidator(check_accumulator)] = Field(
        default="int32",
        description="format of the accumulators and of C: N = 2..64;"
        " of float elements exact, qI.F or a float format",
    )
    options: Mapping[str, str] = Field(
        default={}, description="what only this element or array knows, see `tpe list`"
    )

    @model_validator(mode="before")
    @classmethod
    def _usual_fields(cls, fields: dict[str, Any]) -> dict[str, Any]:
        array, element = fields.get("array"), fields.get("element")
        spatial = isinstance(array, str) and array in ARRAYS and ARRAYS[array].spatial
        known = elements().get(element) if isinstance(element, str) else None
        formats = (
            {**known.defaults, **(known.defaults_in_space if spatial else {})} if known else {}
        )
        return {"depth": DEPTH if spatial else 1, **formats, **fields}

    @field_validator("element")
    @classmethod
    def _known_element(cls, name: str) -> str:
        if name not in elements():
            raise ValueError(f"use one of {', '.join(elements())}")
        return name

    @field_validator("array")
    @classmethod
    def _known_array(cls, name: str, info: ValidationInfo) -> str:
        if name not in ARRAYS:
            raise ValueError(f"use one of {', '.join(ARRAYS)}")
        element = element_of(info)
        if element and name not in element.arrays:
            raise ValueError(f"element {element.name} runs on {', '.join(element.arrays)}")
        return name

    @field_validator("depth")
    @classmethod
    def _spatial_depth(cls, depth: int, info: ValidationInfo) -> int:
        array = ARRAYS.get(info.data.get("array", ""))
        if array and depth != 1 and not array.spatial:
            raise ValueError(
                f"leave it out: a beat of {array.name} is one k, only"
                f" {' and '.join(name for name, one in ARRAYS.items() if one.spatial)} take more"
            )
        return depth

    @field_validator("options", mode="before")
    @classmethod
    def _numbers_as_text(cls, given: Any) -> Any:
        if not isinstance(given, Mapping):
            return given
        return {name: str(value) if type(value) is int else value for name, value in given.items()}

    @field_validator("options")
    @classmethod
    def _known_options(cls, given: Mapping[str, str], info: ValidationInfo) -> Mapping[str, str]:
        return MappingProxyType(known_options(given, info))

    @field_serializer("options")
    def _plain_options(self, options: Mapping[str, str]) -> dict[str, str]:
        return dict(options)

    @classmethod
    def make(cls, **fields: Any) -> "EngineSpec":
        """The spec with these fields."""
        try:
            return cls(**fields)
        except ValidationError as error:
            lines = (problem_line(problem, cls.model_fields) for problem in error.errors())
            raise SpecError(lines) from None

    def override(self, **fields: Any) -> "EngineSpec":
        """A copy with some fields changed; `options` are merged."""
        return EngineSpec.make(**merge(self.model_dump(), fields))

    def __hash__(self) -> int:
        return hash(self.hash)

    def __reduce__(self) -> tuple[Any, ...]:
        return EngineSpec.model_validate, (self.model_dump(),)

    @property
    def hash(self) -> str:
        """A stable name for this very engine: 16 hexadecimal digits."""
        text = json.dumps(self.model_dump(), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @property
    def name(self) -> str:
        """A readable name, used for modules and files."""
        parts = [self.element, self.array_info.short, "x".join(map(str, self.size.values()))]
        changed = [
            self.options[option.name]
            for option in self.element_info.options + self.array_info.options
            if self.options[option.name] != option.default_on(self.array_info)
        ]
        return re.sub(r"\W", "_", "_".join([*parts, self.a, self.b, self.acc, *changed]))

    @property
    def element_info(self) -> Element:
        return elements()[self.element]

    @property
    def array_info(self) -> Array:
        return ARRAYS[self.array]

    @property
    def size(self) -> dict[str, int]:
        """Rows and columns, and the depth where K is in space."""
        size = {"rows": self.rows, "cols": self.cols}
        return {**size, "depth": self.depth} if self.array_info.spatial else size

    @property
    def formats(self) -> tuple[Format, Format, Format]:
        """Formats of A, B and the accumulator."""
        return formats_of(self.element_info, self.a, self.b, self.acc)

    @property
    def stream_formats(self) -> tuple[Format, Format, Format]:
        """Formats of what streams A, B and C carry: stream A carries B where that is recoded."""
        a, b, acc = self.formats
        return (b, a, acc) if self.options.get("recode") == "b" else (a, b, acc)

    @property
    def groups(self) -> Groups | None:
        """How weights come in groups, if they do."""
        element = self.element_info
        if element.groups is None:
            return None
        return element.groups(*self.formats[:2], **self.element_options)

    @property
    def resolves(self) -> bool:
        """Whether accumulators are no plain numbers until they leave the array."""
        if self.groups:
            return self.groups.resolves
        element = self.element_info
        chosen = (self.options[option.name] in option.resolves for option in element.options)
        return element.resolves or any(chosen)

    @property
    def lane_bits(self) -> dict[str, int]:
        """Bits of a lane of every stream."""
        bits = dict(zip("abc", (number.bits for number in self.stream_formats), strict=True))
        return {**bits, "s": self.groups.scale_bits} if self.groups else bits

    def schedule(self, a: Any, b: Any) -> Schedule:
        """The beats of A (M, K) times B (K, N) on this engine."""
        return self.array_info.golden.schedule(a, b, **self.size)

    def encoded(self, a: Any, b: Any) -> Schedule:
        """The beats of values A (M, K) times B (K, N), or weights in groups, as codes."""
        x, w = self.formats[:2]
        if self.groups is None:
            if self.turns(a, b):
                turned = self.schedule(w.encode(b).T, x.encode(a).T)
                return replace(turned, turned=True)
            return self.schedule(x.encode(a), w.encode(b))
        return grouped_schedule(
            x.encode(a),
            w.encode(b.codes),
            self.groups.scale_codes(b),
            group=b.group,
            array=self.array_info.golden,
            rows=self.rows,
            cols=self.cols,
        )

    def turns(self, a: Any, b: Any) -> bool:
        """Whether the engine computes the transpose of C, with B as the matrix that it recodes."""
        recode = self.options.get("recode")
        if recode != "auto":
            return recode == "b"
        return self._serial_cycles(b.T, a.T) < self._serial_cycles(a, b)

    @property
    def element_options(self) -> dict[str, str]:
        """The options that the element knows."""
        return {option.name: self.options[option.name] for option in self.element_info.options}

    @property
    def array_options(self) -> dict[str, str]:
        """The options that the array's hardware knows."""
        known = (option.name for option in self.array_info.options if not option.host)
        return {name: self.options[name] for name in known}

    def model(self, a: Any, b: Any) -> GemmResult:
        """What this engine must return for A (M, K) times B (K, N)."""
        integers = self.element_info.operands == "integer"
        formats = self.formats[2] if integers else self.formats
        return self.element_info.model(a, b, formats, **self.element_options)

    @property
    def data_dependent(self) -> bool:
        """Whether the time depends on the operands: `cycles_on` knows it, `cycles` does not."""
        return self.element_info.steps is not None and self.element_info.steps.vary

    def cycles(self, m: int, k: int, n: int) -> int:
        """Cycles from the first beat to the last row of C, both included, when no stream stalls.

        Raises
        ------
        ValueError
            If they depend on the operands.
        """
        if self.data_dependent:
            raise ValueError(
                f"the cycles of {self.element} depend on the operands: use cycles_on(a, b)"
            )
        if self.element_info.steps:
            return self.cycles_on(np.zeros((m, k), np.int64), np.zeros((k, n), np.int64))
        if self.groups:
            return self._grouped_cycles(k, self.groups.group, self._tiles(m, n))
        return self.array_info.golden.cycles(m, k, n, **self._timing)

    def cycles_on(self, a: Any, b: Any) -> int:
        """`cycles` for A (M, K) and B (K, N), whether they depend on the operands or not."""
        if self.groups:
            a, b = fitted(self.groups, a, b)
            return self._grouped_cycles(b.k, b.group, self._tiles(len(a), b.n))
        if self.element_info.steps is None:
            return self.cycles(a.shape[0], *b.shape)
        return self._serial_cycles(*(b.T, a.T) if self.turns(a, b) else (a, b))

    def pace(self, a: Any, b: Any) -> float:
        """Products a cycle of A (M, K) times B (K, N) while such runs follow each other."""
        if self.turns(a, b):
            a, b = b.T, a.T
        taken = self._serial_cycles if self.element_info.steps else self.cycles_on
        height = round_up(a.shape[0], self.rows)
        once = pad(a, height, a.shape[1])
        more = taken(np.concatenate([once, once]), b) - taken(once, b)
        return a.size * b.shape[1] / more

    def _serial_cycles(self, a: NDArray, b: NDArray) -> int:
        """`cycles_on` of an element with `Steps`, for what streams A and B carry."""
        steps = self.element_info.steps
        assert steps is not None
        beats = self.schedule(a, b)
        formats = self.stream_formats[:2]
        taken = steps.of(beats.a.data, beats.b.data, *formats, **self.element_options)
        return self.array_info.golden.cycles_on(taken, beats.a.last, self.shape)

    def latency(self, k: int) -> int:
        """Cycles from a tile's first beat to its first row of C, both included, without stalls.

        At most so many, if they depend on the operands.
        """
        steps = self.element_info.steps
        if self.groups:
            return self._grouped_cycles(k, self.groups.group, 1) - self.rows + 1
        if steps is None:
            return self.array_info.golden.latency(k, **self._timing)
        most = steps.most(*self.stream_formats[:2], **self.element_options)
        return self.array_info.golden.latency(k, steps=most, shape=self.shape)

    def _tiles(self, m: int, n: int) -> int:
        return -(-m // self.rows) * -(-n // self.cols)

    def _grouped_cycles(self, k: int, group: int, tiles: int) -> int:
        assert self.groups is not None
        return grouped_cycles(
            k,
            group,
            tiles,
            groups=self.groups,
            acc=self.formats[2],
            array=self.array_info.golden,
            **self._timing,
        )

    @property
    def _timing(self) -> dict[str, Any]:
        return {**self.size, **self.array_options, "resolves": self.resolves}

    @property
    def shape(self) -> Any:
        """What decides the time of elements with `Steps`."""
        steps = self.element_info.steps
        return self.array_info.golden.Shape(
            rows=self.rows,
            ways=steps.ways if steps else 1,
            resolves=self.resolves,
            **{name: int(value) for name, value in self.array_options.items()},
        )


def merge(fields: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """`fields` with `changes`; tables, such as `options`, are merged as well."""
    tables = {
        name: {**fields[name], **change}
        for name, change in changes.items()
        if isinstance(change, Mapping) and isinstance(fields.get(name), Mapping)
    }
    return {**fields, **changes, **tables}


def problem_line(problem: Any, fields: Iterable[str]) -> str:
    """What pydantic found wrong, as a line for the user; `fields` are those that there are."""
    field = ".".join(str(part) for part in problem["loc"])
    if problem["type"] == "missing":
        return f"{field}: missing"
    if problem["type"] == "extra_forbidden":
        known = ", ".join(fields)
        return f"{field}: {problem['input']!r} given, but there is no such field: use {known}"
    reason = str(problem["msg"]).removeprefix("Value error, ")
    shown = repr(problem["input"])
    return f"{field}: {reason}" if shown in reason else f"{field}: {shown} given, {reason}"
