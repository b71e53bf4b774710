"""`ioc topics create|check|grow|accounts`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from pydantic import SecretStr
from rich.table import Table

from ioc.commands.session import session_of
from ioc.kafka_accounts import apply_accounts
from ioc.topics import check_topics, create_topics, grow_partitions
from schemas.errors import ConfigurationError
from schemas.help_texts import Help
from schemas.messages import Text
from schemas.settings import KafkaSettings, read_secret


def register(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(help=Help.TOPICS.name, no_args_is_help=True)
    group.command("create", help=Help.TOPICS_CREATE.name)(create)
    group.command("check", help=Help.TOPICS_CHECK.name)(check)
    group.command("grow", help=Help.TOPICS_GROW.name)(grow)
    group.command("accounts", help=Help.TOPICS_ACCOUNTS.name)(accounts)
    app.add_typer(group, name="topics")


def create(context: typer.Context) -> None:
    """Create missing topics; existing ones stay as they are."""
    session = session_of(context)
    session.attach()
    created = create_topics(KafkaSettings())
    for topic in created:
        session.say(Text.STEP_TOPIC, "green", topic=topic)
    if not created:
        session.say(Text.TOPICS_ALL_THERE, "green")


def check(context: typer.Context) -> None:
    """Exit with 1 when a topic is not as declared."""
    session = session_of(context)
    session.attach()
    differences = check_topics(KafkaSettings())
    if not differences:
        session.say(Text.TOPICS_AS_DECLARED, "green")
        return
    table = Table()
    for column in (
        Text.COLUMN_TOPIC,
        Text.COLUMN_WHAT,
        Text.COLUMN_DECLARED,
        Text.COLUMN_LIVE,
    ):
        table.add_column(session.text(column), overflow="fold")
    for each in differences:
        table.add_row(each.topic, each.what, each.declared, each.live)
    session.out.print(table)
    raise typer.Exit(1)


def grow(
    context: typer.Context,
    partitions: Annotated[int, typer.Argument(help=Help.PARTITIONS.name)],
) -> None:
    """Add partitions; the workers notice and start again with the new count."""
    session = session_of(context)
    session.attach()
    before, after = grow_partitions(KafkaSettings(), partitions)
    text = Text.TOPIC_SAME if before == after else Text.TOPIC_GROWN
    session.say(text, "green", before=before, after=after)


def accounts(
    context: typer.Context,
    passwords: Annotated[list[str], typer.Option("--password", help=Help.ACCOUNT_PASSWORD.name)],
) -> None:
    """Set the passwords and the declared rights of Kafka's accounts; may be repeated."""
    session = session_of(context)
    session.attach()
    for change in apply_accounts(KafkaSettings(), dict(map(_password, passwords))):
        session.say(
            Text.KAFKA_ACCOUNT,
            "green",
            user=change.user,
            granted=change.granted,
            taken=change.taken_away,
        )


def _password(option: str) -> tuple[str, SecretStr]:
    name, _, path = option.partition("=")
    if not path:
        raise ConfigurationError(f"--password {option}: give it as NAME=FILE")
    return name, read_secret(Path(path))
