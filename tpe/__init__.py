"""The front door: command line, reports, and the same verbs as Python functions.

>>> import tpe
>>> spec = tpe.load_spec("opt1-os", ["rows=4", "cols=4"])
>>> tpe.describe(spec).macs_per_cycle
16.0
"""

from golden.quantize import QuantizedWeights, WeightsError
from golden.spec import EngineSpec, SpecError, load_spec
from sim.run import Run, SimulationError, simulate
from synth.cost import Cost, estimate
from synth.errors import CostError
from tpe.problems import InputError
from tpe.verbs.compare import Comparison, ErrorFigures, compare
from tpe.verbs.describe import Description, describe
from tpe.verbs.generate import Generated, generate
from tpe.verbs.listing import Listing, listing
from tpe.verbs.quantize import Quantization, quantize
from tpe.weights import read_weights, write_weights

__all__ = [
    "Comparison",
    "Cost",
    "CostError",
    "Description",
    "EngineSpec",
    "ErrorFigures",
    "Generated",
    "InputError",
    "Listing",
    "Quantization",
    "QuantizedWeights",
    "Run",
    "SimulationError",
    "SpecError",
    "WeightsError",
    "compare",
    "describe",
    "estimate",
    "generate",
    "listing",
    "load_spec",
    "quantize",
    "read_weights",
    "simulate",
    "write_weights",
]
