"""Technology mapping with ABC: the gates between registers become cells of the library.

One run of ABC maps one module by many recipes: the library is read once, and what several recipes
map is made once.
"""

import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from random import Random

from synth.errors import CostError
from synth.library import Library
from synth.netlist import ONE, ZERO, Instance, Module
from synth.recipes import Recipe

_GATES = {
    "$_NOT_": ("A", ("0 1",)),
    "$_BUF_": ("A", ("1 1",)),
    "$_AND_": ("AB", ("11 1",)),
    "$_NAND_": ("AB", ("0- 1", "-0 1")),
    "$_OR_": ("AB", ("1- 1", "-1 1")),
    "$_NOR_": ("AB", ("00 1",)),
    "$_XOR_": ("AB", ("10 1", "01 1")),
    "$_XNOR_": ("AB", ("11 1", "00 1")),
    "$_ANDNOT_": ("AB", ("10 1",)),
    "$_ORNOT_": ("AB", ("1- 1", "-0 1")),
    "$_MUX_": ("ABS", ("1-0 1", "-11 1")),
}
"""Input pins and cover of the gates that Yosys leaves; the output is Y."""

_CONSTANTS = {"_const0_": ZERO, "_const1_": ONE}
"""What ABC calls an output that it finds constant, if the library has no tie cells."""


@cache
def abc_program() -> str:
    """The ABC that comes with Yosys.

    Raises
    ------
    CostError
        If the package is not installed.
    """
    package = find_spec("pyosys")
    if package is None or package.origin is None:
        raise CostError(["the package `pyosys`, which carries Yosys and ABC, is not installed"])
    return str(Path(package.origin).with_name("yosys-abc"))


def technology_map(
    module: Module,
    library: Library,
    runs: Sequence[tuple[Recipe, float | None]],
    *,
    order: int = 0,
) -> list[Module]:
    """`module` with its gates mapped, once for every recipe and target in ns.

    Parameters
    ----------
    module : Module
    library : Library
    runs : sequence of (Recipe, float or None)
    order : int
        Number of the order in which ABC sees inputs and outputs. What it makes of choices that look
        equally good to it depends on that.

    Raises
    ------
    CostError
        If a gate is unknown or ABC fails.
    """
    if not any(instance.kind in _GATES for instance in module.instances):
        return [module] * len(runs)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "gates.blif").write_text(_write_blif(module, order))
        lines = [f"read_lib -w {library.path}"]
        for structure in dict.fromkeys(recipe.structure for recipe, _ in runs):
            lines += ["read_blif gates.blif", structure, "backup"]
            for number, (recipe, target) in enumerate(runs):
                if recipe.structure == structure:
                    lines += ["restore", recipe.mapped(target), f"write_blif {number}.blif"]
        Path(folder, "script").write_text("\n".join(lines) + "\n")
        done = subprocess.run(
            [abc_program(), "-f", "script"], check=False, cwd=folder, capture_output=True, text=True
        )
        results = [Path(folder, f"{number}.blif") for number in range(len(runs))]
        if done.returncode or not all(result.exists() for result in results):
            said = (done.stdout + done.stderr).strip()[-300:]
            raise CostError([f"ABC cannot map module {module.name}: {said}"])
        return [_read_blif(module, result.read_text()) for result in results]


def _write_blif(module: Module, order: int) -> str:
    """The gates of a module; everything else in it is outside."""
    gates = [instance for instance in module.instances if instance.kind in _GATES]
    driven = {instance.pins["Y"][0] for instance in gates}
    read = {i.pins[pin][0] for i in gates for pin in _GATES[i.kind][0]}
    wanted = _read_outside(module) & driven
    random = Random(order)
    lines = [".model gates"]
    for name, ports in (("inputs", read - driven - {ZERO, ONE}), ("outputs", wanted)):
        ordered = random.sample(sorted(ports), len(ports)) if order else sorted(ports)
        lines.append(f".{name} " + " ".join(f"n{net}" for net in ordered))
    lines += [f".names n{ZERO}", f".names n{ONE}", "1"]
    for instance in gates:
        pins, cover = _GATES[instance.kind]
        nets = [instance.pins[pin][0] for pin in (*pins, "Y")]
        lines.append(".names " + " ".join(f"n{net}" for net in nets))
        lines += cover
    return "\n".join([*lines, ".end", ""])


def _read_outside(module: Module) -> set[int]:
    """Nets that something other than a gate reads, or may read."""
    others = (i for i in module.instances if i.kind not in _GATES)
    pins = {net for instance in others for nets in instance.pins.values() for net in nets}
    return pins | {n for p in module.ports.values() if p.direction == "output" for n in p.nets}


def _read_blif(module: Module, text: str) -> Module:
    """`module` with the mapped gates in `text` in the place of its own."""
    # Nets of ours are n and their number; ABC calls its own otherwise.
    numbers = {f"n{number}": number for number in range(module.nets)}

    def net(name: str) -> int:
        return numbers.setdefault(name, len(numbers))

    mapped: list[Instance] = []
    alias: dict[int, int] = {}
    for line, following in _statements(text):
        words = line.split()
        if words[0] == ".gate":
            pins = {pin: (net(name),) for pin, name in (word.split("=") for word in words[2:])}
            if words[1] in _CONSTANTS:
                alias[next(iter(pins.values()))[0]] = _CONSTANTS[words[1]]
            else:
                mapped.append(Instance(name=f"g{len(mapped)}", kind=words[1], pins=pins))
        elif words[0] == ".names" and len(words) == 2:
            alias[net(words[1])] = ONE if following.strip() == "1" else ZERO
        elif words[0] == ".names":
            alias[net(words[2])] = net(words[1])
    kept = [instance for instance in module.instances if instance.kind not in _GATES]

    def renamed(nets: tuple[int, ...]) -> tuple[int, ...]:
        return tuple([alias.get(n, n) for n in nets])

    ports = {name: replace(port, nets=renamed(port.nets)) for name, port in module.ports.items()}
    instances = [
        replace(one, pins={pin: renamed(nets) for pin, nets in one.pins.items()})
        for one in (*kept, *mapped)
    ]
    return replace(module, nets=len(numbers), ports=ports, instances=tuple(instances))


def _statements(text: str) -> Iterator[tuple[str, str]]:
    """Lines of a BLIF file that start with a dot, and the line after each."""
    lines = text.replace("\\\n", " ").splitlines()
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if line.startswith("."):
            yield line, following
