"""Devices in a ring: what device i sends goes to device i - 1."""

from functools import partial

from amaranth.hdl import Module, Value
from amaranth.lib import wiring

from golden.trigger.spec import RingSpec
from hw.distinct import Distinct, Make
from hw.trigger.device import Device
from hw.trigger.layouts import Widths
from hw.trigger.link import Link


class Ring(wiring.Component):
    """N equal devices and the links between them.

    Parameters
    ----------
    engine, adder : callable () -> Component
        See `hw.trigger.device.Device`.
    ring : RingSpec
    widths : Widths

    Members
    -------
    a_0, b_0, (s_0,) config_0, c_0, counters_0, done_0, a_1, ...
        Of device 0, 1, ...: see `hw.trigger.device.Device`.
    """

    def __init__(self, engine: Make, adder: Make, ring: RingSpec, widths: Widths) -> None:
        self._ring = ring
        self._device = Distinct("device", partial(Device, engine, adder, ring, widths), reset=True)
        bits = widths.link_word.size
        self._link = Distinct(
            "device_link",
            partial(Link, bits, ring.link_latency, ring.link_interval, ring.credits),
            reset=True,
        )
        members = self._device.component.signature.members
        self._ports = [name for name in members if not name.startswith("link_")]
        super().__init__(
            {
                f"{name}_{device}": members[name]
                for device in range(ring.devices)
                for name in self._ports
            }
        )

    def elaborate(self, platform: object) -> Module:
        m = Module()
        devices = [self._device.place(m, f"device_{index}") for index in range(self._ring.devices)]
        for index, device in enumerate(devices):
            for name in self._ports:
                outer, inner = getattr(self, f"{name}_{index}"), getattr(device, name)
                if self.signature.members[f"{name}_{index}"].is_signature:
                    wiring.connect(m, wiring.flipped(outer), inner)
                else:
                    m.d.comb += outer.eq(inner)
            link = self._link.place(m, f"link_{index}")
            before = devices[index - 1]
            m.d.comb += [
                link.i.payload.eq(Value.cast(device.link_o.payload)),
                link.i.valid.eq(device.link_o.valid),
                device.link_o.ready.eq(link.i.ready),
                Value.cast(before.link_i.payload).eq(link.o.payload),
                before.link_i.valid.eq(link.o.valid),
                link.o.ready.eq(before.link_i.ready),
            ]
        return m
