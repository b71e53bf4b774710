"""A plain count over a scenario's events, sharing nothing with the generator but the calendar.

It walks docs/fold.md in the simplest way, on events in the order in which they happened.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import groupby, pairwise
from typing import Any

from schemas.calendar import (
    CalendarSettings,
    LimitUnit,
    WorkingCalendar,
    late_from,
    local_day,
    shift_due,
)
from schemas.reference import UnitRegistry

CALENDAR = WorkingCalendar(CalendarSettings.model_construct())
UNITS = UnitRegistry.load()
OPEN = {2, 4, 5, 6}


def seconds(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def by_dossier(events: Iterable[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    dossiers: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for event in events:
        dossiers[event["dossier_id"]].append(event)
    return dossiers


def count(events: Iterable[dict[str, Any]], start: datetime, end: datetime) -> dict[str, Counter]:
    """Return measures by unit, and under ``""`` for the whole."""
    figures: dict[str, Counter] = defaultdict(Counter)
    window = (int(start.timestamp()), int(end.timestamp()))
    for history in by_dossier(events).values():
        unit, measures = judge(history, *window)
        figures[unit].update(measures)
        figures[""].update(measures)
    return figures


def last(history: list[dict[str, Any]], name: str) -> Any:
    return next((event[name] for event in reversed(history) if event.get(name) is not None), None)


def judge(history: list[dict[str, Any]], start: int, end: int) -> tuple[str, list[str]]:
    statuses = [event["status"] for event in history]
    times = [seconds(event["occurred_at"]) for event in history]
    registered, told_receipt = last(history, "registered_at"), last(history, "received_at")
    accepted = any(status in OPEN | {9, 10} for status in statuses)
    received_at = seconds(told_receipt) if accepted else None
    reference = received_at if received_at is not None else seconds(registered)
    day = date.fromordinal(local_day(reference) + date(1970, 1, 1).toordinal())
    unit = UNITS.resolve(last(history, "authority"), day).code
    return unit, list(_measures(history, statuses, times, registered, received_at, start, end))


def _measures(
    history: list[dict[str, Any]],
    statuses: list[int],
    times: list[int],
    registered: str | None,
    received_at: int | None,
    start: int,
    end: int,
) -> Iterator[str]:
    channel = last(history, "channel")
    receipt_due = CALENDAR.add_working_seconds(seconds(registered), 8 * 3600) if registered else 0
    if received_at is None:
        if 3 in statuses:
            yield "refused"
            assert times[statuses.index(3)] <= receipt_due
        elif 7 in statuses:
            yield "closed_unreceived"
        else:
            yield "awaiting"
            if receipt_due + 1 <= end:
                yield "receipt_overdue"
        return
    if received_at >= start:
        yield "received"
        yield {1: "received_counter", 2: "received_online", 3: "received_postal"}[channel]
    else:
        yield "carried_over"
    if channel == 2 and received_at > receipt_due:
        yield "receipt_late"
    last_work = max(i for i, status in enumerate(statuses) if status in {2, 4, 5})
    results = [i for i in range(last_work + 1, len(statuses)) if statuses[i] == 9]
    results += [i for i in range(last_work + 1, len(statuses)) if statuses[i] == 10]
    due = _due(history, statuses, times, results)
    if results:
        result = times[results[0]]
        assert start <= result < end
        yield "resolved"
        if 10 not in statuses[last_work:]:
            yield "uncollected"
        yield _verdict(result, due, history)
    elif 7 in statuses:
        yield "withdrawn"
    elif 8 in statuses:
        yield "stopped"
    else:
        yield "open"
        lateness = None if due is None else late_from(due, _limit(history))
        paused = {5: "paused_supplement", 6: "paused_payment"}.get(statuses[-1])
        if paused and (lateness is None or times[-1] < lateness):
            yield paused
        elif lateness is not None and lateness <= end:
            yield "overdue"
        else:
            yield "in_time"


def _limit(history: list[dict[str, Any]]) -> LimitUnit:
    return LimitUnit(last(history, "limit_unit"))


def _verdict(result: int, due: int | None, history: list[dict[str, Any]]) -> str:
    if due is None:
        return "no_due"
    if result >= late_from(due, _limit(history)):
        return "late"
    return "early" if local_day(result) < local_day(due) else "on_time"


def _due(
    history: list[dict[str, Any]], statuses: list[int], times: list[int], results: list[int]
) -> int | None:
    explicit = None
    for event in history:
        if event.get("supplement_due_at"):
            explicit = event["supplement_due_at"]
        if event.get("apology", {}).get("new_due_at"):
            explicit = event["apology"]["new_due_at"]
    if explicit:
        return seconds(explicit)
    promised = last(history, "due_at")
    if promised is None:
        return None
    stop = results[0] + 1 if results else len(statuses)
    pairs = [(s, t) for s, t in zip(statuses[:stop], times[:stop], strict=True) if s != 1]
    runs = [(status, next(group)[1]) for status, group in groupby(pairs, key=lambda pair: pair[0])]
    paused = sum(
        CALENDAR.working_seconds(began, ended)
        for (status, began), (_, ended) in pairwise(runs)
        if status in (5, 6)
    )
    return shift_due(seconds(promised), _limit(history), paused, CALENDAR)
