"""Days in Asia/Ho_Chi_Minh as integers.

Vietnam keeps UTC+07:00 all year and has no daylight saving time since long before the first
dossier, so a local day is plain arithmetic on epoch seconds: no time zone database, no object
per event. A day number counts local days since 1 January 1970.
"""

from __future__ import annotations

import datetime as dt

UTC_OFFSET_SECONDS = 7 * 3600
DAY_SECONDS = 86_400

_ORDINAL_OF_DAY_ZERO = dt.date(1970, 1, 1).toordinal()


def local_day(epoch: int) -> int:
    """Return the local day number that contains the instant (epoch seconds, UTC)."""
    return (epoch + UTC_OFFSET_SECONDS) // DAY_SECONDS


def day_start(day: int) -> int:
    """Return the instant of the day's first local midnight, in epoch seconds."""
    return day * DAY_SECONDS - UTC_OFFSET_SECONDS


def day_end(day: int) -> int:
    """Return the instant of the next local midnight: the first second after the day."""
    return (day + 1) * DAY_SECONDS - UTC_OFFSET_SECONDS


def day_of_date(date: dt.date) -> int:
    """Return the day number of a local calendar date."""
    return date.toordinal() - _ORDINAL_OF_DAY_ZERO


def date_of_day(day: int) -> dt.date:
    """Return the local calendar date of a day number."""
    return dt.date.fromordinal(day + _ORDINAL_OF_DAY_ZERO)
