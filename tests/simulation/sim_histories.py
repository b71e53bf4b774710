"""Seeded histories of dossiers, and the order in which their records are sent."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from random import Random
from typing import Any

import orjson

from schemas.calendar import CalendarSettings, LimitUnit, WorkingCalendar
from schemas.calendar.local_time import local_day
from streams.fold import FoldRules

#: Wednesday 4 November 2026, 08:00 in Hòa Bình.
START = int(dt.datetime.fromisoformat("2026-11-04T08:00:00+07:00").timestamp())

UNITS = ("xa-1", "xa-2", "so-1", "huyen-cu", "xa-moi")
FIELDS = ("ho-tich", "dat-dai")
LIMITS = tuple(unit.value for unit in LimitUnit)
SOURCES = ("mot-cua", "cong-dvc")

#: From a status to the likely next ones; everything else happens too, but less often.
_NEXT = {
    0: (1, 1, 2, 2, 4, 8),
    1: (2, 2, 2, 3, 7),
    2: (4, 4, 5, 6, 9),
    4: (4, 5, 5, 6, 9, 9, 8),
    5: (4, 4, 2, 5, 7),
    6: (4, 6, 9),
    9: (10, 10, 4, 9, 6),
    10: (4, 10),
    3: (1, 2, 3),
    7: (8, 2, 7),
    8: (4, 2),
}


def make_rules(calendar: WorkingCalendar) -> FoldRules:
    """Rules with a unit that changes in the middle of the simulated days."""
    return FoldRules(
        calendar=calendar,
        successors={"huyen-cu": (local_day(START) + 1, "xa-moi")},
        statutory={"tt-1": (2, LimitUnit.WORKING_DAYS), "tt-2": (4, LimitUnit.WORKING_HOURS)},
    )


def make_other_rules() -> FoldRules:
    """What `make_rules` says, changed in every part."""
    calendar = CalendarSettings(_env_file=None, working_weekdays=(1, 2, 3, 4, 6))  # type: ignore[call-arg]
    day = local_day(START)
    return FoldRules(
        calendar=WorkingCalendar(calendar),
        successors={"huyen-cu": (day, "xa-moi"), "xa-1": (day + 1, "xa-2")},
        statutory={"tt-1": (1, LimitUnit.WORKING_DAYS), "tt-3": (2, LimitUnit.WORKING_DAYS)},
        receipt_limit_seconds=4 * 3600,
    )


def make_calendar() -> WorkingCalendar:
    return WorkingCalendar(CalendarSettings(_env_file=None))  # type: ignore[call-arg]


@dataclass(order=True)
class Sending:
    """A record on its way: when it is sent, and how.

    Attributes:
        at: seconds of virtual time.
        misplaced: sent to any partition but by the default partitioner.
    """

    at: float
    number: int
    dossier_id: str = field(compare=False)
    value: bytes = field(compare=False)
    misplaced: bool = field(compare=False, default=False)


def make_sendings(
    rng: Random, dossiers: int, seconds: float, wall_per_second: int, *, busy: bool = False
) -> list[Sending]:
    """Histories of some dossiers, spoiled in every way, ordered by their sending.

    Args:
        busy: much happens to each dossier, so that it passes through many cells.
    """
    sendings: list[Sending] = []

    def send(at: float, dossier_id: str, value: bytes) -> None:
        sendings.append(
            Sending(at, len(sendings), dossier_id, value, misplaced=rng.random() < 0.08)
        )

    for number in range(dossiers):
        dossier_id = f"000.00.{rng.randrange(100):02d}.H28-261104-{number:04d}"
        start = rng.uniform(0.0, seconds * 0.7)
        length = rng.randint(5, 9) if busy else rng.choice((1, 2, 3, 3, 4, 5, 7))
        for at, event in _history(rng, dossier_id, start, seconds, wall_per_second, length):
            value = orjson.dumps(event)
            send(at, dossier_id, value)
            luck = rng.random()
            if luck < 0.15:  # re-sent
                send(rng.uniform(at, seconds), dossier_id, value)
            elif luck < 0.25:  # another payload under the same identity
                other = {**event, "status": rng.randint(1, 10), "attempt": rng.randrange(1000)}
                send(rng.uniform(0.0, seconds), dossier_id, orjson.dumps(other))
            elif luck < 0.29:
                ahead = rng.uniform(60, 400) * 86_400
                future = {**event, "event_id": f"f{at}", "occurred_at": _text(START + ahead)}
                send(at, dossier_id, orjson.dumps(future))
            elif luck < 0.33:
                send(at, dossier_id, _garbage(rng, event))
    return sorted(sendings)


def _history(
    rng: Random, dossier_id: str, start: float, seconds: float, wall_per_second: int, length: int
) -> list[tuple[float, dict[str, Any]]]:
    events: list[tuple[float, dict[str, Any]]] = []
    source = rng.choice(SOURCES)
    has_sequence = rng.random() < 0.5
    has_legs = rng.random() < 0.3
    online = rng.random() < 0.5
    unit = rng.choice(UNITS)
    status, at = 0, start
    for number in range(length):
        status = rng.choice(_NEXT[status]) if rng.random() < 0.85 else rng.randint(1, 10)
        occurred = START + at * wall_per_second
        if rng.random() < 0.1:  # a wrong clock
            occurred += rng.uniform(-40, 0.9) * 86_400
        event: dict[str, Any] = {
            "event_id": f"e{number}",
            "source": source if rng.random() < 0.9 else rng.choice(SOURCES),
            "dossier_id": dossier_id,
            "status": status,
            "occurred_at": _text(occurred),
        }
        if has_sequence:
            event["sequence"] = number
        if number == 0 or rng.random() < 0.15:
            event["receiver"] = unit
            event["field"] = rng.choice(FIELDS)
            event["channel"] = 2 if online else 1
        if rng.random() < 0.3:
            event["procedure"] = rng.choice(("tt-1", "tt-2", "tt-3"))
        if rng.random() < 0.2:
            event[rng.choice(("receiver", "authority", "handler"))] = rng.choice(UNITS)
        if rng.random() < 0.35:
            event["due_at"] = _text(occurred + rng.uniform(-0.5, 4) * 86_400)
            event["limit_unit"] = rng.choice(LIMITS)
        if rng.random() < 0.1:
            event["supplement_due_at"] = _text(occurred + rng.uniform(0, 3) * 86_400)
        if rng.random() < 0.07:
            event["apology"] = {
                "issued_at": _text(occurred),
                "new_due_at": _text(occurred + rng.uniform(0, 3) * 86_400),
            }
        if rng.random() < 0.15:
            event["received_at"] = _text(occurred - rng.uniform(0, 1) * 86_400)
        if rng.random() < 0.15:
            event["registered_at"] = _text(occurred - rng.uniform(0, 2) * 86_400)
        if has_legs and rng.random() < 0.7:
            event["leg"] = {
                "number": rng.randint(1, 3),
                "unit": rng.choice(UNITS),
                "due_at": _text(occurred + rng.uniform(0, 2) * 86_400),
                "limit_unit": rng.choice(LIMITS),
            }
        events.append((at + _delay(rng, seconds, at), event))
        at = min(seconds, at + rng.expovariate(1 / (seconds * 0.1)))
    return events


def _delay(rng: Random, seconds: float, at: float) -> float:
    luck = rng.random()
    if luck < 0.6:
        return 0.0
    return rng.uniform(0.0, 1.0 if luck < 0.8 else max(0.0, seconds - at))


def _garbage(rng: Random, event: dict[str, Any]) -> bytes:
    kind = rng.randrange(4)
    if kind == 0:
        return bytes(rng.randrange(256) for _ in range(12))
    if kind == 1:
        return orjson.dumps({**event, "event_id": "g1", "status": 11})
    if kind == 2:
        return orjson.dumps({**event, "event_id": "g2", "receiver": "khong-co"})
    return b""


def _text(epoch: float) -> str:
    millis = int(epoch * 1000)
    return dt.datetime.fromtimestamp(millis / 1000, dt.UTC).isoformat(timespec="milliseconds")
