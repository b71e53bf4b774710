"""`ioc dead-letters list|show|redrive|new-key`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text as RichText

from ioc.commands.session import session_of
from schemas.errors import ConfigurationError
from schemas.help_texts import Help
from schemas.messages import Text
from schemas.settings import ClickHouseSettings, KafkaSettings, WorkerSettings

if TYPE_CHECKING:
    from clickhouse_connect.driver.client import Client

_ALL_LIMIT = 100_000


def register(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(help=Help.DEAD_LETTERS.name, no_args_is_help=True)
    group.command("list", help=Help.DEAD_LIST.name)(list_letters)
    group.command("show", help=Help.DEAD_SHOW.name)(show)
    group.command("redrive", help=Help.DEAD_REDRIVE.name)(redrive)
    group.command("new-key", help=Help.DEAD_NEW_KEY.name)(new_key)
    app.add_typer(group, name="dead-letters")


def list_letters(
    context: typer.Context,
    code: Annotated[str, typer.Option(help=Help.CODE.name)] = "",
    limit: Annotated[int, typer.Option(help=Help.LIMIT.name, min=1)] = 50,
) -> None:
    """List open letters, newest first."""
    session = session_of(context)
    session.attach()
    from ioc.dead_letters import waiting_letters  # noqa: PLC0415 - slow imports

    with _writer() as client:
        count, letters = waiting_letters(client, code=code, limit=limit)
    if not letters:
        session.say(Text.NO_LETTERS, "green")
        return
    table = Table(title=session.text(Text.LETTERS_TITLE, count=count))
    for column in (Text.COLUMN_ID, Text.COLUMN_TIME, Text.COLUMN_SOURCE, Text.COLUMN_REASON):
        table.add_column(session.text(column), overflow="fold")
    for letter in letters:
        at = letter.log_at.isoformat(sep=" ", timespec="seconds")
        cells = (letter.letter_id, at, letter.source, f"{letter.code}: {letter.reason}")
        table.add_row(*map(RichText, cells))  # data, never read as markup
    session.out.print(table)


def show(
    context: typer.Context,
    letter: Annotated[str, typer.Argument(help=Help.LETTER.name)],
) -> None:
    """Open one letter and write its content to the terminal."""
    session = session_of(context)
    session.attach()
    from ioc.dead_letters import find_letter, letter_seal  # noqa: PLC0415 - slow imports

    seal = letter_seal(WorkerSettings())
    with _writer() as client:
        stored, sealed = find_letter(client, letter)
    key, value = seal.open(sealed)
    session.say(
        Text.LETTER_STATE,
        letter=stored.letter_id,
        code=stored.code,
        reason=stored.reason,
        source=stored.source,
        state=stored.state,
    )
    for part in (key, value):
        session.out.print(
            "null" if part is None else part.decode("utf-8", "backslashreplace"),
            markup=False,
            soft_wrap=True,
        )


def redrive(
    context: typer.Context,
    letters: Annotated[list[str] | None, typer.Argument(help=Help.LETTERS.name)] = None,
    every: Annotated[bool, typer.Option("--all", help=Help.ALL.name)] = False,
    code: Annotated[str, typer.Option(help=Help.CODE.name)] = "",
) -> None:
    """Send letters again after their cause is mended."""
    session = session_of(context)
    session.attach()
    from ioc.dead_letters import letter_seal, waiting_letters  # noqa: PLC0415 - slow imports
    from ioc.dead_letters import redrive as send_again  # noqa: PLC0415

    if not letters and not every and not code:
        raise ConfigurationError(session.text(Text.REDRIVE_WHAT))
    seal = letter_seal(WorkerSettings())
    with _writer() as client:
        chosen = list(letters or [])
        if not chosen:
            _, found = waiting_letters(client, code=code, limit=_ALL_LIMIT)
            chosen = [letter.letter_id for letter in found]
        count = send_again(client, KafkaSettings(), seal, chosen) if chosen else 0
    session.say(Text.REDRIVEN, "green", count=count)


def new_key(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help=Help.KEY_FILE.name)],
) -> None:
    """Make a key file of mode 0600; an existing one is never replaced."""
    session = session_of(context)
    from cryptography.fernet import Fernet  # noqa: PLC0415 - other commands do not need it

    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise ConfigurationError(f"{file}: {error.strerror}") from None
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(Fernet.generate_key() + b"\n")
    session.say(Text.KEY_WRITTEN, "green", file=file)


@contextmanager
def _writer() -> Iterator[Client]:
    from ioc.warehouse import connect_writer  # noqa: PLC0415 - slow imports

    client = connect_writer(ClickHouseSettings())
    try:
        yield client
    finally:
        client.close()
