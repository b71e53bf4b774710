"""How fast a stream goes out: a number per second, or as fast as its own clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ioc.replay.outgoing import OutgoingRecord, occurred_text
from schemas.errors import ConfigurationError


@dataclass(frozen=True)
class Pace:
    """What was asked for; neither = as fast as Kafka takes it.

    Attributes:
        rate: records per second at most.
        speed: event time over real time: 1 is real time, 3600 an hour per second.
    """

    rate: float | None = None
    speed: float | None = None

    def __post_init__(self) -> None:
        for name, value in (("rate", self.rate), ("speed", self.speed)):
            if value is not None and not value > 0:
                raise ConfigurationError(f"{name} must be above 0, but is {value}")


class Pacer:
    """Says how long to wait before a record; the clock is the caller's, monotonic seconds."""

    def __init__(self, pace: Pace, now: float) -> None:
        self._pace = pace
        self._start = now
        self._count = 0
        self._first: float | None = None
        self._reached = 0.0

    def wait_seconds(self, record: OutgoingRecord, now: float) -> float:
        """Return how long to wait before this record may go; 0 or less = it is due."""
        due = self._start
        if self._pace.rate is not None:
            due = self._start + self._count / self._pace.rate
        if self._pace.speed is not None:
            due = max(due, self._start + self._event_seconds(record) / self._pace.speed)
        self._count += 1
        return due - now

    def _event_seconds(self, record: OutgoingRecord) -> float:
        """Return how far event time has come; a late event or garbage does not turn it back."""
        text = occurred_text(record.value)
        try:
            at = None if text is None else datetime.fromisoformat(text).timestamp()
        except ValueError:
            at = None
        if at is not None:
            if self._first is None:
                self._first = at
            self._reached = max(self._reached, at - self._first)
        return self._reached
