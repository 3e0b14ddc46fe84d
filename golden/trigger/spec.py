"""`RingSpec`: the one description of a ring of devices that compute and communicate at once."""

from collections.abc import Mapping
from typing import Any

from annotated_types import Ge, Le
from pydantic import BaseModel, ConfigDict, Field, StrictInt, ValidationError

from golden.spec import SpecError

DEVICES = range(2, 9)


class RingSpec(BaseModel):
    """A ring of devices: an engine each, a memory that computes, a tracker, a DMA and a link.

    A word is a row of C, one beat of the engine's results, of the memory's bus and of the link.
    Times are in cycles of the engine's clock.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    devices: StrictInt = Field(
        default=4, ge=DEVICES.start, le=DEVICES.stop - 1, description="devices in the ring, 2 to 8"
    )
    words: StrictInt = Field(
        default=4096, ge=2, le=1 << 20, description="words of a device's memory"
    )
    memory_latency: StrictInt = Field(
        default=20, ge=1, le=4096, description="cycles from an access's start to its answer"
    )
    memory_interval: StrictInt = Field(
        default=4, ge=1, le=4096, description="cycles that an access keeps a bank busy"
    )
    banks: StrictInt = Field(default=8, ge=1, le=256, description="banks of the memory")
    queue: StrictInt = Field(
        default=16, ge=2, le=4096, description="accesses that wait in the memory"
    )
    threshold: StrictInt = Field(
        default=8,
        ge=1,
        le=4096,
        description="accesses in the queue from which communication waits (t3-mca)",
    )
    starvation: StrictInt = Field(
        default=8,
        ge=1,
        le=1 << 16,
        description="cycles after which who comes second waits no longer (t3-mca, t3-link)",
    )
    prefetch: StrictInt = Field(
        default=16, ge=2, le=4096, description="operand beats, and words to send, read ahead"
    )
    sets: StrictInt = Field(default=32, ge=1, le=4096, description="sets of the tracker")
    ways: StrictInt = Field(default=8, ge=1, le=64, description="tiles in a set of the tracker")
    link_latency: StrictInt = Field(
        default=50, ge=1, le=4096, description="cycles from device to device"
    )
    link_interval: StrictInt = Field(
        default=8, ge=1, le=4096, description="cycles from word to word"
    )
    credits: StrictInt = Field(
        default=64, ge=1, le=1 << 16, description="words on the way that the receiver has room for"
    )

    @classmethod
    def make(cls, fields: Any) -> "RingSpec":
        """The ring with these fields.

        Raises
        ------
        SpecError
            Everything that is wrong, at once.
        """
        if not isinstance(fields, Mapping):
            raise SpecError([f"ring: {fields!r} given, use a table such as {{devices = 4}}"])
        try:
            return cls(**fields)
        except ValidationError as error:
            raise SpecError(cls._line(problem) for problem in error.errors()) from None

    @classmethod
    def _line(cls, problem: Any) -> str:
        name = problem["loc"][0]
        if name not in cls.model_fields:
            known = ", ".join(cls.model_fields)
            return (
                f"ring.{name}: {problem['input']!r} given, but there is no such field: use {known}"
            )
        limits = cls.model_fields[name].metadata
        least = next(limit.ge for limit in limits if isinstance(limit, Ge))
        most = next(limit.le for limit in limits if isinstance(limit, Le))
        return f"ring.{name}: {problem['input']!r} given, use a whole number from {least} to {most}"

    @property
    def entries(self) -> int:
        """Tiles in the tracker."""
        return self.sets * self.ways
