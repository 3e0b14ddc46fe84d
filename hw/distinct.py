"""Modules that are written once however often they are used.

Amaranth turns every submodule into a Verilog module of its own. `Distinct` stands for one use of a
component that has a name: the first use is kept for conversion, every use becomes an instance.
"""

from amaranth.hdl import ClockSignal, Elaboratable, Instance, Module
from amaranth.lib import wiring


class ModuleSet:
    """The distinct modules of a design, in the order in which they were first used.

    Passed as the platform of an elaboration, it makes every `Distinct` an instance. Names get a
    prefix, so that several engines fit into one design.
    """

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self.components: dict[str, wiring.Component] = {}

    def use(self, name: str, component: wiring.Component) -> str:
        """The full name of module `name`, which is `component`."""
        name = f"{self._prefix}_{name}"
        self.components.setdefault(name, component)
        return name


class Distinct(wiring.PureInterface, Elaboratable):
    """One use of the module `name`; its ports are attributes, as those of `component`.

    Parameters
    ----------
    name : str
        Two uses of one name must be equal components.
    component : Component
        Has input `en` if and only if it is clocked.
    path : iterable of str
        Prefix of the names of the ports' signals in the Verilog of the parent.
    """

    def __init__(self, name: str, component: wiring.Component, *, path: str) -> None:
        self._name = name
        self._component = component
        super().__init__(component.signature, path=(path,))

    def elaborate(self, platform: object) -> Elaboratable:
        if not isinstance(platform, ModuleSet):
            return self._inline()
        name = platform.use(self._name, self._component)
        ports = {
            f"{'i' if member.flow is wiring.In else 'o'}_{port}": getattr(self, port)
            for port, member in self.signature.members.items()
        }
        if is_clocked(self._component):
            ports["i_clk"] = ClockSignal()
        return Instance(name, **ports)

    def _inline(self) -> Module:
        m = Module()
        m.submodules[self._name] = self._component
        wiring.connect(m, wiring.flipped(self), self._component)
        return m


def is_clocked(component: wiring.Component) -> bool:
    """Whether `component` holds registers: it then has an enable."""
    return "en" in component.signature.members
