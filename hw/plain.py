"""A component with plain ports, so that it can stand by itself."""

from amaranth.hdl import Module, Value
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out


class Plain(wiring.Component):
    """`component` with numbers for ports: members of streams and layouts have names such as
    `o_payload`; and those of its clock, `clk` and `rst`.
    """

    def __init__(self, component: wiring.Component) -> None:
        self._component = component
        self._ports = {
            "_".join(map(str, path)): (member.flow is wiring.In, Value.cast(value))
            for path, member, value in component.signature.flatten(component)
        }
        super().__init__(
            {
                "clk": In(1),
                "rst": In(1),
                **{
                    name: (In if enters else Out)(len(value))
                    for name, (enters, value) in self._ports.items()
                },
            }
        )

    def elaborate(self, platform: object) -> Module:
        m = Module()
        m.submodules.component = self._component
        for name, (enters, value) in self._ports.items():
            port = getattr(self, name)
            m.d.comb += value.eq(port) if enters else port.eq(value)
        return m
