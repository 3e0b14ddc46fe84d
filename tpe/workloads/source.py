"""What the argument WORKLOAD may be: a name, a CSV file or an ONNX file."""

from pathlib import Path

from tpe.problems import Problems
from tpe.workloads.csv_file import read_csv
from tpe.workloads.gemms import Gemm
from tpe.workloads.models import MODELS, Phase, model_gemms
from tpe.workloads.onnx_file import read_onnx

READERS = {".csv": read_csv, ".onnx": read_onnx}


def load_gemms(
    source: str | Path,
    *,
    batch: int | None = None,
    sequence: int | None = None,
    phase: Phase | None = None,
) -> tuple[Gemm, ...]:
    """The GEMMs of a network in `MODELS`, or of a file.

    Parameters
    ----------
    batch, sequence, phase
        As for `model_gemms`; None takes its defaults. A file says all of this itself.

    Raises
    ------
    InputError
        Everything that is wrong.
    """
    text = str(source)
    read = READERS.get(Path(source).suffix.lower())
    if text in MODELS or read is None:
        return model_gemms(
            text,
            batch=1 if batch is None else batch,
            sequence=sequence,
            phase="prefill" if phase is None else phase,
        )
    problems = Problems()
    for name, value in (("batch", batch), ("sequence", sequence), ("phase", phase)):
        if value is not None:
            problems.add(f"{name}: {value!r} given, but {text} states its sizes: leave it out")
    gemms: tuple[Gemm, ...] = ()
    with problems:
        gemms = read(Path(source))
    problems.check()
    return gemms
