"""Pauses of a dossier: runs of status 5 (supplement) and 6 (payment)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from schemas.calendar.calendar import WorkingCalendar
from schemas.events import EventRecord


class Pauses(NamedTuple):
    """Sums over a dossier's pauses; seconds are working seconds of closed runs."""

    supplement_seconds: int = 0
    payment_seconds: int = 0
    supplements: int = 0
    second_supplement_at: int | None = None
    open_status: int = 0
    open_since: int | None = None


def find_pauses(events: Sequence[EventRecord], calendar: WorkingCalendar) -> Pauses:
    """Sum the pauses of the live part of a dossier.

    Args:
        events: in order, up to and including the one that ends the dossier's live part; events
            of status 1 may be among them and are passed over.
        calendar: gives working seconds.
    """
    seconds = {5: 0, 6: 0}
    starts: list[int] = []
    status, since = 0, 0
    for event in events:
        now = event.status
        if now in (1, status):
            continue
        at = event.occurred_ms // 1000
        if status in seconds:
            seconds[status] += calendar.working_seconds(since, at)
        if now == 5:
            starts.append(at)
        status, since = now, at
    is_open = status in seconds
    return Pauses(
        seconds[5],
        seconds[6],
        len(starts),
        starts[1] if len(starts) > 1 else None,
        status if is_open else 0,
        since if is_open else None,
    )
