"""A large partition is loaded while the heart beats, from the real warehouse."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import time
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from warehouse_kit import clickhouse_settings

from ioc.embedded.clickhouse import EmbeddedClickHouse
from ioc.warehouse import connect_server, connect_writer
from schemas.calendar import CalendarSettings, WorkingCalendar
from schemas.tables.migrate import migrate
from streams.clickhouse import ClickHouseStore
from streams.fold import FoldRules
from streams.pipeline import Pipeline, PipelinePolicy
from streams.pipeline.guard import ZombieGuard
from streams.ports import Record
from streams.worker.clock import SystemClock

DOSSIERS = 40_000
#: Of computing: a fraction of what a load of so many takes, and twice one part of it and more.
GUARD_SECONDS = 1.0


class ComputingClock(SystemClock):
    """Counts the seconds that the event loop computes: others on the machine do not matter."""

    def monotonic(self) -> float:
        return time.thread_time()


class Line:
    """A record as Kafka would hand it out."""

    key = b""

    def __init__(self, offset: int, event: dict[str, Any]) -> None:
        self.offset, self.timestamp, self.value = offset, 1_762_221_600_000, orjson.dumps(event)


def records() -> list[Record]:
    return [
        Line(
            number,
            {
                "event_id": "e",
                "source": "mot-cua",
                "dossier_id": f"H28-{number:06d}",
                "status": 2,
                "occurred_at": "2025-11-04T01:00:00Z",
                "receiver": "xa-1",
                "due_at": f"2025-11-{5 + number % 20:02d}T17:00:00+07:00",
            },
        )
        for number in range(DOSSIERS)
    ]


@pytest.fixture
def store(clickhouse: EmbeddedClickHouse, clickhouse_database: str) -> Iterator[ClickHouseStore]:
    settings = clickhouse_settings(clickhouse, clickhouse_database)
    with contextlib.closing(connect_server(settings)) as client:
        migrate(client, clickhouse_database)
    store = ClickHouseStore(lambda: connect_writer(settings), "events")
    yield store
    store.close()


def pipeline(store: ClickHouseStore, guard: ZombieGuard, clock: SystemClock) -> Pipeline:
    return Pipeline(
        topic="events",
        partitions=1,
        epoch=1,
        rules=FoldRules(WorkingCalendar(CalendarSettings(_env_file=None)), {}, {}),
        known_units=["xa-1"],
        store=store,
        outbox=None,  # nothing is sent
        clock=clock,
        guard=guard,
        policy=PipelinePolicy(linger_seconds=0.01),
    )


async def fill_warehouse(store: ClickHouseStore) -> None:
    clock = SystemClock()
    worker = pipeline(store, ZombieGuard(clock, 600.0), clock)
    await worker.assign([0])
    writing = asyncio.create_task(worker.writer.run())
    await worker.process(0, records(), lambda: None)
    await worker.writer.idle()
    writing.cancel()


@pytest.mark.parametrize("must_rebuild", [False, True])
def test_the_heart_beats_while_a_large_partition_is_loaded(
    store: ClickHouseStore,
    clickhouse: EmbeddedClickHouse,
    clickhouse_database: str,
    must_rebuild: bool,
) -> None:
    """One block of work, longer than a session, would end every worker that tries, for ever."""

    async def history() -> None:
        await fill_warehouse(store)
        if must_rebuild:  # as if the worker had died before its first checkpoint
            settings = clickhouse_settings(clickhouse, clickhouse_database)
            with contextlib.closing(connect_server(settings)) as client:
                client.command(f"TRUNCATE TABLE {clickhouse_database}.checkpoints")
        clock = ComputingClock()
        guard = ZombieGuard(clock, GUARD_SECONDS)
        worker = pipeline(store, guard, clock)

        async def beat() -> None:
            while True:
                guard.beat()
                assert all(len(s.dossiers) == DOSSIERS for s in worker.states.values())
                await asyncio.sleep(0.05)

        heart = asyncio.create_task(beat())
        loading = asyncio.create_task(worker.assign([0]))
        writing = asyncio.create_task(worker.writer.run())
        await asyncio.wait({heart, loading}, return_when=asyncio.FIRST_COMPLETED)
        assert not heart.done(), heart.exception()
        await loading
        assert set(worker.states) == {0}
        await worker.writer.idle()
        assert not heart.done(), heart.exception()
        for task in (heart, writing):
            task.cancel()

    # As in a worker: a collection of all that a test process holds would count as computing.
    gc.collect()
    gc.disable()
    try:
        asyncio.run(history())
    finally:
        gc.enable()
