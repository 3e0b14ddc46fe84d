"""The scripts for ABC that the search tries.

They have in common that nothing restructures the logic as a whole before mapping (`dch` only
collects alternatives), since that would take hand-built trees apart, and that cells are sized in
the end. Which is best depends on the module and on the delay asked for, so all are tried.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """A script for ABC; `{D}` in it stands for the delay to aim at, or for nothing.

    `adders` are the keys of `synth.rtl.ADDERS` for which it is worth its time. One that is `fast`
    never gives the smallest result.
    """

    name: str
    script: str
    summary: str
    adders: tuple[str, ...] = ("brent-kung",)
    fast: bool = False

    def suits(self, adder: str) -> bool:
        """Whether to try it on a module with such adders."""
        return adder in self.adders

    def commands(self, target: float | None) -> str:
        """The script for a delay in ns between registers, or for the smallest area."""
        return self.script.replace("{D}", "" if target is None else f"-D {target * 1000:.0f}")


_SIZE = "topo; buffer -c; upsize {D}; dnsize {D}"

_AREA = "strash; dch; amap"

RECIPES = (
    Recipe(
        name="area",
        adders=("brent-kung", "ripple"),
        script=f"{_AREA}; topo; dnsize",
        summary="area-oriented mapping by structural matching, smallest cells",
    ),
    Recipe(
        name="area-again",
        adders=("brent-kung", "ripple"),
        script=f"{_AREA}; {_AREA}; {_AREA}; topo; dnsize",
        summary="as area, three times: the cells of one mapping are the structure of the next",
    ),
    Recipe(
        name="area-flow",
        script="strash; &get -n; &dch; &nf; &put; topo; dnsize",
        summary="area-oriented mapping by functional matching, smallest cells",
    ),
    Recipe(
        name="area-sized",
        adders=("brent-kung", "ripple", "kogge-stone"),
        script=f"strash; dch; amap -m; {_SIZE}",
        summary="as area, then buffered and sized for the delay",
    ),
    Recipe(
        name="balanced",
        fast=True,
        script=f"strash; dch; if -g; strash; dch; amap; {_SIZE}",
        summary="depth reduced first, then as area-sized",
    ),
    Recipe(
        name="mixed",
        fast=True,
        adders=("brent-kung", "kogge-stone"),
        script=f"strash; dch; if -x; strash; dch; map -B 0.9 {{D}}; {_SIZE}",
        summary="depth reduced first by another rule, then delay-oriented mapping",
    ),
    Recipe(
        name="speed",
        fast=True,
        script=f"strash; dch; map -B 0.9 {{D}}; {_SIZE}",
        summary="delay-oriented mapping of the structure as it is",
    ),
    Recipe(
        name="speed-flat",
        fast=True,
        script=f"strash; dch; if -g; strash; dch; map -B 0.9 {{D}}; {_SIZE}",
        summary="depth reduced first, then as speed",
    ),
)
