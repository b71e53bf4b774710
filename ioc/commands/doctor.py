"""`ioc doctor`."""

from __future__ import annotations

from collections.abc import Iterator

import typer
from rich.table import Table
from rich.text import Text as RichText

from ioc.commands.session import Session, session_of
from ioc.doctor.finding import Finding, Level
from schemas.doctor_texts import Doctor
from schemas.help_texts import Help
from schemas.settings import ClickHouseSettings, KafkaSettings

_MARKS = {Level.WELL: ("✓", "green"), Level.NOTE: ("!", "yellow"), Level.BAD: ("✗", "bold red")}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("doctor", help=Help.DOCTOR.name)(doctor)


def doctor(context: typer.Context) -> None:
    """Look at everything; exit with 1 when something is wrong."""
    session = session_of(context)
    session.attach()
    table = Table(show_header=False, box=None)
    worst = Level.WELL
    for finding in _findings(session):
        if finding.level is Level.BAD or worst is Level.WELL:
            worst = finding.level
        mark, style = _MARKS[finding.level]
        text = RichText(session.text(finding.detail, **finding.values))
        if finding.cure is not None:
            cure = session.text(finding.cure, **finding.values)
            text.append(f"\n→ {cure}", style="bold")
        table.add_row(RichText(mark, style=style), session.text(finding.subject), text)
    session.out.print(table)
    if worst is Level.BAD:
        session.say(Doctor.BAD, "bold red")
        raise typer.Exit(1)
    session.say(Doctor.GOOD, "bold green")


def _findings(session: Session) -> Iterator[Finding]:
    from ioc.doctor.kafka_checks import kafka_findings  # noqa: PLC0415 - slow imports
    from ioc.doctor.local_checks import local_findings  # noqa: PLC0415
    from ioc.doctor.warehouse_checks import warehouse_findings  # noqa: PLC0415

    yield from local_findings(session.folder)
    yield from kafka_findings(KafkaSettings())
    yield from warehouse_findings(ClickHouseSettings())
