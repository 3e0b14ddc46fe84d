"""What can go wrong between an engine and its price."""

from collections.abc import Iterable


class CostError(RuntimeError):
    """The engine cannot be priced.

    Parameters
    ----------
    problems : list of str
        One line each: what is wrong, with what, and what would be right.
    """

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(self.problems))
