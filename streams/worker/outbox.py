"""`KafkaOutbox`: everything that a worker sends, awaited until the brokers have it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from schemas.errors import RetryError
from schemas.kafka_security import security_options
from schemas.settings import KafkaSettings
from streams.ports import DeadLetter
from streams.worker.letter_record import seal_letter
from streams.worker.sealing import Seal

#: Forwarded records may be as large as any that the broker took.
_MAX_REQUEST_BYTES = 8 << 20
#: Below what a broker takes by default, a megabyte.
_BATCH_BYTES = 512 << 10


class KafkaOutbox:
    """The `Outbox` of a worker: an idempotent producer of its own (acks=all).

    Faust's producer costs some 100 µs a record in signals and log calls; a flood of alerts must
    not hold the events up.
    """

    def __init__(self, settings: KafkaSettings, seal: Seal) -> None:
        self._settings = settings
        self._seal = seal
        self._producer: AIOKafkaProducer | None = None

    async def forward(self, partition: int, key: bytes | None, value: bytes | None) -> None:
        """Send a record of the events topic home."""
        await self._send(self._settings.events_topic, key, value, partition)

    async def dead_letter(self, letter: DeadLetter) -> None:
        """Seal and send a dead letter."""
        record = seal_letter(letter, self._seal)
        await self._send(
            self._settings.dead_letters_topic,
            record.letter_id.encode(),
            record.model_dump_json().encode(),
        )

    async def alerts(self, records: Sequence[tuple[str, bytes]]) -> None:
        """Send alert records, all of which are on their way at once."""
        topic = self._settings.alerts_topic
        with _retryable(topic):
            producer = await self._started()
            answers = [await producer.send(topic, value, key.encode()) for key, value in records]
            await asyncio.gather(*answers)

    async def close(self) -> None:
        """Stop the producer."""
        if self._producer is not None:
            await self._producer.stop()
            self._producer = None

    async def _send(
        self, topic: str, key: bytes | None, value: bytes | None, partition: int | None = None
    ) -> None:
        with _retryable(topic):
            producer = await self._started()
            await (await producer.send(topic, value, key, partition))

    async def _started(self) -> AIOKafkaProducer:
        producer = self._producer
        if producer is None:
            producer = AIOKafkaProducer(**_options(self._settings))
            await producer.start()
            self._producer = producer
        return producer


@contextmanager
def _retryable(topic: str) -> Iterator[None]:
    try:
        yield
    except (KafkaError, OSError) as error:
        raise RetryError(f"Kafka does not take a record for {topic}: {error}") from error


def _options(settings: KafkaSettings) -> dict[str, Any]:
    return {
        "bootstrap_servers": settings.bootstrap,
        "acks": "all",
        "enable_idempotence": True,
        "linger_ms": 5,
        # Every batch that leaves wakes whoever waits for room in the next: with small ones a
        # flood costs its square (50,000 alerts took 90 s, and take 12 s).
        "max_batch_size": _BATCH_BYTES,
        "max_request_size": _MAX_REQUEST_BYTES,
        **security_options(settings),
    }
