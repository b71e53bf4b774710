"""`ioc verify`."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.progress import Progress

from ioc.commands.session import session_of
from schemas.help_texts import Help
from schemas.messages import Text
from schemas.settings import ClickHouseSettings


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("verify", help=Help.VERIFY.name)(verify)


def verify(
    context: typer.Context,
    shard: Annotated[list[int] | None, typer.Option(help=Help.SHARDS.name, min=0, max=47)] = None,
) -> None:
    """Recompute every figure; exit with 1 when one differs."""
    session = session_of(context)
    session.attach()
    from ioc.verify.report import render  # noqa: PLC0415 - slow imports
    from ioc.verify.run import verify as run_verify  # noqa: PLC0415
    from ioc.warehouse import connect_writer  # noqa: PLC0415

    settings = ClickHouseSettings()
    client = connect_writer(settings)
    try:
        with Progress(console=session.out, transient=True) as progress:
            task = progress.add_task(session.text(Text.VERIFYING))
            report = run_verify(
                client,
                database=settings.database,
                shards=shard or None,
                on_progress=lambda done, total: progress.update(task, completed=done, total=total),
            )
    finally:
        client.close()
    session.out.print(render(report, "en" if session.language == "en" else "vi"))
    if not report.ok:
        raise typer.Exit(1)
