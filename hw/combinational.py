"""Runs a combinational component in Amaranth's simulator."""

from collections.abc import Iterable, Mapping

from amaranth.lib import wiring
from amaranth.sim import Simulator


def evaluate(component: wiring.Component, inputs: Iterable[Mapping[str, int]]) -> list[int]:
    """Output `o` as a bit pattern for each assignment to the input ports."""
    results = []

    async def bench(context) -> None:
        for values in inputs:
            for name, value in values.items():
                context.set(getattr(component, name), value)
            results.append(context.get(component.o))

    simulator = Simulator(component)
    simulator.add_testbench(bench)
    simulator.run()
    return results
