"""Moves a stream of events in time, so that an old month can be watched as if it were now."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache

from ioc.scenarios.life import Event

_WEEK = timedelta(weeks=1)
_TIMES = ("occurred_at", "registered_at", "received_at", "due_at", "supplement_due_at")
_NESTED = {"apology": ("issued_at", "new_due_at"), "leg": ("started_at", "due_at", "ended_at")}
_CODE_DATE = re.compile(r"(?<=-)(\d{2})(\d{2})(\d{2})(?=-)")


def weeks_onto(end: datetime, instant: datetime) -> int:
    """Return by how many whole weeks a scenario moves so that its end is not after an instant.

    The end then lies less than a week before it; no event is in the future. Whole weeks keep
    weekdays, and so most working days: only public holidays fall differently, which can move
    the verdict of a file whose clock was stopped over one.
    """
    return (instant - end) // _WEEK


def shift(events: Iterable[Event], weeks: int) -> Iterator[Event]:
    """Yield the events moved by whole weeks, with the dates in the dossier codes.

    A moved dossier is another dossier: its code ends with the weeks. Without that, a scenario
    replayed today and again next week would tell two stories under one code.
    """
    days = weeks * 7
    for event in events:
        moved = dict(event)
        for name in _TIMES:
            if name in moved:
                moved[name] = _moved(moved[name], days)
        for part, names in _NESTED.items():
            if part in moved:
                moved[part] = {
                    name: _moved(value, days) if name in names else value
                    for name, value in moved[part].items()
                }
        moved["dossier_id"] = _moved_code(moved["dossier_id"], weeks)
        yield moved


def _moved(text: str, days: int) -> str:
    return _moved_day(text[:10], days) + text[10:]


@lru_cache(maxsize=4096)
def _moved_day(day: str, days: int) -> str:
    return (date.fromisoformat(day) + timedelta(days)).isoformat()


@lru_cache(maxsize=1 << 16)
def _moved_code(code: str, weeks: int) -> str:
    if weeks == 0:
        return code
    found = _CODE_DATE.search(code)
    if found is not None:
        year, month, day = (int(part) for part in found.groups())
        moved = date(2000 + year, month, day) + timedelta(weeks=weeks)
        code = f"{code[: found.start()]}{moved:%y%m%d}{code[found.end() :]}"
    return f"{code}-W{weeks}"
