"""Counts the updates of every tile and says, once, when all have come."""

from typing import Any

from amaranth.hdl import Module, Mux, Signal
from amaranth.lib import data, memory, stream, wiring
from amaranth.lib.wiring import In, Out

from hw.trigger.layouts import COUNTER, Widths, below


class Tracker(wiring.Component):
    """A set-associative table of tiles under way (T3, section 4.2).

    A tile that both own results and incoming words update takes an entry with its first update and
    frees it with its last, which triggers. An update is counted when it enters the memory's queue,
    so that what is triggered comes after it there. While no way is free, the update of a tile
    without an entry is not `ready`: it waits. So does a last update while the trigger before is not
    taken. Nothing is ever lost.

    Both sides come to tiles and rows in the same order. The one who is behind thus always finds an
    entry, and goes on; which of the two has come more often tells whether a word is the first of
    its place. A tile with updates from one side only takes no entry, but a count of the words of
    the one tile that the side is at: it never waits for entries of a side that is ahead. Triggers
    come in the order of tiles as long as tiles of own results alone come before those of both.

    Parameters
    ----------
    widths : Widths
    sets, ways : int
        Entries. Set: the tile modulo `sets`.

    Members
    -------
    rows : In(widths.count)
        Words of a tile.
    own_tile, own_chunk, own_expected : In
        Of the engine's next result: where it belongs and how many updates a word there gets, 1
        or 2.
    own_ready, own_first : Out(1)
        It may be counted; its word has had no update yet.
    own_count : In(1)
        It is, in this cycle. At most one of the two is.
    incoming_... :
        The same for words from the link.
    trigger : Out(stream of chunk and tile)
        A tile is complete, a cycle after its last update.
    peak : Out(COUNTER)
        Most entries taken at once since the reset, a cycle late.
    empty : Out(1)
        No tile is under way and no trigger waits.
    """

    def __init__(self, widths: Widths, sets: int, ways: int) -> None:
        self._widths, self._sets, self._ways = widths, sets, ways
        side = {
            "tile": In(widths.tile),
            "chunk": In(widths.chunk),
            "expected": In(2),
            "ready": Out(1),
            "first": Out(1),
            "count": In(1),
        }
        trigger = data.StructLayout({"chunk": widths.chunk, "tile": widths.tile})
        super().__init__(
            {
                "rows": In(widths.count),
                **{f"own_{name}": member for name, member in side.items()},
                **{f"incoming_{name}": member for name, member in side.items()},
                "trigger": Out(stream.Signature(trigger)),
                "peak": Out(COUNTER),
                "empty": Out(1),
            }
        )

    @property
    def entry(self) -> data.StructLayout:
        """What is kept of a tile, beside whether the entry is taken."""
        tags = -(-self._widths.words // self._sets)
        return data.StructLayout(
            {
                "tag": max(1, (tags - 1).bit_length()),
                "own": self._widths.count,
                "incoming": self._widths.count,
            }
        )

    @property
    def state_bits(self) -> int:
        """Bits of all entries."""
        return self._sets * self._ways * (self.entry.size + 1)

    def elaborate(self, platform: object) -> Module:
        m = Module()
        ways = [
            memory.Memory(shape=self.entry, depth=max(2, self._sets), init=[])
            for _ in range(self._ways)
        ]
        taken = [Signal(self._sets, name=f"taken_{way}") for way in range(self._ways)]
        for way, words in enumerate(ways):
            m.submodules[f"way_{way}"] = words
        own, own_row = self._look_up(m, "own", ways, taken)
        incoming, incoming_row = self._look_up(m, "incoming", ways, taken)
        m.d.comb += [
            self.own_first.eq(own.entry.incoming <= own.entry.own),
            self.incoming_first.eq(incoming.entry.own <= incoming.entry.incoming),
        ]

        # The one that counts.
        counts, found = Signal(), Signal(own.shape())
        written = Signal(self.entry)
        m.d.comb += [
            counts.eq((self.own_count | self.incoming_count) & ~found.single),
            found.eq(Mux(self.own_count, own, incoming)),
            written.tag.eq(found.entry.tag),
            written.own.eq(found.entry.own + self.own_count),
            written.incoming.eq(found.entry.incoming + ~self.own_count),
        ]
        for way, words in enumerate(ways):
            write, here = words.write_port(), counts & (found.way == way)
            m.d.comb += [write.addr.eq(found.set), write.data.eq(written), write.en.eq(here)]
            with m.If(here):
                m.d.sync += taken[way].bit_select(found.set, 1).eq(~found.completes)

        level, peak = Signal(range(self._sets * self._ways + 1)), Signal(COUNTER)
        m.d.sync += level.eq(
            level
            + (counts & ~found.hit & ~found.completes)
            - (counts & found.hit & found.completes)
        )
        with m.If(level > peak):
            m.d.sync += peak.eq(level)
        idle = ~(level.any() | own_row.any() | incoming_row.any())
        m.d.comb += [self.peak.eq(peak), self.empty.eq(idle & ~self.trigger.valid)]

        with m.If((self.own_count | self.incoming_count) & found.completes):
            m.d.sync += [
                self.trigger.valid.eq(1),
                self.trigger.payload.tile.eq(
                    Mux(self.own_count, self.own_tile, self.incoming_tile)
                ),
                self.trigger.payload.chunk.eq(
                    Mux(self.own_count, self.own_chunk, self.incoming_chunk)
                ),
            ]
        with m.Elif(self.trigger.ready):
            m.d.sync += self.trigger.valid.eq(0)
        return m

    def _look_up(self, m: Module, side: str, ways: list[Any], taken: list[Signal]) -> Any:
        """The entry of a tile, or a free one with no update, and whether one more completes it.

        Also the words so far of a tile that takes no entry.
        """
        tile, expected = getattr(self, f"{side}_tile"), getattr(self, f"{side}_expected")
        found = Signal(
            data.StructLayout(
                {
                    "set": below(self._sets),
                    "way": below(self._ways),
                    "entry": self.entry,
                    "hit": 1,
                    "single": 1,
                    "completes": 1,
                }
            ),
            name=f"{side}_found",
        )
        free = Signal(name=f"{side}_free")
        place, tag = (
            Signal.like(found.set, name=f"{side}_set"),
            Signal.like(found.entry.tag, name=f"{side}_tag"),
        )
        m.d.comb += [
            place.eq(tile % self._sets),
            tag.eq(tile // self._sets),
            found.set.eq(place),
            found.entry.tag.eq(tag),
        ]
        for way, bits in reversed(list(enumerate(taken))):
            with m.If(~bits.bit_select(place, 1)):
                m.d.comb += [free.eq(1), found.way.eq(way)]
        for way, (words, bits) in enumerate(zip(ways, taken, strict=True)):
            read = words.read_port(domain="comb")
            m.d.comb += read.addr.eq(place)
            with m.If(bits.bit_select(place, 1) & (read.data.tag == tag)):
                m.d.comb += [
                    found.hit.eq(1),
                    found.way.eq(way),
                    found.entry.own.eq(read.data.own),
                    found.entry.incoming.eq(read.data.incoming),
                ]
        row = Signal(self._widths.count, name=f"{side}_row")
        with m.If(getattr(self, f"{side}_count") & found.single):
            m.d.sync += row.eq(Mux(found.completes, 0, row + 1))
        updates = found.entry.own + found.entry.incoming
        m.d.comb += [
            found.single.eq(expected == 1),
            found.completes.eq(
                Mux(found.single, row + 1 == self.rows, updates + 1 == self.rows << 1)
            ),
            getattr(self, f"{side}_ready").eq(
                (found.hit | free | found.single)
                & ~(found.completes & self.trigger.valid & ~self.trigger.ready)
            ),
        ]
        return found, row
