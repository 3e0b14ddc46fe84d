"""Flip-flops that do the work of the inverter behind them."""

import numpy as np
import pytest

from synth.inverted import with_inverted_outputs
from synth.lanes import Lanes
from synth.library import Library
from synth.netlist import Instance, Module, Port, flatten

pytestmark = pytest.mark.fast


def registered(inverter: str, *, dangling: bool) -> Module:
    """A flip-flop, its output and that output inverted."""
    unread = {"QN": (6,)} if dangling else {}
    return Module(
        name="top",
        ports={
            "clk": Port(direction="input", nets=(2,)),
            "d": Port(direction="input", nets=(3,)),
            "q": Port(direction="output", nets=(4,)),
            "n": Port(direction="output", nets=(5,)),
        },
        instances=(
            Instance(name="r", kind="DFF_X1", pins={"CK": (2,), "D": (3,), "Q": (4,), **unread}),
            Instance(name="g", kind=inverter, pins={"A": (4,), "ZN": (5,)}),
        ),
        nets=7,
    )


@pytest.mark.parametrize("dangling", [False, True])
def test_the_inverter_goes_and_nothing_else_changes(nangate: Library, dangling: bool) -> None:
    before = registered("INV_X1", dangling=dangling)
    after = with_inverted_outputs(before, nangate)
    assert [instance.name for instance in after.instances] == ["r"]
    values = np.array([1, 0, 0, 1], np.uint8)[:, None]
    for module in (before, after):
        lanes = Lanes(flatten({"top": module}, "top", nangate), 4, None)
        lanes.simulator.settle()
        assert not lanes.read("q").any() and lanes.read("n").all()
        lanes.drive("d", values)
        lanes.simulator.settle()
        lanes.simulator.clock()
        lanes.simulator.settle()
        assert (lanes.read("q") == values).all()
        assert (lanes.read("n") != values).all()


def test_a_strong_inverter_stays(nangate: Library) -> None:
    before = registered("INV_X8", dangling=True)
    assert with_inverted_outputs(before, nangate) == before


def test_an_output_that_is_read_is_not_free(nangate: Library) -> None:
    before = registered("INV_X1", dangling=True)
    ports = {**before.ports, "other": Port(direction="output", nets=(6,))}
    module = Module(name="top", ports=ports, instances=before.instances, nets=before.nets)
    assert with_inverted_outputs(module, nangate) == module
