"""ANT's decoders and the element behind them, against the model: all codes of all types."""

from itertools import product

import numpy as np
import pytest

from golden.formats import IntFormat
from golden.rivals.ant import ACC, TYPES, AntFormat, step
from hw.combinational import evaluate
from hw.rivals.ant import AntMac, settings_of

INT5 = IntFormat(5, signed=True)
"""Short, so that all pairs are few."""


def results(element: AntMac, settings: int, a: list[int], b: list[int], state: list[int]) -> list:
    """New accumulators."""
    coded = [{"i": code, "settings": settings} for code in b]
    right = evaluate(element.encode_b(), coded)
    left = a
    if element.encode_a:
        left = evaluate(element.encode_a(), [{"i": code, "settings": settings} for code in a])
    steps = [
        {"a": x, "b": y, "state": z, "settings": settings}
        for x, y, z in zip(left, right, state, strict=True)
    ]
    return ACC.decode(np.array(evaluate(element.step(), steps), np.uint64)).tolist()


@pytest.mark.parametrize("name", TYPES)
def test_codes_by_integers(name: str) -> None:
    number = AntFormat(name)
    pairs = np.array(list(product(range(32), range(16))))
    state = np.random.default_rng(1).integers(ACC.min, ACC.max + 1, len(pairs))
    found = results(
        AntMac(INT5, ACC),
        settings_of(number),
        pairs[:, 0].tolist(),
        pairs[:, 1].tolist(),
        ACC.encode(state).tolist(),
    )
    assert found == step(state, pairs[:, 0], pairs[:, 1], INT5, number).tolist()


@pytest.mark.parametrize(("left", "right"), list(product(TYPES, TYPES)))
def test_codes_by_codes(left: str, right: str) -> None:
    of_a, of_b = AntFormat(left), AntFormat(right)
    pairs = np.array(list(product(range(16), range(16))))
    state = np.random.default_rng(2).integers(ACC.min, ACC.max + 1, len(pairs))
    found = results(
        AntMac(None, ACC),
        settings_of(of_b, of_a),
        pairs[:, 0].tolist(),
        pairs[:, 1].tolist(),
        ACC.encode(state).tolist(),
    )
    assert found == step(state, pairs[:, 0], pairs[:, 1], of_a, of_b).tolist()
