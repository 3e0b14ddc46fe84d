"""OPT4E (HPCA 2025): digit-serial, the digits of two numbers share one compression tree."""

from dataclasses import replace

from golden.catalog import Steps
from golden.pe import opt4c

ELEMENT = replace(
    opt4c.ELEMENT,
    name="opt4e",
    summary="digit-serial: digits of two numbers at a time into one carry-save adder",
    hardware="hw.pe.opt4e:Opt4e",
    steps=Steps(of=opt4c.steps, most=opt4c.most_steps, vary=True, ways=2),
)
