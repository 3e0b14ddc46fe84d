"""Wires before placement: by fan-out, or by Rent's rule and where modules lie."""

import numpy as np
import pytest

from golden.loading import load_spec
from synth.cost import estimate
from synth.library import Library
from synth.netlist import Instance, Module, Netlist, Port, flatten
from synth.wires import PER_UM, loads, pin_loads, wire_lengths

pytestmark = pytest.mark.fast


def broadcast(library: Library, columns: int) -> Netlist:
    """One inverter that drives an inverter in each of `columns` modules."""
    sink = Module(
        name="sink",
        ports={
            "i": Port(direction="input", nets=(2,)),
            "o": Port(direction="output", nets=(3,)),
        },
        instances=(Instance(name="g", kind="INV_X1", pins={"A": (2,), "ZN": (3,)}),),
        nets=4,
    )
    top = Module(
        name="top",
        ports={"i": Port(direction="input", nets=(2,))},
        instances=(
            Instance(name="g", kind="INV_X1", pins={"A": (2,), "ZN": (3,)}),
            *(
                Instance(name=f"s{k}", kind="sink", pins={"i": (3,), "o": (4 + k,)})
                for k in range(columns)
            ),
        ),
        nets=4 + columns,
    )
    return flatten({"top": top, "sink": sink}, "top", library)


def test_a_broadcast_passes_every_module(nangate: Library) -> None:
    width = np.sqrt(nangate.cells["INV_X1"].area)
    for columns in (1, 5, 20):
        netlist = broadcast(nangate, columns)
        assert wire_lengths(netlist).max() == pytest.approx(columns * width)


def test_a_net_of_one_pin_has_no_wire(nangate: Library) -> None:
    netlist = broadcast(nangate, 3)
    assert np.count_nonzero(wire_lengths(netlist)) == 1


def test_loads(nangate: Library) -> None:
    netlist = broadcast(nangate, 3)
    pins, _ = pin_loads(netlist)
    assert loads(netlist, wires="none") == pytest.approx(pins)
    assert loads(netlist, wires="rent") == pytest.approx(pins + PER_UM * wire_lengths(netlist))
    assert (loads(netlist, wires="library") > pins).any()


def test_wires_take_time_and_energy() -> None:
    spec = load_spec("mac-os", ["rows=2", "cols=2", "a=int4", "b=int4", "acc=int12"])
    none, rent = (estimate(spec, activity=0.1, wires=model) for model in ("none", "rent"))
    assert rent.delay_ns > none.delay_ns
    assert rent.energy_per_mac_pj > none.energy_per_mac_pj
    assert "Rent" in rent.timing
