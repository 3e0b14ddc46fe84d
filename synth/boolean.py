"""Liberty's boolean expressions as Python functions over bit vectors.

Operators by falling precedence: `!` before and `'` after an operand, `^`, then `&`, `*` or nothing
between two operands, then `+` or `|`. (Liberty User Guide, "function" attribute of a pin.)
"""

import re
from collections.abc import Callable
from functools import cache
from itertools import product

import numpy as np

_TOKEN = re.compile(r"\s*([A-Za-z_]\w*(?:\[\d+\])?|[01()!'^&*+|])")
Function = Callable[..., np.ndarray]


class _Parser:
    """Recursive descent; every method returns Python source."""

    def __init__(self, text: str) -> None:
        self.tokens: list[str] = []
        position = 0
        while text[position:].strip():
            match = _TOKEN.match(text, position)
            if match is None:
                raise ValueError(f"{text!r} is not a boolean expression")
            self.tokens.append(match[1])
            position = match.end()
        self.tokens.append("")
        self.names: dict[str, None] = {}
        self.source = self.either()
        if self.tokens != [""]:
            raise ValueError(f"{text!r} is not a boolean expression")

    def either(self) -> str:
        terms = [self.both()]
        while self.tokens[0] in ("+", "|") and self.tokens.pop(0):
            terms.append(self.both())
        return "(" + " | ".join(terms) + ")"

    def both(self) -> str:
        factors = [self.different()]
        while self.tokens[0] not in ("+", "|", ")", ""):
            if self.tokens[0] in ("&", "*"):
                self.tokens.pop(0)
            factors.append(self.different())
        return "(" + " & ".join(factors) + ")"

    def different(self) -> str:
        sides = [self.operand()]
        while self.tokens[0] == "^" and self.tokens.pop(0):
            sides.append(self.operand())
        return "(" + " ^ ".join(sides) + ")"

    def operand(self) -> str:
        token = self.tokens.pop(0)
        if token == "!":
            return f"(~{self.operand()})"
        if token == "(":
            source = self.either()
            if self.tokens.pop(0) != ")":
                raise ValueError("a parenthesis is not closed")
        elif token in ("0", "1"):
            source = f"zeros{'' if token == '0' else ' ^ -1'}"
            source = f"({source})"
        elif token and (token[0].isalpha() or token[0] == "_"):
            self.names[token] = None
            source = f"pins[{token!r}]"
        else:
            raise ValueError(f"{token!r} where an operand was expected")
        while self.tokens[0] == "'":
            self.tokens.pop(0)
            source = f"(~{source})"
        return source


@cache
def names(text: str) -> tuple[str, ...]:
    """The pins that an expression mentions, in their order."""
    return tuple(_Parser(text).names)


@cache
def function(text: str) -> Callable[[dict[str, np.ndarray], np.ndarray], np.ndarray]:
    """`f(pins, zeros)`: the expression on signed integer arrays, bit for bit.

    Raises
    ------
    ValueError
        If `text` is not an expression.
    """
    return eval(f"lambda pins, zeros: {_Parser(text).source}", {"__builtins__": {}})


@cache
def truth_table(text: str, inputs: tuple[str, ...]) -> tuple[bool, ...]:
    """The expression's value for every combination of `inputs`, the last one changing fastest."""
    rows = np.array(list(product((0, -1), repeat=len(inputs))), np.int8).reshape(-1, len(inputs))
    pins = {name: rows[:, index] for index, name in enumerate(inputs)}
    values = function(text)(pins, np.zeros(len(rows), np.int8))
    return tuple(bool(value) for value in values)
