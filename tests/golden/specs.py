"""One spec of every engine in the catalog."""

from golden.catalog import presets
from golden.spec import EngineSpec


def engines(rows: int, cols: int) -> list[EngineSpec]:
    """Every element on every array it runs on."""
    return [
        EngineSpec.make(element=element, array=array, rows=rows, cols=cols)
        for element, array in presets().values()
    ]


def steady_engines(rows: int, cols: int) -> list[EngineSpec]:
    """Those of `engines` that take a cycle for every product, and tiles of one depth."""
    return [
        spec for spec in engines(rows, cols) if spec.element_info.steps is None and not spec.groups
    ]
