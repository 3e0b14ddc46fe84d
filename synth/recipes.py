"""The scripts for ABC that the search tries.

They have in common that nothing restructures the logic as a whole before mapping (`dch` only
collects alternatives), since that would take hand-built trees apart, and that cells are sized in
the end. Which is best depends on the module and on the delay asked for, so all are tried.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """A script for ABC, in two parts: what to map, which recipes share, and how.

    `{D}` in `mapping` stands for the delay to aim at, or for nothing. `adders` are the keys of
    `synth.rtl.ADDERS` for which it is worth its time. One that is `fast` never gives the smallest
    result.
    """

    name: str
    structure: str
    mapping: str
    summary: str
    adders: tuple[str, ...] = ("brent-kung",)
    fast: bool = False

    @property
    def aims(self) -> bool:
        """Whether a delay to aim at makes a difference."""
        return "{D}" in self.mapping

    def suits(self, adder: str) -> bool:
        """Whether to try it on a module with such adders."""
        return adder in self.adders

    def mapped(self, target: float | None) -> str:
        """The mapping for a delay in ns between registers, or for the smallest area."""
        return self.mapping.replace("{D}", "" if target is None else f"-D {target * 1000:.0f}")


_CHOICES = "strash; dch"
"""Most of the time of a script goes into this."""

_FLAT = f"{_CHOICES}; if -g; {_CHOICES}"

_SIZE = "topo; buffer -c; upsize {D}; dnsize {D}"

_QUICK = f"map -B 0.9 {{D}}; {_SIZE}"
"""Delay-oriented mapping."""

RECIPES = (
    # Before any other: after a `map`, `&nf` finds worse results.
    Recipe(
        name="area-flow",
        structure="strash",
        mapping="&get -n; &dch; &nf; &put; topo; dnsize",
        summary="area-oriented mapping by functional matching, smallest cells",
    ),
    Recipe(
        name="area",
        adders=("brent-kung", "ripple"),
        structure=_CHOICES,
        mapping="amap; topo; dnsize",
        summary="area-oriented mapping by structural matching, smallest cells",
    ),
    Recipe(
        name="area-again",
        adders=("brent-kung", "ripple"),
        structure=_CHOICES,
        mapping=f"amap; {_CHOICES}; amap; {_CHOICES}; amap; topo; dnsize",
        summary="as area, three times: the cells of one mapping are the structure of the next",
    ),
    Recipe(
        name="area-sized",
        adders=("brent-kung", "ripple", "kogge-stone"),
        structure=_CHOICES,
        mapping=f"amap -m; {_SIZE}",
        summary="as area, then buffered and sized for the delay",
    ),
    Recipe(
        name="balanced",
        fast=True,
        structure=_FLAT,
        mapping=f"amap; {_SIZE}",
        summary="depth reduced first, then as area-sized",
    ),
    Recipe(
        name="mixed",
        fast=True,
        adders=("brent-kung", "kogge-stone"),
        structure=f"{_CHOICES}; if -x; {_CHOICES}",
        mapping=_QUICK,
        summary="depth reduced first by another rule, then delay-oriented mapping",
    ),
    Recipe(
        name="speed",
        fast=True,
        structure=_CHOICES,
        mapping=_QUICK,
        summary="delay-oriented mapping of the structure as it is",
    ),
    Recipe(
        name="speed-again",
        fast=True,
        structure=f"{_CHOICES}; amap -m; {_CHOICES}",
        mapping=_QUICK,
        summary="as speed, from the cells of an area-oriented mapping",
    ),
    Recipe(
        name="speed-shared",
        fast=True,
        structure=_CHOICES,
        mapping=f"map -B 0.5 {{D}}; {_SIZE}",
        summary="as speed, with less regard to fan-out",
    ),
    Recipe(
        name="speed-flat",
        fast=True,
        structure=_FLAT,
        mapping=_QUICK,
        summary="depth reduced first, then as speed",
    ),
)
