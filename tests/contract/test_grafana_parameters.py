"""Each parameter's expression gives what the built-in wall binds, on the real engine."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import wall_seed
from grafana_kit import Look, period_before
from warehouse_kit import clickhouse_settings

from dashboards.board import Board, Variable
from dashboards.grafana.alerts import rule_parameters
from dashboards.grafana.options import RenderOptions
from dashboards.grafana.parameters import AT, panel_parameters
from dashboards.grafana.raw_sql import raw_sql
from dashboards.query import Query
from ioc.embedded.clickhouse import EmbeddedClickHouse
from ioc.wall.period import Period
from ioc.warehouse import connect_reader, connect_server, connect_writer
from schemas.calendar import CalendarSettings, WorkingCalendar
from schemas.errors import ConfigurationError
from schemas.messages import Message
from schemas.tables.migrate import migrate

HANOI = dt.timezone(dt.timedelta(hours=7))
TEXT = Message("x", "x")
BOARD = Board("x", TEXT, TEXT, (), tuple(Variable))
OPTIONS = RenderOptions(shift_start_seconds=(6 * 3600, 14 * 3600, 22 * 3600))
EVERYTHING = {"unit": "all", "level": "all", "field": "all", "channel": "all", "dossier": ""}
#: Monday 30 September 2024, a Friday evening, Tết (closed), a Sunday, lunch.
MOMENTS = (
    dt.datetime(2024, 9, 30, 17, 0, tzinfo=HANOI),
    dt.datetime(2024, 9, 30, 16, 59, 59, tzinfo=HANOI),
    dt.datetime(2024, 9, 27, 18, 30, tzinfo=HANOI),
    dt.datetime(2024, 2, 9, 9, 0, tzinfo=HANOI),
    dt.datetime(2024, 9, 29, 0, 0, tzinfo=HANOI),
    dt.datetime(2024, 9, 25, 12, 0, tzinfo=HANOI),
    dt.datetime(2024, 9, 25, 5, 59, tzinfo=HANOI),
)
#: First and last day, and those of the period before, for calendar and for reporting months.
CALENDAR_PERIODS = (
    ((2024, 9, 1), (2024, 9, 30), (2024, 8, 1), (2024, 8, 31)),
    ((2024, 3, 1), (2024, 3, 31), (2024, 2, 1), (2024, 2, 29)),
    ((2024, 1, 1), (2024, 12, 31), (2023, 1, 1), (2023, 12, 31)),
    ((2024, 4, 1), (2024, 6, 30), (2024, 1, 1), (2024, 3, 31)),
    ((2024, 7, 1), (2024, 12, 31), (2024, 1, 1), (2024, 6, 30)),
    ((2024, 9, 30), (2024, 9, 30), (2024, 9, 29), (2024, 9, 29)),
    ((2024, 9, 23), (2024, 9, 29), (2024, 9, 16), (2024, 9, 22)),
    # Own ranges: as many days before.
    ((2024, 9, 5), (2024, 9, 14), (2024, 8, 26), (2024, 9, 4)),
    ((2024, 2, 1), (2024, 4, 30), (2023, 11, 3), (2024, 1, 31)),
    ((2024, 8, 21), (2024, 9, 20), (2024, 7, 21), (2024, 8, 20)),
    ((2024, 9, 21), (2024, 10, 20), (2024, 8, 22), (2024, 9, 20)),
    ((2020, 11, 6), (2020, 12, 22), (2020, 9, 20), (2020, 11, 5)),
)
REPORTING_PERIODS = (
    ((2024, 9, 21), (2024, 10, 20), (2024, 8, 21), (2024, 9, 20)),
    # December, the first month of that year, begins on 21 November.
    ((2023, 11, 21), (2024, 2, 20), (2023, 8, 21), (2023, 11, 20)),
    ((2023, 11, 21), (2024, 5, 20), (2023, 5, 21), (2023, 11, 20)),
    ((2023, 11, 21), (2024, 11, 20), (2022, 11, 21), (2023, 11, 20)),
    # Three of its months, but no quarter; a calendar month; a week.
    ((2023, 12, 21), (2024, 3, 20), (2023, 9, 21), (2023, 12, 20)),
    ((2024, 9, 1), (2024, 9, 30), (2024, 8, 2), (2024, 8, 31)),
    ((2024, 9, 23), (2024, 9, 29), (2024, 9, 16), (2024, 9, 22)),
)
PERIODS = (
    *((RenderOptions(), *each) for each in CALENDAR_PERIODS),
    *((RenderOptions(reporting_day=21, reporting_month=12), *each) for each in REPORTING_PERIODS),
)
Ask = Callable[..., Any]


@pytest.fixture(scope="module")
def ask(clickhouse: EmbeddedClickHouse) -> Iterator[Ask]:
    """Evaluates the expression of a parameter in a database that knows the calendar."""
    database = f"grafana_{uuid.uuid4().hex}"
    settings = clickhouse_settings(clickhouse, database)
    server = connect_server(settings)
    migrate(server, database)
    writer = connect_writer(settings)
    wall_seed.seed_reference(writer, database)
    writer.close()
    reader = connect_reader(settings)

    def run(name: str, look: Look, expressions: dict[str, str] | None = None) -> Any:
        known = expressions or panel_parameters(BOARD, OPTIONS)
        statement = raw_sql(Query("probe", f"SELECT {{{name}:Any}} AS value", frozenset()), known)
        answer = reader.query(look.expand(statement))
        ((value,),) = answer.result_rows
        return value

    try:
        yield run
    finally:
        reader.close()
        server.command(f"DROP DATABASE {database} SYNC")
        server.close()


def _look(moment: dt.datetime | None = None, **variables: Any) -> Look:
    at = "" if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%S")
    start = dt.datetime(2024, 9, 1, tzinfo=HANOI)
    end = dt.datetime(2024, 9, 30, 23, 59, 59, 999_000, tzinfo=HANOI)
    return Look(start, end, {**EVERYTHING, AT: at, **variables})


@pytest.mark.parametrize(("options", "first", "last", "before", "until"), PERIODS)
def test_the_days_of_the_time_picker(ask: Ask, options: RenderOptions, first, last, before, until):
    first, last = dt.date(*first), dt.date(*last)
    end = dt.datetime.combine(last, dt.time(23, 59, 59, 999_000), HANOI)
    look = Look(dt.datetime.combine(first, dt.time(), HANOI), end, {**EVERYTHING, AT: ""})
    known = panel_parameters(BOARD, options)
    assert ask("from_day", look, known) == first
    assert ask("to_day", look, known) == last
    found = (ask("before_from_day", look, known), ask("before_to_day", look, known))
    assert found == (dt.date(*before), dt.date(*until))
    assert found == period_before(options, first, last), "the built-in wall says otherwise"
    period = Period("range", first, last)
    assert (ask("from_at", look, known), ask("until_at", look, known)) == period.seconds
    assert ask("step", look, known) == period.step


@pytest.mark.parametrize("days", [1, 62, 63, 430, 431])
def test_the_step_changes_where_the_wall_changes_it(ask: Ask, days: int):
    first = dt.date(2022, 3, 2)
    last = first + dt.timedelta(days=days - 1)
    end = dt.datetime.combine(last, dt.time(23, 59, 59), HANOI)
    look = Look(dt.datetime.combine(first, dt.time(), HANOI), end, {**EVERYTHING, AT: ""})
    assert ask("step", look) == Period("range", first, last).step


def test_part_of_a_day_counts_as_the_whole_day(ask: Ask):
    start = dt.datetime(2024, 9, 3, 15, 12, tzinfo=HANOI)
    end = dt.datetime(2024, 9, 4, 0, 30, tzinfo=HANOI)
    look = Look(start, end, {**EVERYTHING, AT: ""})
    assert ask("from_at", look) == int(dt.datetime(2024, 9, 3, tzinfo=HANOI).timestamp())
    assert ask("until_at", look) == int(dt.datetime(2024, 9, 5, tzinfo=HANOI).timestamp())


@pytest.mark.parametrize("moment", MOMENTS, ids=str)
def test_what_depends_on_the_moment(ask: Ask, moment: dt.datetime):
    calendar = WorkingCalendar(CalendarSettings(_env_file=None))
    now = int(moment.timestamp())
    look = _look(moment)
    assert ask("now", look) == now
    lead = OPTIONS.due_soon_working_seconds
    assert ask("due_soon_until", look) == calendar.add_working_seconds(now, lead + 1) - 1
    works = calendar.working_seconds(now, now + 1) > 0
    assert ask("working_now", look) == int(works)
    day = moment.replace(hour=0, minute=0, second=0)
    starts = [day + dt.timedelta(hours=hour) for hour in (-2, 6, 14, 22)]
    assert ask("shift_at", look) == int(max(s for s in starts if s <= moment).timestamp())


def test_the_days_whose_units_have_the_figures(ask: Ask):
    """What happened stands with the units of the period's last day, what is open with today's."""
    for moment, units_on in (
        (dt.datetime(2024, 9, 10, 1, 0, tzinfo=HANOI), dt.date(2024, 9, 10)),
        (dt.datetime(2025, 7, 10, 17, 0, tzinfo=HANOI), dt.date(2024, 9, 30)),
    ):
        assert ask("units_on", _look(moment)) == units_on
        assert ask("today", _look(moment)) == moment.date()


def test_an_empty_or_unreadable_moment_is_now(ask: Ask):
    now = dt.datetime.now(dt.UTC).timestamp()
    for text in ("", "yesterday"):
        assert abs(ask("now", _look(**{AT: text})) - now) < 60
    assert ask("today", _look()) == dt.datetime.now(HANOI).date()


def test_without_a_calendar_nothing_is_due_soon(ask: Ask):
    moment = dt.datetime(2090, 1, 2, 9, 0, tzinfo=HANOI)
    assert ask("due_soon_until", _look(moment)) == int(moment.timestamp())
    assert ask("working_now", _look(moment)) == 0


def test_variables(ask: Ask):
    assert ask("unit", _look()) == ask("level", _look()) == ask("field", _look()) == ""
    assert ask("channel", _look()) == 0
    chosen = _look(unit="04792", level="commune", field="dat-dai", channel="2", dossier="H28-1")
    assert ask("unit", chosen) == "04792"
    assert ask("level", chosen) == "commune"
    assert ask("field", chosen) == "dat-dai"
    assert ask("channel", chosen) == 2
    assert ask("dossier", chosen) == "H28-1"
    assert (ask("minimum", _look()), ask("rows", _look())) == (30, 7)


EVIL = (
    "' OR 1 = 1 --",
    "\\' OR 1 = 1 --",
    "\\",
    "'); DROP TABLE units; --",
    "$__fromTime",
    "${unit}",
    "{unit:String}",
    "%27 OR 1 = 1",
    "[[unit]]",
    "Thành phố Hòa Bình",
    "a\nb",
    "/* */",
    "`",
)


@pytest.mark.parametrize("name", ["unit", "level", "field", "dossier"])
@pytest.mark.parametrize("value", EVIL)
def test_a_value_is_only_ever_a_value(ask: Ask, name: str, value: str):
    """A link may carry any text; what it says must not become part of the statement."""
    assert ask(name, _look(**{name: value})) == value


@pytest.mark.parametrize("value", EVIL)
def test_a_value_that_is_no_number_means_every_channel(ask: Ask, value: str):
    assert ask("channel", _look(channel=value)) == 0


def test_several_values_fit_nothing(ask: Ask):
    assert ask("unit", _look(unit=("a'", "b"))) == "{a',b}"


def test_a_board_without_a_variable_does_not_restrict(ask: Ask):
    narrow = panel_parameters(Board("x", TEXT, TEXT, ()), OPTIONS)
    look = Look(MOMENTS[0], MOMENTS[0], {AT: ""})
    for name in ("unit", "level", "field", "dossier"):
        assert ask(name, look, narrow) == ""
    assert ask("channel", look, narrow) == 0


def test_rules_know_every_parameter_without_grafana(ask: Ask):
    rules = rule_parameters(OPTIONS)
    assert set(panel_parameters(BOARD, OPTIONS)) <= set(rules)
    for name in panel_parameters(BOARD, OPTIONS):
        assert "$" not in rules[name]
        ask(name, Look(MOMENTS[0], MOMENTS[0]), rules)


def test_an_unknown_parameter_fails_loudly():
    query = Query("new", "SELECT {shoe_size:UInt8}", frozenset())
    with pytest.raises(ConfigurationError, match=r"new\.sql names the parameter shoe_size"):
        raw_sql(query, panel_parameters(BOARD, OPTIONS))


@pytest.mark.parametrize("sign", ["$unit", "${unit}", "[[unit]]"])
def test_a_sign_that_grafana_would_replace_fails_loudly(sign: str):
    with pytest.raises(ConfigurationError, match="Grafana replaces"):
        raw_sql(Query("new", f"SELECT '{sign}'", frozenset()), {})
