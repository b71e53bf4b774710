"""`ioc schema`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ioc.commands.session import session_of
from schemas.events.schema_file import SCHEMA_FILE, SchemaCheck, check_schema_file, write_schema
from schemas.help_texts import Help
from schemas.messages import Text


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("schema", help=Help.SCHEMA.name)(schema)


def schema(
    context: typer.Context,
    output: Annotated[Path, typer.Option(help=Help.OUTPUT.name)] = SCHEMA_FILE,
    check: Annotated[bool, typer.Option("--check", help=Help.SCHEMA_CHECK.name)] = False,
) -> None:
    """Write the schema, unless that would break what senders rely on."""
    session = session_of(context)
    state: SchemaCheck = check_schema_file(output)
    if state.incompatible:
        session.say(Text.SCHEMA_INCOMPATIBLE, "bold red", file=output)
        for reason in state.incompatible:
            session.out.print(f"  {reason}", markup=False)
        raise typer.Exit(1)
    if check:
        session.say(Text.SCHEMA_FRESH if state.fresh else Text.SCHEMA_STALE, file=output)
        raise typer.Exit(0 if state.fresh else 1)
    write_schema(output)
    session.say(Text.SCHEMA_WRITTEN, "green", file=output)
