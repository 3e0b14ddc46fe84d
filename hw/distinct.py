"""Modules that are written once however often they are used.

Amaranth turns every submodule into a Verilog module of its own. A `Distinct` is built once; every
place that uses it becomes an instance of the one module.
"""

from collections.abc import Callable
from functools import cached_property

from amaranth.hdl import ClockSignal, Elaboratable, Instance, Module, ResetSignal
from amaranth.lib import wiring

Make = Callable[[], wiring.Component]


class ModuleSet:
    """The distinct modules of a design, in the order in which they were first used.

    Passed as the platform of an elaboration, it makes every use of a `Distinct` an instance. Names
    get a prefix, so that several engines fit into one design.
    """

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self.modules: dict[str, Distinct] = {}

    def use(self, module: "Distinct") -> str:
        """The full name of `module` in this design."""
        name = f"{self._prefix}_{module.name}"
        self.modules.setdefault(name, module)
        return name


class Distinct:
    """A module that may be used in many places.

    Parameters
    ----------
    name : str
        Of the module. Two of one name must be equal.
    make : callable () -> Component
        Builds it. It has an input `en` if and only if it is clocked, unless it has a reset.
    reset : bool
        Whether its registers are reset.
    """

    def __init__(self, name: str, make: Make, *, reset: bool = False) -> None:
        self.name = name
        self.make = make
        self.reset = reset

    @cached_property
    def component(self) -> wiring.Component:
        """The one that is written."""
        component = self.make()
        # Amaranth's own back ends elaborate copies of it, and report it as never elaborated.
        component._MustUse__silence = True
        return component

    @property
    def clocked(self) -> bool:
        """Whether it holds registers."""
        return self.reset or is_clocked(self.component)

    def place(self, m: Module, label: str) -> "Placed":
        """Use the module as submodule `label` of `m`. Its ports are attributes of the result."""
        placed = Placed(self, label)
        m.submodules[label] = placed
        return placed


class Placed(wiring.PureInterface, Elaboratable):
    """One use of a `Distinct`, with the ports of its component."""

    def __init__(self, module: Distinct, label: str) -> None:
        self._module = module
        super().__init__(module.component.signature, path=(label,))

    def elaborate(self, platform: object) -> Elaboratable:
        if not isinstance(platform, ModuleSet):
            return self._inline()
        name = platform.use(self._module)
        ports = {
            f"{'i' if member.flow is wiring.In else 'o'}_{'_'.join(map(str, path))}": value
            for path, member, value in self.signature.flatten(self)
        }
        if self._module.clocked:
            ports["i_clk"] = ClockSignal()
        if self._module.reset:
            ports["i_rst"] = ResetSignal()
        return Instance(name, **ports)

    def _inline(self) -> Module:
        m = Module()
        m.submodules.inline = component = self._module.make()
        wiring.connect(m, wiring.flipped(self), component)
        return m


def is_clocked(component: wiring.Component) -> bool:
    """Whether `component` holds registers: it then has an enable."""
    return "en" in component.signature.members
