"""`ioc mapping test`: what a mapping makes of a sample."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from ioc.commands.session import session_of
from schemas.desk_help import DeskHelp
from schemas.desk_texts import DeskText

_SHOWN = 30


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
    group.command("test", help=DeskHelp.MAPPING_TEST.name)(test)

    @group.callback()
    def start() -> None:
        """Keep `test` a command of its own, also while it is the only one."""

    app.add_typer(group, name="mapping", help=DeskHelp.MAPPING.name)


def test(
    context: typer.Context,
    sample: Annotated[Path, typer.Argument(help=DeskHelp.MAPPING_SAMPLE.name)],
    mapping: Annotated[Path, typer.Option(help=DeskHelp.PUSH_MAPPING.name)],
) -> None:
    """Check the mapping and show the sample's events; exit with 1 when something is lost."""
    session = session_of(context)
    from ioc.mapping.trial import try_mapping  # noqa: PLC0415 - slow imports
    from ioc.own_files import load_units  # noqa: PLC0415
    from schemas.settings import WorkerSettings  # noqa: PLC0415

    trial = try_mapping(mapping, sample, load_units(WorkerSettings()), time.time_ns() // 1_000_000)
    table = Table()
    for column in (DeskText.COLUMN_RECORD, DeskText.COLUMN_DOSSIER, DeskText.COLUMN_STATUS,
                   DeskText.COLUMN_AT, DeskText.COLUMN_UNIT, DeskText.COLUMN_DUE):  # fmt: skip
        table.add_column(session.text(column))
    for number, event in trial.events[:_SHOWN]:
        unit = event.get("authority") or event.get("receiver") or event.get("handler") or ""
        cells = (event["dossier_id"], event["status"], event["occurred_at"], unit)
        table.add_row(str(number), *map(str, cells), str(event.get("due_at", "")))
    session.out.print(table)
    for number, loss in trial.losses[:_SHOWN]:
        session.say(DeskText.MAPPING_LOSS, "red", record=number, reason=loss)
    if trial.unread:
        session.say(DeskText.MAPPING_UNREAD, names=", ".join(trial.unread))
    session.say(
        DeskText.MAPPING_DONE,
        "green" if not trial.losses else "bold",
        records=trial.records,
        events=len(trial.events),
        losses=len(trial.losses),
    )
    if trial.losses:
        raise typer.Exit(1)
