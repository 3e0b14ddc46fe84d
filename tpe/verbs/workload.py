"""`tpe workload`: a list of GEMMs on a priced engine."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from golden.spec import EngineSpec
from synth.cost import Cost, estimate
from synth.nodes import Ratios, ratios
from synth.report import Clock, Progress, Scale
from tpe.workloads.gemms import Gemm
from tpe.workloads.memory import Memory
from tpe.workloads.processor import Dequantize, priced
from tpe.workloads.run import WorkloadResult, run_workload

MEMORY_NODE = 45
"""The node in nm of the figures in `synth.sram`."""


@dataclass(frozen=True, kw_only=True)
class Storage:
    """How numbers are stored: fields of `tpe.workloads.processor.Processor`."""

    weight_bits: int | None = None
    overhead_bits: float | None = None
    kv_bits: int | None = None
    out_bits: int | None = None
    dequantize: Dequantize = field(default_factory=Dequantize)


@dataclass(frozen=True, kw_only=True)
class PricedWorkload:
    """A workload on an engine, and what the engine costs.

    Parameters
    ----------
    result : WorkloadResult
        Its processor is the engine as priced, or resized to an area.
    cost : Cost
        Of the engine as its spec has it.
    """

    result: WorkloadResult
    cost: Cost


def workload(
    gemms: Iterable[Gemm],
    spec: EngineSpec,
    *,
    area_mm2: float | None = None,
    memory: Memory | None = None,
    storage: Storage | None = None,
    liberty: Path | None = None,
    clock: Clock = None,
    activity: float | None = None,
    scale: Scale = None,
    progress: Progress | None = None,
) -> PricedWorkload:
    """Price an engine and run GEMMs on it.

    Parameters
    ----------
    gemms : iterable of Gemm
    spec : EngineSpec
    area_mm2 : float or None
        Resize the engine to this area, as `Processor.at_area` does. Buffers are not part of it.
    memory : Memory or None
    storage : Storage or None
        None: all numbers as the spec's formats have them.
    liberty, clock, activity, scale, progress
        As for `synth.cost.estimate`; `scale` takes the buffers to the other node, too.

    Raises
    ------
    InputError
        If an area or a figure is out of range.
    CostError
        As from `estimate`.
    """
    given: dict[str, Any] = vars(storage or Storage())
    cost = estimate(
        spec, liberty=liberty, clock=clock, activity=activity, scale=scale, progress=progress
    )
    processor = replace(priced(spec, cost), **given)
    if area_mm2 is not None:
        processor = processor.at_area(area_mm2)
    by = _memory_ratios(scale)
    behind = memory or Memory()
    behind = replace(
        behind,
        buffer_scale=behind.buffer_scale * by.energy,
        area_scale=behind.area_scale * by.area,
    )
    return PricedWorkload(result=run_workload(gemms, processor, behind), cost=cost)


def _memory_ratios(scale: Scale) -> Ratios:
    if scale is None:
        return Ratios(area=1.0, delay=1.0, energy=1.0)
    return ratios(MEMORY_NODE, scale[1] if isinstance(scale, tuple) else scale)
