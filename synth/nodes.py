"""Figures of one technology node as an estimate for another, by published tables.

A. Stillmaker and B. Baas, "Scaling equations for the accurate prediction of CMOS device performance
from 180 nm to 7 nm", Integration 58, 2017: the ratios of areas, and the delay and energy of a
fan-out-of-four inverter as polynomials of the supply voltage, here of high-performance devices at
each node's nominal voltage. Between its nodes (28 nm is none of them) the logarithms are
interpolated.
"""

import re
from dataclasses import dataclass, replace

import numpy as np

from synth.errors import CostError
from synth.report import Cost


@dataclass(frozen=True, kw_only=True)
class Node:
    """A technology node.

    Parameters
    ----------
    area : float
        Of a design, relative to 45 nm.
    voltage : float
        Nominal supply in V.
    delay : tuple of float
        In ps: coefficients of the polynomial of the voltage, the highest power first.
    energy : tuple of float
        In fJ, likewise.
    """

    area: float
    voltage: float
    delay: tuple[float, ...]
    energy: tuple[float, ...]


NODES = {
    130: Node(
        area=6.4,
        voltage=1.3,
        delay=(-76.65, 334.9, -493.4, 275.8),
        energy=(7.171, -6.709, 2.904),
    ),
    90: Node(
        area=2.8,
        voltage=1.2,
        delay=(-60.34, 262.5, -384.2, 210.9),
        energy=(4.762, -4.781, 2.092),
    ),
    65: Node(
        area=1.5,
        voltage=1.1,
        delay=(-53.3, 230.4, -333.9, 178.6),
        energy=(3.755, -4.398, 1.975),
    ),
    45: Node(
        area=1.0,
        voltage=1.0,
        delay=(-501.6, 1567.0, -1619.0, 566.1),
        energy=(1.018, -0.3107, 0.1539),
    ),
    32: Node(
        area=0.46,
        voltage=0.9,
        delay=(-1047.0, 2982.0, -2797.0, 873.5),
        energy=(0.8367, -0.4341, 0.1701),
    ),
    20: Node(
        area=0.21,
        voltage=0.9,
        delay=(34.63, -66.37, 41.15),
        energy=(0.373, -0.1582, 0.04104),
    ),
    16: Node(
        area=0.19,
        voltage=0.85,
        delay=(24.8, -47.52, 28.87),
        energy=(0.2958, -0.1241, 0.03024),
    ),
    14: Node(
        area=0.17,
        voltage=0.8,
        delay=(-40.66, 109.2, -100.6, 35.92),
        energy=(0.2363, -0.09675, 0.02239),
    ),
    10: Node(
        area=0.1,
        voltage=0.75,
        delay=(-34.95, 93.65, -85.99, 30.4),
        energy=(0.2068, -0.09311, 0.02375),
    ),
    7: Node(
        area=0.059,
        voltage=0.7,
        delay=(-28.58, 76.6, -70.26, 24.69),
        energy=(0.1776, -0.09097, 0.02447),
    ),
}

LIBRARIES = {r"nangate": 45, r"sky130": 130, r"asap7": 7}
"""The node in nm of libraries whose name or file name matches; Liberty states none."""


@dataclass(frozen=True, kw_only=True)
class Ratios:
    """What area, delay and energy are multiplied by."""

    area: float
    delay: float
    energy: float


def library_node(name: str) -> int:
    """The node in nm of a library.

    Raises
    ------
    CostError
        If it is not known.
    """
    for pattern, node in LIBRARIES.items():
        if re.search(pattern, name, re.IGNORECASE):
            return node
    raise CostError([f"scale: the node of library {name} is not known, use FROM:TO, such as 65:28"])


def ratios(source: float, target: float) -> Ratios:
    """From node `source` to node `target`, both in nm.

    Raises
    ------
    CostError
        If a node is outside the table.
    """
    low, high = min(NODES), max(NODES)
    problems = [
        f"scale: {node:g} nm given, use {low} to {high}"
        for node in (source, target)
        if not low <= node <= high
    ]
    if problems:
        raise CostError(problems)
    before, after = _figures(source), _figures(target)
    area, delay, energy = (after / before).tolist()
    return Ratios(area=area, delay=delay, energy=energy)


def scaled(cost: Cost, source: float, target: float) -> Cost:
    """`cost` of node `source` as an estimate for node `target`, labelled as such.

    Raises
    ------
    CostError
        If a node is outside the table.
    """
    by = ratios(source, target)
    pace = cost.area_delay_per_mac / (cost.area_um2 * cost.delay_ns)
    # Leakage is not in the table: the energy that it takes in a cycle scales with the rest.
    tops = cost.tops / by.delay

    def energy(value: float | None) -> float | None:
        return None if value is None else value * by.energy

    return replace(
        cost,
        area_um2=cost.area_um2 * by.area,
        sequential_area_um2=cost.sequential_area_um2 * by.area,
        delay_ns=cost.delay_ns * by.delay,
        fmax_mhz=cost.fmax_mhz / by.delay,
        period_ns=cost.period_ns * by.delay,
        power_mw=cost.power_mw * by.energy / by.delay,
        leakage_uw=cost.leakage_uw * by.energy / by.delay,
        energy_per_mac_pj=cost.energy_per_mac_pj * by.energy,
        energy_per_mac_glitch_free_pj=cost.energy_per_mac_glitch_free_pj * by.energy,
        energy_per_output_pj=energy(cost.energy_per_output_pj),
        energy_per_tile_pj=energy(cost.energy_per_tile_pj),
        tops=tops,
        tops_per_mm2=tops / (cost.area_um2 * by.area * 1e-6),
        tops_per_w=cost.tops_per_w / by.energy,
        area_delay_per_mac=pace * cost.area_um2 * by.area * cost.delay_ns * by.delay,
        scaled=f"{source:g} nm to {target:g} nm by Stillmaker and Baas (2017), not mapped to it:"
        f" area x {by.area:.3g}, delay x {by.delay:.3g}, energy x {by.energy:.3g}",
        parts=tuple(replace(part, area_um2=part.area_um2 * by.area) for part in cost.parts),
        paths={kind: delay * by.delay for kind, delay in cost.paths.items()},
        critical_path=tuple((i, cell, at * by.delay) for i, cell, at in cost.critical_path),
        components={
            name: {
                "area_um2": share["area_um2"] * by.area,
                "energy_per_mac_pj": share["energy_per_mac_pj"] * by.energy,
            }
            for name, share in cost.components.items()
        },
        buffers={
            name: replace(
                buffer,
                area_um2=buffer.area_um2 * by.area,
                energy_per_mac_pj=buffer.energy_per_mac_pj * by.energy,
            )
            for name, buffer in cost.buffers.items()
        },
    )


def _figures(node: float) -> np.ndarray:
    """Area, delay and energy at a node, in the table's units."""
    nodes = sorted(NODES)
    rows = [
        (n.area, np.polyval(n.delay, n.voltage), np.polyval(n.energy, n.voltage))
        for n in (NODES[key] for key in nodes)
    ]
    columns = np.log(np.array(rows)).T
    return np.exp([np.interp(np.log(node), np.log(nodes), column) for column in columns])
