"""Designs with faults, for benches that must find them."""

import os
import random
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from golden.spec import EngineSpec
from hw.verilog import Design, generate
from sim.errors import SimulationError
from sim.run import simulate

FAULTS = 10
"""Faulty lines tried for each element."""

CHOICE = "TPE_FAULT"
"""The variable of the environment that says which fault a program has, from 1; 0 is none."""

READ = f"""
  integer fault_chosen;
  initial fault_chosen = $c32("std::atoi(std::getenv(\\"{CHOICE}\\"))");
"""


def faulty(design: Design, parts: str, seed: int) -> tuple[Design, list[str]]:
    """`design` with faults to choose from, and their lines: one program for all is built sooner.

    A fault is an inverted assignment in one of the modules that `parts` names.

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
    chosen = random.Random(seed).sample(lines, FAULTS)
    for fault, (number, line) in enumerate(chosen, start=1):
        left, right = line[:-1].split(" = ", 1)
        inverted = f"{left} = fault_chosen == {fault} ? ~({right}) : ({right});"
        modules[number] = modules[number].replace(line, inverted)
    for number in {number for number, _ in chosen}:
        modules[number] = modules[number].replace(");\n", f");\n{READ}", 1)
    return replace(design, verilog="".join(modules)), [line.strip() for _, line in chosen]


def undetected(spec: EngineSpec, parts: str, runs: Sequence[tuple[Any, Any]]) -> list[str]:
    """Faulty lines in `parts` that none of the `runs`, pairs of operands, finds."""
    design, lines = faulty(generate(spec), parts, seed=7)
    assert all(_passes(spec, pair, design, 0) for pair in runs), "without a fault"
    return [
        line
        for fault, line in enumerate(lines, start=1)
        if all(_passes(spec, pair, design, fault) for pair in runs)
    ]


def _passes(spec: EngineSpec, pair: tuple[Any, Any], design: Design, fault: int) -> bool:
    try:
        with patch.dict(os.environ, {CHOICE: str(fault)}):
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
