"""`ioc wall-user add|remove|list`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from ioc.commands.session import session_of
from ioc.data_folder import DataFolder
from ioc.wall import accounts
from schemas.errors import ConfigurationError
from schemas.help_texts import Help
from schemas.messages import Text
from schemas.settings import WallSettings


def register(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(help=Help.WALL_USER.name, no_args_is_help=True)
    group.command("add", help=Help.WALL_USER_ADD.name)(add)
    group.command("remove", help=Help.WALL_USER_REMOVE.name)(remove)
    group.command("list", help=Help.WALL_USER_LIST.name)(list_users)
    app.add_typer(group, name="wall-user")


def add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help=Help.WALL_USER_NAME.name)],
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help=Help.PASSWORD_STDIN.name)
    ] = False,
) -> None:
    """Add an account or change its password; a running wall sees it at once."""
    session = session_of(context)
    if password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = typer.prompt(
            session.text(Text.PASSWORD), hide_input=True, confirmation_prompt=True
        )
    path = users_file(session.folder)
    text = Text.USER_ADDED if accounts.put(path, name, password) else Text.USER_CHANGED
    session.say(text, "green", name=name, file=path)


def remove(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help=Help.WALL_USER_NAME.name)],
) -> None:
    """Remove an account, which ends its sessions."""
    session = session_of(context)
    if not accounts.remove(users_file(session.folder), name):
        raise ConfigurationError(session.text(Text.USER_UNKNOWN, name=name))
    session.say(Text.USER_REMOVED, "green", name=name)


def list_users(context: typer.Context) -> None:
    """Print one name a line."""
    session = session_of(context)
    for name in accounts.names(users_file(session.folder)):
        session.out.print(name)


def users_file(folder: Path) -> Path:
    """Return the file that the settings name, else the one of the data folder."""
    return WallSettings().users_file or DataFolder(folder).wall_users
