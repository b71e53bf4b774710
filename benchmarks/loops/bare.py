"""The same pipeline fed by a bare aiokafka consumer: what is left when Faust is taken away.

Runs until SIGTERM; says then how large the stored groups were.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition

from benchmarks.loops.job import background, connect_job, say
from ioc.job import Job
from streams.pipeline.snapshot import CommitGroup
from streams.transport import WORKER_SETTINGS
from streams.worker.collector import calm_collector

_COMMIT_SECONDS = 0.5
_POLL_MS = 200


class Acknowledged:
    """Offsets up to which everything is stored, for the commits."""

    def __init__(self, consumer: Any) -> None:
        self._consumer = consumer
        self._offsets: dict[TopicPartition, int] = {}

    def note(self, place: TopicPartition, next_offset: int) -> None:
        """Take note of a stored record list."""
        self._offsets[place] = next_offset

    async def commit_regularly(self) -> None:
        """Commit what is acknowledged, as often as a worker does."""
        while True:
            await asyncio.sleep(_COMMIT_SECONDS)
            offsets, self._offsets = self._offsets, {}
            if offsets:
                await self._consumer.commit(offsets)


async def consume(job: Job) -> None:
    """Feed the pipeline until cancelled."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=job.kafka.bootstrap,
        group_id=job.kafka.group,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        fetch_max_wait_ms=_POLL_MS,
        max_partition_fetch_bytes=WORKER_SETTINGS["consumer_max_fetch_size"],
    )
    # A group of one: assigned by hand, so that no rebalance is part of the figures.
    places = [TopicPartition(job.kafka.events_topic, p) for p in range(job.pipeline.partitions)]
    consumer.assign(places)
    await consumer.start()

    def lag(partition: int) -> int:
        highwater = consumer.highwater(places[partition])
        state = job.pipeline.states[partition]
        return 1 if highwater is None else int(highwater) - state.read_offset - 1

    acknowledged = Acknowledged(consumer)
    try:
        await job.pipeline.assign(range(job.pipeline.partitions))
        say("READY")
        async with asyncio.TaskGroup() as tasks:
            for body in (*background(job, lag), acknowledged.commit_regularly()):
                tasks.create_task(body)
            while True:
                fetched = await consumer.getmany(
                    timeout_ms=_POLL_MS, max_records=job.worker.chunk_max_records
                )
                for place, records in fetched.items():
                    end = records[-1].offset + 1
                    await job.pipeline.process(
                        place.partition,
                        records,
                        lambda place=place, end=end: acknowledged.note(place, end),  # type: ignore[misc]
                    )
                # The fetcher and the writer need the loop too; none of the above waits for long.
                await asyncio.sleep(0)
    finally:
        await consumer.stop()


async def run() -> None:
    """Consume until SIGTERM."""
    groups: list[int] = []

    def note(group: CommitGroup) -> None:
        if group.events:
            groups.append(group.events)

    consuming = asyncio.create_task(consume(connect_job(note)))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, consuming.cancel)
    try:
        await consuming
    except asyncio.CancelledError:
        say("GROUPS " + json.dumps(groups))
    os._exit(0)  # threads of a store under way need not be waited for


if __name__ == "__main__":
    calm_collector()
    asyncio.run(run())
