"""What the gateway calls a new dossier is none that the warehouse held some seconds before."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from warehouse_kit import clickhouse_settings

from ioc.embedded.clickhouse import EmbeddedClickHouse
from ioc.gateway.intake.known import KnownDossiers
from ioc.gateway.warehouse_lane import WarehouseLane
from ioc.warehouse import connect_writer
from schemas.events.shard import shards_of
from schemas.tables.migrate import migrate

EPOCH = 1 << 40


class Place:
    def __init__(self, engine: EmbeddedClickHouse, database: str) -> None:
        self.settings = clickhouse_settings(engine, database)
        self.client: Any = connect_writer(self.settings)
        migrate(self.client, database)
        self.position = EPOCH

    def store(self, dossier_ids: list[str]) -> None:
        """As a worker does: the rows, then how far their shards are stored."""
        self.position += 1
        rows = [
            [shard, dossier_id, 1, self.position]
            for shard, dossier_id in zip(shards_of(dossier_ids), dossier_ids, strict=True)
        ]
        columns = ["shard", "dossier_id", "version", "position"]
        self.client.insert("dossiers", rows, column_names=columns)
        shards = sorted({row[0] for row in rows})
        checkpoints = [[shard, self.position, 1, 0, 0] for shard in shards]
        columns = ["shard", "position", "epoch", "partition_offset", "log_at"]
        self.client.insert("checkpoints", checkpoints, column_names=columns)


@pytest.fixture
def place(clickhouse: EmbeddedClickHouse, clickhouse_database: str) -> Iterator[Place]:
    made = Place(clickhouse, clickhouse_database)
    yield made
    made.client.close()


@asynccontextmanager
async def running(place: Place) -> Any:
    lane = WarehouseLane(place.settings, 20)
    known = KnownDossiers(lane)
    task = asyncio.create_task(known.run())
    try:
        yield known
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await asyncio.to_thread(lane.close)


async def become(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, f"never happened: {what}"
        await asyncio.sleep(0.05)


async def test_only_what_is_not_stored_is_new_also_as_more_is_stored(place: Place) -> None:
    stored = [f"H28-{number}" for number in range(500)]
    later = [f"H44-{number}" for number in range(500)]
    never = [f"H99-{number}" for number in range(500)]
    place.store(stored)
    async with running(place) as known:
        # Before anything was read nothing is called new.
        assert known.new_ones([*stored, *never]) == set()
        await become(lambda: len(known.new_ones(never)) > 450, "the filters are filled")
        assert known.new_ones(stored) == set()
        await become(lambda: len(known.new_ones(later)) > 450, "what comes later is new")
        for part in range(0, 500, 100):
            await asyncio.to_thread(place.store, later[part : part + 100])
        # At one moment, because filters that are too old call nothing new either.
        both = [*later, *never]
        await become(
            lambda: len(new := known.new_ones(both)) > 450 and new.isdisjoint(later),
            "what was stored since is known, and nothing else",
        )
        assert known.new_ones(stored) == set()


async def test_a_filter_that_is_not_kept_up_calls_nothing_new(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As while the warehouse is away: every dossier is asked about then, and nobody answers."""
    monkeypatch.setattr("ioc.gateway.intake.known._STALE_SECONDS", 3.0)
    place.store(["H28-1"])
    async with running(place) as known:
        await become(lambda: known.new_ones(["H99-1"]) == {"H99-1"}, "the filters are filled")
        await asyncio.to_thread(place.client.command, "RENAME TABLE dossiers TO gone")
        await become(lambda: known.new_ones(["H99-1"]) == set(), "the filters are old")
        await asyncio.to_thread(place.client.command, "RENAME TABLE gone TO dossiers")
        await become(lambda: known.new_ones(["H99-1"]) == {"H99-1"}, "they are kept up again")
