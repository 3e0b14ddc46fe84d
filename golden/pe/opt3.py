"""OPT3 (HPCA 2025): digit-serial, every element recodes its numbers of A itself."""

from dataclasses import replace

from golden.pe import opt4c

ELEMENT = replace(
    opt4c.ELEMENT,
    name="opt3",
    summary="digit-serial: recoder, select and carry-save adder in every element",
    hardware="hw.pe.opt3:Opt3",
)
