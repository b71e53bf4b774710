"""Working time between instants, at the edges that people ask about."""

import pytest

from schemas.calendar import CalendarSettings, WorkingCalendar, day_end, day_start, local_day

HOUR = 3600


@pytest.mark.parametrize(
    ("start", "end", "seconds"),
    [
        ("2026-11-18 07:00", "2026-11-18 17:00", 8 * HOUR),
        ("2026-11-18 00:00", "2026-11-19 00:00", 8 * HOUR),
        ("2026-11-18 11:30", "2026-11-18 13:30", 0),
        ("2026-11-18 11:29:59", "2026-11-18 13:30:01", 2),
        ("2026-11-18 16:59:59", "2026-11-19 07:00:01", 2),
        ("2026-11-18 17:00", "2026-11-18 07:00", 0),
        ("2026-11-18 10:00", "2026-11-18 10:00", 0),
        # Friday afternoon to Monday morning.
        ("2026-11-20 16:00", "2026-11-23 08:00", 2 * HOUR),
        # Over Tết 2026: Friday 13 February to Monday 23 February.
        ("2026-02-13 16:00", "2026-02-23 08:00", 2 * HOUR),
        ("2026-02-14 00:00", "2026-02-23 00:00", 0),
        # Make-up Saturday 22 August, and Monday 31 August off for it.
        ("2026-08-22 00:00", "2026-08-23 00:00", 8 * HOUR),
        ("2026-08-28 17:00", "2026-09-03 07:00", 0),
        # 24 November 2026 is a holiday.
        ("2026-11-23 16:00", "2026-11-25 08:00", 2 * HOUR),
    ],
)
def test_working_seconds(calendar, at, start, end, seconds):
    assert calendar.working_seconds(at(start), at(end)) == seconds


@pytest.mark.parametrize(
    ("start", "seconds", "end"),
    [
        # The smallest instant: the end of work, not the next morning.
        ("2026-11-18 16:00", HOUR, "2026-11-18 17:00"),
        ("2026-11-18 16:00", HOUR + 1, "2026-11-19 07:00:01"),
        ("2026-11-18 07:00", 4 * HOUR + 1800, "2026-11-18 11:30"),
        ("2026-11-18 07:00", 4 * HOUR + 1801, "2026-11-18 13:30:01"),
        ("2026-11-18 07:00", 8 * HOUR, "2026-11-18 17:00"),
        ("2026-11-18 12:00", HOUR, "2026-11-18 14:30"),
        ("2026-11-18 12:00", 0, "2026-11-18 12:00"),
        ("2026-11-21 22:00", 0, "2026-11-21 22:00"),
        ("2026-11-20 17:00", 1, "2026-11-23 07:00:01"),
        ("2026-11-20 23:59:59", 8 * HOUR, "2026-11-23 17:00"),
        ("2026-02-13 15:00", 3 * HOUR, "2026-02-23 08:00"),
        ("2026-08-21 16:30", HOUR, "2026-08-22 07:30"),
        ("2026-08-28 16:30", HOUR, "2026-09-03 07:30"),
    ],
)
def test_add_working_seconds(calendar, at, start, seconds, end):
    assert calendar.add_working_seconds(at(start), seconds) == at(end)


def test_negative_amounts_are_programming_errors(calendar, at, day):
    with pytest.raises(ValueError, match="negative"):
        calendar.add_working_seconds(at("2026-11-18 12:00"), -1)
    with pytest.raises(ValueError, match="negative"):
        calendar.add_working_days(day("2026-11-18"), -1)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2026-11-18", 0, "2026-11-18"),
        ("2026-11-21", 0, "2026-11-21"),
        ("2026-11-18", 1, "2026-11-19"),
        ("2026-11-20", 1, "2026-11-23"),
        ("2026-11-21", 1, "2026-11-23"),
        ("2026-11-20", 2, "2026-11-25"),
        ("2026-08-21", 1, "2026-08-22"),
        ("2026-08-28", 1, "2026-09-03"),
        ("2026-02-13", 1, "2026-02-23"),
    ],
)
def test_add_working_days(calendar, day, start, count, end):
    assert calendar.add_working_days(day(start), count) == day(end)


def test_end_of_work(calendar, at, day):
    assert calendar.end_of_work(day("2026-08-22")) == at("2026-08-22 17:00")
    assert calendar.end_of_work(day("2026-08-31")) == at("2026-09-01 00:00")


def test_local_days_turn_at_local_midnight(at, day):
    assert local_day(at("2026-11-17 23:59:59")) == day("2026-11-17")
    assert local_day(at("2026-11-18 00:00")) == day("2026-11-18")
    assert day_start(day("2026-11-18")) == at("2026-11-18 00:00")
    assert day_end(day("2026-11-18")) == at("2026-11-19 00:00")
    assert local_day(-7 * HOUR) == 0
    assert local_day(-7 * HOUR - 1) == -1


def test_interval_rows_are_the_hours_of_every_working_day(calendar, at):
    rows = list(calendar.interval_rows())
    assert rows == sorted(rows)
    first = (at("2026-08-22 07:00"), at("2026-08-22 11:30"))
    position = rows.index(first)
    assert rows[position + 1] == (at("2026-08-22 13:30"), at("2026-08-22 17:00"))
    assert rows[position + 2] == (at("2026-08-24 07:00"), at("2026-08-24 11:30"))
    assert len(rows) == 2 * sum(row.is_working for row in calendar.day_rows())


def test_hours_without_a_break(at):
    settings = CalendarSettings(
        _env_file=None,
        morning_start="08:00",
        morning_end="12:00",
        afternoon_start="12:00",
        afternoon_end="16:00",
        first_year=2026,
        last_year=2026,
    )
    calendar = WorkingCalendar(settings)
    start = at("2026-11-18 11:00")
    assert calendar.working_seconds(start, at("2026-11-18 13:00")) == 2 * HOUR
    assert calendar.add_working_seconds(start, HOUR) == at("2026-11-18 12:00")
    assert calendar.add_working_seconds(start, HOUR + 1) == at("2026-11-18 12:00:01")
