"""`tpe list`: what there is."""

from dataclasses import dataclass

from golden.catalog import ARRAYS, Option, elements, presets
from golden.fixed import DEPTH
from golden.floats import NAMED_FLOATS
from golden.formats import ACCUMULATOR_BITS, OPERAND_BITS
from golden.recodings import RECODINGS
from golden.spec import EngineSpec


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
            {
                "name": "eXmY",
                "summary": "floating point, X = 2 to 8 bits of exponent, Y = 0 to 23 of mantissa",
            },
            *(
                {
                    "name": name,
                    "summary": f"floating point, {number.exponent_bits} bits of exponent,"
                    f" {number.mantissa_bits} of mantissa, up to {number.max:g}",
                }
                for name, number in NAMED_FLOATS.items()
            ),
            {
                "name": "qI.F",
                "summary": "accumulator of floating-point products: I bits before the point, F"
                " behind it, delivers fp32",
            },
            {
                "name": "exact",
                "summary": f"such an accumulator, wide enough for any sum of {DEPTH} products",
            },
        ],
        recodings=[
            {"name": recoding.name, "summary": recoding.summary} for recoding in RECODINGS.values()
        ],
        presets=[
            {
                "name": name,
                "summary": f"{element} elements in a {array} array, 8 x 8,"
                f" {_formats(element, array)}",
                "element": element,
                "array": array,
            }
            for name, (element, array) in presets().items()
        ],
    )


def _formats(element: str, array: str) -> str:
    """The formats that an engine has unless the spec says otherwise."""
    spec = EngineSpec.make(element=element, array=array)
    return f"{spec.a} x {spec.b} -> {spec.acc}"


def _options(options: tuple[Option, ...]) -> list[dict]:
    return [
        {
            "name": option.name,
            "summary": option.summary,
            "default": option.default,
            "choices": list(option.choices),
            "allowed": option.allowed,
        }
        for option in options
    ]


def _range(bits: range) -> str:
    return (
        f"N = {bits.start} to {bits.stop - 1} for operands,"
        f" to {ACCUMULATOR_BITS.stop - 1} for accumulators"
    )
