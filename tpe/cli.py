"""The command `tpe`."""

import sys
from importlib.metadata import version
from typing import Annotated

import typer
from rich.console import Console
from typer.exceptions import TyperException

from golden.quantize import WeightsError
from golden.spec import SpecError
from hw.verilog import VerilogError
from sim.operands import OperandError
from sim.run import SimulationError
from synth.errors import CostError
from tpe.commands.catalog import describe_command, generate_command, list_command
from tpe.commands.console import PLAIN
from tpe.commands.estimate import estimate_command
from tpe.commands.quantize import quantize_command
from tpe.commands.reproduce import reproduce_command
from tpe.commands.run import run_command
from tpe.commands.workload import workload_command
from tpe.problems import InputError

app = typer.Typer(
    name="tpe",
    help="Tensor processing engines: described, written as Verilog, proved, priced.",
    epilog="Example: tpe compare opt1-os --random 1000",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("list", epilog="Example: tpe list")(list_command)
app.command("describe", epilog="Example: tpe describe opt1-os --set rows=16 --set cols=16")(
    describe_command
)
app.command(
    "generate", epilog="Example: tpe generate opt1-os --set rows=16 --set cols=4 -o verilog"
)(generate_command)
app.command(
    "simulate",
    help="Run an engine on matrices: A (M x K) times B (K x N), of any shape that multiplies.\n\n"
    "Matrices are .npy files of whole numbers, or random. Exit status 1 if any bit of the result"
    " differs from the golden model's.",
    epilog="Example: tpe simulate mac-ws --m 50 --k 30 --n 20 --stall 0.2 --c product.npy",
)(run_command)
app.command(
    "compare",
    help="Compare hardware with the golden model bit for bit, and that with exact arithmetic.\n\n"
    "Takes matrices as `simulate` does. Exit status 1 if any bit differs.",
    epilog="Example: tpe compare opt1-os --random 1000 --dist normal:0:20 --seed 7",
)(run_command)
app.command("estimate", epilog="Example: tpe estimate mac --clock best")(estimate_command)
app.command(
    "quantize", epilog="Example: tpe quantize examples/digits_weights.npy --bits 4 --group 16"
)(quantize_command)
app.command("reproduce", epilog="Example: tpe reproduce lmul --table precision")(reproduce_command)
app.command(
    "workload",
    epilog="Example: tpe workload vit-base mac-os --set rows=4 --set cols=4 --area 1"
    " --activity 0.2",
)(workload_command)


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
