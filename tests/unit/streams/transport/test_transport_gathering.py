"""Chunks gathered to one batch, without Kafka."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

from streams.transport import Chunk, Gathering
from streams.transport.span import SpanLedger

TOPIC = "alerts"


@dataclass
class Record:
    offset: int
    value: bytes | None


@dataclass
class Event:
    value: Chunk


class Stream:
    """What a Faust stream is to its agent; hands out chunks as they are put in."""

    def __init__(self) -> None:
        self.queue: asyncio.Queue[Chunk] = asyncio.Queue()

    def noack(self) -> Stream:
        return self

    async def events(self) -> AsyncIterator[Event]:
        while True:
            yield Event(await self.queue.get())


class Stage:
    def __init__(self) -> None:
        self.ledger = SpanLedger()
        self.stream = Stream()
        self.gathering = Gathering(0.01)
        self.batches: Any = self.gathering.batches()
        self.collecting = asyncio.create_task(self.gathering.collect(self.stream))

    def put(self, partition: int, first: int, *values: bytes | None) -> None:
        records: list[Any] = [Record(first + n, value) for n, value in enumerate(values)]
        span = self.ledger.open(
            (TOPIC, partition),
            first_offset=first,
            last_offset=records[-1].offset,
            generation=1,
        )
        self.stream.queue.put_nowait(Chunk(records, span))

    async def end(self) -> None:
        await self.batches.aclose()
        self.collecting.cancel()
        await asyncio.gather(self.collecting, return_exceptions=True)


def test_chunks_of_all_partitions_that_come_within_the_time_are_one_batch() -> None:
    async def run() -> None:
        stage = Stage()
        stage.put(0, 100, b"a", b"b")
        stage.put(3, 7, b"c", None)
        assert sorted(await anext(stage.batches)) == [b"a", b"b", b"c"]
        stage.put(0, 102, b"d")
        assert await anext(stage.batches) == [b"d"]
        await stage.end()

    asyncio.run(run())


def test_a_batch_is_acknowledged_when_the_next_one_is_asked_for_and_not_before() -> None:
    async def run() -> None:
        stage = Stage()
        stage.put(0, 100, b"a", b"b")
        await anext(stage.batches)
        # While that is being stored, another one comes: it is of the next batch.
        stage.put(0, 102, b"c")
        await asyncio.sleep(0.05)
        assert stage.ledger.committable_offset((TOPIC, 0)) is None
        assert await anext(stage.batches) == [b"c"]
        assert stage.ledger.committable_offset((TOPIC, 0)) == 102
        await stage.end()

    asyncio.run(run())


def test_what_could_not_be_stored_is_never_acknowledged() -> None:
    async def run() -> None:
        stage = Stage()
        stage.put(0, 100, b"a")
        await anext(stage.batches)
        await stage.end()  # as an error that leaves the loop over the batches does
        assert stage.ledger.committable_offset((TOPIC, 0)) is None
        assert stage.ledger.outstanding((TOPIC, 0)) == 1

    asyncio.run(run())
