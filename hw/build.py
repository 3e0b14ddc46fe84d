"""From a spec to its hardware."""

from importlib import import_module
from typing import Any

from amaranth.lib import wiring

from golden.formats import Format
from golden.spec import EngineSpec
from hw.element import Element
from hw.groups.engine import GroupedEngine


def build(spec: EngineSpec, acc: Format | None = None) -> wiring.Component:
    """The hardware of `spec`, an Amaranth component with its streams.

    Parameters
    ----------
    acc : Format
        Of accumulators and results instead of the spec's.
    """
    array = _load(spec.array_info.hardware)
    element: Any = element_of(spec, acc)
    if spec.groups:
        return GroupedEngine(element, array, rows=spec.rows, cols=spec.cols)
    return array(element, **spec.size, **spec.array_options)


def element_of(spec: EngineSpec, acc: Format | None = None) -> Element:
    """The processing element of `spec`, with accumulators of format `acc` if given."""
    a, b, usual = spec.stream_formats
    return _load(spec.element_info.hardware)(a, b, acc or usual, **spec.element_options)


def _load(path: str) -> type:
    module, _, name = path.partition(":")
    return getattr(import_module(module), name)
