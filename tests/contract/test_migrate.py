"""The migrations, on the real engine: once, again, at once, and after somebody else's hand."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from warehouse_kit import clickhouse_settings

from ioc.embedded.clickhouse import EmbeddedClickHouse
from ioc.warehouse import connect_reader, connect_server, connect_writer
from schemas.errors import ConfigurationError, RetryError, SchemaTooNewError
from schemas.tables.describe import schema_differences
from schemas.tables.migrate import MIGRATIONS_TABLE, migrate
from schemas.tables.migration_files import load_migrations


@pytest.fixture
def client(clickhouse: EmbeddedClickHouse, clickhouse_database: str) -> Iterator:
    client = connect_server(clickhouse_settings(clickhouse, clickhouse_database))
    yield client
    client.close()


def _tables(client, database: str) -> set[str]:
    rows = client.query(
        "SELECT name FROM system.tables WHERE database = {database:String}",
        parameters={"database": database},
    ).result_rows
    return {row[0] for row in rows}


def test_migrating_twice_changes_nothing_the_second_time(client, clickhouse_database):
    migrations = load_migrations()
    first = migrate(client, clickhouse_database)
    assert first.applied == migrations
    tables = _tables(client, clickhouse_database)
    assert {"dossiers", "checkpoints", "unit_days", "working_intervals"} <= tables
    second = migrate(client, clickhouse_database)
    assert second.applied == ()
    assert second.version == len(migrations)
    assert _tables(client, clickhouse_database) == tables


def test_creates_the_database(client, clickhouse_database):
    client.command(f"DROP DATABASE {clickhouse_database} SYNC")
    assert migrate(client, clickhouse_database).applied
    assert "dossiers" in _tables(client, clickhouse_database)


def test_several_processes_may_migrate_at_once(clickhouse, clickhouse_database):
    """Two workers of one release that start together must both come up."""
    settings = clickhouse_settings(clickhouse, clickhouse_database)

    def run(_: int) -> int:
        client = connect_server(settings)
        try:
            return migrate(client, clickhouse_database).version
        finally:
            client.close()

    with ThreadPoolExecutor(4) as pool:
        versions = list(pool.map(run, range(4)))
    assert versions == [len(load_migrations())] * 4
    client = connect_server(settings)
    assert schema_differences(client, clickhouse_database) == []
    client.close()


def test_a_crash_between_two_statements_is_made_good(client, clickhouse_database):
    """ClickHouse has no transaction around a migration: half of it may stand."""
    whole = load_migrations()
    half = replace(whole[0], statements=whole[0].statements[:2])
    for statement in half.statements:
        client.command(statement, settings={"database": clickhouse_database}, use_database=False)
    assert migrate(client, clickhouse_database).applied == whole
    assert schema_differences(client, clickhouse_database) == []


def test_refuses_a_newer_schema(client, clickhouse_database):
    migrations = load_migrations()
    newer = replace(
        migrations[-1],
        number=len(migrations) + 1,
        name="later",
        statements=("CREATE TABLE IF NOT EXISTS later (n UInt8) ENGINE = MergeTree ORDER BY n",),
    )
    migrate(client, clickhouse_database, (*migrations, newer))
    with pytest.raises(SchemaTooNewError, match=r"has schema \d{4},"):
        migrate(client, clickhouse_database)


def test_refuses_an_applied_file_that_changed(client, clickhouse_database):
    migrations = load_migrations()
    migrate(client, clickhouse_database)
    changed = (replace(migrations[0], checksum="0" * 64), *migrations[1:])
    with pytest.raises(ConfigurationError, match="0001_truth was applied with other contents"):
        migrate(client, clickhouse_database, changed)


def test_two_releases_that_migrated_at_once_with_different_files_are_found(
    client, clickhouse_database
):
    migrate(client, clickhouse_database)
    client.command(
        f"INSERT INTO {clickhouse_database}.{MIGRATIONS_TABLE} SELECT 1, 'truth', 'other', now64(3)"
    )
    with pytest.raises(ConfigurationError, match="other contents"):
        migrate(client, clickhouse_database)


def test_declared_and_live_schema_agree_after_migrating(client, clickhouse_database):
    migrate(client, clickhouse_database)
    assert schema_differences(client, clickhouse_database) == []
    databases = client.query("SHOW DATABASES").result_columns[0]
    assert not [name for name in databases if name.startswith(f"{clickhouse_database}_")]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("ALTER TABLE {}.units ADD COLUMN mayor String", "units, column mayor: not declared"),
        ("ALTER TABLE {}.dossiers MODIFY COLUMN supplements UInt32", 'type is "UInt32"'),
        ("ALTER TABLE {}.units MODIFY SETTING parts_to_throw_insert = 512", "units: engine is"),
        ("ALTER TABLE {}.dossiers MODIFY COLUMN history CODEC(NONE)", "codec is"),
        ("ALTER TABLE {}.units ADD INDEX n name TYPE minmax", "units, index n: not declared"),
        ("DROP TABLE {}.fields", "fields: missing"),
        ("CREATE TABLE {}.mine (n UInt8) ENGINE = MergeTree ORDER BY n", "mine: not declared"),
    ],
)
def test_a_change_by_hand_is_found(client, clickhouse_database, change, expected):
    migrate(client, clickhouse_database)
    client.command(change.format(clickhouse_database))
    differences = [str(each) for each in schema_differences(client, clickhouse_database)]
    assert len(differences) == 1, differences
    assert expected in differences[0]


def test_an_added_statement_makes_the_same_table_as_the_live_one(client, clickhouse_database):
    """A later ALTER is declared by its file, not by the first CREATE."""
    migrations = load_migrations()
    later = replace(
        migrations[-1],
        number=len(migrations) + 1,
        name="later",
        statements=("ALTER TABLE units ADD COLUMN IF NOT EXISTS mayor String",),
    )
    migrate(client, clickhouse_database, (*migrations, later))
    assert schema_differences(client, clickhouse_database, (*migrations, later)) == []
    assert len(schema_differences(client, clickhouse_database)) == 1


def test_clients_say_what_is_wrong(clickhouse, clickhouse_database, tmp_path: Path):
    settings = clickhouse_settings(clickhouse, clickhouse_database)
    with pytest.raises(ConfigurationError, match="refuses the user 'ioc'"):
        connect_writer(settings.model_copy(update={"password": type(settings.password)("no")}))
    with pytest.raises(ConfigurationError, match="run: ioc migrate"):
        connect_writer(settings.model_copy(update={"database": "nowhere"}))
    with pytest.raises(RetryError, match="does not answer"):
        connect_writer(settings.model_copy(update={"url": "http://127.0.0.1:1"}))
    with pytest.raises(ConfigurationError, match="must look like"):
        connect_writer(settings.model_copy(update={"url": "127.0.0.1:8123"}))


def test_the_reader_reads_and_may_not_write(client, clickhouse, clickhouse_database):
    migrate(client, clickhouse_database)
    reader = connect_reader(clickhouse_settings(clickhouse, clickhouse_database))
    assert reader.query("SELECT count() FROM dossiers").result_rows == [(0,)]
    with pytest.raises(Exception, match=r"readonly|ACCESS_DENIED|privileges"):
        reader.command("DROP TABLE dossiers")
    reader.close()
