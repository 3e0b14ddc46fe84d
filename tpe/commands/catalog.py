"""`tpe list`, `tpe describe` and `tpe generate`: what there is and what it looks like."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from hw.verilog import Port
from tpe.commands import console, operands
from tpe.commands.spec import Settings, Source, engine
from tpe.problems import Problems
from tpe.verbs.describe import Description, describe
from tpe.verbs.generate import generate
from tpe.verbs.listing import listing

Folder = Annotated[
    Path, typer.Option("--output", "-o", metavar="DIR", help="Where the files go; made if need be.")
]


def list_command(
    json: console.Json = None, quiet: console.Quiet = False, verbose: console.Verbose = False
) -> None:
    """Elements, arrays, formats, recodings, and which go together."""
    report = console.Reporter(json, quiet, verbose)
    found = listing()
    report.write(console.plain(found))
    for title, entries in (
        ("elements", found.elements),
        ("arrays", found.arrays),
        ("formats", found.formats),
        ("recodings", found.recodings),
        ("presets", found.presets),
    ):
        table = Table(title=title, title_justify="left", box=None, show_header=False)
        table.add_column(style="cyan")
        table.add_column()
        for entry in entries:
            table.add_row(entry["name"], entry["summary"])
            for option in entry.get("options", ()):
                table.add_row("", f"[dim]options.{option['name']} = {_choices(option)}[/dim]")
        report.say(table)
    report.say(console.hint(f"tpe describe {found.presets[0]['name']}"))


def describe_command(
    source: Source,
    settings: Settings = None,
    a: operands.FileA = None,
    b: operands.FileB = None,
    json: console.Json = None,
    quiet: console.Quiet = False,
    verbose: console.Verbose = False,
) -> None:
    """The resolved spec, the ports, latency and throughput of an engine.

    What depends on operands is that of the files given, or of int8-like data, normal:0:20.
    """
    problems = Problems()
    with problems:
        report = console.Reporter(json, quiet, verbose)
    with problems:
        choice = operands.Choice(a=a, b=b)
    with problems:
        spec = engine(source, settings)
    if not problems.lines:
        with problems:
            given = operands.operands(choice, spec) if choice.has_files else ()
    problems.check()
    found = describe(spec, *given)
    report.write(console.plain(found))
    fields = {name: value for name, value in spec.model_dump().items() if name != "options"}
    options = {f"options.{name}": value for name, value in spec.options.items()}
    report.say(f"[bold]{spec.name}[/bold]  [dim]spec {spec.hash}[/dim]")
    report.say(console.facts_table({**fields, **options}))
    report.say(_ports_table(found.ports))
    report.say(_pace_table(found))
    report.say(_digits_table(found))
    if report.verbose:
        report.say(found.data_flow)
    report.say(console.hint(f"tpe generate {source}{_again(settings)} -o verilog"))


def generate_command(
    source: Source,
    settings: Settings = None,
    folder: Folder = Path("."),
    json: console.Json = None,
    quiet: console.Quiet = False,
    verbose: console.Verbose = False,
) -> None:
    """Write an engine as Verilog, NAME.v, and what a tool needs to know of it, NAME.json."""
    problems = Problems()
    with problems:
        report = console.Reporter(json, quiet, verbose)
    with problems:
        spec = engine(source, settings)
    if str(folder) == "-":
        problems.add("--output -: Verilog goes to files, use the name of a folder")
    elif folder.exists() and not folder.is_dir():
        problems.add(f"{folder}: is a file, use the name of a folder")
    problems.check()
    with report.progress(f"generating {spec.name}"):
        written = generate(spec, folder)
    report.write({"spec": spec, "hash": spec.hash, **console.plain(written)})
    report.say(
        console.facts_table(
            {
                "Verilog": written.verilog,
                "description": written.description,
                "top": written.top,
                "modules": len(written.modules),
                "time": f"{written.seconds:.2f} s",
            }
        )
    )
    if report.verbose:
        report.say(_ports_table(written.ports))
    report.say(console.hint(f"tpe compare {source}{_again(settings)} --random 1000"))


def _again(settings: list[str] | None) -> str:
    return "".join(f" --set {setting}" for setting in settings or ())


def _choices(option: dict) -> str:
    return f"{' or '.join(option['allowed'].split(', '))} ({option['default']} if not given)"


def _ports_table(ports: tuple[Port, ...]) -> Table:
    table = Table("port", "direction", "bits", "carries", box=None, header_style="dim")
    for port in ports:
        table.add_row(port.name, port.direction, str(port.width), port.summary)
    return table


def _pace_table(found: Description) -> Table:
    table = Table("K", "latency", "cycles a tile", "MACs a cycle", box=None, header_style="dim")
    for pace in found.pace:
        table.add_row(
            str(pace.k),
            f"{pace.latency_cycles} cycles",
            f"{pace.cycles_per_tile:g}",
            f"{pace.macs_per_cycle:.4g} of {found.peak_macs_per_cycle}",
        )
    return table


def _digits_table(found: Description) -> Table:
    table = Table(
        "recoding", f"digits of A, {found.operands}", "of B", box=None, header_style="dim"
    )
    for digits in found.digits:
        table.add_row(digits.recoding, f"{digits.average_a:.3f}", f"{digits.average_b:.3f}")
    return table
