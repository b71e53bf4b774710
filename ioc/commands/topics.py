"""`ioc topics create|check|grow`."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from ioc.commands.session import session_of
from ioc.topics import check_topics, create_topics, grow_partitions
from schemas.help_texts import Help
from schemas.messages import Text
from schemas.settings import KafkaSettings


def register(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(help=Help.TOPICS.name, no_args_is_help=True)
    group.command("create", help=Help.TOPICS_CREATE.name)(create)
    group.command("check", help=Help.TOPICS_CHECK.name)(check)
    group.command("grow", help=Help.TOPICS_GROW.name)(grow)
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
