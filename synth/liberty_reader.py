"""From the groups of a Liberty file to a `Library`."""

import hashlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np

from synth import boolean
from synth.errors import CostError
from synth.liberty_syntax import Group, LibertySyntaxError, parse
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
            root = parse(content.decode())
        except UnicodeDecodeError:
            raise CostError([f"liberty: {path} is not a Liberty file: it is not text"]) from None
        except LibertySyntaxError as error:
            raise CostError([f"liberty: {path} is not a Liberty file: {error}"]) from None
        if root.name != "library":
            raise CostError(
                [f"liberty: {path} holds no library: its first group must be `library`"]
            )
        self.root = root
        self.time = self._unit("time_unit", "s", 1e-9) * 1e9
        self.leakage = self._unit("leakage_power_unit", "W", 1e-9) * 1e9
        self.capacitance = self._capacitive_unit() * 1e15
        self.voltage = root.number("nom_voltage", 1.0)
        # Internal energy comes in units of capacitance times voltage squared.
        self.energy = self.capacitance * self._unit("voltage_unit", "V", 1.0) ** 2
        self.axes = {
            group.arguments[0]: group.text("variable_1")
            for group in root.groups
            if group.name in ("lu_table_template", "power_lut_template")
        }
        self.templates = {group.arguments[0]: group for group in root.groups if group.arguments}

    def library(self) -> Library:
        """All cells of the library.

        Raises
        ------
        CostError
            If a cell makes no sense, or nothing can be built of the cells.
        """
        cells = {}
        for group in self.root.named("cell"):
            try:
                cell = self._cell(group)
            except (ValueError, TypeError, KeyError, IndexError) as error:
                name = group.arguments[0]
                raise CostError(
                    [f"liberty: {self.path}: cell {name} cannot be understood: {error}"]
                ) from None
            cells[cell.name] = cell
        kinds = {cell.kind for cell in cells.values() if cell.usable}
        missing = [kind for kind in ("logic", "flip-flop") if kind not in kinds]
        if missing:
            raise CostError([f"liberty: {self.path} has no usable {kind} cell" for kind in missing])
        return Library(
            path=self.path,
            name=self.root.arguments[0],
            key=self.key,
            corner=self._corner(),
            voltage=self.voltage,
            cells=cells,
            wire_load=self._wire_load(),
        )

    def _corner(self) -> str:
        process = self.root.text("default_operating_conditions") or "nominal"
        temperature = self.root.number("nom_temperature", 25.0)
        return f"{process}, {self.voltage:g} V, {temperature:g} C"

    def _unit(self, attribute: str, symbol: str, default: float) -> float:
        match = re.fullmatch(
            rf"([\d.]+)\s*([fpnumk]?){symbol}", self.root.text(attribute), re.IGNORECASE
        )
        return float(match[1]) * _PREFIXES[match[2].lower()] if match else default

    def _capacitive_unit(self) -> float:
        value, unit = self.root.values("capacitive_load_unit") or ("1", "pf")
        return float(value) * _PREFIXES[unit.lower().removesuffix("f")]

    def _wire_load(self) -> WireLoad | None:
        wanted = self.root.text("default_wire_load")
        for group in self.root.named("wire_load"):
            if wanted and group.arguments[0] == wanted:
                entries = group.all_values("fanout_length")
                lengths = [(float(entry[0]), float(entry[1])) for entry in entries]
                return WireLoad(
                    name=wanted,
                    per_length=group.number("capacitance") * self.capacitance,
                    slope=group.number("slope"),
                    lengths=tuple(sorted(lengths)),
                )
        return None

    def _cell(self, group: Group) -> Cell:
        pins = list(_pins(group))
        inputs = tuple(name for name, pin in pins if pin.text("direction") == "input")
        outputs = tuple(name for name, pin in pins if pin.text("direction") == "output")
        functions = {
            name: pin.text("function") for name, pin in pins if "function" in pin.attributes
        }
        for text in functions.values():
            boolean.names(text)
        storage = next((g for g in group.groups if g.name in ("ff", "latch")), None)
        states = [
            (state.text("when"), state.number("value") * self.leakage)
            for state in group.named("leakage_power")
            if "when" in state.attributes
        ]
        mean = sum(value for _, value in states) / len(states) if states else 0.0
        leakage = group.text("cell_leakage_power")
        return Cell(
            name=group.arguments[0],
            kind=self._kind(group, storage, inputs, outputs, functions),
            area=group.number("area"),
            leakage=float(leakage) * self.leakage if leakage else mean,
            leakage_states=tuple(states),
            inputs=inputs,
            outputs=outputs,
            capacitance={name: self._capacitances(pin) for name, pin in pins if name in inputs},
            max_load={
                name: pin.number("max_capacitance") * self.capacitance
                for name, pin in pins
                if name in outputs and "max_capacitance" in pin.attributes
            },
            functions=functions,
            delays=tuple(self._delays(pins)),
            setups=tuple(self._setups(pins)),
            energies=tuple(self._energies(pins)),
            usable=group.text("dont_use") != "true",
            state=(storage.text("next_state") or storage.text("data_in")) if storage else "",
            clock=self._clock(storage, pins),
            stored=(storage.arguments[0], storage.arguments[1]) if storage else ("", ""),
        )

    def _kind(
        self,
        group: Group,
        storage: Group | None,
        inputs: tuple[str, ...],
        outputs: tuple[str, ...],
        functions: dict[str, str],
    ) -> Kind:
        gating = group.text("clock_gating_integrated_cell")
        if gating:
            # A gate for the rising edge holds its enable, in a latch, while the clock is high.
            return "clock gate" if gating.startswith("latch_posedge") else "other"
        if storage is not None:
            asynchronous = "clear" in storage.attributes or "preset" in storage.attributes
            if storage.name == "latch" or asynchronous:
                return "other"
            scanned = len(boolean.names(storage.text("next_state"))) > 1
            falling = "!" in storage.text("clocked_on") or "'" in storage.text("clocked_on")
            return "other" if scanned or falling else "flip-flop"
        tristate = any("three_state" in pin.attributes for _, pin in _pins(group))
        complete = outputs and all(output in functions for output in outputs) and not tristate
        known = all(set(boolean.names(text)) <= set(inputs) for text in functions.values())
        return "logic" if complete and known and not group.named("statetable") else "other"

    def _clock(self, storage: Group | None, pins: list[tuple[str, Group]]) -> str:
        if storage is not None:
            return storage.text("clocked_on") or storage.text("enable")
        gated = [name for name, pin in pins if pin.text("clock_gate_clock_pin") == "true"]
        return gated[0] if gated else ""

    def _capacitances(self, pin: Group) -> Edges:
        both = pin.number("capacitance", self.root.number("default_input_pin_cap"))
        rise, fall = pin.number("rise_capacitance", both), pin.number("fall_capacitance", both)
        return rise * self.capacitance, fall * self.capacitance

    def _delays(self, pins: list[tuple[str, Group]]) -> Iterator[Delay]:
        for name, pin in pins:
            for timing in pin.named("timing"):
                kind = timing.text("timing_type") or "combinational"
                if kind == "combinational" or kind in _EDGES:
                    sense = _SENSES.get(timing.text("timing_sense"), "both")
                    for source in timing.text("related_pin").split():
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
            for timing in pin.named("timing"):
                if timing.text("timing_type") in ("setup_rising", "setup_falling"):
                    yield Setup(
                        pin=name,
                        clock=timing.text("related_pin"),
                        time=self._pair(timing, "rise_constraint", "fall_constraint", self.time),
                    )

    def _energies(self, pins: list[tuple[str, Group]]) -> Iterator[Energy]:
        for name, pin in pins:
            for power in pin.named("internal_power"):
                for source in power.text("related_pin").split() or [""]:
                    yield Energy(
                        pin=name,
                        source=source,
                        when=power.text("when"),
                        energy=self._pair(power, "rise_power", "fall_power", self.energy),
                    )

    def _pair(self, group: Group, rise: str, fall: str, unit: float) -> tuple[Table, Table]:
        """Tables for the rising and the falling edge; `power` serves both."""
        found = []
        for name in (rise, fall):
            tables = group.named(name) or group.named("power")
            found.append(self._table(tables[0], unit) if tables else _ZERO)
        return found[0], found[1]

    def _table(self, group: Group, unit: float) -> Table:
        template = group.arguments[0] if group.arguments else "scalar"
        values = _numbers(group.written("values")) * unit
        if template == "scalar" or values.size == 1:
            return Table(np.zeros(1), np.zeros(1), values.reshape(1, 1))
        pattern = self.templates.get(template)
        if pattern is None:
            raise ValueError(f"table template {template} is not defined")
        variables = [pattern.text("variable_1"), pattern.text("variable_2")]
        scales = [self.capacitance if v.endswith("capacitance") else self.time for v in variables]
        written = [group.written(i) or pattern.written(i) for i in ("index_1", "index_2")]
        first, second = map(_axis, written, scales)
        values = values.reshape(len(first), len(second))
        if variables[0] in _SECOND_AXIS:
            return Table(second, first, values.T)
        return Table(first, second, values)


def _pins(group: Group) -> Iterator[tuple[str, Group]]:
    for pin in group.named("pin"):
        for name in pin.arguments:
            yield name, pin


@cache
def _axis(written: str, scale: float) -> np.ndarray:
    """Points of an axis: most tables of a library have the same."""
    return _numbers(written) * scale if written else np.zeros(1)


def _numbers(written: str) -> np.ndarray:
    return np.array(written.replace('"', " ").replace(",", " ").split(), np.float64)
