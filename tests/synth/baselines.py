"""What each element alone cost last time; `python -m tests.synth.baselines` looks anew."""

import json
from pathlib import Path
from typing import Any, Literal

from golden.catalog import elements
from golden.spec import EngineSpec
from synth.cost import estimate

KEPT = Path(__file__).with_name("baselines.json")
CLOCKS: dict[str, Literal["best", "fastest"] | None] = {
    "smallest": None,
    "best": "best",
    "fastest": "fastest",
}
METRICS = ("area_um2", "delay_ns", "area_delay_per_mac", "energy_per_mac_pj")


def read() -> dict[str, Any]:
    """Tool versions, and metrics by element and clock."""
    return json.loads(KEPT.read_text())


def measure(element: str) -> dict[str, dict[str, float]]:
    """The metrics of one int8 element with an accumulator of 32 bits, by clock.

    Of floating-point elements, which take long to map, the smallest for e4m3; of digit-serial ones,
    which are nothing alone, the smallest row of four.
    """
    known = elements()[element]
    fields = {"a": "e4m3", "b": "e4m3"} if known.operands == "float" else {}
    size = {"rows": 1, "cols": 4} if known.steps else {}
    clocks = {"smallest": None} if fields or size else CLOCKS
    spec = EngineSpec.make(element=element, array=known.arrays[0], **fields, **size)
    costs = {
        name: estimate(spec, clock=clock, element_only=not size) for name, clock in clocks.items()
    }
    return {
        name: {metric: float(f"{getattr(cost, metric):.5g}") for metric in METRICS}
        for name, cost in costs.items()
    }


def main() -> None:
    """Measure all elements and keep the result."""
    tools = estimate(EngineSpec.make(element="mac", array="systolic-os"), activity=0.0).tools
    found = {"tools": tools, "elements": {name: measure(name) for name in sorted(elements())}}
    KEPT.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
