"""The tracker: every order of updates of a small one, and random ones of larger ones."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product

import pytest
from amaranth.hdl import Fragment

from hw.trigger.layouts import Widths
from hw.trigger.tracker import Tracker
from tests.hw.clocked import Ports, clocked, registers_of
from tests.hw.trigger.mutants import undetected

SIDES = ("own", "incoming")
MOST_STATES = 5000


@dataclass(frozen=True)
class Tile:
    """A tile, and the sides that update each of its words once."""

    number: int
    sides: tuple[str, ...] = SIDES

    @property
    def chunk(self) -> int:
        return self.number % 3


@dataclass(frozen=True)
class Work:
    """All tiles in the order in which both sides come to them."""

    tiles: tuple[Tile, ...]
    rows: int

    def word(self, side: str, done: int) -> tuple[Tile, int] | None:
        """Tile and row of a side's word after `done` words."""
        own = [tile for tile in self.tiles if side in tile.sides]
        return (own[done // self.rows], done % self.rows) if done < len(own) * self.rows else None

    def updates(self, tile: Tile, done: dict[str, int]) -> dict[str, int]:
        """How many words of a tile each side has updated."""
        counts = {}
        for side in tile.sides:
            own = [one for one in self.tiles if side in one.sides]
            counts[side] = min(max(done[side] - own.index(tile) * self.rows, 0), self.rows)
        return counts

    def complete(self, done: dict[str, int]) -> list[Tile]:
        return [
            tile
            for tile in self.tiles
            if sum(self.updates(tile, done).values()) == len(tile.sides) * self.rows
        ]

    def under_way(self, done: dict[str, int]) -> list[Tile]:
        """Those with some of their updates."""
        return [
            tile
            for tile in self.tiles
            if 0 < sum(self.updates(tile, done).values()) < len(tile.sides) * self.rows
        ]


@dataclass(frozen=True)
class State:
    """What has happened: words of each side, triggers taken."""

    own: int = 0
    incoming: int = 0
    taken: int = 0

    @property
    def done(self) -> dict[str, int]:
        return {"own": self.own, "incoming": self.incoming}


def offer(ports: Ports, work: Work, state: State) -> dict[str, tuple[Tile, int] | None]:
    """Show the next words of both sides."""
    words = {side: work.word(side, state.done[side]) for side in SIDES}
    ports["rows"] = work.rows
    for side, word in words.items():
        if word:
            ports[f"{side}_tile"], ports[f"{side}_chunk"] = word[0].number, word[0].chunk
            ports[f"{side}_expected"] = len(word[0].sides)
    return words


def compare(ports: Ports, work: Work, state: State, sets: int, ways: int) -> dict[str, bool]:
    """All outputs of a cycle but `peak`; returns which sides may count."""
    words = offer(ports, work, state)
    complete, held = work.complete(state.done), work.under_way(state.done)
    pending = complete[state.taken :]
    # A trigger comes a cycle after the last update, and the next one not before it is taken.
    assert len(pending) <= 1
    assert ports["trigger.valid"] == len(pending)
    if pending:
        assert ports["trigger.payload.tile"] == pending[0].number
        assert ports["trigger.payload.chunk"] == pending[0].chunk
    assert ports["empty"] == (not held and not pending)
    may = dict.fromkeys(SIDES, False)
    for side, word in words.items():
        if word is None:
            continue
        tile, row = word
        updates = work.updates(tile, state.done)
        last = sum(updates.values()) + 1 == len(tile.sides) * work.rows
        entries = [one for one in held if one.sides == SIDES]
        beside = sum(one.number % sets == tile.number % sets for one in entries)
        room = tile.sides != SIDES or tile in held or beside < ways
        may[side] = room and not (last and pending and not ports["trigger.ready"])
        assert ports[f"{side}_ready"] == may[side], (side, tile)
        if may[side]:
            others = [count for other, count in updates.items() if other != side]
            assert ports[f"{side}_first"] == all(count <= row for count in others)
    return may


def explore(
    work: Work, sets: int, ways: int, tracker: Tracker | None = None, design: Fragment | None = None
) -> int:
    """Every state that the tracker can get into, and every input in each; returns their number."""
    tracker = tracker or make_tracker(sets, ways)
    design = design or Fragment.get(tracker, None)
    registers = registers_of(design)
    all_words = {side: sum(side in tile.sides for tile in work.tiles) for side in SIDES}
    goal = State(*(count * work.rows for count in all_words.values()), len(work.tiles))
    seen: set[tuple[State, tuple[int, ...]]] = set()

    def bench(ports: Ports) -> Iterator[None]:
        peak = registers_index(ports, registers)
        start = State(), ports.save(registers)
        waiting = [start]
        seen.add(start)
        while waiting:
            assert len(seen) <= MOST_STATES, "it counts without end"
            state, held = waiting.pop()
            moves = False
            for ready, side in product((0, 1), (*SIDES, None)):
                ports.restore(registers, held)
                ports["trigger.ready"] = ready
                for one in SIDES:
                    ports[f"{one}_count"] = 0
                may = compare(ports, work, state, sets, ways)
                behind = (
                    "own"
                    if _reached(work, state, "own") <= _reached(work, state, "incoming")
                    else "incoming"
                )
                if ready and work.word(behind, state.done[behind]):
                    assert may[behind], "a deadlock"
                takes = ready and ports["trigger.valid"]
                counts = side is not None and may[side]
                if side is not None and not counts:
                    continue
                if counts:
                    ports[f"{side}_count"] = 1
                    # What may happen does not depend on what does.
                    assert compare(ports, work, state, sets, ways) == may
                moves = moves or bool(takes or counts)
                after = State(
                    state.own + (counts and side == "own"),
                    state.incoming + (counts and side == "incoming"),
                    state.taken + bool(takes),
                )
                yield
                # The highest level ever is no part of what a tracker does next: it starts at 0.
                entries = [one for one in work.under_way(state.done) if one.sides == SIDES]
                assert ports["peak"] == len(entries)
                ports["own_count"] = ports["incoming_count"] = 0
                following = list(ports.save(registers))
                following[peak] = 0
                found = after, tuple(following)
                if found not in seen:
                    seen.add(found)
                    waiting.append(found)
            assert moves or state == goal
        assert any(state == goal for state, _ in seen)

    clocked(tracker, bench, design=design)
    return len(seen)


def _reached(work: Work, state: State, side: str) -> int:
    """Where in the order of tiles and rows a side is."""
    word = work.word(side, state.done[side])
    if word is None:
        return len(work.tiles) * work.rows
    return work.tiles.index(word[0]) * work.rows + word[1]


def registers_index(ports: Ports, registers: Sequence[object]) -> int:
    """Which of the registers holds the peak."""
    return next(i for i, one in enumerate(registers) if getattr(one, "name", "") == "peak")


def make_tracker(sets: int, ways: int, words: int = 16) -> Tracker:
    return Tracker(Widths(devices=3, words=words, lanes=1, lane=1), sets, ways)


OWN, INCOMING = ("own",), ("incoming",)
ALL_TWICE = tuple(Tile(number) for number in (6, 7, 0, 1, 4))
OWN_FIRST = (Tile(9, OWN), Tile(5, OWN), Tile(1), Tile(2), Tile(3))
INCOMING_ONLY = tuple(Tile(number, INCOMING) for number in (3, 0, 2))


@pytest.mark.fast
@pytest.mark.parametrize("rows", [1, 2])
@pytest.mark.parametrize(("sets", "ways"), [(1, 1), (1, 3), (2, 1), (3, 2), (16, 1)])
@pytest.mark.parametrize("tiles", [ALL_TWICE, OWN_FIRST, INCOMING_ONLY], ids=["two", "own", "one"])
def test_every_order_of_updates(tiles: tuple[Tile, ...], sets: int, ways: int, rows: int) -> None:
    states = explore(Work(tiles, rows), sets, ways)
    assert states >= len(tiles) * rows


def test_faults_are_found() -> None:
    def check(tracker: Tracker, design: Fragment) -> None:
        for tiles in (OWN_FIRST, INCOMING_ONLY):
            explore(Work(tiles, 2), 1, 2, tracker, design)

    assert undetected(partial(make_tracker, 1, 2), check) == []
