"""The command `tpe`."""

import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from importlib.metadata import version
from typing import Annotated, Any, NamedTuple

import typer
from rich.console import Console
from typer.core import TyperGroup
from typer.exceptions import TyperException

from golden.quantize import WeightsError
from golden.spec import SpecError
from hw.errors import VerilogError
from sim.errors import SimulationError
from sim.operands import OperandError
from synth.errors import CostError
from tpe.commands.console import PLAIN
from tpe.problems import InputError


class Entry(NamedTuple):
    """Where a command is, an example that runs, and its help if the function has that of others."""

    function: str
    example: str
    help: str | None = None


COMMANDS = {
    "list": Entry("catalog:list_command", "tpe list"),
    "describe": Entry(
        "catalog:describe_command", "tpe describe opt1-os --set rows=16 --set cols=16"
    ),
    "generate": Entry(
        "catalog:generate_command", "tpe generate opt1-os --set rows=16 --set cols=4 -o verilog"
    ),
    "simulate": Entry(
        "run:run_command",
        "tpe simulate mac-ws --m 50 --k 30 --n 20 --stall 0.2 --c product.npy",
        "Run an engine on matrices: A (M x K) times B (K x N), of any shape that multiplies.\n\n"
        "Matrices are .npy files of whole numbers, or random. Exit status 1 if any bit of the"
        " result differs from the golden model's.",
    ),
    "compare": Entry(
        "run:run_command",
        "tpe compare opt1-os --random 1000 --dist normal:0:20 --seed 7",
        "Compare hardware with the golden model bit for bit, and that with exact arithmetic.\n\n"
        "Takes matrices as `simulate` does. Exit status 1 if any bit differs.",
    ),
    "estimate": Entry("estimate:estimate_command", "tpe estimate mac --clock best"),
    "explore": Entry("explore:explore_command", "tpe explore examples/sweep.toml"),
    "quantize": Entry(
        "quantize:quantize_command",
        "tpe quantize examples/digits_weights.npy --bits 4 --group 16",
    ),
    "reproduce": Entry("reproduce:reproduce_command", "tpe reproduce lmul --table precision"),
    "workload": Entry(
        "workload:workload_command",
        "tpe workload vit-base mac-os --set rows=4 --set cols=4 --area 1 --activity 0.2",
    ),
}


class _Imported(Mapping[str, Any]):
    """The commands, each imported when it is asked for: nobody waits for what others need."""

    def __getitem__(self, name: str) -> Any:
        entry = COMMANDS[name]
        module, _, function = entry.function.partition(":")
        command = typer.Typer(add_completion=False)
        register = command.command(name, help=entry.help, epilog=f"Example: {entry.example}")
        register(getattr(import_module(f"tpe.commands.{module}"), function))
        return typer.main.get_command(command)

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)


class _Commands(TyperGroup):
    def __init__(self, **settings: Any) -> None:
        super().__init__(**{**settings, "commands": _Imported()})


app = typer.Typer(
    name="tpe",
    cls=_Commands,
    help="Tensor processing engines: described, written as Verilog, proved, priced.",
    epilog="Example: tpe compare opt1-os --random 1000",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(version("tpe"))
        raise typer.Exit


@app.callback()
def _options(
    _: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help="Print the version and leave."
        ),
    ] = False,
) -> None:
    """Tensor processing engines: described, written as Verilog, proved, priced."""


def main() -> None:
    """Run the command line.

    Exit status: 0 done and it holds, 1 it does not hold or a tool failed, 2 bad input.
    """
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command; errors become lines on standard error and an exit status."""
    try:
        return app(arguments, standalone_mode=False) or 0
    except TyperException as error:
        return _complain([error.format_message()], 2)
    except (InputError, SpecError, OperandError, WeightsError, CostError) as error:
        return _complain(error.problems, 2)
    except (SimulationError, VerilogError) as error:
        return _complain([str(error)], 1)


def _complain(lines: list[str], status: int) -> int:
    console = Console(stderr=True, **PLAIN)
    for line in filter(None, lines):
        console.print(line, style="red", markup=False)
    return status
