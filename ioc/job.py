"""The job of a worker without its Faust app: pipeline, store and upkeep, tied together.

`ioc.worker` runs it behind Faust; the benchmarks run the same one behind other loops.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ioc.reference import Reference
from ioc.warehouse import connect_writer
from schemas.errors import RetryError
from schemas.settings import ClickHouseSettings, KafkaSettings, WorkerSettings
from streams.clickhouse import ClickHouseStore
from streams.pipeline import Pipeline, PipelinePolicy
from streams.pipeline.day_refresher import DayRefresher
from streams.pipeline.failpoints import FailPoint, no_fail_point
from streams.pipeline.guard import ZombieGuard
from streams.pipeline.snapshot import CommitGroup
from streams.worker.clock import SystemClock
from streams.worker.collector import collect_young
from streams.worker.epochs import Epoch
from streams.worker.outbox import KafkaOutbox
from streams.worker.sealing import Seal


@dataclass(frozen=True)
class Job:
    """What a loop feeds, and what must run beside it.

    Attributes:
        refresher: keeps the walls' tables up; its `run` is a task of its own.
        guard: its `beat` must be called several times within a session.
    """

    kafka: KafkaSettings
    worker: WorkerSettings
    clock: SystemClock
    guard: ZombieGuard
    store: ClickHouseStore
    pipeline: Pipeline
    refresher: DayRefresher


def make_job(
    kafka: KafkaSettings,
    clickhouse: ClickHouseSettings,
    worker: WorkerSettings,
    seal: Seal,
    *,
    reference: Reference,
    partitions: int,
    epoch: Epoch,
    grace_seconds: float = 0.0,
    fail_point: FailPoint = no_fail_point,
    on_wait: Callable[[RetryError, float], None] | None = None,
    on_stored: Callable[[CommitGroup], None] | None = None,
) -> Job:
    """Build the job; connects to nothing yet.

    Args:
        kafka: where what is sent goes; names the topics.
        clickhouse: of the writer's account.
        worker: limits and waits.
        seal: of dead letters.
        reference: rules of the fold and units, those that the epoch was registered with.
        partitions: of the events topic.
        epoch: of the events topic, as registered.
        grace_seconds: by how much a missing beat ends the worker before its session does.
        fail_point: called between any two writes; tests end the process there.
        on_wait: told of every wait for an engine.
        on_stored: told of every stored group, after the upkeep was.
    """
    clock = SystemClock()
    guard = ZombieGuard(clock, worker.session_timeout_seconds - grace_seconds)
    store = ClickHouseStore(lambda: connect_writer(clickhouse), kafka.events_topic)
    policy = PipelinePolicy.of(worker)
    refresher = DayRefresher(
        store,
        policy,
        guard,
        clock,
        # Something is on its way at every moment of a working day; a flood is more than that.
        lambda: pipeline.writer.unstored_events >= policy.flood_backlog,
        on_wait,
    )

    def after_group(group: CommitGroup) -> None:
        refresher.note_group(group)
        collect_young(group.events)
        if on_stored is not None:
            on_stored(group)

    pipeline = Pipeline(
        topic=kafka.events_topic,
        partitions=partitions,
        epoch=epoch.number,
        same_since=epoch.same_since,
        rules=reference.rules,
        known_units=reference.unit_codes,
        store=store,
        outbox=KafkaOutbox(kafka, seal),
        clock=clock,
        guard=guard,
        policy=policy,
        fail_point=fail_point,
        on_wait=on_wait,
        on_stored=after_group,
    )
    return Job(kafka, worker, clock, guard, store, pipeline, refresher)
