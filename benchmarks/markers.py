"""Marker dossiers: each is the only one of its day, so a wall's query shows when it came."""

from __future__ import annotations

import datetime as dt
from enum import Enum

import orjson

from ioc.replay.outgoing import OutgoingRecord


class Era(Enum):
    """Where a marker's day lies: before or after the days of all other events.

    The walls' derived table is refreshed newest day first, so that the two see its best and its
    worst.
    """

    OLD = dt.date(2012, 1, 1)
    NEW = dt.date(2031, 1, 1)

    def day(self, number: int) -> dt.date:
        """Return the day of the marker with this number, from 0."""
        return self.value + dt.timedelta(days=number)


def marker(era: Era, number: int, unit: str) -> OutgoingRecord:
    """Return the event that receives a dossier on the marker's day."""
    day = era.day(number)
    code = f"BENCH-{era.name}-{number:05d}"
    event = {
        "event_id": "1",
        "source": "benchmark",
        "dossier_id": code,
        "status": 2,
        "occurred_at": "2024-09-02T08:00:00+07:00",
        "received_at": f"{day.isoformat()}T08:00:00+07:00",
        "receiver": unit,
        "field": "chung-thuc",
        "channel": 1,
    }
    return OutgoingRecord(code.encode(), orjson.dumps(event))
