"""The cocotb bench of every engine. Runs inside the simulator; `sim.cosim` starts it.

One trigger a cycle, handles looked up once, packed ports only. What a bench usually does while the
simulator waits, checking above all, is left to numpy afterwards.
"""

import os
import random
import time
from itertools import count
from pathlib import Path
from typing import Any

import cocotb
from cocotb.clock import Clock

from sim.drivers import Driver, Monitor, Stream
from sim.job import STREAMS, Job, Record

JOB = "TPE_JOB"
"""The environment variable that names the folder of the job."""


@cocotb.test()
async def run_job(dut: Any) -> None:
    """Run the job and leave its record."""
    folder = Path(os.environ[JOB])
    job = Job.read(folder)
    streams = {name: Stream(dut, name, job.stalls[name]) for name in STREAMS}
    a = Driver(streams["a"], job.a, job.a_lanes)
    b = Driver(streams["b"], job.b, job.b_lanes)
    c = Monitor(streams["c"], job.rows, job.c_lanes)
    Clock(dut.clk, 2, "step").start(start_high=False)
    await start_dirty(dut, job.noise)
    numbers = await play(dut, job, a, b, c)
    for name, stream in streams.items():
        numbers[f"{name}_valid"] = int(stream.valid.value)
        numbers[f"{name}_ready"] = int(stream.ready.value)
    codes, marks, cycles = c.results()
    Record(codes=codes, marks=marks, cycles=cycles, numbers=numbers).write(folder)


async def start_dirty(dut: Any, cycles: int) -> None:
    """Random bits on all inputs, then a reset: no register has its initial value any more."""
    edge = dut.clk.rising_edge
    bits = random.Random(1)
    inputs = [dut.a_payload, dut.a_valid, dut.b_payload, dut.b_valid, dut.c_ready]
    dut.rst.value = 0
    for _ in range(cycles):
        for signal in inputs:
            signal.value = bits.getrandbits(len(signal))
        await edge
    for signal in (dut.a_valid, dut.b_valid, dut.c_ready):
        signal.value = 0
    dut.rst.value = 1
    await edge
    dut.rst.value = 0


async def play(dut: Any, job: Job, a: Driver, b: Driver, c: Monitor) -> dict[str, int]:
    """Move all beats; what happened in numbers, see `Record`."""
    edge = dut.clk.rising_edge
    work = a.beats + b.beats + job.rows
    resets = iter([*job.resets, -1])
    reset = next(resets)
    done, first, idle, full_since, extra, hang = 0, -1, 0, 0, False, False
    spoken = time.monotonic()
    for cycle in count():
        a.offer(cycle)
        b.offer(cycle)
        c.offer(cycle)
        if cycle == reset:
            dut.rst.value = 1
            await edge
            dut.rst.value = 0
            for stream in (a, b, c):
                stream.restart()
            reset, done, first, idle = next(resets), done + 1, -1, 0
            continue
        await edge
        full = c.full
        c_moves = c.sample(cycle)
        if full:
            extra = c_moves
            if extra or cycle - full_since > job.drain:
                break
        elif c.unstable:
            break
        else:
            full_since = cycle
        operands_move = a.sample() | b.sample()
        if first < 0 and operands_move:
            first = cycle
        idle = 0 if operands_move or c_moves else idle + 1
        hang = not c.full and idle > job.patience
        if hang:
            break
        if cycle % 64 == 0 and time.monotonic() - spoken > 0.2:
            spoken = time.monotonic()
            _report((a.taken + b.taken + c.rows) / work)
    _report((a.taken + b.taken + c.rows) / work)
    return {
        "cycle": cycle,
        "first": first,
        "a_taken": a.taken,
        "b_taken": b.taken,
        "resets": done,
        "hang": int(hang),
        "extra": int(extra),
        "unstable": int(c.unstable),
    }


def _report(fraction: float) -> None:
    print(f"progress {fraction:.4f}", flush=True)
