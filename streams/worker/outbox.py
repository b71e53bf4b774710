"""`KafkaOutbox`: everything that a worker sends, awaited until the brokers have it."""

from __future__ import annotations

from typing import Any

from aiokafka.errors import KafkaError
from faust.exceptions import ProducerSendError

from schemas.errors import RetryError
from schemas.settings import KafkaSettings
from streams.ports import DeadLetter
from streams.worker.letter_record import seal_letter
from streams.worker.sealing import Seal


class KafkaOutbox:
    """The `Outbox` of a worker, on Faust's own producer (acks=all)."""

    def __init__(self, app: Any, settings: KafkaSettings, seal: Seal) -> None:
        self._app = app
        self._settings = settings
        self._seal = seal

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
            None,
        )

    async def alert(self, key: str, value: bytes) -> None:
        """Send an alert record."""
        await self._send(self._settings.alerts_topic, key.encode(), value, None)

    async def _send(
        self, topic: str, key: bytes | None, value: bytes | None, partition: int | None
    ) -> None:
        try:
            producer = await self._app.maybe_start_producer()
            await producer.send_and_wait(topic, key, value, partition, None, None)
        except (KafkaError, ProducerSendError, OSError) as error:
            raise RetryError(f"Kafka does not take a record for {topic}: {error}") from error
