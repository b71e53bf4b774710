"""Decides for every covered day whether desks work, and why not (or why after all).

Later sources win: the weekday, the public holidays and swaps of the package ``holidays``
(Labour Code 2019, Art. 112), the shipped list, the province's own list.
"""

from __future__ import annotations

import datetime as dt
from importlib import resources
from pathlib import Path
from typing import NamedTuple

import holidays

from schemas.calendar.days_file import ListedDay, read_days_file
from schemas.calendar.settings import CalendarSettings
from schemas.errors import ReferenceDataError


class PlannedDay(NamedTuple):
    """One day of the calendar; the reasons are empty on an ordinary working day."""

    date: dt.date
    is_working: bool
    reason_vi: str
    reason_en: str


def plan_days(settings: CalendarSettings) -> list[PlannedDay]:
    """Return every day of the covered years in order, without gaps.

    Reads the shipped list and, if set, the province's list from disk (about 0.2 s together with
    the public holidays), so call it once at start.

    Raises:
        ReferenceDataError: A list is wrong, or the province's list names a day outside the
            covered years (most often a mistyped year).
    """
    listed = read_shipped_days()
    if settings.days_file is not None:
        listed |= _read_own_days(settings.days_file, settings)
    public = _public_days(settings)
    days: list[PlannedDay] = []
    date = dt.date(settings.first_year, 1, 1)
    while date.year <= settings.last_year:
        if date in listed:
            own = listed[date]
            days.append(PlannedDay(date, own.is_working, own.reason_vi, own.reason_en))
        elif date in public:
            days.append(public[date])
        elif date.isoweekday() in settings.working_weekdays:
            days.append(PlannedDay(date, True, "", ""))
        else:
            days.append(PlannedDay(date, False, "Ngày nghỉ hằng tuần", "Weekly day off"))
        date += dt.timedelta(days=1)
    return days


def read_shipped_days() -> dict[dt.date, ListedDay]:
    """Read the list of swapped days that comes with the package."""
    with resources.as_file(resources.files("schemas.calendar") / "data" / "days.toml") as path:
        return read_days_file(path)


def _read_own_days(path: Path, settings: CalendarSettings) -> dict[dt.date, ListedDay]:
    days = read_days_file(path)
    for day in days.values():
        if not settings.first_year <= day.date.year <= settings.last_year:
            raise ReferenceDataError(
                str(path),
                day.line,
                f"{day.date} lies outside the covered years "
                f"{settings.first_year} to {settings.last_year}",
            )
    return days


def _public_days(settings: CalendarSettings) -> dict[dt.date, PlannedDay]:
    # One year more on each side: a swap may cross New Year (31 December 2018 for 5 January 2019).
    years = range(settings.first_year - 1, settings.last_year + 2)
    vietnamese = holidays.country_holidays("VN", years=years, language="vi")
    english = holidays.country_holidays("VN", years=years, language="en_US")
    days = {
        date: PlannedDay(date, False, name, english.get(date, name))
        for date, name in vietnamese.items()
    }
    for date in vietnamese.weekend_workdays:
        days[date] = PlannedDay(date, True, "Ngày làm bù", "Make-up working day")
    return days
