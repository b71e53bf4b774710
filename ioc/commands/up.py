"""`ioc up`."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from ioc.commands.session import Session, session_of
from schemas.errors import ConfigurationError
from schemas.help_texts import Help
from schemas.messages import Text

if TYPE_CHECKING:
    from ioc.data_folder import DataFolder


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("up", help=Help.UP.name)(up)


def up(
    context: typer.Context,
    workers: Annotated[int, typer.Option(help=Help.WORKERS.name, min=1, max=48)] = 1,
    scenario: Annotated[str, typer.Option(help=Help.UP_SCENARIO.name)] = "",
    speed: Annotated[float, typer.Option(help=Help.SPEED.name, min=0)] = 0,
    shift_to_now: Annotated[
        bool, typer.Option("--shift-to-now/--no-shift", help=Help.SHIFT.name)
    ] = False,
    once: Annotated[bool, typer.Option("--once", help=Help.ONCE.name)] = False,
) -> None:
    """Start everything and return once it was stopped."""
    # Other commands should not wait for these imports.
    from ioc.data_folder import DataFolder  # noqa: PLC0415
    from ioc.supervisor.plan import UpOptions, make_plan  # noqa: PLC0415
    from ioc.supervisor.supervisor import Supervisor  # noqa: PLC0415
    from ioc.supervisor.view import View  # noqa: PLC0415

    session = session_of(context)
    options = UpOptions(
        workers=workers,
        language=session.language,
        scenario=scenario,
        scenario_options=(
            f"--speed={speed:g}",
            "--shift-to-now" if shift_to_now else "--no-shift",
        ),
        once=once,
    )
    folder = DataFolder(session.folder)
    _acquire(session, folder)

    async def run() -> None:
        view = View(session.out, session.language)
        await Supervisor(make_plan(options, folder), view).run()

    try:
        asyncio.run(run())
    finally:
        folder.release()


def _acquire(session: Session, folder: DataFolder) -> None:
    try:
        folder.acquire()
    except ConfigurationError:
        holder = folder.holder()
        if not holder:
            raise
        raise ConfigurationError(
            session.text(Text.FOLDER_IN_USE, folder=folder.path, pid=holder)
        ) from None
