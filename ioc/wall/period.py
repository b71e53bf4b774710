"""Which days a wall shows, and the moment with which due times are compared."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from ioc.wall.reporting import MONTHS, Reporting
from schemas.calendar.local_time import day_end, day_of_date, day_start
from schemas.errors import RejectError

PERIODS = ("today", "week", "month", "quarter", "half", "year", "all")
#: After so many days without anything happening these are figures of the past: no province is
#: silent that long, Tết included.
HISTORY_AFTER = dt.timedelta(days=31)
#: Longest periods that are drawn by day and by week.
_DAYS_BY_DAY = 62
_DAYS_BY_WEEK = 430

#: Calendar months, the year from January, one shift a day from 07:00.
CALENDAR = Reporting()

VIETNAM = dt.timezone(dt.timedelta(hours=7), "Asia/Ho_Chi_Minh")


@dataclass(frozen=True, slots=True)
class Span:
    """On which days anything happened; None while there is no data."""

    first: dt.date
    newest: dt.date


@dataclass(frozen=True, slots=True)
class Asked:
    """What a screen's address asks for; screens that ask for the same share everything.

    Attributes:
        name: one of `PERIODS`, or empty for the default or a range.
        at: epoch seconds with which due times are compared; None = now.
    """

    name: str = ""
    from_day: dt.date | None = None
    to_day: dt.date | None = None
    at: int | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """The days that one frame is about, both ends included.

    Attributes:
        name: one of `PERIODS`, or `range`.
        newest: whether it is the newest month with data because this month has none.
        at: epoch seconds with which due times are compared, when it is not now.
    """

    name: str
    from_day: dt.date
    to_day: dt.date
    newest: bool = False
    at: int | None = None

    @property
    def step(self) -> str:
        """How finely it is drawn over time."""
        days = (self.to_day - self.from_day).days + 1
        if days <= _DAYS_BY_DAY:
            return "day"
        return "week" if days <= _DAYS_BY_WEEK else "month"

    @property
    def seconds(self) -> tuple[int, int]:
        """Its first second and the first second after it."""
        return day_start(day_of_date(self.from_day)), day_end(day_of_date(self.to_day))


def read_asked(query: Mapping[str, str]) -> Asked:
    """Read the parameters of an address: `period`, or `from` and `to`, and `at`.

    Raises:
        RejectError: one of them is wrong; the message names it and what is allowed.
    """
    name = query.get("period", "")
    if name and name not in PERIODS:
        raise _wrong("period", name, " | ".join(PERIODS))
    days = {key: _day(key, query[key]) for key in ("from", "to") if query.get(key)}
    if days and (name or len(days) < 2):
        raise _wrong("from", query.get("from", ""), "from and to together, without period")
    if days and days["from"] > days["to"]:
        raise _wrong("to", query["to"], f"a day from {days['from']} on")
    return Asked(name, days.get("from"), days.get("to"), _moment(query.get("at", "")))


def resolve(
    asked: Asked, today: dt.date, span: Span | None, reporting: Reporting = CALENDAR
) -> Period:
    """Say which days these are today.

    Without a wish it is this month, or the newest month with data if this one has none yet. Where
    the newest day is over a month old, due times are compared with that day's end: against today
    every old file would be overdue.
    """
    if asked.from_day is not None and asked.to_day is not None:
        first, last = asked.from_day, asked.to_day
        is_month = reporting.days("month", first) == (first, last)
        return Period("month" if is_month else "range", first, last, at=asked.at)
    if asked.name:
        return Period(asked.name, *_days(asked.name, today, span, reporting), at=asked.at)
    anchor, at = today, asked.at
    if span is not None and span.newest < reporting.days("month", today)[0]:
        anchor = span.newest
        if at is None and today - anchor > HISTORY_AFTER:
            at = day_end(day_of_date(anchor))
    return Period("month", *_days("month", anchor, span, reporting), newest=anchor != today, at=at)


def _days(
    name: str, anchor: dt.date, span: Span | None, reporting: Reporting
) -> tuple[dt.date, dt.date]:
    if name in MONTHS:
        return reporting.days(name, anchor)
    if name == "week":
        monday = anchor - dt.timedelta(days=anchor.weekday())
        return monday, monday + dt.timedelta(days=6)
    if name == "all" and span is not None:
        return min(span.first, anchor), max(span.newest, anchor)
    return anchor, anchor


def _day(name: str, text: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        raise _wrong(name, text, "yyyy-mm-dd") from None
    if not 2000 <= day.year <= 2100:
        raise _wrong(name, text, "a year from 2000 to 2100")
    return day


def _moment(text: str) -> int | None:
    if not text:
        return None
    try:
        moment = dt.datetime.fromisoformat(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=VIETNAM)
        seconds = int(moment.timestamp())
    except (ValueError, OverflowError):
        raise _wrong("at", text, "yyyy-mm-ddThh:mm") from None
    if not 2000 <= moment.year <= 2100:
        raise _wrong("at", text, "a year from 2000 to 2100")
    return seconds


def _wrong(field: str, value: str, allowed: str) -> RejectError:
    return RejectError(
        "bad_parameter",
        f"{field}: {value[:40]!r} is not allowed; allowed: {allowed}",
        field=field,
        value=value[:40],
    )
