"""The worker's job as other loops run it: the same one, from the same environment.

What is left out is housekeeping: the agents of the small topics, the rows of the table `pipeline`
and the look at the topic's id.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Coroutine
from typing import Any

from ioc.job import Job, make_job
from ioc.reference import load_reference
from ioc.topics import topic_identity
from ioc.warehouse import connect_writer
from schemas.settings import ClickHouseSettings, KafkaSettings, WorkerSettings, read_secret
from streams.pipeline.snapshot import CommitGroup
from streams.worker.epochs import register_epoch
from streams.worker.rules_in_force import register_rules
from streams.worker.sealing import Seal

_BEAT_SECONDS = 0.25


def connect_job(on_stored: Callable[[CommitGroup], None] | None = None) -> Job:
    """Connect and build; blocks for a second or so.

    Args:
        on_stored: told of every stored group.
    """
    kafka, clickhouse, worker = KafkaSettings(), ClickHouseSettings(), WorkerSettings()
    identity = topic_identity(kafka)
    client = connect_writer(clickhouse)
    reference = load_reference(worker)
    register_rules(client, reference.rules.fingerprint)
    epoch = register_epoch(client, kafka.events_topic, *identity, rules=reference.rules.fingerprint)
    client.close()
    if worker.dead_letter_key_file is None:
        raise RuntimeError("no key for dead letters")
    seal = Seal(read_secret(worker.dead_letter_key_file).get_secret_value())
    return make_job(
        kafka,
        clickhouse,
        worker,
        seal,
        reference=reference,
        partitions=identity[1],
        epoch=epoch,
        on_stored=on_stored,
    )


def background(job: Job, lag: Callable[[int], int]) -> list[Coroutine[Any, Any, None]]:
    """Return what must run as tasks: the writer, the walls' tables, deadlines, the beat.

    Args:
        job: of `connect_job`.
        lag: partition -> records that Kafka has and the loop has not folded.
    """
    return [
        job.pipeline.writer.run(),
        job.refresher.run(),
        _watch_deadlines(job, lag),
        _beat(job),
    ]


async def _watch_deadlines(job: Job, lag: Callable[[int], int]) -> None:
    while True:
        for partition in list(job.pipeline.states):
            await job.pipeline.tick(partition, lag(partition))
        await asyncio.sleep(job.worker.tick_seconds)


async def _beat(job: Job) -> None:
    while True:
        job.guard.beat()
        await asyncio.sleep(_BEAT_SECONDS)


def say(line: str) -> None:
    """Write a line that the benchmark reads, at once."""
    sys.stdout.write(f"\n{line}\n")
    sys.stdout.flush()
