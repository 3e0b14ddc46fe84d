"""`Processor`: what a workload runs on, in a few numbers, and how many elements fit an area."""

from dataclasses import dataclass, field, replace
from math import ceil
from typing import Literal

from golden.fields import SIDE
from golden.spec import EngineSpec
from synth.report import Cost
from tpe.problems import InputError
from tpe.workloads.constants import DEQUANTIZE_ENERGY, GROUP, SCALE_BITS
from tpe.workloads.gemms import Gemm
from tpe.workloads.memory import Reuse, Widths

STEP = 4
"""Sides of an engine that is made to fit an area are multiples of it."""

ASPECT = 2
"""Such an engine's longer side over its shorter one, at most."""

WHEN = ("none", "before", "after")


@dataclass(frozen=True, kw_only=True)
class Dequantize:
    """Scales and zero points of groups of weights, applied by a vector unit beside the engine.

    "before": q s - z s for every weight as it enters its buffer, so as often as it comes from DRAM;
    the buffer and the engine see numbers of the spec's format of B. "after": s y - s z x, with y
    the sum of a group, x that of its numbers of A, for every y that leaves the engine (MixPE, arXiv
    2411.16158). Each is one multiplication and one addition, and counts as one operation.

    Parameters
    ----------
    when : "none", "before" or "after"
    group : int
        Weights along K that share a scale and a zero point.
    lanes : int or None
        Operations a cycle. None: as many as the engine has columns, which is how fast C leaves.
    overlaps : bool
        The vector unit works while the engine does. If not, it is a step of its own, as the paper
        has it.
    pj : float
        Energy of an operation.

    Raises
    ------
    InputError
        Everything that is wrong.
    """

    when: Literal["none", "before", "after"] = "none"
    group: int = int(GROUP.value)
    lanes: int | None = None
    overlaps: bool = False
    pj: float = DEQUANTIZE_ENERGY.value

    def __post_init__(self) -> None:
        problems = [
            f"{name}: {value!r} given, use a whole number from 1"
            for name, value in (("group", self.group), ("lanes", self.lanes))
            if value is not None and (type(value) is not int or value < 1)
        ]
        if self.when not in WHEN:
            problems.append(f"dequantize: {self.when!r} given, use {', '.join(WHEN)}")
        if not 0 <= self.pj < float("inf"):
            problems.append(f"pj: {self.pj!r} given, use a number from 0")
        if problems:
            raise InputError(problems)

    def operations(self, gemm: Gemm, reuse: Reuse) -> int:
        """Of one occurrence of a GEMM."""
        if not gemm.weights or self.when == "none":
            return 0
        if self.when == "before":
            return gemm.k * gemm.n * reuse.b_fetched
        return gemm.m * gemm.n * ceil(gemm.k / self.group)


