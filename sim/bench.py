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
from sim.job import RESULT, Job, Record

JOB = "TPE_JOB"
"""The environment variable that names the folder of the job."""


@cocotb.test()
async def run_job(dut: Any) -> None:
    """Run the job and leave its record."""
    folder = Path(os.environ[JOB])
    job = Job.read(folder)
    streams = {name: Stream(dut, name, job.stalls[name]) for name in job.lanes}
    drivers = {
        name: Driver(streams[name], beats, job.lanes[name]) for name, beats in job.operands.items()
    }
    c = Monitor(streams[RESULT], job.rows, job.lanes[RESULT])
    Clock(dut.clk, 2, "step").start(start_high=False)
    await start_dirty(dut, streams, job.noise)
    numbers = await play(dut, job, drivers, c)
    for name, stream in streams.items():
        numbers[f"{name}_valid"] = int(stream.valid.value)
        numbers[f"{name}_ready"] = int(stream.ready.value)
    codes, marks, cycles = c.results()
    Record(codes=codes, marks=marks, cycles=cycles, numbers=numbers).write(folder)


async def start_dirty(dut: Any, streams: dict[str, Stream], cycles: int) -> None:
    """Random bits on all inputs, then a reset: no register has its initial value any more."""
    edge = dut.clk.rising_edge
    bits = random.Random(1)
    levels = [stream.ready if name == RESULT else stream.valid for name, stream in streams.items()]
    inputs = levels + [stream.payload for name, stream in streams.items() if name != RESULT]
    dut.rst.value = 0
    for _ in range(cycles):
        for signal in inputs:
            signal.value = bits.getrandbits(len(signal))
        await edge
    for signal in levels:
        signal.value = 0
    dut.rst.value = 1
    await edge
    dut.rst.value = 0


async def play(dut: Any, job: Job, drivers: dict[str, Driver], c: Monitor) -> dict[str, int]:
    """Move all beats; what happened in numbers, see `Record`."""
    edge = dut.clk.rising_edge
    operands = list(drivers.values())
    streams: list[Driver | Monitor] = [*operands, c]
    work = sum(driver.beats for driver in operands) + job.rows

    def report() -> None:
        done = (sum(driver.taken for driver in operands) + c.rows) / work
        print(f"progress {done:.4f}", flush=True)

    resets = iter([*job.resets, -1])
    reset = next(resets)
    done, first, idle, full_since, extra, hang = 0, -1, 0, 0, False, False
    spoken = time.monotonic()
    for cycle in count():
        for stream in streams:
            stream.offer(cycle)
        if cycle == reset:
            dut.rst.value = 1
            await edge
            dut.rst.value = 0
            for stream in streams:
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
        operands_move = sum(driver.sample() for driver in operands) > 0
        if first < 0 and operands_move:
            first = cycle
        idle = 0 if operands_move or c_moves else idle + 1
        hang = not c.full and idle > job.patience
        if hang:
            break
        if cycle % 64 == 0 and time.monotonic() - spoken > 0.2:
            spoken = time.monotonic()
            report()
    report()
    return {
        "cycle": cycle,
        "first": first,
        **{f"{name}_taken": driver.taken for name, driver in drivers.items()},
        "resets": done,
        "hang": int(hang),
        "extra": int(extra),
        "unstable": int(c.unstable),
    }
