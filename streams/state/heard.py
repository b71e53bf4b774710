"""When a source was last heard of, and whether its word can be waited for."""

from __future__ import annotations

from typing import NamedTuple

from schemas.calendar.calendar import WorkingCalendar


class Heard(NamedTuple):
    """The newest of one source.

    Attributes:
        log_ms: broker time of its newest record, epoch milliseconds.
        occurred_ms: newest `occurred_at` among its events, epoch milliseconds.
    """

    log_ms: int
    occurred_ms: int

    def and_also(self, other: Heard | None) -> Heard:
        """Return the newest of two."""
        if other is None:
            return self
        return Heard(max(self.log_ms, other.log_ms), max(self.occurred_ms, other.occurred_ms))

    def is_behind(self, after_seconds: float) -> bool:
        """Whether even its newest event was old when it came: a feed that catches up."""
        return self.log_ms - self.occurred_ms > after_seconds * 1000

    def is_silent(self, now: int, calendar: WorkingCalendar, after_seconds: float) -> bool:
        """Whether nothing came for so much working time; `now` in epoch seconds."""
        return calendar.working_seconds(self.log_ms // 1000, now) > after_seconds
