"""Designs with a fault, for benches that must find it."""

import random
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from golden.spec import EngineSpec
from hw.verilog import Design, generate
from sim.errors import SimulationError
from sim.run import simulate

FAULTS = 10
"""Faulty lines tried for each element."""


def faulty(design: Design, parts: str, seed: int) -> list[tuple[str, Design]]:
    """Copies of `design`, each with one inverted assignment in the modules that `parts` names.

    Parameters
    ----------
    design : Design
    parts : str
        A regular expression for names of modules without that of the design.
    seed : int
        Of the choice of lines.
    """
    modules = re.split(r"(?=^module )", design.verilog, flags=re.MULTILINE)
    element = re.compile(rf"module {design.top}_({parts})\(")
    lines = [
        (number, line)
        for number, text in enumerate(modules)
        if element.match(text)
        for line in re.findall(r"^  assign .*;$", text, re.MULTILINE)
        if _is_read(line, text)
    ]
    faults = []
    for number, line in random.Random(seed).sample(lines, FAULTS):
        left, right = line[:-1].split(" = ", 1)
        broken = modules[number].replace(line, f"{left} = ~({right});")
        text = "".join([*modules[:number], broken, *modules[number + 1 :]])
        faults.append((line.strip(), replace(design, verilog=text)))
    return faults


def undetected(spec: EngineSpec, parts: str, runs: Sequence[tuple[Any, Any]]) -> list[str]:
    """Faulty lines in `parts` that none of the `runs`, pairs of operands, finds."""
    return [
        line
        for line, design in faulty(generate(spec), parts, seed=7)
        if all(_passes(spec, pair, design) for pair in runs)
    ]


def _passes(spec: EngineSpec, pair: tuple[Any, Any], design: Design) -> bool:
    try:
        return simulate(spec, *pair, design=design).passed
    except SimulationError:
        return False


def _is_read(line: str, module: str) -> bool:
    """Whether anything depends on an assignment. Yosys leaves second names that nothing reads."""
    left = line.split(" = ", maxsplit=1)[0]
    name = re.findall(r"\\\S+|\w+", left)[1]
    if "{" in left or re.search(rf"^  output .*{re.escape(name)} ?;", module, re.MULTILINE):
        return True
    rest = re.sub(r"^  (assign .*? =|wire .*|reg .*)", "", module, flags=re.MULTILINE)
    return name in re.findall(r"(?<![.\w])(?:\\\S+|\w+)", rest)
