"""Every statement of alerting, on the real engine and the real tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import resources

import pytest
from warehouse_kit import clickhouse_settings

from ioc.alerts.store.warehouse import statement
from ioc.embedded.clickhouse import EmbeddedClickHouse
from ioc.warehouse import connect_server, connect_writer
from schemas.tables.migrate import migrate

NAMES = sorted(
    path.name.removesuffix(".sql")
    for path in resources.files("ioc.alerts").joinpath("sql").iterdir()
    if path.name.endswith(".sql")
)
_VALUES = {
    "Int64": 1_725_843_600,
    "UInt8": 1,
    "UInt16": 10,
    "UInt32": 10,
    "String": "x",
    "Date": "2024-09-09",
    "Array(String)": ["x"],
    "Array(Tuple(UInt8, String))": [(1, "x")],
}


@pytest.fixture
def client(clickhouse: EmbeddedClickHouse, clickhouse_database: str) -> Iterator:
    settings = clickhouse_settings(clickhouse, clickhouse_database)
    server = connect_server(settings)
    migrate(server, clickhouse_database)
    server.close()
    client = connect_writer(settings)
    yield client
    client.close()


def test_every_statement_runs_and_says_what_it_is_for(client) -> None:
    assert len(NAMES) > 20
    failed = []
    for name in NAMES:
        text = statement(name)
        assert text.startswith("-- "), f"{name}: what is it for?"
        wanted = dict(re.findall(r"\{(\w+):([^}]+)\}", text))
        values = {parameter: _VALUES[kind] for parameter, kind in wanted.items()}
        try:
            client.query(text, parameters=values)
        except Exception as error:  # noqa: BLE001 all of them are told at once
            failed.append(f"{name}: {str(error)[:300]}")
    assert not failed, "\n".join(failed)
