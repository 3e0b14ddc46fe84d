"""Sizing on the critical path: faster at every step, and the same function."""

from itertools import pairwise

import pytest

from golden.loading import load_spec
from hw import verilog
from sim.operands import random_operands
from synth.activity import run_element
from synth.engine import Choices
from synth.library import Library
from synth.sizing import sized
from tests.synth.tiny import netlist_of

NOTHING_OUTSIDE = dict.fromkeys(
    ("register to register", "input to register", "register to output", "input to output"), 0.0
)


@pytest.mark.fast
def test_every_step_is_faster(nangate: Library) -> None:
    chain = [("INV_X1", {"A": f"n{k}", "ZN": f"n{k + 1}"}) for k in range(6)]
    load = [("INV_X1", {"A": "n3", "ZN": f"y{k}"}) for k in range(30)]
    loaded = netlist_of(nangate, [*chain, *load], "n0", "n6")
    steps = list(sized(loaded, NOTHING_OUTSIDE))
    assert len(steps) > 3
    for (before, slow), (after, fast) in pairwise(steps):
        assert fast < slow
        assert (before.nets == after.nets).all()
    assert steps[0][0].area == loaded.area
    assert steps[-1][1] < 0.8 * steps[0][1]


def test_a_sized_element_computes_the_same(nangate: Library) -> None:
    spec = load_spec("mac-os", ["rows=2", "cols=2", "a=int4", "b=int4", "acc=int12"])
    build = Choices(verilog.generate_element(spec), nangate, lambda share: None).smallest()
    *_, (fastest, _) = sized(build.netlist, NOTHING_OUTSIDE)
    assert (fastest.kind != build.netlist.kind).any()
    run_element(fastest, spec, *random_operands(spec, 8, 9, 8), steps=None)
