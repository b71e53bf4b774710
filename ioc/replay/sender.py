"""Sends a stream of records to Kafka, at a chosen pace."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable

from ioc.replay.outgoing import OutgoingRecord
from ioc.replay.pacing import Pace, Pacer
from ioc.replay.producer import EventProducer
from schemas.settings import KafkaSettings

#: Records after which Kafka's answer is awaited and progress reported.
CHECKPOINT_RECORDS = 20_000
#: The same in seconds, for slow paces.
CHECKPOINT_SECONDS = 1.0
_SHORTEST_SLEEP_SECONDS = 0.005

Progress = Callable[[int], None]


def send_records(
    records: Iterable[OutgoingRecord],
    kafka_settings: KafkaSettings,
    *,
    rate: float | None = None,
    speed: float | None = None,
    on_progress: Progress | None = None,
) -> int:
    """Send records and return their number once Kafka has them all (acks=all, idempotent).

    Blocks, and runs an event loop of its own: not to be called from a coroutine.

    Args:
        records: read lazily, in order.
        kafka_settings: broker and events topic.
        rate: records per second at most.
        speed: pace by event time: 1 is real time, 3600 an hour per second.
        on_progress: called with the number that Kafka has, about every second.

    Raises:
        RetryError: Kafka is away; some records may be there, and sending all again is harmless.
        ConfigurationError: address, topic, partition or pace is wrong.
    """
    return asyncio.run(send(records, kafka_settings, Pace(rate, speed), on_progress))


async def send(
    records: Iterable[OutgoingRecord],
    kafka_settings: KafkaSettings,
    pace: Pace,
    on_progress: Progress | None = None,
) -> int:
    """Do what `send_records` says, within a running event loop."""
    count = 0
    async with EventProducer(kafka_settings) as producer:
        sender = PacedSender(producer, pace)
        for record in records:
            await sender.add(record)
            count += 1
            if sender.checkpoint_due():
                await sender.flush()
                if on_progress is not None:
                    on_progress(count)
        await sender.flush()
    if on_progress is not None:
        on_progress(count)
    return count


class PacedSender:
    """Adds records to a producer at a pace, and says when it is time to wait for Kafka."""

    def __init__(self, producer: EventProducer, pace: Pace) -> None:
        now = time.monotonic()
        self._producer = producer
        self._pacer = None if pace == Pace() else Pacer(pace, now)
        self._unflushed = 0
        self._flushed_at = now

    async def add(self, record: OutgoingRecord) -> None:
        """Wait until the record is due and queue it; while waiting, everything before it goes."""
        if self._pacer is not None:
            wait = self._pacer.wait_seconds(record, time.monotonic())
            if wait > CHECKPOINT_SECONDS:
                await self.flush()
            elif wait > _SHORTEST_SLEEP_SECONDS:
                await self._producer.submit()
            if wait > _SHORTEST_SLEEP_SECONDS:
                await asyncio.sleep(wait)
        await self._producer.add(record)
        self._unflushed += 1

    def checkpoint_due(self) -> bool:
        """Whether enough went out, or enough time went by, to wait for Kafka's answer."""
        if self._unflushed >= CHECKPOINT_RECORDS:
            return True
        # The clock is asked rarely: it costs as much as adding a record.
        return (
            (self._pacer is not None or self._unflushed % 256 == 0)
            and self._unflushed > 0
            and time.monotonic() - self._flushed_at >= CHECKPOINT_SECONDS
        )

    async def flush(self) -> None:
        """Wait until Kafka has everything."""
        await self._producer.flush()
        self._unflushed = 0
        self._flushed_at = time.monotonic()
