"""Runs a component cycle by cycle in Amaranth's simulator, beside a bench in plain Python."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from amaranth.hdl import Elaboratable, Fragment, MemoryInstance, ResetInserter, Signal, Value
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

    def save(self, registers: Sequence[Any]) -> tuple[int, ...]:
        """What registers hold, see `registers_of`."""
        return tuple(int(self._context.get(one)) for one in registers)

    def restore(self, registers: Sequence[Any], held: Sequence[int]) -> None:
        """Make registers hold it."""
        for one, value in zip(registers, held, strict=True):
            self._context.set(one, value)

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


def registers_of(design: Fragment) -> list[Any]:
    """All that a design keeps from cycle to cycle, words of memories included."""
    found: dict[int, Value] = {}
    for domain, statements in design.statements.items():
        if domain != "comb":
            for statement in statements:
                found |= {id(signal): signal for signal in statement._lhs_signals()}
    registers: list[Any] = [*found.values()]
    if isinstance(design, MemoryInstance):
        registers += [Value.cast(design._data[row]) for row in range(design._data.depth)]
    for inner, *_ in design.subfragments:
        registers += registers_of(inner)
    return registers
