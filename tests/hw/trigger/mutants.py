"""Units with a fault, for benches that must find it."""

import random
from collections.abc import Callable, Iterator
from typing import Any

from amaranth.hdl import Fragment
from amaranth.hdl._ast import Assign, Operator, Statement, Switch
from amaranth.lib import wiring


def undetected(
    make: Callable[[], wiring.Component],
    check: Callable[[Any, Fragment], object],
    *,
    count: int | None = None,
    seed: int = 7,
) -> list[str]:
    """Assignments of a unit that may be inverted without a notice.

    Parameters
    ----------
    make : callable () -> Component
    check : callable (component, design)
        Runs a bench on the design, which has the component's ports. An AssertionError is a notice.
    count : int or None
        How many assignments to try, each by itself; None: all.
    seed : int
        Of their choice.
    """
    tried = range(sum(1 for _ in assignments(Fragment.get(make(), None))))
    chosen = tried if count is None else random.Random(seed).sample(tried, count)
    missed = []
    for index in chosen:
        component = make()
        design = Fragment.get(component, None)
        assign = list(assignments(design))[index]
        shown = repr(assign)
        assign._rhs = Operator("~", [assign.rhs])
        try:
            check(component, design)
        except AssertionError:
            continue
        missed.append(shown)
    return missed


def assignments(fragment: Fragment) -> Iterator[Assign]:
    """All of a unit, in a fixed order; those of what it consists of are not its own."""
    for statements in fragment.statements.values():
        yield from _within(statements)


def _within(statements: list[Statement]) -> Iterator[Assign]:
    for statement in statements:
        if isinstance(statement, Assign):
            yield statement
        elif isinstance(statement, Switch):
            for case in statement.cases:
                yield from _within(case[1])
