"""What the fields of an `EngineSpec` may be: every check says what is wrong, and what is right."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationInfo

from golden.catalog import ARRAYS, Element, Option, elements
from golden.fixed import FP32, Accumulator, parse_accumulator, parse_scaled
from golden.floats import FloatFormat, parse_float, parse_operand
from golden.formats import ACCUMULATOR_BITS, OPERAND_BITS, Format, IntFormat, parse_format

SIDE = range(1, 257)

MIXED = ("quantized", "a")
"""Kind of element, and its operand that may be integer or floating-point."""


def check_side(value: Any) -> Any:
    if type(value) is not int or value not in SIDE:
        raise ValueError(f"use a whole number from {SIDE.start} to {SIDE.stop - 1}")
    return value


def element_of(info: ValidationInfo) -> Element | None:
    """The element of the spec that is being validated, if it is known."""
    return elements().get(info.data.get("element", ""))


def check_operand(name: str, info: ValidationInfo) -> str:
    operand_format(element_of(info), str(info.field_name), name)
    return name


def operand_format(element: Element | None, field: str, name: str) -> Format:
    """The format of operand `a` or `b` of an element."""
    if element and element.operands == "float":
        return parse_operand(name)
    found = parse_float(name) if element and (element.operands, field) == MIXED else None
    return found or parse_format(name, OPERAND_BITS)


def check_accumulator(name: str, info: ValidationInfo) -> str:
    element = element_of(info)
    if element and element.operands == "quantized":
        parse_scaled(name, integers=parse_float(info.data.get("a", "")) is None)
    elif element and element.operands == "float":
        operands = [parse_float(info.data.get(field, "")) or FP32 for field in "ab"]
        found = parse_accumulator(name, *operands)
        array = ARRAYS.get(info.data.get("array", ""))
        if array and array.spatial and isinstance(found, FloatFormat):
            raise ValueError(
                f"use exact or qI.F: {array.name} adds `depth` products at once, in no order"
            )
    else:
        parse_format(name, ACCUMULATOR_BITS)
    return name


def formats_of(element: Element, a: str, b: str, acc: str) -> tuple[Format, Format, Format]:
    """The formats of the operands and of the accumulator of an element, by name."""
    if element.operands == "float":
        floats = parse_operand(a), parse_operand(b)
        return *floats, parse_accumulator(acc, *floats)
    x, y = operand_format(element, "a", a), operand_format(element, "b", b)
    sums: IntFormat | Accumulator = (
        parse_scaled(acc, integers=isinstance(x, IntFormat))
        if element.operands == "quantized"
        else parse_format(acc, ACCUMULATOR_BITS)
    )
    return x, y, sums


def known_options(given: Mapping[str, str], info: ValidationInfo) -> Mapping[str, str]:
    """Every option of the element and of the array, as given or its default."""
    element = element_of(info)
    if element is None:
        return given
    array = ARRAYS.get(info.data.get("array", ""))
    both = element.options + (array.options if array else ())
    known: dict[str, Option] = {option.name: option for option in both}
    problems = (
        [
            f"{name!r} is not an option of {element.name}: use {', '.join(known) or 'none'}"
            for name in given
            if name not in known
        ]
        + [
            f"{name} = {value!r}: use {known[name].allowed} ({known[name].summary})"
            for name, value in given.items()
            if name in known and not known[name].allows(value)
        ]
        + [
            f"{name} = {value!r}: not on {array.name}, which adds `depth` products at once"
            for name, value in given.items()
            if array and array.spatial and name in known and value in known[name].one_by_one
        ]
    )
    if problems:
        raise ValueError("; ".join(problems))
    options = {name: given.get(name, option.default_on(array)) for name, option in known.items()}
    if element.check and {"a", "b"} <= info.data.keys():
        own = {option.name: options[option.name] for option in element.options}
        formats = (operand_format(element, name, info.data[name]) for name in "ab")
        element.check(*formats, **own)
    if options.get("recode") == "auto" and info.data.get("a") != info.data.get("b"):
        raise ValueError(
            f"recode = 'auto': a = {info.data.get('a')!r} and b = {info.data.get('b')!r} given,"
            " use one format for both, as either may be recoded"
        )
    return options
