"""`ioc replay` and `ioc scenario`."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from ioc.commands.session import Session, session_of
from schemas.help_texts import Help
from schemas.messages import Text
from schemas.settings import KafkaSettings, WorkerSettings

if TYPE_CHECKING:
    from ioc.scenarios.scenario import Scenario

_DEFAULT_SEED = 2024
Rate = Annotated[float, typer.Option(help=Help.RATE.name, min=0)]
Speed = Annotated[float, typer.Option(help=Help.SPEED.name, min=0)]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("replay", help=Help.REPLAY.name)(replay)
    app.command("scenario", help=Help.SCENARIO.name)(scenario)


def replay(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help=Help.REPLAY_FILE.name)],
    rate: Rate = 0,
    speed: Speed = 0,
    resume: Annotated[bool, typer.Option("--resume/--restart", help=Help.RESUME.name)] = True,
    source: Annotated[str, typer.Option(help=Help.SOURCE.name)] = "",
) -> None:
    """Send a file's events; exit with 1 when lines were rejected."""
    session = session_of(context)
    session.attach()
    from ioc.national.reader import DEFAULT_SOURCE  # noqa: PLC0415 - slow imports
    from ioc.own_files import load_units  # noqa: PLC0415
    from ioc.replay.replay import replay_file  # noqa: PLC0415

    with _bar(session, file.name, None) as tell:
        result = replay_file(
            file,
            KafkaSettings(),
            rate=rate or None,
            speed=speed or None,
            resume=resume,
            source=source or DEFAULT_SOURCE,
            units=load_units(WorkerSettings()),
            on_progress=lambda progress: tell(progress.sent),
        )
    if result.skipped:
        session.say(Text.RESUMED, line=result.skipped)
    session.say(Text.SENT, "green", count=result.sent, seconds=f"{result.seconds:.1f}")
    if result.rejects_file is not None:
        session.say(Text.REJECTED, "red", count=result.rejected, file=result.rejects_file)
        raise typer.Exit(1)


def scenario(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help=Help.SCENARIO_NAME.name)] = "",
    rate: Rate = 0,
    speed: Speed = 0,
    shift_to_now: Annotated[
        bool, typer.Option("--shift-to-now/--no-shift", help=Help.SHIFT.name)
    ] = False,
    seed: Annotated[int, typer.Option(help=Help.SEED.name)] = _DEFAULT_SEED,
    spoil: Annotated[list[str] | None, typer.Option(help=Help.SPOIL.name)] = None,
    figures: Annotated[bool, typer.Option("--figures", help=Help.NO_REPLAY.name)] = False,
) -> None:
    """Replay a scenario, or list them all."""
    session = session_of(context)
    from ioc.scenarios import catalogue  # noqa: PLC0415 - slow imports

    if not name:
        _list(session, list(catalogue.SCENARIOS.values()))
        return
    chosen = catalogue.scenario(name)
    if figures:
        _show_figures(session, chosen)
        return
    session.attach()
    _send(session, chosen, rate, speed, shift_to_now, seed, spoil or [])


def _send(
    session: Session,
    chosen: Scenario,
    rate: float,
    speed: float,
    shift_to_now: bool,
    seed: int,
    spoil: list[str],
) -> None:
    from ioc.replay.outgoing import outgoing  # noqa: PLC0415 - slow imports
    from ioc.replay.sender import send_records  # noqa: PLC0415
    from ioc.scenarios.shift import shift, weeks_onto  # noqa: PLC0415
    from ioc.scenarios.spoiling import spoiling  # noqa: PLC0415

    settings = KafkaSettings()
    now = dt.datetime.now(dt.UTC)
    events = chosen.events(seed)
    if shift_to_now:
        events = shift(events, weeks_onto(chosen.end, now))
    ways = spoiling(spoil, seed=seed, partitions=settings.partitions, now=now)
    started = time.monotonic()
    with _bar(session, chosen.name, None) as tell:
        count = send_records(
            ways.apply(outgoing(events)),
            settings,
            rate=rate or None,
            speed=speed or None,
            on_progress=tell,
        )
    seconds = f"{time.monotonic() - started:.1f}"
    session.say(Text.SENT, "green", count=count, seconds=seconds)


def _list(session: Session, scenarios: list[Scenario]) -> None:
    table = Table()
    table.add_column(session.text(Text.COLUMN_NAME), no_wrap=True)
    table.add_column(session.text(Text.COLUMN_TITLE))
    for each in scenarios:
        table.add_row(each.name, each.title_en if session.language == "en" else each.title_vi)
    session.out.print(table)


def _show_figures(session: Session, chosen: Scenario) -> None:
    total = chosen.figures().total
    title = chosen.title_en if session.language == "en" else chosen.title_vi
    table = Table(title=session.text(Text.SCENARIO_EXPECTED, title=title))
    table.add_column(session.text(Text.COLUMN_FIGURE))
    table.add_column(session.text(Text.COLUMN_VALUE), justify="right")
    for figure in ("received", "received_online", "resolved", "early", "on_time", "late", "open"):
        table.add_row(figure, f"{getattr(total, figure):,}")
    table.add_row("on_time_percent", f"{total.on_time_percent:.2f}")
    session.out.print(table)


@contextmanager
def _bar(session: Session, name: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """Show a moving bar while records are sent; gives the function that moves it."""
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=session.out,
        transient=True,
    ) as progress:
        task = progress.add_task(session.text(Text.SENDING, name=name), total=total)
        yield lambda sent: progress.update(task, completed=sent)
