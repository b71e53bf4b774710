"""`ioc leaders check`."""

from __future__ import annotations

import time

import typer

from ioc.commands.session import session_of
from schemas.alert_command_texts import AlertHelp, AlertSays
from schemas.alerting.settings import AlertSettings
from schemas.calendar.local_time import date_of_day, local_day
from schemas.errors import ConfigurationError
from schemas.settings import WorkerSettings

#: Names that one line shows; the rest is counted.
_SHOWN = 12


def register(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(help=AlertHelp.LEADERS.name, no_args_is_help=True)

    group.command("check", help=AlertHelp.LEADERS_CHECK.name)(check)
    app.add_typer(group, name="leaders")


def check(context: typer.Context) -> None:
    """Say who is missing; ends with 1 if somebody is."""
    from ioc.alerts.coverage import coverage  # noqa: PLC0415 - 0.5 s
    from ioc.alerts.process import people_with_channels  # noqa: PLC0415
    from ioc.reference import load_reference  # noqa: PLC0415

    session = session_of(context)
    path = AlertSettings().people_file
    if path is None:
        raise ConfigurationError(session.text(AlertSays.NOT_CONFIGURED))
    reference = load_reference(WorkerSettings())
    book = people_with_channels(path, reference)
    found = coverage(book, int(time.time()))
    covered = len(found.units) - len(found.alone)
    session.say(AlertSays.PEOPLE_OF_UNITS, covered=covered, units=len(found.units))
    if found.alone:
        names = [reference.units.get(code).name for code in found.alone[:_SHOWN]]
        more = ["…"] if len(found.alone) > _SHOWN else []
        session.say(
            AlertSays.NOBODY, "yellow", count=len(found.alone), names=", ".join(names + more)
        )
    if not found.has_province_leader:
        session.say(AlertSays.NO_PROVINCE_LEADER, "yellow")
    if not found.has_technician:
        session.say(AlertSays.NO_TECHNICIAN, "yellow")
    for person, absence in found.unattended:
        session.say(
            AlertSays.ABSENT_ALONE,
            "yellow",
            person=person.person_id,
            start=date_of_day(local_day(absence.start)).isoformat(),
            end=date_of_day(local_day(absence.end - 1)).isoformat(),
        )
    if not found.is_complete:
        raise typer.Exit(1)
