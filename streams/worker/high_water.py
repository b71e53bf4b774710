"""How many records each partition has: what fetches told, or what the broker says when asked."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any, Final

from aiokafka.errors import KafkaError
from faust.types import TP

_ASK_SECONDS: Final = 2.0


class HighWaters:
    """Offsets of the next records that Kafka will get, per partition of one topic.

    A fetch tells it too, but a partition that waits for the warehouse is not fetched: its lag would
    stand still just while it grows.
    """

    def __init__(self, app: Any, topic: str) -> None:
        self._app, self._topic = app, topic
        self._asked: dict[int, int] = {}

    def of(self, partition: int) -> int | None:
        """Return the newest that is known of a partition; None = nothing yet."""
        fetched: int | None = self._app.consumer.highwater(TP(self._topic, partition))
        asked = self._asked.get(partition)
        return max((each for each in (fetched, asked) if each is not None), default=None)

    async def keep_asking(self, partitions: Iterable[int]) -> None:
        """Ask every two seconds until the app stops; a broker that is away is asked again.

        Args:
            partitions: those of this worker; read anew for each question.
        """
        while not self._app.should_stop:
            await asyncio.sleep(_ASK_SECONDS)
            places = [TP(self._topic, partition) for partition in list(partitions)]
            if not places:
                continue
            try:
                ends = await self._app.consumer.highwaters(*places)
            except KafkaError:
                continue
            self._asked = {place.partition: end for place, end in ends.items()}