@dataclass(frozen=True, kw_only=True)
class Processor:
    """Engines behind one set of buffers.

    Parameters
    ----------
    spec : EngineSpec
        Of each of them.
    area_um2, leakage_uw : float
        Of one engine.
    clock_ns : float
    energy_per_mac_pj : float
        Without leakage.
    engines : int
    weight_bits : int or None
        Of a weight in DRAM. None: as the spec's B.
    overhead_bits : float or None
        More for each weight: its share of scale and zero point. None: what `dequantize` or, with
        weights in groups, the engine needs.
    kv_bits : int or None
        Of B where it is no weight: keys and values. None: as many as A has. If they are more than
        the spec's B has, the engine goes through A once for each digit of that width; what shifts
        and adds the results is not priced.
    out_bits : int or None
        Of C in DRAM. None: as A, which it becomes.
    dequantize : Dequantize
    weight_products : int
        Products with weights that an element makes in a cycle, of as many values of k. Of others it
        makes one.
    kv_energy_per_mac_pj : float or None
        Of a product that is not with a weight, if that takes another energy.

    Raises
    ------
    InputError
        Everything that is out of range.
    """

    spec: EngineSpec
    area_um2: float
    clock_ns: float
    energy_per_mac_pj: float
    leakage_uw: float
    engines: int = 1
    weight_bits: int | None = None
    overhead_bits: float | None = None
    kv_bits: int | None = None
    out_bits: int | None = None
    dequantize: Dequantize = field(default_factory=Dequantize)
    weight_products: int = 1
    kv_energy_per_mac_pj: float | None = None

    def __post_init__(self) -> None:
        whole = ("engines", "weight_bits", "kv_bits", "out_bits", "weight_products")
        positive = ("area_um2", "clock_ns")
        zero = ("energy_per_mac_pj", "leakage_uw", "overhead_bits", "kv_energy_per_mac_pj")
        given = {name: value for name, value in vars(self).items() if value is not None}
        problems = [
            f"{name}: {given[name]!r} given, use a whole number from 1"
            for name in whole
            if name in given and (type(given[name]) is not int or given[name] < 1)
        ]
        problems += [
            f"{name}: {given[name]!r} given, use a number above 0"
            for name in positive
            if not 0 < given[name] < float("inf")
        ]
        problems += [
            f"{name}: {given[name]!r} given, use a number from 0"
            for name in zero
            if name in given and not 0 <= given[name] < float("inf")
        ]
        if problems:
            raise InputError(problems)

    @property
    def peak(self) -> int:
        """Products a cycle: one for every element, or `weight_products`."""
        elements = self.engines * self.spec.rows * self.spec.cols * self.spec.depth
        return elements * self.weight_products

    @property
    def lanes(self) -> int:
        """Dequantizations a cycle."""
        return self.dequantize.lanes or self.engines * self.spec.cols

    @property
    def overhead(self) -> float:
        """Bits of scale and zero point for each weight."""
        if self.overhead_bits is not None:
            return self.overhead_bits
        groups = self.spec.groups
        if groups:
            return groups.scale_bits / groups.group
        if self.dequantize.when == "none":
            return 0.0
        return (SCALE_BITS.value + self._weight_bits) / self.dequantize.group

    @property
    def _weight_bits(self) -> int:
        return self.spec.formats[1].bits if self.weight_bits is None else self.weight_bits

    def widths(self, gemm: Gemm) -> Widths:
        """Of the numbers of a GEMM."""
        a, b, acc = (number.bits for number in self.spec.formats)
        if gemm.weights:
            stored = self._weight_bits + self.overhead
            held = float(b) if self.dequantize.when == "before" else stored
        else:
            stored = held = float(a if self.kv_bits is None else self.kv_bits)
        out = a if self.out_bits is None else self.out_bits
        return Widths(a=a, b_stored=stored, b=held, sums=acc, out=out)

    def products(self, gemm: Gemm) -> int:
        """That an element makes in a cycle."""
        return self.weight_products if gemm.weights else 1

    def product_pj(self, gemm: Gemm) -> float:
        """Energy of a product, without leakage."""
        other = self.kv_energy_per_mac_pj
        return self.energy_per_mac_pj if gemm.weights or other is None else other

    def passes(self, gemm: Gemm) -> int:
        """How often the engine goes through A: once for each digit of B that it can take."""
        if gemm.weights:
            return 1
        return ceil(self.widths(gemm).b / self.spec.formats[1].bits)

    def at_area(self, area_mm2: float) -> "Processor":
        """As many elements as fit, in one engine or, beyond 256 x 256, several equal ones.

        Area and leakage grow in proportion to the elements, those of edges included. Sides are
        multiples of `STEP`, the longer at most `ASPECT` times the shorter; the most elements win,
        then the squarest.

        Raises
        ------
        InputError
            If the area is not a number above 0, or too small for the smallest such engine.
        """
        each = self.area_um2 / (self.spec.rows * self.spec.cols)
        least = STEP**2 * each * 1e-6
        if not 0 < area_mm2 < float("inf"):
            raise InputError([f"area: {area_mm2!r} given, use a number of mm^2 above 0"])
        if area_mm2 < least:
            raise InputError(
                [f"area: {area_mm2:g} mm^2 given, use at least {least:.3g}: {STEP} x {STEP}"]
            )
        elements = int(area_mm2 * 1e6 / each)
        largest = SIDE.stop - 1
        engines = ceil(elements / largest**2)
        rows, cols = sides(elements // engines, largest)
        return replace(
            self,
            spec=self.spec.override(rows=rows, cols=cols),
            area_um2=each * rows * cols,
            leakage_uw=self.leakage_uw / (self.spec.rows * self.spec.cols) * rows * cols,
            engines=engines,
        )


def priced(spec: EngineSpec, cost: Cost) -> Processor:
    """One engine at the period of its price."""
    # The energy of the price includes leakage, in the share that it has of the power.
    moving = 1 - cost.leakage_uw * 1e-3 / cost.power_mw
    return Processor(
        spec=spec,
        area_um2=cost.area_um2,
        clock_ns=cost.period_ns,
        energy_per_mac_pj=cost.energy_per_mac_pj * moving,
        leakage_uw=cost.leakage_uw,
    )


def sides(elements: int, largest: int) -> tuple[int, int]:
    """Rows and columns of the largest engine with no more elements."""
    fitting = [
        (rows, cols)
        for rows in range(STEP, largest + 1, STEP)
        for cols in range(STEP, largest + 1, STEP)
        if rows * cols <= elements and max(rows, cols) <= ASPECT * min(rows, cols)
    ]
    return max(fitting, key=lambda side: (side[0] * side[1], -abs(side[0] - side[1]), side[0]))
