"""`mixpe` in hardware: all pairs of operands, all specials, and broken ones found out."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from golden.floats import NAMED_FLOATS
from golden.formats import IntFormat, parse_format
from golden.quantize import QuantizedWeights, quantize
from golden.spec import EngineSpec
from sim.operands import random_operands
from sim.run import simulate
from tests.hw.faults import undetected


def _spec(a: str, b: str, **fields: Any) -> EngineSpec:
    size = {"rows": 4, "cols": 4, **fields}
    return EngineSpec.make(element="mixpe", array="systolic-os", a=a, b=b, **size)


def _values(number: IntFormat) -> NDArray:
    return np.arange(number.min, number.max + 1, dtype=number.dtype)


def _every_code(number: IntFormat) -> QuantizedWeights:
    """A row of all codes, unscaled."""
    codes = _values(number)[None]
    return QuantizedWeights(
        codes=codes,
        scales=np.ones(codes.shape, np.float32),
        zeros=None if number.signed else np.zeros(codes.shape, np.int64),
        weights=number,
        group=1,
        scale="fp16",
    )


@pytest.mark.parametrize("digits", ["booth", "bits"])
@pytest.mark.parametrize(
    ("a", "b"),
    [("int8", "int4"), ("int4", "int8"), ("int8", "int8"), ("int8", "uint3"), ("uint8", "int2")],
)
def test_all_pairs_of_integers(a: str, b: str, digits: str) -> None:
    zeros = "off" if parse_format(b).signed else "on"
    spec = _spec(a, b, options={"digits": digits, "zeros": zeros, "group": 1})
    x, weights = _values(parse_format(a)), _every_code(parse_format(b))
    run = simulate(spec, x[:, None], weights)
    assert run.passed, str(run.first_mismatch)
    assert np.array_equal(run.c, np.multiply.outer(x.astype(int), weights.codes[0].astype(int)))


def test_all_codes_of_fp16() -> None:
    """Subnormals, infinities and NaNs among them."""
    spec = _spec("fp16", "int4", rows=8, cols=8, options={"group": 1})
    x = NAMED_FLOATS["fp16"].decode(np.arange(1 << 16))
    weights = _every_code(parse_format("int4"))
    run = simulate(spec, x[:, None], weights)
    assert run.passed, str(run.first_mismatch)
    finite = np.isfinite(x)
    exact = np.multiply.outer(x[finite], weights.codes[0].astype(np.float32))
    assert np.array_equal(run.c[finite], exact)
    assert np.isnan(run.c[~finite]).all()


@pytest.mark.parametrize(
    ("weights", "pace"), [("uint2", 1), ("int3", 1), ("uint4", 1), ("uint6", 2), ("int8", 2)]
)
def test_one_engine_takes_every_width_at_its_own_rate(weights: str, pace: int) -> None:
    spec = _spec("int8", "uint4", options={"zeros": "on", "group": 32})
    number = parse_format(weights)
    random = np.random.default_rng(3)
    a = random.integers(-128, 128, (8, 70))
    w = quantize(
        random.normal(size=(70, 8)), bits=number.bits, group=32, zero_point=not number.signed
    )
    run = simulate(spec, a, w)
    assert run.passed, str(run.first_mismatch)
    whole = 70 if number == spec.formats[1] else 96
    assert run.cycles == spec.cycles_on(a, w)
    assert run.cycles == 4 * whole * pace + spec.cycles(4, 1, 4) - 1
    exact = a @ w.dequantized()
    assert np.allclose(run.c, exact, rtol=0, atol=np.abs(exact).max() * 2.0**-22)


@pytest.mark.parametrize(
    ("a", "b", "options"),
    [
        pytest.param("int4", "int4", {}, id="booth"),
        pytest.param("int5", "int3", {"digits": "bits"}, id="bits"),
        pytest.param("e3m2", "int4", {}, id="float"),
    ],
)
def test_a_fault_in_an_element_is_found(a: str, b: str, options: dict[str, str]) -> None:
    spec = _spec(a, b, acc="q20.10", rows=2, cols=1, options={"group": 5, **options})
    # An odd number of groups of odd length: inverting a top bit twice changes nothing.
    drawn = [random_operands(spec, 40, 15, 30, dist=dist, seed=4) for dist in ("uniform", "max")]
    assert not undetected(spec, r"step|encode_b", drawn)


@pytest.mark.parametrize(
    ("a", "b", "acc", "options", "parts"),
    [
        # The floating-point adder is that of `fmac`, whose tests go through all sums.
        pytest.param("int4", "int4", "fp16", {}, "|_size|_times|_accumulators", id="floating"),
        pytest.param("int4", "uint3", "q20.9", {"zeros": "on"}, r"\w*", id="fixed"),
        pytest.param("e3m2", "int4", "fp16", {}, "|_size|_times|_accumulators", id="all floating"),
        pytest.param("e3m2", "int4", "q20.9", {}, r"\w*", id="floating, fixed sum"),
    ],
)
def test_a_fault_behind_the_array_is_found(
    a: str, b: str, acc: str, options: dict[str, str], parts: str
) -> None:
    spec = _spec(a, b, acc=acc, rows=2, cols=1, options={"group": 5, **options})
    random = np.random.default_rng(5)
    runs = []
    for dist in ("uniform", "max"):
        x, w = random_operands(spec, 40, 15, 60, dist=dist, seed=4)
        # Scales from the smallest to large ones, so that numbers meet that lie far apart.
        scales = np.float16(2.0 ** random.uniform(-24, 9, w.scales.shape))
        runs.append((x, replace(w, scales=scales.astype(np.float32))))
    assert not undetected(spec, f"column({parts})", runs)
