"""Adders of partial sums, and engines that return them, in Amaranth's simulator."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from golden.fixed import FixedPoint
from golden.floats import FloatFormat
from golden.spec import EngineSpec
from golden.trigger.partial import Partial
from hw.combinational import evaluate
from hw.trigger.adder import lane_adder
from hw.trigger.partial import partial_engine
from hw.verilog import generate_block
from sim.lint import lint
from sim.operands import random_operands
from tests.hw.clocked import Ports, clocked

COUNT = 1500

# Parts of arrays are built once more for Amaranth's simulator.
pytestmark = pytest.mark.filterwarnings("ignore::amaranth.hdl.UnusedElaboratable")


def spec_of(element: str, array: str = "systolic-os", **fields: Any) -> EngineSpec:
    return EngineSpec.make(element=element, array=array, rows=2, cols=2, **fields)


def codes_of(partial: Partial) -> list[tuple[int, int]]:
    """Pairs of codes: all of up to 6 bits, else of everything that is special, and random ones."""
    number, bits = partial.format, partial.bits
    if bits <= 6:
        return [(x, y) for x in range(1 << bits) for y in range(1 << bits)]
    ends = [0, 1, 2, (1 << bits) - 1, 1 << (bits - 1), (1 << (bits - 1)) - 1]
    rng = np.random.default_rng(bits)
    words = rng.integers(0, 1 << 32, (2, COUNT, 21), np.uint64)
    wild = [
        [int.from_bytes(word.astype("<u4").tobytes(), "little") % (1 << bits) for word in side]
        for side in words
    ]
    if isinstance(number, FloatFormat):
        least, one = 1 << number.mantissa_bits, number.bias << number.mantissa_bits
        top, sign = number.max_code, 1 << number.magnitude_bits
        ends = [0, 1, least - 1, least, least + 1, one - 1, one, one + 1, top - 1, top, top + 1]
        ends = [*ends, *(code | sign for code in ends), int(number.nan_code or 0)]
        near = rng.integers(0, 3, COUNT) * least ^ rng.integers(0, least, COUNT)
        for index in range(COUNT // 2):
            wild[1][index] = (wild[0][index] + int(near[index])) % (2 * sign) ^ sign
    if isinstance(number, FixedPoint):
        ends += [1 << number.width, (1 << number.width) - 1, 1 << (number.width - 1)]
    return [*((x, y) for x in ends for y in ends), *zip(*wild, strict=True)]


ADDERS: list[tuple[str, dict[str, Any]]] = [
    ("mac", {"a": "int4", "b": "int4", "acc": "int6"}),
    ("mac", {"acc": "int32"}),
    ("mac", {"a": "uint4", "b": "uint4", "acc": "uint64"}),
    ("fmac", {"acc": "q3.2"}),
    ("fmac", {"acc": "q12.20"}),
    ("fmac", {"acc": "exact"}),
    *(("fmac", {"acc": acc}) for acc in ("e2m2", "e5m2", "e4m3")),
    *(("fmac", {"acc": acc}) for acc in ("bf16", "fp16", "e6m9", "fp32")),
]


@pytest.mark.fast
@pytest.mark.parametrize(("element", "fields"), ADDERS, ids=str)
def test_adders(element: str, fields: dict[str, Any]) -> None:
    spec = spec_of(element, **fields)
    partial, pairs = Partial(spec), codes_of(Partial(spec))
    x, y = (
        np.array(side, object if partial.bits > 64 else np.uint64)
        for side in zip(*pairs, strict=True)
    )
    got = evaluate(lane_adder(spec), [{"x": x, "y": y} for x, y in pairs])
    assert got == partial.add(x, y).tolist()


def test_all_pairs_of_a_format_without_infinity() -> None:
    spec = spec_of("fmac", acc="e4m3")
    x, y = (side.ravel() for side in np.meshgrid(range(256), range(256)))
    inputs = [{"x": left, "y": right} for left, right in zip(x.tolist(), y.tolist(), strict=True)]
    assert evaluate(lane_adder(spec), inputs) == Partial(spec).add(x, y).tolist()


@pytest.mark.fast
@pytest.mark.parametrize("acc", ["int32", "q12.20", "fp32", "e4m3"])
def test_adders_are_clean(acc: str) -> None:
    spec = spec_of("mac" if acc == "int32" else "fmac", acc=acc)
    assert lint(generate_block("adder", lane_adder(spec))) == []


ENGINES: list[tuple[str, str, dict[str, Any]]] = [
    ("mac", "systolic-os", {}),
    ("fmac", "systolic-os", {"acc": "exact"}),
    ("fmac", "systolic-ws", {"a": "e4m3", "b": "e5m2", "acc": "q9.3"}),
    ("fmac", "matrix2d", {"acc": "bf16"}),
    ("fmac", "cube", {"depth": 2}),
    ("fmac", "adder-tree", {"depth": 3, "acc": "q30.40"}),
    ("lmul", "systolic-os", {}),
    ("mixpe", "systolic-os", {"options": {"group": "3"}}),
    ("mixpe", "systolic-os", {"acc": "q23.30", "options": {"group": "3"}}),
    ("mixpe", "systolic-ws", {"a": "fp16", "acc": "q24.80", "options": {"group": "3"}}),
]


@pytest.mark.parametrize(("element", "array", "fields"), ENGINES, ids=str)
def test_engines_return_partial_sums(element: str, array: str, fields: dict[str, Any]) -> None:
    spec = spec_of(element, array, **fields)
    a, b = random_operands(spec, 4, 7, 3, dist="normal:0:2", seed=5)
    if a.dtype == np.float32 and spec.a != "e4m3":
        a[2, 3] = np.inf
    codes, cycles = run(spec, a, b)
    np.testing.assert_array_equal(codes, Partial(spec).of(a, b))
    assert cycles == spec.cycles(4, 7, 3)


def run(spec: EngineSpec, a: NDArray, b: Any) -> tuple[NDArray, int]:
    """Codes of C, and cycles from the first beat to the last row of C, both included."""
    schedule, engine = spec.encoded(a, b), partial_engine(spec)
    bits, rows, taken = Partial(spec).bits, [], []

    def bench(ports: Ports) -> Iterator[None]:
        left = {name: list(beats_of(spec, schedule, name)) for name in schedule.operands}
        ports["c.ready"] = 1
        for cycle in range(500):
            for name, beats in left.items():
                ports[f"{name}.valid"] = bool(beats)
                if beats:
                    ports[f"{name}.payload"] = beats[0]
            if ports["c.valid"]:
                word = ports["c.payload.data"]
                lanes = range(spec.cols)
                rows.append([word >> lane * bits & ((1 << bits) - 1) for lane in lanes])
                taken.append(cycle)
            for name, beats in left.items():
                if ports[f"{name}.valid"] & ports[f"{name}.ready"]:
                    beats.pop(0)
                    taken.append(cycle)
            if len(rows) == schedule.outputs:
                return
            yield

    clocked(engine, bench)
    return schedule.assemble(np.array(rows, object)), taken[-1] - taken[0] + 1


def beats_of(spec: EngineSpec, schedule: Any, name: str) -> Iterator[int]:
    """Payloads of one operand stream."""
    beats, bits = schedule.operands[name], spec.lane_bits[name]
    for lanes, first, last in zip(beats.data, beats.first, beats.last, strict=True):
        data = sum(int(lane) << index * bits for index, lane in enumerate(lanes))
        marks = int(first) | int(last) << 1
        yield data | marks << bits * len(lanes)
