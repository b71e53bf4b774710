"""Which days desks work: public holidays, Tết, days in lieu, swapped days."""

import datetime as dt

import pytest

from schemas.calendar import CalendarSettings, WorkingCalendar
from schemas.calendar.day_plan import read_shipped_days
from schemas.errors import ConfigurationError, RejectError

# Taken from the announcements of each year, not from the code under test: the weekdays on which
# public offices rested, and the weekend days on which they worked.
WEEKDAYS_OFF = {
    2023: "01-02 01-20 01-23 01-24 01-25 01-26 05-01 05-02 05-03 09-01 09-04",
    2024: "01-01 02-08 02-09 02-12 02-13 02-14 04-18 04-29 04-30 05-01 09-02 09-03",
    2025: "01-01 01-27 01-28 01-29 01-30 01-31 04-07 04-30 05-01 05-02 09-01 09-02",
    2026: "01-01 01-02 02-16 02-17 02-18 02-19 02-20 04-27 04-30 05-01 08-31 09-01 09-02 11-24",
}
WEEKENDS_WORKED = {2023: "", 2024: "05-04", 2025: "04-26", 2026: "01-10 08-22"}


@pytest.mark.parametrize("year", WEEKDAYS_OFF)
def test_a_year_has_exactly_the_announced_days(calendar, year):
    rows = [row for row in calendar.day_rows() if row.date.year == year]
    assert len(rows) == (dt.date(year + 1, 1, 1) - dt.date(year, 1, 1)).days
    off = [f"{r.date:%m-%d}" for r in rows if r.date.isoweekday() < 6 and not r.is_working]
    worked = [f"{r.date:%m-%d}" for r in rows if r.date.isoweekday() > 5 and r.is_working]
    assert " ".join(off) == WEEKDAYS_OFF[year]
    assert " ".join(worked) == WEEKENDS_WORKED[year]


def test_culture_day_is_off_since_2026_only(calendar, day):
    assert calendar.is_working_day(day("2025-11-24"))
    assert not calendar.is_working_day(day("2026-11-24"))
    assert not calendar.is_working_day(day("2027-11-24"))


def test_every_day_off_and_every_make_up_day_says_why(calendar):
    for row in calendar.day_rows():
        ordinary = row.is_working and row.date.isoweekday() < 6
        if not ordinary:
            assert row.reason_vi, row
            assert row.reason_en, row
    rows = {row.date: row for row in calendar.day_rows()}
    assert rows[dt.date(2026, 2, 17)].reason_vi == "Tết Nguyên Đán"
    assert rows[dt.date(2026, 8, 22)].reason_vi == "Làm bù cho thứ Hai 31/08/2026"
    assert rows[dt.date(2026, 8, 23)].reason_en == "Weekly day off"
    assert rows[dt.date(2026, 8, 24)].reason_vi == ""


def test_shipped_swaps_come_in_pairs():
    """A swap whose make-up day is forgotten gives away a working day."""
    days = read_shipped_days().values()
    off = sorted(f"{d.date:%d/%m/%Y}" for d in days if not d.is_working)
    worked = sorted(f"{d.date:%d/%m/%Y}" for d in days if d.is_working)
    # The pair of New Year 2015 began in 2014, before the covered years.
    assert sorted(d.reason_vi[-10:] for d in days if d.is_working) == [
        date for date in off if date != "02/01/2015"
    ]
    assert sorted(d.reason_vi[-10:] for d in days if not d.is_working) == sorted(
        [*worked, "27/12/2014"]
    )


def test_working_saturdays_as_a_setting(day):
    calendar = WorkingCalendar(
        CalendarSettings(
            _env_file=None, working_weekdays=(1, 2, 3, 4, 5, 6), first_year=2026, last_year=2026
        )
    )
    assert calendar.is_working_day(day("2026-08-29"))
    assert not calendar.is_working_day(day("2026-08-30"))


def test_a_calendar_without_any_working_day_is_refused(tmp_path):
    path = tmp_path / "days.csv"
    days = [dt.date(2026, 1, 1) + dt.timedelta(days=n) for n in range(365)]
    path.write_text("date,kind,reason\n" + "".join(f"{d},off,closed\n" for d in days))
    settings = CalendarSettings(_env_file=None, first_year=2026, last_year=2026, days_file=path)
    with pytest.raises(ConfigurationError, match="no working day"):
        WorkingCalendar(settings)


def test_times_outside_the_covered_years_are_rejected(calendar, at, day):
    first, last = at("2009-01-01 00:00"), at("2065-12-31 23:59:59")
    calendar.covers(first)
    calendar.covers(last)
    for call in (
        lambda: calendar.covers(first - 1, field="due_at"),
        lambda: calendar.covers(last + 1, field="due_at"),
        lambda: calendar.working_seconds(first - 1, first),
        lambda: calendar.working_seconds(last, last + 1),
        lambda: calendar.working_seconds(last + 1, first),
        lambda: calendar.add_working_seconds(first - 1, 0),
        lambda: calendar.add_working_seconds(last, 1),
        lambda: calendar.add_working_days(day("2065-12-31"), 1),
        lambda: calendar.add_working_days(day("2008-12-31"), 0),
        lambda: calendar.is_working_day(day("2008-12-31")),
        lambda: calendar.end_of_work(day("2066-01-01")),
        lambda: calendar.covers(10**18),
    ):
        with pytest.raises(RejectError) as caught:
            call()
        assert caught.value.code == "out_of_calendar"
    with pytest.raises(RejectError) as caught:
        calendar.covers(last + 1, field="due_at")
    assert (caught.value.field, caught.value.value) == ("due_at", "2066-01-01")
