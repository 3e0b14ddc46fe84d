"""What there is: elements, arrays and the options they know.

An element of this project is a module of `golden.pe`, named in `BUILT_IN`; another package adds its
own through the entry-point group `tpe.elements`, each entry an `Element`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from types import ModuleType
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from golden.gemm import GemmResult
from golden.groups import Groups

BUILT_IN = (
    "mac",
    "opt1",
    "opt2",
    "bit_serial",
    "laconic",
    "opt3",
    "opt4c",
    "opt4e",
    "fmac",
    "lmul",
    "mixpe",
)


ONE_BY_ONE = ("systolic-os", "systolic-ws", "matrix2d")
"""Arrays that add products to an accumulator one by one: every element runs on them."""

IN_SPACE = ("cube", "adder-tree")
"""Arrays that add `depth` products in a cycle: for elements that can (`hw.element.Spatial`)."""


@dataclass(frozen=True, kw_only=True)
class Option:
    """A setting that only one element knows: `default` unless the spec says otherwise.

    Beside `choices`, it may take the `numbers` of a range. `one_by_one` are choices that have no
    meaning where products are not added one by one. With a choice that `resolves` accumulators are
    no plain numbers. Hardware knows nothing of an option of the `host`, who decides how matrices
    enter.
    """

    name: str
    default: str
    choices: tuple[str, ...]
    summary: str
    one_by_one: tuple[str, ...] = ()
    resolves: tuple[str, ...] = ()
    numbers: range | None = None
    host: bool = False

    @property
    def allowed(self) -> str:
        """What it may be, in words."""
        numbers = self.numbers
        shown = [] if numbers is None else [f"{numbers.start} to {numbers.stop - 1}"]
        return ", ".join([*self.choices, *shown])

    def default_on(self, array: "Array | None") -> str:
        """`default`, or the first choice with a meaning if that has none on `array`."""
        if array and array.spatial and self.default in self.one_by_one:
            return next(choice for choice in self.choices if choice not in self.one_by_one)
        return self.default

    def allows(self, value: str) -> bool:
        """Whether it may be `value`."""
        if value in self.choices:
            return True
        return bool(re.fullmatch(r"-?\d{1,9}", value)) and int(value) in (self.numbers or ())


@dataclass(frozen=True, kw_only=True)
class Steps:
    """How many cycles an element is busy with a number, if that is not one.

    Parameters
    ----------
    of : callable (a, b, a_format, b_format, **options) -> int array (beats, rows)
        Cycles that each number of the beats `a` (beats, rows) takes, met by `b` (beats, cols).
    most : callable (a_format, b_format, **options) -> int
        The largest of them.
    vary : bool
        They depend on the operands.
    ways : int
        Numbers of A that an element works on at a time.
    paired : bool
        A beat of B is recoded, too, and taken with its beat of A.
    """

    of: Callable[..., NDArray[np.int64]]
    most: Callable[..., int]
    vary: bool
    ways: int = 1
    paired: bool = False


@dataclass(frozen=True, kw_only=True)
class Element:
    """A kind of processing element.

    Parameters
    ----------
    name, summary : str
    hardware : str
        `module:class` of the hardware, built with the formats of a, b and the accumulator and the
        options as keywords.
    model : callable (a, b, acc, **options) -> GemmResult
        What it must compute. For floating-point operands it gets all three formats for `acc`.
    operands : str
        "integer" or "float": the kind of formats it takes. "quantized": A of either, B in
        `golden.quantize.QuantizedWeights`, and an accumulator as for floats.
    defaults : mapping of str to str
        Formats `a`, `b`, `acc` where those of the spec are no use.
    defaults_in_space : mapping of str to str
        The same where products are added `depth` at once.
    check : callable (a, b, **options), or None
        Raises a ValueError if options do not suit the formats of the operands.
    options : tuple of Option
    arrays : tuple of str
        The arrays it runs on.
    steps : Steps or None
        None: a product takes a cycle.
    groups : callable (a_format, b_format, **options) -> Groups, or None
        How weights come in groups, of elements that take them so.
    """

    name: str
    summary: str
    hardware: str
    model: Callable[..., GemmResult]
    resolves: bool = False
    operands: Literal["integer", "float", "quantized"] = "integer"
    defaults: Mapping[str, str] = field(default_factory=dict)
    defaults_in_space: Mapping[str, str] = field(default_factory=dict)
    check: Callable[..., object] | None = None
    options: tuple[Option, ...] = ()
    arrays: tuple[str, ...] = ONE_BY_ONE
    steps: Steps | None = None
    groups: Callable[..., Groups] | None = None


@dataclass(frozen=True, kw_only=True)
class Array:
    """A way to wire elements and to move data.

    Parameters
    ----------
    name, short, summary : str
        `short` is the suffix of presets: `mac-os`.
    hardware : str
        `module:class` of the hardware, built with an element, rows and cols, depth if spatial, and
        the options as keywords.
    model : str
        Module of the golden room with its `schedule`, `latency` and `cycles`, or `cycles_on` if its
        elements have `Steps`.
    spatial : bool
        K is in space, too: a beat brings `depth` values of k.
    options : tuple of Option
    """

    name: str
    short: str
    summary: str
    hardware: str
    model: str
    spatial: bool = False
    options: tuple[Option, ...] = ()

    @property
    def golden(self) -> ModuleType:
        """The golden module of this array."""
        return import_module(self.model)


ARRAYS = {
    array.name: array
    for array in (
        Array(
            name="systolic-os",
            short="os",
            summary="output-stationary: accumulators stay, A moves right, B moves down",
            hardware="hw.arrays.systolic_os:SystolicOS",
            model="golden.arrays.systolic_os",
        ),
        Array(
            name="systolic-ws",
            short="ws",
            summary="weight-stationary: B stays, A moves right, partial sums move down",
            hardware="hw.arrays.systolic_ws:SystolicWS",
            model="golden.arrays.systolic_ws",
        ),
        Array(
            name="matrix2d",
            short="2d",
            summary="accumulators stay, A is broadcast along rows and B along columns",
            hardware="hw.arrays.matrix2d:Matrix2D",
            model="golden.arrays.matrix2d",
        ),
        Array(
            name="adder-tree",
            short="tree",
            summary="dot products of `depth` lanes in one tree, A and B are broadcast",
            hardware="hw.arrays.adder_tree:AdderTree",
            model="golden.arrays.adder_tree",
            options=(
                Option(
                    name="registers",
                    default="auto",
                    choices=("auto",),
                    numbers=range(1, 9),
                    summary="stages of the tree before the accumulator: more are faster and larger",
                ),
            ),
            spatial=True,
        ),
        Array(
            name="cube",
            short="cube",
            summary="sums move through `depth` elements, A and B are broadcast",
            hardware="hw.arrays.cube:Cube",
            model="golden.arrays.cube",
            spatial=True,
        ),
        Array(
            name="column",
            short="column",
            summary="digit-serial: a row shares the digits of A, zeros take no time",
            hardware="hw.arrays.column:Column",
            model="golden.arrays.column",
            options=(
                Option(
                    name="window",
                    default="2",
                    choices=("2", "4", "8", "16"),
                    summary="beats of B that are kept, by which rows may run apart",
                ),
                Option(
                    name="recode",
                    default="a",
                    choices=("a", "b", "auto"),
                    summary="matrix whose digits take the time; auto: which takes fewer cycles",
                    host=True,
                ),
            ),
        ),
    )
}


@cache
def elements() -> dict[str, Element]:
    """Every element by name: our own, then those that installed packages register."""
    own = [import_module(f"golden.pe.{name}").ELEMENT for name in BUILT_IN]
    others = [entry.load() for entry in entry_points(group="tpe.elements")]
    return {element.name: element for element in own + others}


def presets() -> dict[str, tuple[str, str]]:
    """Element and array of every preset name."""
    return {
        f"{element.name}-{ARRAYS[array].short}": (element.name, array)
        for element in elements().values()
        for array in element.arrays
    }
