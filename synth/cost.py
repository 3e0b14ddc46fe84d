"""What an engine or an element costs: area, clock, power, energy, and where each figure is from.

What was found is kept by all that it depends on, so that the same question is answered at once.
"""

import pickle
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

from golden.spec import EngineSpec
from sim.cache import cached, sources
from synth.errors import CostError
from synth.liberty import default_liberty
from synth.report import Clock, Cost, Part, Point, Progress, Scale, WireModel

__all__ = ["Cost", "CostError", "Part", "Point", "curve", "estimate"]


def estimate(
    spec: EngineSpec,
    a: object = None,
    b: object = None,
    *,
    liberty: Path | None = None,
    clock: Clock = None,
    activity: float | None = None,
    stall: float = 0.0,
    scale: Scale = None,
    wires: WireModel = "library",
    buffers: tuple[float, float, float] | None = None,
    element_only: bool = False,
    progress: Progress | None = None,
) -> Cost:
    """Price an engine, or one element of it.

    Parameters
    ----------
    spec : EngineSpec
    a, b : matrices (M, K), (K, N) of integers, or None
        Operands of the activity run; None draws them, normally distributed with sigma 20.
    liberty : Path or None
        Cell library; None takes Nangate 45 nm.
    clock : float, "fastest", "best" or None
        The smallest design that meets a period in ns, the fastest, the one with the least product
        of area and period, or the smallest of all.
    activity : float or None
        Toggles of every net in a cycle, in place of a run.
    stall : float
        Probability, from 0 to below 1, with which each stream stalls in a cycle of the run.
    scale : float, (float, float) or None
        Node in nm to scale the figures to, by `synth.nodes`; with the library's own node before it
        where that is not known.
    wires : "library", "rent" or "none"
        How wires are estimated, see `synth.wires`.
    buffers : (float, float, float) or None
        KiB of memories for A, B and C, priced beside an engine by `synth.sram`.
    element_only : bool
        One element between registers instead of the array.
    progress : callable (float) or None
        Gets the share of the work that is done.

    Raises
    ------
    CostError
        If the library cannot be used, the clock cannot be met or a tool fails.
    OperandError
        If the operands do not fit the engine.
    """
    if element_only and spec.element_info.steps:
        raise CostError(
            [f"{spec.element} is nothing without the digits that its row shares: price an engine"]
        )
    return _found(
        "price",
        spec,
        (a, b),
        liberty=liberty,
        clock=clock,
        activity=activity,
        stall=stall,
        scale=scale,
        wires=wires,
        buffers=buffers,
        element_only=element_only,
        progress=progress,
    )


def curve(
    spec: EngineSpec,
    *,
    liberty: Path | None = None,
    scale: Scale = None,
    wires: WireModel = "library",
    element_only: bool = False,
    progress: Progress | None = None,
) -> list[Point]:
    """Area over clock period: the best designs found, the smallest first.

    Parameters and errors are those of `estimate`.
    """
    return _found(
        "points",
        spec,
        (),
        liberty=liberty,
        scale=scale,
        wires=wires,
        element_only=element_only,
        progress=progress,
    )


def _found(
    name: Literal["price", "points"],
    spec: EngineSpec,
    operands: tuple[object, ...],
    *,
    liberty: Path | None,
    progress: Progress | None,
    **how: Any,
) -> Any:
    """What the function `name` of `synth.pricing` finds, or has found."""
    library = liberty or default_liberty()

    def find() -> Any:
        # Amaranth, Yosys and synthesis take longer to import than a kept price to read.
        from synth import pricing  # noqa: PLC0415

        report = progress or (lambda share: None)
        return getattr(pricing, name)(spec, *operands, liberty=library, report=report, **how)

    if not (spec.element_info.hardware.startswith("hw.") and library.is_file()):
        return find()  # An element of another package depends on sources that we do not know.

    def build(folder: Path) -> None:
        (folder / "found.pickle").write_bytes(pickle.dumps(find()))

    parts: list[str | bytes] = [
        spec.model_dump_json(),
        pickle.dumps(operands),
        repr(sorted(how.items())),
        library.name,
        library.read_bytes(),
        sys.version,
        *(version(package) for package in ("tpe", "amaranth", "pyosys", "numpy")),
        *sources("golden", "hw", "sim", "synth"),
    ]
    return pickle.loads((cached(name, parts, build) / "found.pickle").read_bytes())
