"""`ioc reconcile`: what the IOC lacks of what the desk holds."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from ioc.commands.session import session_of
from schemas.desk_help import DeskHelp
from schemas.desk_texts import DeskText
from schemas.errors import ConfigurationError

_SHOWN = 20


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("reconcile", help=DeskHelp.RECONCILE.name)(reconcile)


def reconcile(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help=DeskHelp.RECONCILE_FILE.name)],
    from_day: Annotated[str, typer.Option("--from", help=DeskHelp.RECONCILE_FROM.name)],
    to_day: Annotated[str, typer.Option("--to", help=DeskHelp.RECONCILE_TO.name)],
    out: Annotated[Path | None, typer.Option(help=DeskHelp.RECONCILE_OUT.name)] = None,
    url: Annotated[str, typer.Option(help=DeskHelp.PUSH_URL.name)] = "",
    key_file: Annotated[Path | None, typer.Option(help=DeskHelp.PUSH_KEY_FILE.name)] = None,
    ca_file: Annotated[Path | None, typer.Option(help=DeskHelp.PUSH_CA_FILE.name)] = None,
) -> None:
    """Compare; exit with 1 when something differs."""
    session = session_of(context)
    from ioc.desk.client.errors import DeskError  # noqa: PLC0415 - slow imports
    from ioc.desk.client.options import options_from  # noqa: PLC0415
    from ioc.desk.reconciling import ask, read_held  # noqa: PLC0415

    options = options_from()
    options = options._replace(
        url=url or options.url,
        key_file=key_file or options.key_file,
        ca_file=ca_file or options.ca_file,
    )
    days = [_day(text) for text in (from_day, to_day)]
    try:
        answer = ask(options, read_held(file), days[0], days[1])
    except DeskError as error:
        raise ConfigurationError(error.in_language(session.language)) from None
    counts = answer["counts"]
    session.say(DeskText.RECONCILED, "bold", **counts)
    kinds = ("missing", "excess", "differing", "elsewhere")
    found = [{"kind": kind, **one} for kind in kinds for one in answer[kind]]
    if found:
        table = Table()
        for column in (DeskText.COLUMN_KIND, DeskText.COLUMN_DOSSIER, DeskText.COLUMN_DESK,
                       DeskText.COLUMN_IOC):  # fmt: skip
            table.add_column(session.text(column))
        for one in found[:_SHOWN]:
            kind = DeskText[f"KIND_{one['kind'].upper()}"]
            table.add_row(
                session.text(kind),
                one["dossier_id"],
                str(one["desk_status"] or ""),
                str(one["ioc_status"] or ""),
            )
        session.out.print(table)
        if len(found) > _SHOWN:
            session.say(DeskText.MORE, count=len(found) - _SHOWN)
    if out is not None:
        lines = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in found)
        out.write_text(lines, encoding="utf-8")
    if any(counts[kind] for kind in ("missing", "excess", "differing")):
        raise typer.Exit(1)


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise ConfigurationError(f'"{text}": yyyy-mm-dd') from None
