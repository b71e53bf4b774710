"""Applies the numbered migrations to a ClickHouse database.

Safe without locks: every statement is harmless when it runs again (see `migration_files`), a
migration is recorded only after its last statement, and the records themselves are sets, so two
processes that migrate at once do each step twice at worst. What they may not do is disagree:
after the last step the records are read again, and two checksums for one number are refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from schemas.errors import ConfigurationError, SchemaTooNewError
from schemas.tables.migration_files import Migration, load_migrations

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

MIGRATIONS_TABLE = "schema_migrations"

_CREATE_RECORDS = f"""
CREATE TABLE IF NOT EXISTS {MIGRATIONS_TABLE}
(
    number UInt32,
    name String,
    checksum String COMMENT 'SHA-256 of the file',
    applied_at DateTime64(3, 'Asia/Ho_Chi_Minh')
)
ENGINE = ReplacingMergeTree(applied_at)
ORDER BY (number, checksum)
"""


@dataclass(frozen=True)
class MigrationResult:
    """What one call did.

    Attributes:
        applied: migrations that this call ran, in order.
        version: number of the newest migration of the database now.
    """

    applied: tuple[Migration, ...]
    version: int


def migrate(
    client: Client, database: str, migrations: Sequence[Migration] | None = None
) -> MigrationResult:
    """Create the database if need be and bring it to this release's schema.

    Blocks for a round trip a statement (about a second for an empty database). May be called
    again, after a crash, and by several processes at once.

    Args:
        client: of a user that may create the database and its tables; the database it is
            connected to does not matter.
        database: name of the database, checked by the settings to be an identifier.
        migrations: for tests; this release's files otherwise.

    Raises:
        SchemaTooNewError: a newer release migrated the database; nothing was changed.
        ConfigurationError: a file that was applied has changed since.
    """
    known = load_migrations() if migrations is None else tuple(migrations)
    client.command(
        "CREATE DATABASE IF NOT EXISTS {database:Identifier}",
        parameters={"database": database},
        use_database=False,
    )
    _run(client, database, _CREATE_RECORDS)
    applied = _check(applied_checksums(client, database), known)
    pending = tuple(migration for migration in known if migration.number not in applied)
    for migration in pending:
        apply_statements(client, database, migration)
        _record(client, database, migration)
    if pending:
        _check(applied_checksums(client, database), known)
    return MigrationResult(pending, known[-1].number)


def apply_statements(client: Client, database: str, migration: Migration) -> None:
    """Run the statements of one migration in a database, without recording it."""
    for statement in migration.statements:
        _run(client, database, statement)


def applied_checksums(client: Client, database: str) -> dict[int, set[str]]:
    """Return the checksums recorded for each applied migration; empty if there is no record."""
    exists = client.query(
        "SELECT count() FROM system.tables"
        " WHERE database = {database:String} AND name = {name:String}",
        parameters={"database": database, "name": MIGRATIONS_TABLE},
    ).result_rows[0][0]
    checksums: dict[int, set[str]] = {}
    if exists:
        rows = client.query(
            f"SELECT number, checksum FROM {{database:Identifier}}.{MIGRATIONS_TABLE} FINAL",
            parameters={"database": database},
        ).result_rows
        for number, checksum in rows:
            checksums.setdefault(number, set()).add(checksum)
    return checksums


def _check(recorded: dict[int, set[str]], known: Sequence[Migration]) -> set[int]:
    newest = max(recorded, default=0)
    if newest > known[-1].number:
        raise SchemaTooNewError(
            f"the database has schema {newest:04d}, this release knows {known[-1].number:04d}; "
            "install the newer release again, nothing was changed"
        )
    for migration in known:
        checksums = recorded.get(migration.number)
        if checksums is not None and checksums != {migration.checksum}:
            raise ConfigurationError(
                f"migration {migration.number:04d}_{migration.name} was applied with other "
                "contents than this release has; put the applied file back and write a new "
                "migration for the change"
            )
    return set(recorded)


def _record(client: Client, database: str, migration: Migration) -> None:
    client.command(
        f"INSERT INTO {MIGRATIONS_TABLE} (number, name, checksum, applied_at)"
        " SELECT {number:UInt32}, {name:String}, {checksum:String}, now64(3)",
        parameters={
            "number": migration.number,
            "name": migration.name,
            "checksum": migration.checksum,
        },
        settings={"database": database},
        use_database=False,
    )


def _run(client: Client, database: str, statement: str) -> None:
    client.command(statement, settings={"database": database}, use_database=False)
