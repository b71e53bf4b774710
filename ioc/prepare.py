"""Brings warehouse and topics to what this release needs; used by `ioc up`, `migrate`, `topics`."""

from __future__ import annotations

from dataclasses import dataclass

from ioc.warehouse import connect_server, connect_writer
from schemas.settings import ClickHouseSettings, WorkerSettings
from schemas.tables.migrate import MigrationResult, migrate
from schemas.tables.publish import Published, publish_reference


@dataclass(frozen=True)
class WarehouseState:
    """What was done to the warehouse."""

    migrations: MigrationResult
    reference: list[Published]


def prepare_warehouse(settings: ClickHouseSettings) -> WarehouseState:
    """Migrate the database and publish calendar, units, procedures and fields.

    The rules that follow from them come into force, also if newer ones were in force before.

    Blocks for a second or two; does nothing when all is up to date.

    Raises:
        RetryError: ClickHouse does not answer.
        ConfigurationError: settings, a migration or a reference file is wrong.
        SchemaTooNewError: a newer release migrated the database.
    """
    from ioc.reference import load_reference  # noqa: PLC0415 - 0.5 s
    from streams.worker.rules_in_force import register_rules  # noqa: PLC0415

    client = connect_server(settings)
    try:
        migrations = migrate(client, settings.database)
        reference = load_reference(WorkerSettings())
        published = publish_reference(
            client,
            settings.database,
            calendar=reference.calendar,
            units=reference.units,
            procedures=reference.procedures,
        )
    finally:
        client.close()
    client = connect_writer(settings)
    try:
        register_rules(client, reference.rules.fingerprint, may_go_back=True)
    finally:
        client.close()
    return WarehouseState(migrations, published)
