"""Numbers on the command line that more than one command takes."""

from typing import Literal

from tpe.problems import InputError

POINTS: dict[str, Literal["fastest", "best"]] = {"fastest": "fastest", "best": "best"}


def clock(text: str | None) -> float | Literal["fastest", "best"] | None:
    """A period in ns, a point of the curve, or None for the smallest area."""
    if text is None:
        return None
    if text in POINTS:
        return POINTS[text]
    return number("--clock", text, "a period in ns above 0, fastest or best", above_zero=True)


def activity(text: str) -> float | None:
    """Toggles a net and cycle, or None for those of a run."""
    if text == "sim":
        return None
    return number("--activity", text, "sim, or toggles a net and cycle from 0", above_zero=False)


def number(option: str, text: str, allowed: str, *, above_zero: bool) -> float:
    """A number that may be zero or not."""
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not (0 < value < float("inf") or (value == 0 and not above_zero)):
        raise InputError([f"{option} {text}: use {allowed}"])
    return value


def nodes(text: str | None) -> float | tuple[float, float] | None:
    """A node in nm, or two."""
    if text is None:
        return None
    allowed = "a node in nm such as 28, or FROM:TO"
    numbers = [
        number("--scale", part, allowed, above_zero=True) for part in text.split(":", maxsplit=1)
    ]
    return numbers[0] if len(numbers) == 1 else (numbers[0], numbers[1])


def buffers(text: str | None) -> tuple[float, float, float] | None:
    """KiB of the memories for A, B and C."""
    if text is None:
        return None
    allowed = "three sizes in KiB, such as 128,256,128"
    sizes = [number("--buffers", part, allowed, above_zero=True) for part in text.split(",")]
    if len(sizes) != 3:
        raise InputError([f"--buffers {text}: use {allowed}"])
    return sizes[0], sizes[1], sizes[2]
