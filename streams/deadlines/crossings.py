"""The deadline crossings that a dossier has ahead of it."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from schemas.calendar.calendar import WorkingCalendar
from streams.fold import Facts, Phase


class Rule(StrEnum):
    """What is crossed."""

    RECEIPT_OVERDUE = "receipt_overdue"
    DUE_SOON = "due_soon"
    OVERDUE = "overdue"
    LEG_OVERDUE = "leg_overdue"


class Crossing(NamedTuple):
    """One instant at which something about a dossier becomes true.

    Attributes:
        at: first second at which it is true.
        rule: what becomes true.
        about: the due time that it is about (epoch seconds); part of the alert's identity, so a
            changed due time makes another alert and the same one never two.
        leg: number of the leg, 0 = the whole dossier.
    """

    at: int
    rule: Rule
    about: int
    leg: int = 0


#: Leads are clipped to this; long enough for any around Tết.
LONGEST_LEAD_SECONDS = 60 * 86_400


def crossings_of(
    facts: Facts, calendar: WorkingCalendar, lead_working_seconds: int
) -> tuple[Crossing, ...]:
    """Return the crossings ahead of (or behind) a live dossier; none for a finished one."""
    if not facts.live:
        return ()
    ahead: list[Crossing] = []
    alarm = facts.alarm
    if alarm is not None:
        if facts.phase is Phase.AWAITING:
            ahead.append(Crossing(alarm, Rule.RECEIPT_OVERDUE, facts.receipt_due or alarm))
        else:
            due = facts.due or alarm
            if lead_working_seconds:
                soon = working_time_before(alarm, lead_working_seconds, calendar)
                ahead.append(Crossing(soon, Rule.DUE_SOON, due))
            ahead.append(Crossing(alarm, Rule.OVERDUE, due))
    if facts.received:
        for leg in facts.legs:
            if leg.ended is None and leg.late_from is not None and leg.due is not None:
                ahead.append(Crossing(leg.late_from, Rule.LEG_OVERDUE, leg.due, leg.number))
    return tuple(ahead)


@lru_cache(maxsize=65_536)
def working_time_before(at: int, seconds: int, calendar: WorkingCalendar) -> int:
    """Return the smallest instant with `seconds` of working time between it and `at`.

    The lead is clipped to 60 days. Due times are mostly ends of days, so answers are kept.
    """
    start = at - LONGEST_LEAD_SECONDS
    between = calendar.working_seconds(start, at)
    return calendar.add_working_seconds(start, max(0, between - seconds))
