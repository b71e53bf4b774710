"""The gateway's clock; tests bring one that they can move."""

from __future__ import annotations

import datetime as dt
import time
from typing import Protocol

from schemas.calendar.local_time import UTC_OFFSET_SECONDS

VIETNAM = dt.timezone(dt.timedelta(seconds=UTC_OFFSET_SECONDS))


class Clock(Protocol):
    """Tells the time."""

    def now_ms(self) -> int:
        """Return epoch milliseconds."""
        ...


class SystemClock:
    """The machine's clock."""

    def now_ms(self) -> int:
        """Return epoch milliseconds."""
        return time.time_ns() // 1_000_000


def iso_time(ms: int) -> str:
    """Return local time as answers write it: 2024-09-03T08:15:00.123+07:00."""
    return dt.datetime.fromtimestamp(ms / 1000, VIETNAM).isoformat(timespec="milliseconds")
