"""ANT's numbers of 4 bits."""

import numpy as np
import pytest

from golden.rivals.ant import TYPES, AntFormat

pytestmark = pytest.mark.fast

MAGNITUDES = {
    "int4": [0, 1, 2, 3, 4, 5, 6, 7, 8],
    "pot4": [0, 1, 2, 4, 8, 16, 32, 64],
    "flint4": [0, 1, 2, 3, 4, 6, 8, 16],
}
"""As the authors' quantiser has them, flint's as multiples of its smallest number."""


@pytest.mark.parametrize("name", TYPES)
def test_values(name: str) -> None:
    number = AntFormat(name)
    assert sorted({abs(value) for value in number.values.tolist()}) == MAGNITUDES[name]
    for code, value in enumerate(number.values):
        base, shift = number.decoded(code)
        assert base << shift == value
    assert (number.decode(number.encode(number.values)) == number.values).all()


def test_the_nearest_number_is_taken() -> None:
    number = AntFormat("flint4")
    real = np.linspace(-20, 20, 1001)
    nearest = number.decode(number.encode(real))
    assert (np.abs(nearest - real) <= np.abs(number.values[:, None] - real).min(axis=0)).all()


def test_other_types_are_refused() -> None:
    with pytest.raises(ValueError, match="'float4' given, use one of int4, pot4, flint4"):
        AntFormat("float4")
