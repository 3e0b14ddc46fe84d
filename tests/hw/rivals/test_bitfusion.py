"""Bit Fusion's unit in hardware, against its model: every width of A and B, with and without signs.

Some products of every mode: it takes long to simulate. The mapped netlist that is priced
(`tpe.papers.mixpe_rivals`) is compared on many more.
"""

import numpy as np
import pytest

from golden.formats import parse_format
from golden.rivals.bitfusion import ACC, Mode
from hw.combinational import evaluate
from hw.rivals.bitfusion import FusionUnit, settings_of

MODES = [
    ("int8", "int8"),
    ("uint8", "int4"),
    ("int4", "uint8"),
    ("int4", "int4"),
    ("int2", "int8"),
    ("uint8", "uint2"),
    ("int2", "uint4"),
    ("int2", "int2"),
]


@pytest.mark.parametrize(("a", "b"), MODES)
def test_modes(a: str, b: str) -> None:
    mode = Mode(a=parse_format(a), b=parse_format(b))
    rng = np.random.default_rng(mode.products)
    left = rng.integers(mode.a.min, mode.a.max + 1, (40, mode.products))
    right = rng.integers(mode.b.min, mode.b.max + 1, (40, mode.products))
    left[0], right[0], left[1], right[1] = mode.a.min, mode.b.min, mode.a.max, mode.b.min
    state = rng.integers(ACC.min, ACC.max + 1, 40)
    words = mode.words(left, right)
    unit, settings = FusionUnit(), settings_of(mode)
    lanes = [
        evaluate(encode(), [{"i": int(word), "settings": settings} for word in own])
        for encode, own in zip((unit.encode_a, unit.encode_b), words, strict=True)
    ]
    found = evaluate(
        unit.step(),
        [
            {"a": x, "b": y, "state": int(z), "settings": settings}
            for x, y, z in zip(*lanes, ACC.encode(state), strict=True)
        ],
    )
    assert (ACC.decode(np.array(found, np.uint64)) == mode.step(state, *words)).all()
