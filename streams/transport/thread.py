"""The thread that talks to Kafka: aiokafka's consumer in an event loop of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Set
from typing import Any, Final

from aiokafka import AIOKafkaConsumer
from aiokafka.structs import TopicPartition
from faust.transport.drivers.aiokafka import AIOKafkaConsumerThread
from faust.types import TP
from mode.utils.logging import get_logger

from streams.transport.settings import (
    FETCH_MAX_WAIT_MILLISECONDS,
    FEW_RECORDS,
    GATHER_BYTES,
    GATHER_MILLISECONDS,
    MAX_RECORDS,
)

log = get_logger(__name__)

_STOP_SECONDS: Final = 1.5
_LAST_TASKS_SECONDS: Final = 0.5


class ChunkedConsumerThread(AIOKafkaConsumerThread):
    """Faust's consumer thread, whose fetches are short, bounded and can be woken."""

    def _create_worker_consumer(self, transport: Any) -> AIOKafkaConsumer:
        consumer = super()._create_worker_consumer(transport)
        # Faust leaves no other way to set these two; aiokafka reads them when it starts.
        consumer._fetch_max_wait_ms = FETCH_MAX_WAIT_MILLISECONDS
        if consumer._max_poll_records is None:
            consumer._max_poll_records = getattr(self.app, "chunk_max_records", MAX_RECORDS)
        return consumer

    def pace(self, records: int) -> None:
        """Let the next fetches gather, or not, by what the last one brought. From any thread."""
        if self._consumer is None:
            return
        # aiokafka reads both whenever it asks the broker.
        fetcher = self._consumer._fetcher
        gathers = 0 < records < FEW_RECORDS
        fetcher._fetch_min_bytes = GATHER_BYTES if gathers else 1
        fetcher._fetch_max_wait_ms = GATHER_MILLISECONDS if gathers else FETCH_MAX_WAIT_MILLISECONDS

    async def on_thread_stop(self) -> None:
        """Leave the group and disconnect, within a bounded time.

        Saying goodbye to a broker that hangs would take the whole request time-out; without
        it the group notices after the session's.
        """
        # Cancelling is no way out: aiokafka's stop swallows it where it waits for its tasks.
        stop = asyncio.create_task(super().on_thread_stop())
        _, pending = await asyncio.wait({stop}, timeout=_STOP_SECONDS)
        if pending:
            log.warning("The broker does not answer; leaving without a goodbye")
        else:
            stop.result()

    async def _gather_remaining_tasks(self) -> None:
        remaining = asyncio.all_tasks() - {asyncio.current_task()}
        for task in remaining:
            task.cancel()
        if remaining:
            await asyncio.wait(remaining, timeout=_LAST_TASKS_SECONDS)

    def wake(self) -> None:
        """Let a waiting fetch look at its partitions again. Callable from any thread."""
        if not self.should_stop and not self.thread_loop.is_closed():
            self.thread_loop.call_soon_threadsafe(self._notify_fetch_waiters)

    def _notify_fetch_waiters(self) -> None:
        if self._consumer is not None and not self._consumer._closed:
            fetcher = self._consumer._fetcher
            for waiter in list(fetcher._fetch_waiters):
                fetcher._notify(waiter)

    async def rewind(self, positions: Mapping[TP, int]) -> None:
        """Fetch again from these offsets; partitions that are gone are passed over."""
        await self.call_thread(self._rewind, positions)

    async def _rewind(self, positions: Mapping[TP, int]) -> None:
        consumer = self._ensure_consumer()
        for tp, offset in positions.items():
            if tp in consumer.assignment():
                consumer.seek(TopicPartition(tp.topic, tp.partition), offset)

    async def rewind_to_beginning(self, partitions: Set[TP]) -> None:
        """Fetch from the oldest record again; partitions that are gone are passed over."""
        await self.call_thread(self._rewind_to_beginning, partitions)

    async def _rewind_to_beginning(self, partitions: Set[TP]) -> None:
        consumer = self._ensure_consumer()
        assigned = [
            TopicPartition(tp.topic, tp.partition)
            for tp in partitions
            if tp in consumer.assignment()
        ]
        if assigned:
            await consumer.seek_to_beginning(*assigned)
