"""The command `ioc`.

Help texts are ids of the catalogue while the commands are declared and are put into the chosen
language before anything is parsed, so that `ioc --help` speaks Vietnamese by default as well.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from ioc.commands import (
    alerts,
    dashboards,
    dead_letters,
    doctor,
    event_schema,
    keys,
    leaders,
    mapping,
    processes,
    push,
    reconcile,
    replays,
    topics,
    up,
    verification,
    wall_users,
    warehouse,
)
from ioc.commands.session import Session
from ioc.data_folder import DEFAULT_FOLDER
from schemas.alert_command_texts import AlertHelp
from schemas.answer_command_texts import AnswerHelp
from schemas.desk_help import DeskHelp
from schemas.errors import ConfigurationError, IocError, RetryError
from schemas.help_texts import Help
from schemas.keys_texts import KeysHelp
from schemas.messages import LANGUAGE_VARIABLE, Worded, chosen_language

EXIT_FAILED = 1
EXIT_MISCONFIGURED = 2
EXIT_AWAY = 3

#: Catalogues of help texts; a name stands in one of them only.
HELP_CATALOGUES: tuple[type[Worded], ...] = (Help, DeskHelp, KeysHelp, AlertHelp, AnswerHelp)

_GROUPS = (
    up,
    processes,
    warehouse,
    topics,
    replays,
    push,
    mapping,
    reconcile,
    verification,
    doctor,
    dead_letters,
    event_schema,
    wall_users,
    keys,
    alerts,
    leaders,
    dashboards,
)


def build(language: str) -> Any:
    """Return the whole command line in one language, as a Click command."""
    app = typer.Typer(
        name="ioc",
        help=Help.IOC.name,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )

    @app.callback()
    def start(
        context: typer.Context,
        lang: Annotated[
            str, typer.Option(envvar=LANGUAGE_VARIABLE, help=Help.LANG.name)
        ] = language,
        data: Annotated[
            Path, typer.Option(envvar="IOC_DATA", help=Help.DATA.name)
        ] = DEFAULT_FOLDER,
    ) -> None:
        context.obj = Session(chosen_language(lang), data)

    for group in _GROUPS:
        group.register(app)
    command = typer.main.get_command(app)
    _translate(command, language)
    return command


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit.

    Exit codes: 0 done; 1 something is not as it should be; 2 settings or arguments are wrong;
    3 a server does not answer.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    command = build(chosen_language(_language_option(given)))
    try:
        command(args=given, prog_name="ioc")
    except IocError as error:
        Console(stderr=True, highlight=False).print(f"[bold red]{escape(str(error))}[/]")
        if isinstance(error, ConfigurationError):
            sys.exit(EXIT_MISCONFIGURED)
        sys.exit(EXIT_AWAY if isinstance(error, RetryError) else EXIT_FAILED)


def _language_option(arguments: Sequence[str]) -> str | None:
    for index, argument in enumerate(arguments):
        if argument.startswith("--lang="):
            return argument.partition("=")[2]
        if argument == "--lang" and index + 1 < len(arguments):
            return arguments[index + 1]
    return None


def _translate(command: Any, language: str) -> None:
    """Replace the ids in help texts; a text that is no id is a mistake and raises `KeyError`."""
    if command.help:
        command.help = _help(command.help).in_language(language)
    for parameter in command.params:
        if getattr(parameter, "help", None) and parameter.name != "help":
            parameter.help = _help(parameter.help).in_language(language)
    for child in getattr(command, "commands", {}).values():
        _translate(child, language)


def _help(name: str) -> Worded:
    for catalogue in HELP_CATALOGUES:
        if name in catalogue.__members__:
            return catalogue[name]
    raise KeyError(name)


if __name__ == "__main__":
    main()
