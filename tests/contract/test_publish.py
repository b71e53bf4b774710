"""Reference data in the real warehouse: versions rise with the content and only with it."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from warehouse_kit import clickhouse_settings

from ioc.embedded.clickhouse import EmbeddedClickHouse
from ioc.warehouse import connect_writer
from schemas.calendar import CalendarSettings, WorkingCalendar
from schemas.calendar.local_time import date_of_day, day_of_date, day_start, local_day
from schemas.reference import Level, ProcedureRegistry, UnitRegistry
from schemas.tables.migrate import migrate
from schemas.tables.publish import publish_reference


@pytest.fixture(scope="module")
def registries() -> dict:
    return {
        "calendar": WorkingCalendar(CalendarSettings(first_year=2023, last_year=2025)),
        "units": UnitRegistry.load(),
        "procedures": ProcedureRegistry.load(),
    }


@pytest.fixture
def client(clickhouse: EmbeddedClickHouse, clickhouse_database: str) -> Iterator:
    client = connect_writer(clickhouse_settings(clickhouse, clickhouse_database))
    migrate(client, clickhouse_database)
    yield client
    client.close()


def _rows(client, sql: str) -> list:
    return list(client.query(sql).result_rows)


def test_publishes_everything_once(client, clickhouse_database, registries):
    first = publish_reference(client, clickhouse_database, **registries)
    assert [(table.version, table.changed) for table in first] == [(1, True)] * 9
    second = publish_reference(client, clickhouse_database, **registries)
    assert [(table.version, table.changed) for table in second] == [(1, False)] * 9
    assert _rows(client, "SELECT count() FROM units") == [(len(registries["units"]),)]
    assert _rows(client, "SELECT count() FROM procedures") == [(len(registries["procedures"]),)]
    intervals = _rows(client, "SELECT start_at, end_at FROM working_intervals ORDER BY start_at")
    assert intervals == list(registries["calendar"].interval_rows())


def test_a_changed_calendar_gets_the_next_version(client, clickhouse_database, registries):
    publish_reference(client, clickhouse_database, **registries)
    shorter = WorkingCalendar(CalendarSettings(first_year=2023, last_year=2024))
    publish_reference(client, clickhouse_database, **registries | {"calendar": shorter})
    newest = _rows(
        client,
        "SELECT start_at, end_at FROM working_intervals WHERE calendar_version = 2"
        " ORDER BY start_at",
    )
    assert newest == list(shorter.interval_rows())
    back = publish_reference(client, clickhouse_database, **registries)
    assert back[0].version == 3, "an old content that comes back is a new version"
    assert [table.table for table in back if table.changed] == ["working_intervals", "working_days"]


def test_working_days_tell_working_time_between_any_two_moments(
    client, clickhouse_database, registries
):
    publish_reference(client, clickhouse_database, **registries)
    calendar = registries["calendar"]
    days = {
        row[0]: row[1:]
        for row in _rows(client, "SELECT * EXCEPT version FROM working_days ORDER BY day")
    }
    assert list(days) == [day for day, *_ in calendar.day_rows()]
    first, last = (day_start(day_of_date(dt.date(year, 1, 5))) for year in (2023, 2025))
    rng = random.Random(7)
    for _ in range(300):
        from_at, to_at = sorted(rng.randrange(first, last) for _ in range(2))
        done = [_worked(days, at) for at in (from_at, to_at)]
        assert done[1] - done[0] == calendar.working_seconds(from_at, to_at)


def _worked(days, at: int) -> int:
    worked, starts, ends = days[date_of_day(local_day(at))]
    return worked + sum(
        min(max(at - start, 0), end - start) for start, end in zip(starts, ends, strict=True)
    )


def test_a_unit_that_left_the_file_leaves_the_table(client, clickhouse_database, registries):
    publish_reference(client, clickhouse_database, **registries)
    units = {unit.code: unit for unit in registries["units"]}
    named = {code for unit in units.values() for code in (unit.parent, unit.successor)}
    gone, renamed = sorted(units.keys() - named)[-2:]
    del units[gone]
    units[renamed] = replace(units[renamed], name="Xã Mới")
    changed = registries | {"units": UnitRegistry(units)}
    published = publish_reference(client, clickhouse_database, **changed)
    assert [table.table for table in published if table.changed] == [
        "units", "unit_labels", "unit_heirs",
    ]  # fmt: skip
    names = dict(_rows(client, "SELECT code, name FROM units FINAL"))
    assert gone not in names
    assert names[renamed] == "Xã Mới"
    assert len(names) == len(units)
    assert dict(_rows(client, "SELECT code, name FROM unit_labels")) == names


def test_a_label_says_what_is_above_a_unit(client, clickhouse_database, registries):
    publish_reference(client, clickhouse_database, **registries)
    found = _rows(client, "SELECT code, level, district, line FROM unit_labels")
    units = registries["units"]
    assert len(found) == len(units)
    for code, level, district, line in found:
        unit = units.get(code)
        above = [units.get(each) for each in line]
        assert above[0] is unit
        assert [each.parent for each in above] == [*line[1:], None]
        assert level == unit.level.value
        districts = [each.name for each in above[1:2] if each.level is Level.DISTRICT]
        assert district == "".join(districts)
    assert any(district for _, _, district, _ in found)


def test_heirs_say_who_stands_for_a_code_on_every_day(client, clickhouse_database, registries):
    publish_reference(client, clickhouse_database, **registries)
    units = registries["units"]
    changes = {day for unit in units for day in (unit.valid_from, unit.valid_to) if day}
    assert len(changes) > 2
    for change in changes:
        for day in (change - dt.timedelta(days=1), change):
            found = client.query(
                "SELECT code, arrayLast((each, day) -> day <= {day:Date}, units, since)"
                " FROM unit_heirs",
                parameters={"day": day},
            ).result_rows
            assert dict(found) == {unit.code: units.resolve(unit.code, day).code for unit in units}


def test_two_processes_with_different_files_never_mix_their_rows(
    clickhouse, clickhouse_database, client, registries
):
    """Both choose the same next version; a mixture of two calendars would give wrong due times."""
    settings = clickhouse_settings(clickhouse, clickhouse_database)
    calendars = [
        WorkingCalendar(CalendarSettings(first_year=2023, last_year=last)) for last in (2023, 2025)
    ]

    def run(calendar: WorkingCalendar) -> None:
        own = connect_writer(settings)
        try:
            publish_reference(own, clickhouse_database, **registries | {"calendar": calendar})
        finally:
            own.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(run, calendars))
    stored = _rows(
        client,
        "SELECT start_at, end_at FROM working_intervals FINAL WHERE calendar_version ="
        " (SELECT max(calendar_version) FROM working_intervals) ORDER BY start_at",
    )
    assert stored in [list(calendar.interval_rows()) for calendar in calendars]
