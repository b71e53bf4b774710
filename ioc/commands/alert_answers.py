"""`ioc alerts answers|texts|new-key|api-key`."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Annotated

import typer

from ioc.commands.processes import become
from ioc.commands.session import Session, session_of
from schemas.alert_settings import AnswerSettings
from schemas.alerting.settings import AlertSettings
from schemas.answer_command_texts import AnswerHelp, AnswerSays
from schemas.errors import ConfigurationError
from schemas.settings import WorkerSettings


def register(group: typer.Typer) -> None:
    """Add the commands to the group `alerts`."""
    group.command("answers", help=AnswerHelp.ANSWERS.name)(answers)
    group.command("texts", help=AnswerHelp.TEXTS.name)(texts)
    group.command("new-key", help=AnswerHelp.NEW_KEY.name)(new_key)
    keys = typer.Typer(help=AnswerHelp.API_KEY.name, no_args_is_help=True)
    keys.command("add", help=AnswerHelp.API_KEY_ADD.name)(add)
    keys.command("list", help=AnswerHelp.API_KEY_LIST.name)(list_keys)
    keys.command("remove", help=AnswerHelp.API_KEY_REMOVE.name)(remove)
    group.add_typer(keys, name="api-key")


def answers(context: typer.Context) -> None:
    """Become the server of the pages."""
    become(context, "ioc.alerts.answers")


def texts(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help=AnswerHelp.TEXTS_FOLDER.name)],
) -> None:
    """Write the samples in the command line's language; their links lead nowhere."""
    from ioc.alerts.answers.links import AnswerLinks, LinkSigner  # noqa: PLC0415 - 0.3 s
    from ioc.alerts.messages.samples import write_samples  # noqa: PLC0415

    session = session_of(context)
    links = AnswerLinks(LinkSigner(secrets.token_hex()), "https://ioc.example.vn", 1)
    written = write_samples(folder, session.language, links)
    session.say(AnswerSays.TEXTS_WRITTEN, "green", count=len(written), folder=folder)


def new_key(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help=AnswerHelp.NEW_KEY_FILE.name)],
) -> None:
    """Write a random key; never over another one."""
    session = session_of(context)
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise ConfigurationError(session.text(AnswerSays.KEY_EXISTS, file=file)) from None
    except OSError as error:
        raise ConfigurationError(f"{file}: {error.strerror}") from None
    with os.fdopen(descriptor, "w") as out:
        out.write(secrets.token_hex(32) + "\n")
    session.say(AnswerSays.KEY_WRITTEN, "green", file=file.absolute())


def add(
    context: typer.Context,
    person: Annotated[str, typer.Argument(help=AnswerHelp.API_KEY_PERSON.name)],
) -> None:
    """Print a new token of a person of the people file."""
    from ioc.alerts.answers.api_keys import add_key  # noqa: PLC0415
    from ioc.alerts.people_file import load_people  # noqa: PLC0415
    from ioc.reference import load_reference  # noqa: PLC0415

    session = session_of(context)
    file = AlertSettings().people_file
    if file is None:
        raise ConfigurationError("IOC_ALERTS_PEOPLE_FILE")
    if load_people(file, load_reference(WorkerSettings()).units).get(person) is None:
        raise ConfigurationError(session.text(AnswerSays.NOBODY, person=person, file=file))
    # Written as it is, for scripts: no wrapping, no colours.
    typer.echo(add_key(_keys_file(session), person))


def list_keys(context: typer.Context) -> None:
    """Print id and person of each token."""
    from ioc.alerts.answers import api_keys  # noqa: PLC0415

    session = session_of(context)
    for key_id, person in api_keys.list_keys(_keys_file(session)):
        session.out.print(f"{key_id}  {person}")


def remove(
    context: typer.Context,
    key: Annotated[str, typer.Argument(help=AnswerHelp.API_KEY_ID.name)],
) -> None:
    """Revoke a token; a running server sees it at once."""
    from ioc.alerts.answers.api_keys import remove_key  # noqa: PLC0415

    session = session_of(context)
    if not remove_key(_keys_file(session), key):
        raise ConfigurationError(session.text(AnswerSays.API_KEY_UNKNOWN, key=key))
    session.say(AnswerSays.API_KEY_REVOKED, "green", key=key)


def _keys_file(session: Session) -> Path:
    path = AnswerSettings().api_keys_file
    if path is None:
        raise ConfigurationError(session.text(AnswerSays.API_KEYS_UNSET))
    return path
