"""Bad input is reported whole: every problem found, one line each, before any work starts."""

from collections.abc import Iterable
from types import TracebackType
from typing import Self

from golden.quantize import WeightsError
from golden.spec import SpecError
from sim.operands import OperandError


class InputError(ValueError):
    """Input that cannot be used.

    Parameters
    ----------
    problems : iterable of str
        One line each: what was given and what would be allowed.
    """

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(self.problems))


class Problems:
    """Collects problems from several checks.

    As a context manager it swallows a check's error and keeps its lines, so that the next check
    still runs:

    >>> problems = Problems()
    >>> with problems:
    ...     raise InputError(["--m -1: use a whole number from 1"])
    >>> problems.lines
    ['--m -1: use a whole number from 1']
    """

    def __init__(self) -> None:
        self.lines: list[str] = []

    def add(self, line: str) -> None:
        """Note one problem."""
        self.lines.append(line)

    def check(self) -> None:
        """Raise `InputError` if there is any problem."""
        if self.lines:
            raise InputError(self.lines)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        if isinstance(error, InputError | SpecError | OperandError | WeightsError):
            self.lines += error.problems
            return True
        return False
