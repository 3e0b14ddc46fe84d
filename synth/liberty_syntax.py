"""The syntax of Liberty files: groups with arguments, attributes and groups in them.

The one parser on the package index takes five seconds for a library of usual size and has a licence
that does not go with this project's; the syntax is small.
"""

import re
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
    attributes : dict of str to list of tuple of str
        Every occurrence of each attribute: one value of `name : value`, all of `name (values)`.
    groups : list of Group
    """

    name: str
    arguments: tuple[str, ...]
    attributes: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)
    groups: list["Group"] = field(default_factory=list)

    def text(self, attribute: str, default: str = "") -> str:
        """The first value of an attribute."""
        found = self.values(attribute)
        return found[0] if found else default

    def number(self, attribute: str, default: float = 0.0) -> float:
        """The first value of an attribute."""
        text = self.text(attribute)
        return float(text) if text else default

    def values(self, attribute: str) -> tuple[str, ...]:
        """All values of an attribute, none if it is not there."""
        return self.attributes.get(attribute, [()])[0]

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
        if found["end"]:
            open_.pop()
        elif found["group"]:
            group = Group(name=found["name"], arguments=_arguments(found["arguments"]))
            if open_:
                open_[-1].groups.append(group)
            else:
                root = group
            open_.append(group)
        elif open_:
            value = found["value"]
            values = _arguments(found["arguments"]) if value is None else (_plain(value),)
            open_[-1].attributes.setdefault(found["name"], []).append(values)
        else:
            raise LibertySyntaxError(f"{found['name']!r} is in no group")
    return root


def _arguments(text: str) -> tuple[str, ...]:
    return tuple((quoted or plain).strip() for quoted, plain in _ARGUMENT.findall(text))


def _plain(text: str) -> str:
    return text.strip().strip('"').strip()
