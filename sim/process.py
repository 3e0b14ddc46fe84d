"""A simulation in a process of its own, watched: it cannot take Python down, nor hang it."""

import os
import selectors
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

from sim.errors import SimulationError

SILENCE = 120.0
"""Seconds without a word after which a simulation counts as dead. A healthy one reports its
progress several times a second once its operands are loaded."""


def run_watched(
    command: Sequence[str | Path],
    folder: Path,
    *,
    variables: dict[str, str] | None = None,
    progress: Callable[[float], None] | None = None,
    silence: float = SILENCE,
) -> str:
    """Run `command` in `folder` to its end; the end of what it said.

    Parameters
    ----------
    variables : dict
        Added to the environment.
    progress : callable (float)
        Told the fraction that is done whenever the process prints `progress FRACTION`.
    silence : float
        Seconds without output after which the process is killed.

    Raises
    ------
    SimulationError
        If it fails, crashes or falls silent: with the end of what it said.
    """
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **(variables or {})},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        try:
            silent = _listen(process, said, progress, silence)
        finally:
            process.kill()
            process.wait()
            if process.stdout is not None:
                process.stdout.close()
        said.seek(0)
        log = said.read()[-2000:].strip()
    name = Path(command[0]).name
    if silent:
        raise SimulationError(f"{name} was silent for {silence:g} s and was stopped\n{log}".strip())
    if process.returncode:
        raise SimulationError(f"{name} ended with status {process.returncode}\n{log}".strip())
    return log


def _listen(
    process: subprocess.Popen[bytes],
    said: IO[str],
    progress: Callable[[float], None] | None,
    silence: float,
) -> bool:
    """Follow a process to its end; whether it fell silent."""
    assert process.stdout is not None
    pipe = process.stdout.fileno()
    rest = b""
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while True:
            if not selector.select(silence):
                return True
            chunk = os.read(pipe, 1 << 16)
            if not chunk:
                break
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                text = line.decode(errors="replace")
                if text.startswith("progress "):
                    if progress is not None:
                        progress(float(text.split()[1]))
                else:
                    said.write(text + "\n")
    said.write(rest.decode(errors="replace"))
    process.wait()
    return False
