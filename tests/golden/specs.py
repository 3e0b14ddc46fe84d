"""One spec of every engine in the catalog."""

from golden.catalog import presets
from golden.spec import EngineSpec


def engines(rows: int, cols: int) -> list[EngineSpec]:
    """Every element on every array it runs on."""
    return [
        EngineSpec.make(element=element, array=array, rows=rows, cols=cols)
        for element, array in presets().values()
    ]
