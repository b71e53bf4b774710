"""`ioc keys create|list|rotate|revoke` and `ioc gateway`."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Table

from ioc.commands.processes import become
from ioc.commands.session import Session, session_of
from schemas.gateway_settings import GatewaySettings
from schemas.keys_texts import KeysHelp, KeysText
from schemas.settings import ClickHouseSettings, WorkerSettings

if TYPE_CHECKING:
    from ioc.gateway.keys.admin import KeyAdmin, Made
    from ioc.gateway.keys.model import Key

_ALL_RIGHTS = ["push", "lookup", "read"]


def register(app: typer.Typer) -> None:
    """Add the group and the command."""
    app.command("gateway", help=KeysHelp.GATEWAY.name)(gateway)
    group = typer.Typer(help=KeysHelp.KEYS.name, no_args_is_help=True)
    group.command("create", help=KeysHelp.KEYS_CREATE.name)(create)
    group.command("list", help=KeysHelp.KEYS_LIST.name)(list_keys)
    group.command("rotate", help=KeysHelp.KEYS_ROTATE.name)(rotate)
    group.command("revoke", help=KeysHelp.KEYS_REVOKE.name)(revoke)
    app.add_typer(group, name="keys")


def gateway(context: typer.Context) -> None:
    """Become the gateway."""
    become(context, "ioc.gateway")


def create(
    context: typer.Context,
    source: Annotated[str, typer.Option(help=KeysHelp.KEY_SOURCE.name)],
    unit: Annotated[list[str] | None, typer.Option(help=KeysHelp.KEY_UNIT.name)] = None,
    right: Annotated[list[str] | None, typer.Option(help=KeysHelp.KEY_RIGHT.name)] = None,
    label: Annotated[str, typer.Option(help=KeysHelp.KEY_LABEL.name)] = "",
    sandbox: Annotated[bool, typer.Option("--sandbox", help=KeysHelp.KEY_SANDBOX.name)] = False,
    days: Annotated[float, typer.Option(help=KeysHelp.KEY_DAYS.name, min=0)] = 0,
    file: Annotated[Path | None, typer.Option(help=KeysHelp.KEY_FILE.name)] = None,
) -> None:
    """Make a key and show its text once."""
    from ioc.gateway.keys.admin import Wish  # noqa: PLC0415 - slow imports
    from ioc.gateway.keys.model import Right  # noqa: PLC0415

    wanted = right or _ALL_RIGHTS
    for name in wanted:
        if name not in _ALL_RIGHTS:
            raise typer.BadParameter(", ".join(_ALL_RIGHTS), param_hint="--right")
    session = session_of(context)
    with _admin(session, file) as admin:
        rights = [Right(name) for name in wanted]
        made = admin.create(Wish(source, unit or [], rights, label, sandbox, days))
        _hand_over(session, made, file)


def list_keys(context: typer.Context) -> None:
    """Print a table of all keys; never their texts."""
    session = session_of(context)
    with _admin(session) as admin:
        rows = admin.keys()
    table = Table()
    for column in (
        KeysText.COLUMN_KEY,
        KeysText.COLUMN_LABEL,
        KeysText.COLUMN_SOURCE,
        KeysText.COLUMN_UNITS,
        KeysText.COLUMN_RIGHTS,
        KeysText.COLUMN_STATE,
        KeysText.COLUMN_USED,
    ):
        table.add_column(session.text(column), overflow="fold")
    for key, used in rows:
        table.add_row(
            key.key_id,
            escape(key.label),
            escape(key.source),
            escape(", ".join(key.units)),
            ", ".join(sorted(key.rights)),
            _state(session, key),
            session.text(KeysText.NEVER) if used is None else f"{used:%d/%m/%Y %H:%M}",
        )
    session.out.print(table)


def rotate(
    context: typer.Context,
    key_id: Annotated[str, typer.Argument(help=KeysHelp.KEY_ID.name)],
    hours: Annotated[float | None, typer.Option(help=KeysHelp.KEY_HOURS.name, min=0)] = None,
    file: Annotated[Path | None, typer.Option(help=KeysHelp.KEY_FILE.name)] = None,
) -> None:
    """Make a new key; the old one works for a while longer."""
    session = session_of(context)
    overlap = GatewaySettings().rotation_hours if hours is None else hours
    with _admin(session, file) as admin:
        made, old = admin.rotate(key_id, overlap)
        _hand_over(session, made, file)
    session.say(KeysText.OLD_UNTIL, key_id=old.key_id, time=_time(old.expires_at))


def revoke(
    context: typer.Context,
    key_id: Annotated[str, typer.Argument(help=KeysHelp.KEY_ID.name)],
) -> None:
    """Take a key away."""
    session = session_of(context)
    with _admin(session) as admin:
        admin.revoke(key_id)
    seconds = f"{GatewaySettings().keys_refresh_seconds:g}"
    session.say(KeysText.REVOKED, "green", key_id=key_id, seconds=seconds)


@contextmanager
def _admin(session: Session, file: Path | None = None) -> Iterator[KeyAdmin]:
    from ioc.gateway.keys.admin import KeyAdmin, check_new  # noqa: PLC0415 - slow imports
    from ioc.own_files import load_units  # noqa: PLC0415
    from ioc.warehouse import connect_writer  # noqa: PLC0415

    session.attach()
    # Before the key is made: it could not be shown again.
    check_new(file, session.language)
    units = load_units(WorkerSettings())
    client = connect_writer(ClickHouseSettings())
    try:
        yield KeyAdmin(client, units, session.language)
    finally:
        client.close()


def _hand_over(session: Session, made: Made, file: Path | None) -> None:
    from ioc.gateway.keys.admin import write_key_file  # noqa: PLC0415 - slow imports

    if file is None:
        session.say(KeysText.CREATED, "green", key_id=made.key.key_id)
        session.out.print(made.text, soft_wrap=True)
    else:
        write_key_file(file, made.text, session.language)
        session.say(KeysText.CREATED_FILE, "green", key_id=made.key.key_id, file=file)


def _state(session: Session, key: Key) -> str:
    if key.revoked_at:
        return session.text(KeysText.STATE_REVOKED, time=_time(key.revoked_at))
    if not key.works(int(time.time())):
        return session.text(KeysText.STATE_EXPIRED, time=_time(key.expires_at))
    text = session.text(KeysText.STATE_SANDBOX if key.sandbox else KeysText.STATE_WORKS)
    if key.expires_at:
        text += " " + session.text(KeysText.STATE_UNTIL, time=_time(key.expires_at))
    return text


def _time(epoch: int) -> str:
    return f"{dt.datetime.fromtimestamp(epoch).astimezone():%d/%m/%Y %H:%M}"
