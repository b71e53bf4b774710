"""The benchmark's phases of a flood, on the real engine and the real tables."""

from __future__ import annotations

from types import SimpleNamespace

from warehouse_kit import clickhouse_settings

from benchmarks.alerts import _phases
from ioc.embedded.clickhouse import EmbeddedClickHouse
from ioc.warehouse import connect_server, connect_writer
from schemas.tables.migrate import migrate

DUE = 1_790_000_000
LATE_MS = (DUE + 1) * 1000


def test_every_phase_says_when_it_began_and_ended(
    clickhouse: EmbeddedClickHouse, clickhouse_database: str
) -> None:
    settings = clickhouse_settings(clickhouse, clickhouse_database)
    server = connect_server(settings)
    migrate(server, clickhouse_database)
    server.close()
    client = connect_writer(settings)
    for number, raised in enumerate((300, 9_100)):
        client.command(
            "INSERT INTO alerts (alert_id, rule, dossier_id, shard, about_at, crossed_at,"
            f" raised_at) VALUES ('a{number}', 'overdue', 'd{number}', 1, {DUE}, {DUE + 1},"
            f" fromUnixTimestamp64Milli({LATE_MS + raised}))"
        )
        client.command(
            "INSERT INTO alert_deliveries (delivery_id, state, due_at, planned_at, changed_at,"
            f" version) VALUES ('m{number}', 'sent', fromUnixTimestamp64Milli({LATE_MS + 1_000}),"
            f" fromUnixTimestamp64Milli({LATE_MS + 10_000 + number * 500}),"
            f" fromUnixTimestamp64Milli({LATE_MS + 12_000 + number * 20_000}), 1)"
        )
    assert _phases(SimpleNamespace(client=client), DUE) == {
        "first_raised": 0.3, "last_raised": 9.1,
        "first_planned": 10.0, "last_planned": 10.5,
        "first_sent": 12.0, "last_sent": 32.0,
    }  # fmt: skip
    client.close()
