"""`ioc migrate`."""

from __future__ import annotations

import typer

from ioc.commands.session import session_of
from schemas.help_texts import Help
from schemas.messages import Text
from schemas.settings import ClickHouseSettings


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("migrate", help=Help.MIGRATE.name)(migrate)


def migrate(context: typer.Context) -> None:
    """Bring tables and reference data up to date; harmless when they are."""
    session = session_of(context)
    session.attach()
    from ioc.prepare import prepare_warehouse  # noqa: PLC0415 - half a second

    state = prepare_warehouse(ClickHouseSettings())
    for migration in state.migrations.applied:
        session.say(Text.MIGRATION_APPLIED, number=f"{migration.number:04d}", name=migration.name)
    session.say(
        Text.STEP_TABLES,
        "green",
        version=f"{state.migrations.version:04d}",
        applied=len(state.migrations.applied),
    )
    for table in state.reference:
        text = Text.STEP_REFERENCE if table.changed else Text.STEP_REFERENCE_SAME
        session.say(text, table=table.table, version=table.version, rows=table.rows)
