"""Reporting periods of a province, the period before, and when the shift began."""

from __future__ import annotations

import datetime as dt

import pytest
from pydantic import ValidationError

from ioc.wall.period import Asked, Period, Span, resolve
from ioc.wall.reporting import Reporting
from schemas.settings import ReportingSettings

#: From the 21st to the 20th; the year's first quarter begins on 21 November.
SHIFTED = Reporting(first_day=21, first_month=12)
CALENDAR = Reporting()


def d(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("reporting", "name", "day", "first", "last"),
    [
        (CALENDAR, "month", "2024-02-29", "2024-02-01", "2024-02-29"),
        (CALENDAR, "quarter", "2024-12-31", "2024-10-01", "2024-12-31"),
        (CALENDAR, "half", "2024-06-30", "2024-01-01", "2024-06-30"),
        (CALENDAR, "half", "2024-07-01", "2024-07-01", "2024-12-31"),
        (CALENDAR, "year", "2024-05-05", "2024-01-01", "2024-12-31"),
        (Reporting(21), "month", "2024-09-20", "2024-08-21", "2024-09-20"),
        (Reporting(21), "month", "2024-09-21", "2024-09-21", "2024-10-20"),
        (Reporting(21), "month", "2024-01-05", "2023-12-21", "2024-01-20"),
        (Reporting(21), "month", "2023-12-25", "2023-12-21", "2024-01-20"),
        (Reporting(1, 12), "quarter", "2025-02-28", "2024-12-01", "2025-02-28"),
        (Reporting(1, 12), "quarter", "2025-03-01", "2025-03-01", "2025-05-31"),
        (Reporting(1, 12), "year", "2024-12-01", "2024-12-01", "2025-11-30"),
        (SHIFTED, "quarter", "2024-12-31", "2024-11-21", "2025-02-20"),
        (SHIFTED, "year", "2025-11-20", "2024-11-21", "2025-11-20"),
        (SHIFTED, "year", "2025-11-21", "2025-11-21", "2026-11-20"),
    ],
)
def test_reporting_periods(reporting: Reporting, name: str, day: str, first: str, last: str):
    assert reporting.days(name, d(day)) == (d(first), d(last))


@pytest.mark.parametrize("reporting", [CALENDAR, Reporting(21), Reporting(1, 12), SHIFTED])
@pytest.mark.parametrize("name", ["month", "quarter", "half", "year"])
def test_periods_of_a_kind_follow_each_other_without_a_gap(reporting: Reporting, name: str):
    day = d("2023-01-01")
    while day < d("2026-01-01"):
        first, last = reporting.days(name, day)
        assert first <= day <= last
        assert reporting.days(name, last + dt.timedelta(days=1))[0] == last + dt.timedelta(days=1)
        before = reporting.before(name, first, last)
        assert before[1] == first - dt.timedelta(days=1)
        assert before == reporting.days(name, before[1])
        day = last + dt.timedelta(days=1)


def test_what_is_no_reporting_period_has_as_many_days_before_it():
    assert CALENDAR.before("week", d("2024-09-02"), d("2024-09-08")) == (
        d("2024-08-26"), d("2024-09-01"),
    )  # fmt: skip
    assert CALENDAR.before("today", d("2024-09-02"), d("2024-09-02")) == (
        d("2024-09-01"), d("2024-09-01"),
    )  # fmt: skip
    assert CALENDAR.before("range", d("2024-09-11"), d("2024-09-20"))[0] == d("2024-09-01")


def test_the_wall_uses_the_provinces_months():
    newest = Span(d("2024-01-01"), d("2024-09-25"))
    period = resolve(Asked(), d("2024-09-25"), newest, Reporting(21))
    assert period == Period("month", d("2024-09-21"), d("2024-10-20"))
    asked = Asked(from_day=d("2024-08-21"), to_day=d("2024-09-20"))
    assert resolve(asked, d("2024-09-25"), newest, Reporting(21)).name == "month"
    assert resolve(asked, d("2024-09-25"), newest).name == "range"


@pytest.mark.parametrize(
    ("hour", "began"), [(6, -3), (7, 7), (13, 7), (14, 14), (20, 14), (21, 21), (23, 21)]
)
def test_the_shift_began_at_the_last_start_before_now(hour: int, began: int):
    reporting = Reporting.of(ReportingSettings(_env_file=None, shifts="14:00,07:00,21:00"))
    midnight = 1_727_715_600
    assert reporting.shift_start(midnight + hour * 3600, midnight) == midnight + began * 3600


@pytest.mark.parametrize("shifts", ["", "7:00", "24:00", "07:00;14:00", "07:60"])
def test_wrong_shifts_are_refused(shifts: str):
    with pytest.raises(ValidationError):
        ReportingSettings(_env_file=None, shifts=shifts)
