"""Brings warehouse and topics to what this release needs; used by `ioc up`, `migrate`, `topics`."""

from __future__ import annotations

from dataclasses import dataclass

from ioc.warehouse import connect_server
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

    Blocks for a second or two; does nothing when all is up to date.

    Raises:
        RetryError: ClickHouse does not answer.
        ConfigurationError: settings, a migration or a reference file is wrong.
        SchemaTooNewError: a newer release migrated the database.
    """
    from schemas.calendar import CalendarSettings, WorkingCalendar  # noqa: PLC0415 - 0.5 s
    from schemas.reference import ProcedureRegistry, UnitRegistry  # noqa: PLC0415

    client = connect_server(settings)
    try:
        migrations = migrate(client, settings.database)
        files = WorkerSettings()
        reference = publish_reference(
            client,
            settings.database,
            calendar=WorkingCalendar(CalendarSettings()),
            units=UnitRegistry.load(files.units_file),
            procedures=ProcedureRegistry.load(files.procedures_file),
        )
    finally:
        client.close()
    return WarehouseState(migrations, reference)
