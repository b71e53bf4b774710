"""Chunks: the unit in which records reach an agent."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from operator import add, attrgetter
from typing import Protocol

from streams.transport.span import Span

_key_bytes: Callable[[object], int] = attrgetter("serialized_key_size")
_value_bytes: Callable[[object], int] = attrgetter("serialized_value_size")


class Record(Protocol):
    """What this package uses of aiokafka's ``ConsumerRecord``."""

    @property
    def offset(self) -> int:
        """Place in the partition."""

    @property
    def timestamp(self) -> int:
        """Milliseconds since the epoch."""

    @property
    def timestamp_type(self) -> int:
        """0: set by the producer; 1: set by the broker on append."""

    @property
    def key(self) -> bytes | None:
        """Key as sent."""

    @property
    def value(self) -> bytes | None:
        """Value as sent."""

    @property
    def headers(self) -> Sequence[tuple[str, bytes]]:
        """Headers as sent."""

    @property
    def serialized_key_size(self) -> int:
        """Bytes of the key; -1 without one."""

    @property
    def serialized_value_size(self) -> int:
        """Bytes of the value; -1 without one."""


class Chunk:
    """Records of one partition in the order of their offsets, at least one.

    Attributes:
        records: aiokafka's ``ConsumerRecord`` objects, untouched.
        span: to be acknowledged once everything that follows from the records is stored.
        high_water: offset after the partition's newest record as the broker told with the
            fetch, so that ``high_water - last_offset - 1`` records were still waiting;
            None if not known yet.
    """

    __slots__ = ("__weakref__", "high_water", "records", "span")

    def __init__(
        self, records: Sequence[Record], span: Span, high_water: int | None = None
    ) -> None:
        self.records = records
        self.span = span
        self.high_water = high_water

    @property
    def topic(self) -> str:
        """Name of the topic."""
        return self.span.topic

    @property
    def partition(self) -> int:
        """Number of the partition."""
        return self.span.partition

    @property
    def first_offset(self) -> int:
        """Offset of the first record."""
        return self.span.first_offset

    @property
    def last_offset(self) -> int:
        """Offset of the last record."""
        return self.span.last_offset

    def __len__(self) -> int:
        return len(self.records)

    def __repr__(self) -> str:
        return f"<Chunk of {len(self.records)} records, {self.span!r}>"


def size_bytes(records: Sequence[Record]) -> int:
    """Bytes of all keys and values, one too few for each that is absent."""
    return sum(map(_value_bytes, records)) + sum(map(_key_bytes, records))


def split(
    records: Sequence[Record], *, max_records: int, max_bytes: int
) -> Iterator[Sequence[Record]]:
    """Cut a fetched list into pieces within both bounds, in order.

    A single record larger than ``max_bytes`` is a piece of its own. Python code runs
    once for each piece; what is done for each record is done in C.
    """
    if len(records) <= max_records and size_bytes(records) <= max_bytes:
        if records:
            yield records
        return
    ends = list(accumulate(map(add, map(_value_bytes, records), map(_key_bytes, records))))
    start, before = 0, 0
    while start < len(records):
        fitting = bisect_right(ends, before + max_bytes, start, len(records))
        end = min(start + max_records, max(start + 1, fitting))
        yield records[start:end]
        start, before = end, ends[end - 1]
