"""Puts records into Kafka for many requests at once; none counts as saved before all replicas."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Sequence

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from ioc.gateway.parcels import Delivery, Lane, Outgoing, Parcel
from ioc.kafka_client import kafka_options
from schemas.errors import RetryError
from schemas.events.shard import shards_of
from schemas.settings import KafkaSettings

_LOG = logging.getLogger("ioc.gateway")
_BATCH_BYTES = 256 * 1024
#: What a record costs beside key and value.
_RECORD_BYTES = 64
#: Shards of dossiers that are remembered; murmur2 costs 6 µs.
_SHARDS_KEPT = 200_000
_METADATA_MS = 10_000
_WATCH_SECONDS = 0.25
_RECONNECT_SECONDS = 1.0


class Outbox:
    """An idempotent producer with acks=all whose batches many requests fill together.

    While a batch is on its way the next one fills, so the busier it is, the fuller they are.
    aiokafka never gives an idempotent batch up: a request that no longer waits may still be
    stored later, which is harmless, and its bytes count until then.
    """

    def __init__(
        self, settings: KafkaSettings, *, max_unsaved_bytes: int, store_seconds: float
    ) -> None:
        """Connect to nothing yet.

        Args:
            settings: where Kafka is.
            max_unsaved_bytes: beyond it `put` refuses.
            store_seconds: after which a request hears that its records may not be saved.
        """
        self._settings = settings
        self._max_unsaved_bytes = max_unsaved_bytes
        self._store_seconds = store_seconds
        self._producer: AIOKafkaProducer | None = None
        self._gone: asyncio.Future[None] | None = None
        self._lanes: dict[tuple[str, int], Lane] = {}
        self._partitions: dict[str, int] = {}
        self._shards: dict[str, int] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._broken = asyncio.Event()
        self.unsaved_bytes = 0

    @property
    def is_ready(self) -> bool:
        """Whether Kafka took, or may take, what is put."""
        has_topic = self._settings.events_topic in self._partitions
        return self._producer is not None and has_topic and not self._is_stuck(time.monotonic())

    def begin(self) -> None:
        """Connect in the background, for as long as it takes."""
        self._tasks = [
            asyncio.create_task(self._keep_connected()),
            asyncio.create_task(self._watch()),
        ]

    async def close(self) -> None:
        """Wait shortly for what is on its way, then disconnect."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self._store_seconds):
                while self.unsaved_bytes and self._producer is not None:  # noqa: ASYNC110 - at the end
                    await asyncio.sleep(0.01)
        lanes = [lane.task for lane in self._lanes.values() if lane.task is not None]
        for task in (*self._tasks, *lanes):
            task.cancel()
        await asyncio.gather(*self._tasks, *lanes, return_exceptions=True)
        await self._disconnect()

    def put(self, topic: str, records: Sequence[Outgoing]) -> Delivery:
        """Queue records; await the delivery's future, then look at what failed.

        Order within a partition is the order of calls. The future is always done some time.

        Raises:
            RetryError: Kafka is away or slow, or too much waits; nothing was queued.
        """
        now = time.monotonic()
        partitions = self._partitions.get(topic, 0)
        if self._producer is None or not partitions or self._is_stuck(now):
            raise RetryError("Kafka is away")
        if self.unsaved_bytes > self._max_unsaved_bytes:
            raise RetryError("too much waits for Kafka")
        delivery = Delivery(asyncio.get_running_loop().create_future())
        if not records:
            delivery.future.set_result(None)
            return delivery
        touched: dict[int, list[int]] = {}
        for place, shard in enumerate(self._shards_of(records)):
            touched.setdefault(shard % partitions, []).append(place)
        for partition, places in touched.items():
            self._load(topic, partition, records, places, delivery, now)
        return delivery

    def _load(
        self,
        topic: str,
        partition: int,
        records: Sequence[Outgoing],
        places: list[int],
        delivery: Delivery,
        now: float,
    ) -> None:
        lane = self._lane(topic, partition)
        parcel = lane.parcels[-1] if lane.parcels else None
        mine: list[int] = []
        for place in places:
            dossier_id, value = records[place]
            key = dossier_id.encode()
            if parcel is None or not parcel.takes(key, value):
                self._await(parcel, delivery, mine)
                mine = []
                parcel = self._open(lane, now)
                parcel.takes(key, value)
            mine.append(place)
            size = len(key) + len(value) + _RECORD_BYTES
            parcel.bytes += size
            self.unsaved_bytes += size
        self._await(parcel, delivery, mine)
        lane.wake.set()

    def _await(self, parcel: Parcel | None, delivery: Delivery, places: list[int]) -> None:
        if parcel is not None and places:
            parcel.waiting.append((delivery, places))
            delivery.expect()

    def _open(self, lane: Lane, now: float) -> Parcel:
        assert self._producer is not None  # noqa: S101 - `put` looked
        parcel = Parcel(self._producer.create_batch(), now)
        lane.parcels.append(parcel)
        return parcel

    def _lane(self, topic: str, partition: int) -> Lane:
        lane = self._lanes.get((topic, partition))
        if lane is None:
            lane = self._lanes[topic, partition] = Lane()
            lane.task = asyncio.create_task(self._run(topic, partition, lane))
        return lane

    async def _run(self, topic: str, partition: int, lane: Lane) -> None:
        """Send a lane's parcels, one after the other."""
        while True:
            if not lane.parcels:
                lane.wake.clear()
                await lane.wake.wait()
            parcel = lane.flying = lane.parcels.popleft()
            saved = False
            try:
                saved = await self._send(parcel, topic, partition)
            except KafkaError as error:
                # Retriable ones are retried inside; what comes here ends this producer.
                _LOG.error("Kafka refuses a batch of %s/%d: %r", topic, partition, error)
                self._broken.set()
            finally:
                lane.flying = None
                self.unsaved_bytes -= parcel.bytes
                parcel.settle(saved=saved)

    async def _send(self, parcel: Parcel, topic: str, partition: int) -> bool:
        """Return whether Kafka has the parcel; False when this producer came to its end."""
        producer, gone = self._producer, self._gone
        if producer is None or gone is None:
            return False
        stored = await producer.send_batch(parcel.builder, topic, partition=partition)
        await asyncio.wait({stored, gone}, return_when=asyncio.FIRST_COMPLETED)
        if stored.done():
            stored.result()
            return True
        stored.cancel()
        return False

    def _is_stuck(self, now: float) -> bool:
        """Whether something waits for so long that more would only wait behind it."""
        limit = now - self._store_seconds
        return any(
            lane.flying is not None and lane.flying.begun_at < limit
            for lane in self._lanes.values()
        )

    async def _watch(self) -> None:
        """Tell requests whose time is over, and look for new partitions."""
        while True:
            await asyncio.sleep(_WATCH_SECONDS)
            limit = time.monotonic() - self._store_seconds
            for lane in self._lanes.values():
                for parcel in (lane.flying, *lane.parcels):
                    if parcel is not None and parcel.begun_at < limit:
                        parcel.settle(saved=False)
            self._look_at_partitions()

    def _look_at_partitions(self) -> None:
        if self._producer is None:
            return
        for topic in self._topics():
            found = self._producer.client.cluster.partitions_for_topic(topic)
            if found:
                self._partitions[topic] = len(found)

    def _topics(self) -> tuple[str, ...]:
        return self._settings.events_topic, self._settings.sandbox_topic

    async def _keep_connected(self) -> None:
        while True:
            self._broken.clear()
            producer = AIOKafkaProducer(
                acks="all",
                enable_idempotence=True,
                max_batch_size=_BATCH_BYTES,
                metadata_max_age_ms=_METADATA_MS,
                **kafka_options(self._settings, client_id="ioc-gateway"),
            )
            try:
                await producer.start()
                for topic in self._topics():
                    await producer.client.add_topic(topic)
            except (KafkaError, OSError) as error:
                _LOG.warning("Kafka does not answer: %r", error)
                await producer.stop()
                await asyncio.sleep(_RECONNECT_SECONDS)
                continue
            except asyncio.CancelledError:
                await producer.stop()
                raise
            self._producer, self._gone = producer, asyncio.get_running_loop().create_future()
            self._look_at_partitions()
            await self._broken.wait()
            await self._disconnect()
            await asyncio.sleep(_RECONNECT_SECONDS)

    async def _disconnect(self) -> None:
        producer, self._producer = self._producer, None
        if producer is None:
            return
        stopping = asyncio.create_task(producer.stop())
        # With Kafka away it would wait for what cannot go.
        await asyncio.wait({stopping}, timeout=self._store_seconds)
        stopping.cancel()
        with contextlib.suppress(asyncio.CancelledError, KafkaError):
            await stopping
        if self._gone is not None:
            self._gone.set_result(None)
            self._gone = None

    def _shards_of(self, records: Sequence[Outgoing]) -> list[int]:
        """Return the shard of each record's dossier: hashed once, many at a time."""
        known = self._shards
        found = [known.get(record.dossier_id, -1) for record in records]
        if -1 not in found:
            return found
        if len(known) >= _SHARDS_KEPT:
            known.clear()
        strange = list({r.dossier_id for r, shard in zip(records, found, strict=True) if shard < 0})
        known.update(zip(strange, shards_of(strange), strict=True))
        return [known[record.dossier_id] if shard < 0 else shard
                for record, shard in zip(records, found, strict=True)]  # fmt: skip
