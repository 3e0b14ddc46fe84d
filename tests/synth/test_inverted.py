"""Flip-flops that do the work of the inverter behind them."""

import numpy as np
import pytest

from synth.inverted import with_inverted_outputs
from synth.lanes import Lanes
from synth.library import Library
from synth.netlist import Instance, Module, Netlist, Port, flatten

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


def flat(module: Module, library: Library) -> Netlist:
    return flatten({"top": module}, "top", library)


@pytest.mark.parametrize("dangling", [False, True])
def test_the_inverter_goes_and_nothing_else_changes(nangate: Library, dangling: bool) -> None:
    before = flat(registered("INV_X1", dangling=dangling), nangate)
    after = with_inverted_outputs(before)
    assert after.names == ("r",)
    assert_inverts(before)
    assert_inverts(after)


def assert_inverts(netlist: Netlist) -> None:
    lanes = Lanes(netlist, 4, None)
    lanes.simulator.settle()
    assert not lanes.read("q").any() and lanes.read("n").all()
    values = np.array([1, 0, 0, 1], np.uint8)[:, None]
    lanes.drive("d", values)
    lanes.simulator.settle()
    lanes.simulator.clock()
    lanes.simulator.settle()
    assert (lanes.read("q") == values).all()
    assert (lanes.read("n") != values).all()


def test_a_strong_inverter_stays(nangate: Library) -> None:
    before = flat(registered("INV_X8", dangling=True), nangate)
    assert with_inverted_outputs(before).names == before.names


def test_an_output_that_is_read_is_not_free(nangate: Library) -> None:
    before = registered("INV_X1", dangling=True)
    ports = {**before.ports, "other": Port(direction="output", nets=(6,))}
    module = Module(name="top", ports=ports, instances=before.instances, nets=before.nets)
    assert with_inverted_outputs(flat(module, nangate)).names == ("r", "g")


def test_only_across_modules(nangate: Library) -> None:
    """A register whose module keeps its own inverter, and one whose inverter is next door."""
    together = registered("INV_X1", dangling=False)
    assert with_inverted_outputs(flat(together, nangate), across=True).names == ("r", "g")
    register, inverter = together.instances
    nets = {"clk": (2,), "d": (3,), "q": (4,)}
    inside = Module(
        name="register",
        ports={pin: together.ports[pin] for pin in nets},
        instances=(register,),
        nets=7,
    )
    outside = Instance(name="x", kind="register", pins=nets)
    apart = Module(name="top", ports=together.ports, instances=(outside, inverter), nets=7)
    before = flatten({"top": apart, "register": inside}, "top", nangate)
    after = with_inverted_outputs(before, across=True)
    assert [after.path(cell) for cell in range(len(after.kind))] == ["x.r"]
    assert_inverts(after)
