"""`tpe generate`: an engine as Verilog, with a description that other tools can read."""

import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import hw.verilog
from golden.spec import EngineSpec
from tpe.files import write_atomically


@dataclass(frozen=True, kw_only=True)
class Generated:
    """What was written.

    Parameters
    ----------
    verilog : Path
        `NAME.v`.
    description : Path
        `NAME.json`: spec, hash, top, modules and ports.
    top : str
        Name of the top module, and NAME.
    modules : tuple of str
        Every module in the file, top first.
    ports : tuple of hw.verilog.Port
    seconds : float
        Time it took.
    """

    verilog: Path
    description: Path
    top: str
    modules: tuple[str, ...]
    ports: tuple[hw.verilog.Port, ...]
    seconds: float


def generate(spec: EngineSpec, folder: Path | str = ".") -> Generated:
    """Write `NAME.v` and `NAME.json` into `folder`, which is made if need be. Both, or neither.

    Raises
    ------
    InputError
        If the files cannot be written.
    hw.errors.VerilogError
        If Yosys cannot write the Verilog.
    """
    start = time.perf_counter()
    design = hw.verilog.generate(spec)
    verilog, description = (Path(folder, design.top + suffix) for suffix in (".v", ".json"))
    facts = {
        "spec": spec.model_dump(),
        "hash": spec.hash,
        "verilog": verilog.name,
        "top": design.top,
        "modules": design.modules,
        "ports": [asdict(port) for port in design.ports],
    }
    write_atomically(
        {
            verilog: design.verilog.encode(),
            description: (json.dumps(facts, indent=2) + "\n").encode(),
        }
    )
    return Generated(
        verilog=verilog,
        description=description,
        top=design.top,
        modules=design.modules,
        ports=design.ports,
        seconds=time.perf_counter() - start,
    )
