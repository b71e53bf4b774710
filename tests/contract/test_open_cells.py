"""Open dossiers on the real engine: what a worker writes, walls read and the next worker loads."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from warehouse_kit import clickhouse_settings

from ioc.embedded.clickhouse import EmbeddedClickHouse
from ioc.warehouse import connect_reader, connect_server, connect_writer
from schemas.tables.migrate import migrate
from streams.cells import CELL_TABLES, NOTHING, ShardCells
from streams.cells.contribution import OpenKey
from streams.cells.tables import OPEN_DOSSIERS
from streams.clickhouse.store import ClickHouseStore
from streams.pipeline.rows import cell_columns
from streams.state.shard import ShardState

OPEN = CELL_TABLES.index(OPEN_DOSSIERS)
MINUTE = 1_730_000_040
# authority, receiver, handler, field, channel, phase, apologised, alarm minute
PROCESSING: OpenKey = ("so-1", "xa-1", "so-2", "đất đai", 2, 2, 1, MINUTE)
AWAITING: OpenKey = ("so-1", "xa-1", "so-1", "đất đai", 1, 1, 0, 0)
ELSEWHERE: OpenKey = ("xa-9", "xa-9", "xa-9", "", 3, 4, 0, MINUTE + 60)


class Warehouse:
    """A migrated database, its writer's store and its read-only user."""

    def __init__(self, engine: EmbeddedClickHouse, database: str) -> None:
        settings = clickhouse_settings(engine, database)
        self.server = connect_server(settings)
        migrate(self.server, database)
        self.reader = connect_reader(settings)
        self.store = ClickHouseStore(lambda: connect_writer(settings), "events")

    def write(self, shard: ShardState, position: int) -> None:
        columns = cell_columns(OPEN, [shard], {shard.shard: position})
        asyncio.run(self.store.insert(OPEN_DOSSIERS.name, columns))

    def load(self, *shards: int) -> dict[int, ShardCells]:
        """The cells of some shards, as the next worker has them."""
        stored = asyncio.run(self.store.load(shards, 1))
        loaded = {shard: ShardCells() for shard in shards}
        for shard, key, counts in stored.cells[OPEN_DOSSIERS.name]:
            loaded[shard].load(OPEN, key, counts)
        return loaded

    def read(self, sql: str, **parameters: Any) -> Sequence[Sequence[Any]]:
        rows: Sequence[Sequence[Any]] = self.reader.query(sql, parameters=parameters).result_rows
        return rows


@pytest.fixture
def warehouse(clickhouse: EmbeddedClickHouse) -> Iterator[Warehouse]:
    database = f"open_{uuid.uuid4().hex}"
    warehouse = Warehouse(clickhouse, database)
    yield warehouse
    warehouse.store.close()
    warehouse.reader.close()
    warehouse.server.command(f"DROP DATABASE {database} SYNC")
    warehouse.server.close()


def move(shard: ShardState, old: OpenKey | None, new: OpenKey | None) -> None:
    shard.cells.replace(NOTHING._replace(open=old), NOTHING._replace(open=new))


ALL = """
SELECT authority, receiver, handler, field, channel, phase, apologised, alarm_minute, n, shard
FROM open_cells ORDER BY ALL
"""


def test_cells_are_read_one_by_one(warehouse: Warehouse) -> None:
    first, second = ShardState(3), ShardState(47)
    for key in (PROCESSING, PROCESSING, AWAITING, ELSEWHERE):
        move(first, None, key)
    move(second, None, PROCESSING)
    warehouse.write(first, 10)
    warehouse.write(second, 10)
    assert warehouse.read(ALL) == [
        ("so-1", "xa-1", "so-1", "đất đai", 1, "awaiting", 0, 0, 1, 3),
        ("so-1", "xa-1", "so-2", "đất đai", 2, "processing", 1, MINUTE, 1, 47),
        ("so-1", "xa-1", "so-2", "đất đai", 2, "processing", 1, MINUTE, 2, 3),
        ("xa-9", "xa-9", "xa-9", "", 3, "payment", 0, MINUTE + 60, 1, 3),
    ]
    move(first, PROCESSING, AWAITING)
    move(first, PROCESSING, None)
    warehouse.write(first, 11)
    move(second, PROCESSING, None)
    warehouse.write(second, 9)  # an older snapshot that lands late
    assert warehouse.read(
        "SELECT shard, authority, phase, n, version FROM open_cells ORDER BY ALL"
    ) == [
        (3, "so-1", "awaiting", 2, 11),
        (3, "xa-9", "payment", 1, 10),
        (47, "so-1", "processing", 1, 10),
    ]


def test_the_next_worker_has_the_same_cells(warehouse: Warehouse) -> None:
    """Also of an authority without open dossiers: a repair has to write over its rows."""
    shard, other = ShardState(3), ShardState(5)
    for key in (PROCESSING, PROCESSING, AWAITING, ELSEWHERE):
        move(shard, None, key)
    move(other, None, PROCESSING)
    warehouse.write(shard, 10)
    warehouse.write(other, 10)
    move(shard, ELSEWHERE, None)
    warehouse.write(shard, 11)
    loaded = warehouse.load(3, 4)
    assert dict(loaded[3].items(OPEN)) == {PROCESSING: [2], AWAITING: [1], ("xa-9",): [0]}
    assert dict(loaded[3].items(OPEN)) == dict(shard.cells.items(OPEN))
    assert not loaded[3].is_dirty()
    assert [*loaded[4].items(OPEN)] == []
    repaired = ShardState(3)
    repaired.cells = loaded[3]
    repaired.cells.clear_counts()
    warehouse.write(repaired, 12)
    assert warehouse.read("SELECT shard, n FROM open_cells") == [(5, 1)]
    rows = warehouse.read(
        "SELECT authority, length(n), max(version) FROM open_dossiers FINAL"
        " WHERE shard = 3 GROUP BY ALL ORDER BY ALL"
    )
    assert rows == [("so-1", 0, 12), ("xa-9", 0, 12)]


@pytest.mark.parametrize(
    ("condition", "key"), [("authority = 'so-1'", "authority"), ("shard = 3", "shard")]
)
def test_a_condition_reaches_the_key_below_the_view(
    warehouse: Warehouse, condition: str, key: str
) -> None:
    """Explode first and filter then: a wall would read every unit's cells for one."""
    shard = ShardState(3)
    move(shard, None, PROCESSING)
    warehouse.write(shard, 10)
    plan = warehouse.read(f"EXPLAIN indexes = 1 SELECT sum(n) FROM open_cells WHERE {condition}")
    lines = [line.strip() for (line,) in plan]
    assert lines[lines.index("Keys:") + 1] == key
