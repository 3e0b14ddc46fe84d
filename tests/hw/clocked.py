"""Runs a component cycle by cycle in Amaranth's simulator, beside a bench in plain Python."""

from collections.abc import Callable, Iterator
from typing import Any

from amaranth.hdl import Elaboratable, Fragment, ResetInserter, Signal, Value
from amaranth.lib import wiring
from amaranth.sim import Simulator

Bench = Callable[["Ports"], Iterator[None]]
"""Sets and reads ports; every `yield` is the end of a cycle."""


class Ports:
    """Ports of a component by path, such as `ports["request.payload.op"]`.

    What is read follows what has been set in the same cycle. `ports["reset"]` resets the component.
    """

    def __init__(self, context: Any, component: wiring.Component, reset: Signal) -> None:
        self._context, self._component = context, component
        self._values: dict[str, Value] = {"reset": reset}

    def __getitem__(self, path: str) -> int:
        return int(self._context.get(self._value(path)))

    def __setitem__(self, path: str, value: int) -> None:
        self._context.set(self._value(path), value)

    def _value(self, path: str) -> Value:
        if path not in self._values:
            found: Any = self._component
            for name in path.split("."):
                found = found[int(name)] if name.isdigit() else getattr(found, name)
            self._values[path] = Value.cast(found)
        return self._values[path]


def clocked(
    component: wiring.Component, bench: Bench, *, design: Elaboratable | Fragment | None = None
) -> None:
    """Run `bench` on `component`, or on a `design` of the same ports."""
    reset = Signal()

    async def run(context: Any) -> None:
        for _ in bench(Ports(context, component, reset)):
            await context.tick()

    simulator = Simulator(ResetInserter(reset)(design or component))
    simulator.add_clock(1e-6)
    simulator.add_testbench(run)
    simulator.run()
