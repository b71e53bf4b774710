"""`ioc alerts …`: check, preview, list and run."""

from __future__ import annotations

import datetime as dt
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from ioc.commands import alert_answers
from ioc.commands.processes import become
from ioc.commands.session import Session, session_of
from schemas.alert_command_texts import AlertHelp, AlertSays
from schemas.alerting.settings import AlertSettings
from schemas.calendar.local_time import day_end, day_of_date, day_start
from schemas.errors import ConfigurationError
from schemas.settings import ClickHouseSettings, WorkerSettings

if TYPE_CHECKING:
    from ioc.alerts.preview.report import Report

_LOCAL = dt.timezone(dt.timedelta(hours=7))


def register(app: typer.Typer) -> None:
    """Add the group."""
    group = typer.Typer(help=AlertHelp.ALERTS.name, no_args_is_help=True)
    group.command("run", help=AlertHelp.ALERTS_RUN.name)(run)
    group.command("check", help=AlertHelp.ALERTS_CHECK.name)(check)
    group.command("preview", help=AlertHelp.ALERTS_PREVIEW.name)(preview)
    group.command("list", help=AlertHelp.ALERTS_LIST.name)(list_alerts)
    group.command("schema", help=AlertHelp.ALERTS_SCHEMA.name)(schema)
    alert_answers.register(group)
    app.add_typer(group, name="alerts")


def run(context: typer.Context) -> None:
    """Become the process that sends alerts."""
    become(context, "ioc.alerts")


def check(context: typer.Context) -> None:
    """Read both files; a mistake ends with file and line."""
    from ioc.alerts.process import make_planner  # noqa: PLC0415 - 0.5 s

    session = session_of(context)
    planner, _ = make_planner(AlertSettings(), WorkerSettings())
    session.say(
        AlertSays.CHECKED,
        "green",
        rules=len(planner.rules.file.rules),
        people=len(planner.people),
    )


def preview(
    context: typer.Context,
    first: Annotated[str, typer.Option("--from", help=AlertHelp.PREVIEW_FROM.name)],
    last: Annotated[str, typer.Option("--to", help=AlertHelp.PREVIEW_TO.name)],
    page: Annotated[Path | None, typer.Option(help=AlertHelp.PREVIEW_PAGE.name)] = None,
) -> None:
    """Run the rules over a past period; print what they would have sent, or write a page of it."""
    from ioc.alerts.preview.page import preview_page  # noqa: PLC0415
    from ioc.alerts.preview.run import preview as look_back  # noqa: PLC0415
    from ioc.alerts.process import make_planner  # noqa: PLC0415
    from ioc.warehouse import connect_reader  # noqa: PLC0415

    session = session_of(context)
    session.attach()
    begin, end = _day(first), _day(last)
    if end < begin:
        raise ConfigurationError(session.text(AlertSays.BAD_PERIOD))
    planner, reference = make_planner(AlertSettings(), WorkerSettings())
    with closing(connect_reader(ClickHouseSettings())) as client:
        report = look_back(client, planner, reference.rules, day_start(begin), day_end(end))
    if page is None:
        _show(session, report, first, last)
        return
    page.write_text(preview_page(report, planner.people, first, last, session.language), "utf-8")
    session.say(AlertSays.PREVIEW_WRITTEN, "green", address=page.resolve().as_uri())


def list_alerts(
    context: typer.Context,
    unit: Annotated[str, typer.Option(help=AlertHelp.LIST_UNIT.name)] = "",
    rows: Annotated[int, typer.Option(help=AlertHelp.LIST_ROWS.name, min=1, max=10_000)] = 50,
) -> None:
    """Print alerts that are open, and messages that were given up."""
    from ioc.alerts.store.warehouse import statement  # noqa: PLC0415
    from ioc.warehouse import connect_reader  # noqa: PLC0415

    session = session_of(context)
    session.attach()
    with closing(connect_reader(ClickHouseSettings())) as client:
        given = {"unit": unit, "rows": rows}
        cases = client.query(statement("open_cases"), parameters=given).result_rows
        lost = client.query(statement("given_up"), parameters={"rows": rows}).result_rows
    if not cases:
        session.say(AlertSays.NONE_OPEN)
    else:
        table = _table(
            session,
            AlertSays.COLUMN_ALERT,
            AlertSays.COLUMN_UNIT,
            AlertSays.COLUMN_STATE,
            AlertSays.COLUMN_LEVEL,
            AlertSays.COLUMN_SINCE,
        )
        for alert_id, _, of_unit, state, level, crossed_at, _ in cases:
            table.add_row(alert_id, of_unit, state, str(level), _local(crossed_at))
        session.out.print(table)
    if lost:
        session.say(AlertSays.GIVEN_UP, "bold red", count=len(lost))
        for delivery_id, _, _, _, problem, at_ms in lost:
            session.out.print(f"  {_local(at_ms // 1000)} {delivery_id} {problem}", markup=False)


def schema(
    context: typer.Context,
    check_only: Annotated[
        bool, typer.Option("--check", help=AlertHelp.SCHEMA_ONLY_CHECK.name)
    ] = False,
) -> None:
    """Write the JSON Schemas, or compare them."""
    from schemas.alerting.json_schema import stale_schemas, write_schemas  # noqa: PLC0415

    session = session_of(context)
    if check_only:
        stale = stale_schemas()
        for name in stale:
            session.say(AlertSays.SCHEMA_STALE, file=name)
        if stale:
            raise typer.Exit(1)
        session.say(AlertSays.SCHEMA_FRESH)
        return
    for path in write_schemas():
        session.say(AlertSays.SCHEMA_WRITTEN, "green", file=Path(path.name))


def _show(session: Session, report: Report, first: str, last: str) -> None:
    session.say(AlertSays.PREVIEW_ASSUMES)
    session.say(
        AlertSays.PREVIEW_PERIOD,
        start=first,
        end=last,
        messages=sum(report.messages.values()),
        people=len(report.people),
    )
    rules = _table(session, AlertSays.COLUMN_RULE, AlertSays.COLUMN_ALERTS)
    for rule, alerts in sorted(report.alerts.items()):
        rules.add_row(rule, str(len(alerts)))
    session.out.print(rules)
    kinds = _table(session, AlertSays.COLUMN_KIND, AlertSays.COLUMN_ROLE, AlertSays.COLUMN_MESSAGES)
    for (kind, role), count in sorted(report.messages.items()):
        kinds.add_row(kind, role, str(count))
    session.out.print(kinds)
    people = _table(session, AlertSays.COLUMN_PERSON, AlertSays.COLUMN_MESSAGES)
    for person, count in report.people.most_common(20):
        people.add_row(person, str(count))
    session.out.print(people)
    person, count = report.busiest
    if count:
        session.say(AlertSays.PREVIEW_BUSIEST, count=count, person=person)


def _table(session: Session, *columns: AlertSays) -> Table:
    table = Table()
    for column in columns:
        table.add_column(session.text(column))
    return table


def _day(text: str) -> int:
    try:
        return day_of_date(dt.date.fromisoformat(text))
    except ValueError:
        raise ConfigurationError(f"{text}: not a day like 2024-09-01") from None


def _local(epoch: int) -> str:
    return dt.datetime.fromtimestamp(epoch, _LOCAL).strftime("%Y-%m-%d %H:%M")
