"""The syntax of Liberty files: groups with arguments, attributes and groups in them.

The one parser on the package index takes five seconds for a library of usual size and has a licence
that does not go with this project's; the syntax is small.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
_CONTINUED = re.compile(r"\\\s*\n")
_ARGUMENT = re.compile(r'"([^"]*)"|([^\s,"]+)')
_STATEMENT = re.compile(
    r"""\s*(?:
        (?P<end>\})
      | (?P<name>[^\s:;(){}",]+)\s*
        (?: \((?P<arguments>(?:"[^"]*"|[^()"])*)\)\s*(?P<group>\{)?
          | :\s*(?P<value>"[^"]*"|[^;"\n}]*)
        )\s*;?
    )""",
    re.VERBOSE,
)


class LibertySyntaxError(ValueError):
    """Text that is not Liberty."""


@dataclass(frozen=True, kw_only=True)
class Group:
    """A group: `name (arguments) { attributes and groups }`.

    Parameters
    ----------
    name : str
    arguments : tuple of str
        Without quotes.
    attributes : dict of str to list of str
        Every occurrence of each attribute as it is written: between the parentheses of
        `name (values)`, and the value of `name : value` in quotes.
    groups : list of Group
    """

    name: str
    arguments: tuple[str, ...]
    attributes: dict[str, list[str]] = field(default_factory=dict)
    groups: list["Group"] = field(default_factory=list)

    def written(self, attribute: str) -> str:
        """An attribute's first occurrence as it is written, empty if it is not there."""
        found = self.attributes.get(attribute)
        return found[0] if found else ""

    def text(self, attribute: str, default: str = "") -> str:
        """The first value of an attribute."""
        found = self.values(attribute)
        return found[0] if found else default

    def number(self, attribute: str, default: float = 0.0) -> float:
        """The first value of an attribute."""
        text = self.text(attribute)
        return float(text) if text else default

    def values(self, attribute: str) -> tuple[str, ...]:
        """All values of an attribute's first occurrence, none if it is not there."""
        return next(self.all_values(attribute), ())

    def all_values(self, attribute: str) -> Iterator[tuple[str, ...]]:
        """The values of each occurrence of an attribute."""
        return map(_arguments, self.attributes.get(attribute, []))

    def named(self, name: str) -> list["Group"]:
        """The groups of that name in this one."""
        return [group for group in self.groups if group.name == name]


def parse(text: str) -> Group:
    """The first group of a Liberty file.

    Raises
    ------
    LibertySyntaxError
        Where something is no statement, or a group does not end; by line.
    """
    # Comments become lines, so that errors name the right one.
    text = _COMMENT.sub(lambda comment: "\n" * comment[0].count("\n"), text)
    text = _CONTINUED.sub(" ", text)
    root: Group | None = None
    open_: list[Group] = []
    at = 0
    while root is None or open_:
        found = _STATEMENT.match(text, at)
        if found is None or (found["end"] and not open_):
            rest = text[at:].lstrip()
            line = text.count("\n", 0, len(text) - len(rest)) + 1
            what = f"{rest.splitlines()[0][:40]!r}" if rest else "the end of the file"
            raise LibertySyntaxError(f"line {line}: {what} is no statement")
        at = found.end()
        end, name, arguments, group, value = found.groups()
        if end:
            open_.pop()
        elif group:
            opened = Group(name=name, arguments=_arguments(arguments))
            if open_:
                open_[-1].groups.append(opened)
            else:
                root = opened
            open_.append(opened)
        elif open_:
            written = arguments if value is None else f'"{_plain(value)}"'
            open_[-1].attributes.setdefault(name, []).append(written)
        else:
            raise LibertySyntaxError(f"{name!r} is in no group")
    return root


def _arguments(text: str) -> tuple[str, ...]:
    return tuple((quoted or plain).strip() for quoted, plain in _ARGUMENT.findall(text))


def _plain(text: str) -> str:
    return text.strip().strip('"').strip()
