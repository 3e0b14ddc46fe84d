"""Components with plain ports."""

import pytest
from amaranth.sim import Simulator

from hw.plain import Plain
from hw.trigger.link import Link

pytestmark = pytest.mark.fast


def test_it_does_what_the_component_does() -> None:
    """A link of latency 3: a word comes four cycles after it was sent."""
    dut = Plain(Link(8, 3, 1, 2))
    ports = {"i_payload", "i_valid", "i_ready", "o_payload", "o_valid", "o_ready"}
    assert set(dut.signature.members) == {"clk", "rst", *ports}
    seen = []

    async def bench(ctx):
        ctx.set(dut.i_valid, 1)
        ctx.set(dut.i_payload, 42)
        ctx.set(dut.o_ready, 1)
        for cycle in range(6):
            if ctx.get(dut.o_valid):
                seen.append((cycle, ctx.get(dut.o_payload)))
            await ctx.tick()
            ctx.set(dut.i_valid, 0)

    simulator = Simulator(dut)
    simulator.add_clock(1e-6)
    simulator.add_testbench(bench)
    simulator.run()
    assert seen == [(4, 42)]
