"""Drain buses of many rows of elements become one."""

from collections.abc import Sequence
from functools import partial, reduce
from operator import or_

from amaranth.hdl import Module, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from golden.arrays.systolic_os import SEGMENT
from hw.distinct import Distinct
from hw.structure import Structure, Wire


class Merge(wiring.Component):
    """Joins drain buses, of which at most one carries a number: `o` = the one of a cycle before.

    Members
    -------
    en : In(1)
    i_0, i_1, ... : In(width)
    o : Out(width)
    """

    def __init__(self, ways: int, width: int) -> None:
        self._ways = ways
        inputs = {f"i_{way}": In(width) for way in range(ways)}
        super().__init__({"en": In(1), **inputs, "o": Out(width)})

    def elaborate(self, platform: object) -> Module:
        m = Module()
        held = []
        for way in range(self._ways):
            bus = getattr(self, f"i_{way}")
            held.append(Signal.like(bus, name=f"held_{way}", reset_less=True))
            with m.If(self.en):
                m.d.sync += held[way].eq(bus)
        m.d.comb += self.o.eq(reduce(or_, held))
        return m


def joined(inside: Structure, buses: Sequence[Wire], cols: int, merge: str = "merge") -> Wire:
    """One bus for all `buses` of `cols` lanes, behind a register for every level of a tree.

    Its modules are called `merge`.
    """
    width = buses[0].width // cols
    modules: dict[int, Distinct] = {}
    level = 0
    while len(buses) > 1:
        above = []
        for start in range(0, len(buses), SEGMENT):
            group = buses[start : start + SEGMENT]
            module = modules.setdefault(
                len(group), Distinct(f"{merge}_{len(group)}", partial(Merge, len(group), width))
            )
            name = f"{merge}_{level}_{start}"
            above.append(inside.wire(name, cols * width))
            for j in range(cols):
                inputs = {f"i_{way}": bus.lane(j, width) for way, bus in enumerate(group)}
                o = above[-1].lane(j, width)
                inside.place(module, f"{name}_{j}", en=inside.port("en"), **inputs, o=o)
        buses = above
        level += 1
    return buses[0]
