"""From the groups of a Liberty file to a `Library`; `liberty-parser` does the syntax."""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from liberty.parser import parse_liberty
from liberty.types import Group

from synth import boolean
from synth.errors import CostError
from synth.library import Cell, Delay, Edges, Energy, Kind, Library, Sense, Setup, WireLoad
from synth.tables import Table

_SENSES: dict[str, Sense] = {
    "positive_unate": "positive",
    "negative_unate": "negative",
    "non_unate": "both",
}
_EDGES: dict[str, Sense] = {"rising_edge": "rising", "falling_edge": "falling"}
_PREFIXES = {"f": 1e-15, "p": 1e-12, "n": 1e-9, "u": 1e-6, "m": 1e-3, "": 1.0, "k": 1e3}
_SECOND_AXIS = {"total_output_net_capacitance", "related_pin_transition"}
_ZERO = Table(np.zeros(1), np.zeros(1), np.zeros((1, 1)))


class LibertyReader:
    """Reads the library in the Liberty text `content`, which was found at `path`."""

    def __init__(self, path: Path, content: bytes) -> None:
        self.path = path
        self.key = hashlib.sha256(content).hexdigest()[:16]
        try:
            root = parse_liberty(content.decode())
        except Exception as error:  # the parser raises whatever its stages run into
            line = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise CostError([f"liberty: {path} is not a Liberty file: {line[:120]}"]) from None
        if not isinstance(root, Group) or root.group_name != "library":
            raise CostError(
                [f"liberty: {path} holds no library: its first group must be `library`"]
            )
        self.root = root
        self.time = self._unit("time_unit", "s", 1e-9) * 1e9
        self.leakage = self._unit("leakage_power_unit", "W", 1e-9) * 1e9
        self.capacitance = self._capacitive_unit() * 1e15
        self.voltage = float(root.get("nom_voltage", 1.0))
        # Internal energy comes in units of capacitance times voltage squared.
        self.energy = self.capacitance * self._unit("voltage_unit", "V", 1.0) ** 2
        self.axes = {
            group.args[0]: _text(group.get("variable_1"))
            for group in root.groups
            if group.group_name in ("lu_table_template", "power_lut_template")
        }
        self.templates = {group.args[0]: group for group in root.groups if group.args}

    def library(self) -> Library:
        """All cells of the library.

        Raises
        ------
        CostError
            If a cell makes no sense, or nothing can be built of the cells.
        """
        cells = {}
        for group in self.root.get_groups("cell"):
            try:
                cell = self._cell(group)
            except (ValueError, TypeError, KeyError, IndexError) as error:
                raise CostError(
                    [f"liberty: {self.path}: cell {group.args[0]} cannot be understood: {error}"]
                ) from None
            cells[cell.name] = cell
        kinds = {cell.kind for cell in cells.values() if cell.usable}
        missing = [kind for kind in ("logic", "flip-flop") if kind not in kinds]
        if missing:
            raise CostError([f"liberty: {self.path} has no usable {kind} cell" for kind in missing])
        return Library(
            path=self.path,
            name=_text(self.root.args[0]),
            key=self.key,
            corner=self._corner(),
            voltage=self.voltage,
            cells=cells,
            wire_load=self._wire_load(),
        )

    def _corner(self) -> str:
        process = _text(self.root.get("default_operating_conditions")) or "nominal"
        return f"{process}, {self.voltage:g} V, {float(self.root.get('nom_temperature', 25)):g} C"

    def _unit(self, attribute: str, symbol: str, default: float) -> float:
        match = re.fullmatch(
            rf"([\d.]+)\s*([fpnumk]?){symbol}", _text(self.root.get(attribute)), re.IGNORECASE
        )
        return float(match[1]) * _PREFIXES[match[2].lower()] if match else default

    def _capacitive_unit(self) -> float:
        value, unit = self.root.get("capacitive_load_unit") or (1.0, "pf")
        return float(value) * _PREFIXES[_text(unit).lower().removesuffix("f")]

    def _wire_load(self) -> WireLoad | None:
        wanted = _text(self.root.get("default_wire_load"))
        for group in self.root.get_groups("wire_load"):
            if wanted and _text(group.args[0]) == wanted:
                lengths = [
                    (float(n), float(length)) for n, length in group.get_attributes("fanout_length")
                ]
                return WireLoad(
                    name=wanted,
                    per_length=float(group.get("capacitance", 0.0)) * self.capacitance,
                    slope=float(group.get("slope", 0.0)),
                    lengths=tuple(sorted(lengths)),
                )
        return None

    def _cell(self, group: Group) -> Cell:
        pins = list(_pins(group))
        inputs = tuple(name for name, pin in pins if pin.get("direction") == "input")
        outputs = tuple(name for name, pin in pins if pin.get("direction") == "output")
        functions = {
            name: _text(pin.get("function"))
            for name, pin in pins
            if pin.get("function") is not None
        }
        for text in functions.values():
            boolean.names(text)
        storage = next((g for g in group.groups if g.group_name in ("ff", "latch")), None)
        states = [
            (_text(state.get("when")), float(state.get("value")) * self.leakage)
            for state in group.get_groups("leakage_power")
            if state.get("when") is not None
        ]
        mean = sum(value for _, value in states) / len(states) if states else 0.0
        leakage = group.get("cell_leakage_power")
        return Cell(
            name=_text(group.args[0]),
            kind=self._kind(group, storage, inputs, outputs, functions),
            area=float(group.get("area", 0.0)),
            leakage=mean if leakage is None else float(leakage) * self.leakage,
            leakage_states=tuple(states),
            inputs=inputs,
            outputs=outputs,
            capacitance={name: self._capacitances(pin) for name, pin in pins if name in inputs},
            max_load={
                name: float(pin.get("max_capacitance")) * self.capacitance
                for name, pin in pins
                if name in outputs and pin.get("max_capacitance") is not None
            },
            functions=functions,
            delays=tuple(self._delays(pins)),
            setups=tuple(self._setups(pins)),
            energies=tuple(self._energies(pins)),
            usable=_text(group.get("dont_use")) != "true",
            state=_text(storage.get("next_state") or storage.get("data_in")) if storage else "",
            clock=self._clock(storage, pins),
            stored=(_text(storage.args[0]), _text(storage.args[1])) if storage else ("", ""),
        )

    def _kind(
        self,
        group: Group,
        storage: Group | None,
        inputs: tuple[str, ...],
        outputs: tuple[str, ...],
        functions: dict[str, str],
    ) -> Kind:
        gating = _text(group.get("clock_gating_integrated_cell"))
        if gating:
            # A gate for the rising edge holds its enable, in a latch, while the clock is high.
            return "clock gate" if gating.startswith("latch_posedge") else "other"
        if storage is not None:
            asynchronous = storage.get("clear") is not None or storage.get("preset") is not None
            if storage.group_name == "latch" or asynchronous:
                return "other"
            scanned = len(boolean.names(_text(storage.get("next_state")))) > 1
            falling = "!" in _text(storage.get("clocked_on")) or "'" in _text(
                storage.get("clocked_on")
            )
            return "other" if scanned or falling else "flip-flop"
        tristate = any(pin.get("three_state") is not None for _, pin in _pins(group))
        complete = outputs and all(output in functions for output in outputs) and not tristate
        known = all(set(boolean.names(text)) <= set(inputs) for text in functions.values())
        return "logic" if complete and known and group.get("statetable") is None else "other"

    def _clock(self, storage: Group | None, pins: list[tuple[str, Group]]) -> str:
        if storage is not None:
            return _text(storage.get("clocked_on") or storage.get("enable"))
        gated = [name for name, pin in pins if _text(pin.get("clock_gate_clock_pin")) == "true"]
        return gated[0] if gated else ""

    def _capacitances(self, pin: Group) -> Edges:
        both = pin.get("capacitance")
        if both is None:
            both = self.root.get("default_input_pin_cap", 0.0)
        rise, fall = pin.get("rise_capacitance", both), pin.get("fall_capacitance", both)
        return float(rise) * self.capacitance, float(fall) * self.capacitance

    def _delays(self, pins: list[tuple[str, Group]]) -> Iterator[Delay]:
        for name, pin in pins:
            for timing in pin.get_groups("timing"):
                kind = _text(timing.get("timing_type")) or "combinational"
                if kind == "combinational" or kind in _EDGES:
                    sense = _SENSES.get(_text(timing.get("timing_sense")), "both")
                    for source in _text(timing.get("related_pin")).split():
                        yield Delay(
                            source=source,
                            target=name,
                            sense=_EDGES.get(kind, sense),
                            delay=self._pair(timing, "cell_rise", "cell_fall", self.time),
                            slew=self._pair(
                                timing, "rise_transition", "fall_transition", self.time
                            ),
                        )

    def _setups(self, pins: list[tuple[str, Group]]) -> Iterator[Setup]:
        for name, pin in pins:
            for timing in pin.get_groups("timing"):
                if _text(timing.get("timing_type")) in ("setup_rising", "setup_falling"):
                    yield Setup(
                        pin=name,
                        clock=_text(timing.get("related_pin")),
                        time=self._pair(timing, "rise_constraint", "fall_constraint", self.time),
                    )

    def _energies(self, pins: list[tuple[str, Group]]) -> Iterator[Energy]:
        for name, pin in pins:
            for power in pin.get_groups("internal_power"):
                for source in _text(power.get("related_pin")).split() or [""]:
                    yield Energy(
                        pin=name,
                        source=source,
                        when=_text(power.get("when")),
                        energy=self._pair(power, "rise_power", "fall_power", self.energy),
                    )

    def _pair(self, group: Group, rise: str, fall: str, unit: float) -> tuple[Table, Table]:
        """Tables for the rising and the falling edge; `power` serves both."""
        found = []
        for name in (rise, fall):
            tables = group.get_groups(name) or group.get_groups("power")
            found.append(self._table(tables[0], unit) if tables else _ZERO)
        return found[0], found[1]

    def _table(self, group: Group, unit: float) -> Table:
        template = _text(group.args[0]) if group.args else "scalar"
        values = np.atleast_2d(_numbers(group.get("values"))) * unit
        if template == "scalar" or values.size == 1:
            return Table(np.zeros(1), np.zeros(1), values.reshape(1, 1))
        pattern = self.templates.get(template)
        if pattern is None:
            raise ValueError(f"table template {template} is not defined")
        axes = []
        for index in ("index_1", "index_2"):
            numbers = group.get(index) or pattern.get(index)
            axes.append(np.zeros(1) if numbers is None else _numbers(numbers).ravel())
        values = values.reshape(len(axes[0]), len(axes[1]))
        variables = [_text(pattern.get("variable_1")), _text(pattern.get("variable_2"))]
        scales = [self.capacitance if v.endswith("capacitance") else self.time for v in variables]
        axes = [axis * scale for axis, scale in zip(axes, scales, strict=True)]
        if variables[0] in _SECOND_AXIS:
            return Table(axes[1], axes[0], values.T)
        return Table(axes[0], axes[1], values)


def _pins(group: Group) -> Iterator[tuple[str, Group]]:
    for pin in group.get_groups("pin"):
        for name in pin.args:
            yield _text(name), pin


def _text(value: Any) -> str:
    """An attribute's text without its quotes; nothing for an attribute that is not there."""
    if value is None:
        return ""
    if isinstance(value, list):
        return _text(value[0])
    return str(value).strip().strip('"').strip()


def _numbers(strings: Any) -> np.ndarray:
    rows = [[float(number) for number in _text(row).replace(",", " ").split()] for row in strings]
    return np.array(rows)
