"""`tpe list`: what there is."""

from dataclasses import dataclass

from golden.catalog import ARRAYS, Option, elements, presets
from golden.formats import ACCUMULATOR_BITS, OPERAND_BITS
from golden.recodings import RECODINGS


@dataclass(frozen=True, kw_only=True)
class Listing:
    """Everything a spec can name; every entry has `name` and `summary`.

    Parameters
    ----------
    elements : list of dict
        Also with `arrays`, the arrays each runs on, and `options`, what only it knows.
    arrays : list of dict
        Also with `options`.
    formats, recodings : list of dict
    presets : list of dict
        Also with `element` and `array`.
    """

    elements: list[dict]
    arrays: list[dict]
    formats: list[dict]
    recodings: list[dict]
    presets: list[dict]


def listing() -> Listing:
    """Elements, arrays, formats, recodings and presets."""
    return Listing(
        elements=[
            {
                "name": element.name,
                "summary": element.summary,
                "arrays": list(element.arrays),
                "options": _options(element.options),
            }
            for element in elements().values()
        ],
        arrays=[
            {"name": array.name, "summary": array.summary, "options": _options(array.options)}
            for array in ARRAYS.values()
        ],
        formats=[
            {"name": "intN", "summary": f"two's complement integer, {_range(OPERAND_BITS)}"},
            {"name": "uintN", "summary": f"unsigned integer, {_range(OPERAND_BITS)}"},
        ],
        recodings=[
            {"name": recoding.name, "summary": recoding.summary} for recoding in RECODINGS.values()
        ],
        presets=[
            {
                "name": name,
                "summary": f"{element} elements in a {array} array, 8 x 8, int8 x int8 -> int32",
                "element": element,
                "array": array,
            }
            for name, (element, array) in presets().items()
        ],
    )


def _options(options: tuple[Option, ...]) -> list[dict]:
    return [
        {
            "name": option.name,
            "summary": option.summary,
            "default": option.default,
            "choices": list(option.choices),
        }
        for option in options
    ]


def _range(bits: range) -> str:
    return (
        f"N = {bits.start} to {bits.stop - 1} for operands,"
        f" to {ACCUMULATOR_BITS.stop - 1} for accumulators"
    )
