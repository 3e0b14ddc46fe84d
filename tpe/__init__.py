"""The front door: command line, reports, and the same verbs as Python functions.

>>> import tpe
>>> spec = tpe.load_spec("opt1-os", ["rows=4", "cols=4"])
>>> tpe.describe(spec).macs_per_cycle
16.0
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from golden.loading import load_spec
    from golden.quantize import QuantizedWeights, WeightsError
    from golden.spec import EngineSpec, SpecError
    from sim.run import Run, SimulationError, simulate
    from synth.cost import Cost, estimate
    from synth.errors import CostError
    from tpe.problems import InputError
    from tpe.sweep import Sweep, load_sweep
    from tpe.verbs.compare import Comparison, ErrorFigures, compare
    from tpe.verbs.describe import Description, describe
    from tpe.verbs.explore import Exploration, explore
    from tpe.verbs.generate import Generated, generate
    from tpe.verbs.listing import Listing, listing
    from tpe.verbs.quantize import Quantization, quantize
    from tpe.verbs.workload import PricedWorkload, Storage, workload
    from tpe.weights import read_weights, write_weights
    from tpe.workloads.gemms import Gemm
    from tpe.workloads.memory import Memory
    from tpe.workloads.processor import Dequantize, Processor
    from tpe.workloads.run import WorkloadResult, run_workload
    from tpe.workloads.source import load_gemms

__all__ = [
    "Comparison",
    "Cost",
    "CostError",
    "Dequantize",
    "Description",
    "EngineSpec",
    "ErrorFigures",
    "Exploration",
    "Gemm",
    "Generated",
    "InputError",
    "Listing",
    "Memory",
    "PricedWorkload",
    "Processor",
    "Quantization",
    "QuantizedWeights",
    "Run",
    "SimulationError",
    "SpecError",
    "Storage",
    "Sweep",
    "WeightsError",
    "WorkloadResult",
    "compare",
    "describe",
    "estimate",
    "explore",
    "generate",
    "listing",
    "load_gemms",
    "load_spec",
    "load_sweep",
    "quantize",
    "read_weights",
    "run_workload",
    "simulate",
    "workload",
    "write_weights",
]

_HOMES = {
    "golden.loading": ("load_spec",),
    "golden.quantize": ("QuantizedWeights", "WeightsError"),
    "golden.spec": ("EngineSpec", "SpecError"),
    "sim.run": ("Run", "SimulationError", "simulate"),
    "synth.cost": ("Cost", "estimate"),
    "synth.errors": ("CostError",),
    "tpe.problems": ("InputError",),
    "tpe.sweep": ("Sweep", "load_sweep"),
    "tpe.verbs.compare": ("Comparison", "ErrorFigures", "compare"),
    "tpe.verbs.describe": ("Description", "describe"),
    "tpe.verbs.explore": ("Exploration", "explore"),
    "tpe.verbs.generate": ("Generated", "generate"),
    "tpe.verbs.listing": ("Listing", "listing"),
    "tpe.verbs.quantize": ("Quantization", "quantize"),
    "tpe.verbs.workload": ("PricedWorkload", "Storage", "workload"),
    "tpe.weights": ("read_weights", "write_weights"),
    "tpe.workloads.gemms": ("Gemm",),
    "tpe.workloads.memory": ("Memory",),
    "tpe.workloads.processor": ("Dequantize", "Processor"),
    "tpe.workloads.run": ("WorkloadResult", "run_workload"),
    "tpe.workloads.source": ("load_gemms",),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    """Imported when it is asked for: hardware, simulation and synthesis take a second each."""
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME_OF[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
