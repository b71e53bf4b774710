"""Rows that no table takes, on the real engine: it is said at once, and the store goes on."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from warehouse_kit import clickhouse_settings

from ioc.embedded.clickhouse import EmbeddedClickHouse
from ioc.warehouse import connect_server, connect_writer
from schemas.errors import FatalError
from schemas.tables.migrate import migrate
from streams.clickhouse.store import ClickHouseStore

GOOD: Mapping[str, Any] = {
    "shard": [3], "position": [7], "epoch": [1], "partition_offset": [6], "log_at": [0],
}  # fmt: skip


@pytest.fixture
def stored(clickhouse: EmbeddedClickHouse) -> Iterator[tuple[ClickHouseStore, Any]]:
    database = f"errors_{uuid.uuid4().hex}"
    settings = clickhouse_settings(clickhouse, database)
    server = connect_server(settings)
    migrate(server, database)
    store = ClickHouseStore(lambda: connect_writer(settings), "events")
    yield store, lambda sql: server.query(sql.replace("DB", database)).result_rows
    store.close()
    server.command(f"DROP DATABASE {database} SYNC")
    server.close()


@pytest.mark.parametrize(
    "wrong",
    [{"epoch": [-1]}, {"epoch": [1 << 40]}, {"no_such_column": [1]}],
    ids=str,
)
def test_a_row_that_no_table_takes_is_fatal(
    stored: tuple[ClickHouseStore, Any], wrong: Mapping[str, Any]
) -> None:
    """To try it again would hold its partition for ever."""
    store, rows = stored
    with pytest.raises(FatalError, match="checkpoints"):
        asyncio.run(store.insert("checkpoints", {**GOOD, **wrong}))
    asyncio.run(store.insert("checkpoints", GOOD))
    assert rows("SELECT shard, position FROM DB.checkpoints") == [(3, 7)]
