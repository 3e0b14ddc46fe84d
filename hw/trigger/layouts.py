"""What moves between the units of a device."""

from dataclasses import dataclass

from amaranth.hdl import Const, Value
from amaranth.lib import data, enum

from golden.trigger.device import COUNTERS
from golden.trigger.program import Action, Config, Incoming, Priority
from golden.trigger.spec import RingSpec

COUNTER = 32
"""Bits of a counter."""


def below(count: int) -> range:
    """Numbers from 0 to `count` - 1, and a signal for them has a bit at least."""
    return range(max(2, count))


class Op(enum.Enum, shape=2):  # type: ignore[call-arg]
    """What a memory access does.

    LOAD answers with the word. UPDATE adds to it in place. OPERAND stands for a word of the
    engine's operands, which the host holds: it costs an access and answers without data.
    """

    LOAD = 0
    STORE = 1
    UPDATE = 2
    OPERAND = 3


class Tag(enum.Enum, shape=3):  # type: ignore[call-arg]
    """Whom a memory answers."""

    A = 0
    B = 1
    S = 2
    DMA = 3
    RECEIVE = 4


@dataclass(frozen=True, kw_only=True)
class Widths:
    """Bits of what devices of one ring count and carry.

    Parameters
    ----------
    devices : int
    words : int
        Of a memory.
    lanes, lane : int
        Numbers in a word, and bits of one.
    """

    devices: int
    words: int
    lanes: int
    lane: int

    @classmethod
    def of(cls, ring: RingSpec, lanes: int, lane: int) -> "Widths":
        """Those of `ring` with words of `lanes` numbers of `lane` bits."""
        return cls(devices=ring.devices, words=ring.words, lanes=lanes, lane=lane)

    @property
    def chunk(self) -> int:
        """Bits of a chunk's number."""
        return (self.devices - 1).bit_length()

    @property
    def tile(self) -> int:
        """Bits of a tile's or a row's number and of an address."""
        return max(1, (self.words - 1).bit_length())

    @property
    def count(self) -> int:
        """Bits of a number of tiles, rows or words of a memory."""
        return self.words.bit_length()

    @property
    def word(self) -> int:
        """Bits of a word."""
        return self.lanes * self.lane

    @property
    def chunk_layout(self) -> data.StructLayout:
        """What a phase does with a chunk: see `golden.trigger.program.Chunk`."""
        return data.StructLayout(
            {
                "first": self.tile,
                "address": self.tile,
                "tiles": self.count,
                "remote": 1,
                "expected": 2,
                "action": Action,
                "ready": 1,
            }
        )

    @property
    def config(self) -> data.StructLayout:
        """A phase: `origin` is the chunk a device begins with, `due` what it ends after."""
        return data.StructLayout(
            {
                "rows": self.count,
                "origin": self.chunk,
                "incoming": Incoming,
                "priority": Priority,
                "due": data.StructLayout(
                    dict.fromkeys(("produced", "received", "sent", "a", "b", "s"), COUNTER)
                ),
                "chunks": data.ArrayLayout(self.chunk_layout, self.devices),
            }
        )

    def encode(self, config: Config) -> int:
        """A phase as a payload of `config`."""
        chunks = [
            {name: getattr(chunk, name) for name in self.chunk_layout.members}
            for chunk in config.chunks
        ]
        due = {"produced": config.produced, "received": config.received, "sent": config.sent}
        beats = {name: config.beats.get(name, 0) for name in "abs"}
        constant = self.config.const(
            {
                "rows": config.rows,
                "origin": config.origin,
                "incoming": config.incoming,
                "priority": config.priority,
                "due": {**due, **beats},
                "chunks": chunks,
            }
        )
        encoded = Value.cast(constant)
        assert isinstance(encoded, Const)
        return encoded.value

    @property
    def place(self) -> dict[str, int]:
        """Where a word belongs: address = tile * rows + row."""
        return {"chunk": self.chunk, "tile": self.tile, "address": self.tile}

    @property
    def link_word(self) -> data.StructLayout:
        """A word on its way to another device or to the host."""
        return data.StructLayout({**self.place, "data": self.word})

    @property
    def request(self) -> data.StructLayout:
        """A memory access; `address` and `data` where the operation has them."""
        return data.StructLayout({"op": Op, "tag": Tag, "address": self.tile, "data": self.word})

    @property
    def answer(self) -> data.StructLayout:
        """What a memory says to LOAD and OPERAND."""
        return data.StructLayout({"tag": Tag, "data": self.word})


COUNTERS_LAYOUT = data.StructLayout(dict.fromkeys(COUNTERS, COUNTER))
