"""Phases for benches: chunks of tiles, and the order in which a device goes through them."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from hw.trigger.layouts import Action, Widths
from tests.hw.clocked import Ports


@dataclass(frozen=True, kw_only=True)
class Chunk:
    """A chunk of a phase, by `hw.trigger.layouts.Widths.chunk_layout`."""

    first: int = 0
    tiles: int = 0
    remote: int = 0
    expected: int = 0
    action: Action = Action.KEEP
    ready: int = 0


@dataclass(frozen=True, kw_only=True)
class Phase:
    """What a bench puts on the port `config`."""

    rows: int
    origin: int
    chunks: list[Chunk] = field(default_factory=list)

    def apply(self, ports: Ports) -> None:
        ports["config.rows"], ports["config.origin"] = self.rows, self.origin
        for index, chunk in enumerate(self.chunks):
            place = f"config.chunks.{index}"
            ports[f"{place}.first"] = chunk.first
            ports[f"{place}.address"] = chunk.first * self.rows
            for name in ("tiles", "remote", "expected", "ready"):
                ports[f"{place}.{name}"] = getattr(chunk, name)
            ports[f"{place}.action"] = chunk.action.value

    def order(self) -> list[int]:
        """Chunks, the origin first."""
        count = len(self.chunks)
        return [(self.origin + step) % count for step in range(count)]

    def tiles(self, *actions: Action) -> Iterator[tuple[int, int]]:
        """Chunk and tile of all that are walked through: of some actions only."""
        for chunk in self.order():
            one = self.chunks[chunk]
            if not actions or one.action in actions:
                yield from ((chunk, one.first + tile) for tile in range(one.tiles))


def random_phase(rng: random.Random, widths: Widths, *, rows: int | None = None) -> Phase:
    """Chunks of random sizes, some of them empty, that fill a part of the memory."""
    rows = rows or rng.randint(1, min(4, widths.words))
    tiles = rng.randint(0, widths.words // rows)
    cuts = sorted(rng.choices([0, tiles, *range(tiles + 1)], k=widths.devices - 1))
    edges = [0, *cuts, tiles]
    chunks = [
        Chunk(
            first=edges[index] if edges[index] * rows < widths.words else 0,
            tiles=edges[index + 1] - edges[index],
            remote=rng.randrange(2),
            expected=rng.randrange(3),
            action=rng.choice([*Action]),
            ready=int(rng.random() < 0.25),
        )
        for index in range(widths.devices)
    ]
    return Phase(rows=rows, origin=rng.randrange(widths.devices), chunks=chunks)
