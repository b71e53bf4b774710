"""The worker's job without its Faust app: the same pipeline, store and upkeep.

Made like `ioc.worker` makes it, from the same environment. What is left out is housekeeping: the
agents of the small topics, the rows of the table `pipeline` and the look at the topic's id.
"""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from ioc.reference import load_reference
from ioc.topics import topic_identity
from ioc.warehouse import connect_writer
from schemas.settings import ClickHouseSettings, KafkaSettings, WorkerSettings, read_secret
from streams.clickhouse import ClickHouseStore
from streams.pipeline import Pipeline, PipelinePolicy
from streams.pipeline.day_refresher import DayRefresher
from streams.pipeline.guard import ZombieGuard
from streams.pipeline.snapshot import CommitGroup
from streams.worker.clock import SystemClock
from streams.worker.epochs import register_epoch
from streams.worker.outbox import KafkaOutbox
from streams.worker.sealing import Seal

_BEAT_SECONDS = 0.25


@dataclass(frozen=True)
class Job:
    """What a loop feeds, and what runs beside it."""

    kafka: KafkaSettings
    worker: WorkerSettings
    partitions: int
    pipeline: Pipeline
    refresher: DayRefresher
    guard: ZombieGuard

    def background(self, lag: Callable[[int], int]) -> list[Coroutine[Any, Any, None]]:
        """Return what must run as tasks: the writer, the walls' table, deadlines, the beat.

        Args:
            lag: partition -> records that Kafka has and the loop has not folded.
        """
        return [
            self.pipeline.writer.run(),
            self.refresher.run(),
            self._watch_deadlines(lag),
            self._beat(),
        ]

    async def _watch_deadlines(self, lag: Callable[[int], int]) -> None:
        while True:
            for partition in list(self.pipeline.states):
                await self.pipeline.tick(partition, lag(partition))
            await asyncio.sleep(self.worker.tick_seconds)

    async def _beat(self) -> None:
        while True:
            self.guard.beat()
            await asyncio.sleep(_BEAT_SECONDS)


def make_job(on_stored: Callable[[CommitGroup], None] | None = None) -> Job:
    """Connect and build; blocks for a second or so.

    Args:
        on_stored: told of every stored group.
    """
    kafka, clickhouse, worker = KafkaSettings(), ClickHouseSettings(), WorkerSettings()
    topic = kafka.events_topic
    identity = topic_identity(kafka)
    client = connect_writer(clickhouse)
    epoch = register_epoch(client, topic, *identity)
    client.close()
    reference = load_reference(worker)
    clock = SystemClock()
    guard = ZombieGuard(clock, worker.session_timeout_seconds)
    store = ClickHouseStore(lambda: connect_writer(clickhouse), topic)
    policy = PipelinePolicy.of(worker)
    refresher = DayRefresher(
        store, policy, guard, clock, lambda: pipeline.writer.unstored_events > 0
    )

    def note(group: CommitGroup) -> None:
        refresher.note_group(group)
        if on_stored is not None:
            on_stored(group)

    if worker.dead_letter_key_file is None:
        raise RuntimeError("no key for dead letters")
    seal = Seal(read_secret(worker.dead_letter_key_file).get_secret_value())
    pipeline = Pipeline(
        topic=topic,
        partitions=identity[1],
        epoch=epoch,
        rules=reference.rules,
        known_units=reference.unit_codes,
        store=store,
        outbox=KafkaOutbox(kafka, seal),
        clock=clock,
        guard=guard,
        policy=policy,
        on_stored=note,
    )
    return Job(kafka, worker, identity[1], pipeline, refresher, guard)


def calm_collector() -> None:
    """Set the garbage collector as `ioc.worker` does."""
    gc.set_threshold(200_000, 50, 100)


def say(line: str) -> None:
    """Write a line that the benchmark reads, at once."""
    sys.stdout.write(f"\n{line}\n")
    sys.stdout.flush()
