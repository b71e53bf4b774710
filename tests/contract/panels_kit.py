"""What tests of panels' SQL share: a migrated database, its reader and the seeds' values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import wall_seed
from wall_seed import NOW
from warehouse_kit import clickhouse_settings

from dashboards.query import load_query
from ioc.embedded.clickhouse import EmbeddedClickHouse
from ioc.warehouse import connect_reader, connect_server, connect_writer
from schemas.tables.migrate import migrate

PARAMETERS: Mapping[str, Any] = {
    "from_day": wall_seed.FROM_DAY,
    "to_day": wall_seed.TO_DAY,
    "today": dt.date(2024, 10, 3),
    "units_on": wall_seed.TO_DAY,
    "now": NOW,
    "due_soon_until": NOW + 8 * 3600,
    "from_at": int(dt.datetime(2024, 8, 31, 17, tzinfo=dt.UTC).timestamp()),
    "until_at": int(dt.datetime(2024, 9, 30, 17, tzinfo=dt.UTC).timestamp()),
    "step": "day",
    "minimum": 30,
    "rows": 8,
    "before_from_day": dt.date(2024, 8, 1),
    "before_to_day": dt.date(2024, 8, 31),
    "unit": "",
    "level": "",
    "field": "",
    "channel": 0,
    "dossier": "000.00.1.H28-240901-0001",
    "shift_at": NOW - 10 * 3600,
    "working_now": 1,
}
Row = dict[str, Any]
Ask = Callable[..., list[Row]]


@contextmanager
def migrated(engine: EmbeddedClickHouse, database: str) -> Iterator[Any]:
    """The writer's client of an empty database, which is dropped afterwards."""
    settings = clickhouse_settings(engine, database)
    server = connect_server(settings)
    migrate(server, database)
    client = connect_writer(settings)
    try:
        yield client
    finally:
        client.close()
        server.command(f"DROP DATABASE {database} SYNC")
        server.close()


@contextmanager
def asking(
    engine: EmbeddedClickHouse, database: str, parameters: Mapping[str, Any] = PARAMETERS
) -> Iterator[Ask]:
    """Runs a query of the catalogue as the read-only user; rows by column name."""
    client = connect_reader(clickhouse_settings(engine, database))

    def run(name: str, **changes: Any) -> list[Row]:
        query = load_query(name)
        values = {**parameters, **changes}
        answer = client.query(
            query.text, parameters={each: values[each] for each in query.parameters}
        )
        return [dict(zip(answer.column_names, row, strict=True)) for row in answer.result_rows]

    try:
        yield run
    finally:
        client.close()
