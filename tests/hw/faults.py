"""Designs with a fault, for benches that must find it."""

import random
import re
from dataclasses import replace

from hw.verilog import Design

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


def _is_read(line: str, module: str) -> bool:
    """Whether anything depends on an assignment. Yosys leaves second names that nothing reads."""
    name = re.findall(r"\\\S+|\w+", line)[1]
    uses = re.findall(r"\\\S+|\w+", module).count(name)
    return uses > 2 or "{" in line.split(" = ", maxsplit=1)[0]
