"""Legs of an interconnected dossier: each agency's part, with its own due time."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.calendar.deadline import late_from
from schemas.events import EventRecord
from schemas.events.record import DEFAULT_LIMIT_UNIT_CODE, LIMIT_UNITS
from streams.fold.facts import LegFacts
from streams.fold.rules import FoldRules


class _Leg:
    __slots__ = ("due", "ended", "first_at", "limit_unit", "started", "unit")

    def __init__(self, first_at: int) -> None:
        self.first_at = first_at
        self.unit = ""
        self.started: int | None = None
        self.due: int | None = None
        self.limit_unit = DEFAULT_LIMIT_UNIT_CODE
        self.ended: int | None = None


def find_legs(
    events: Sequence[EventRecord], finished_at: int | None, unit_day: int, rules: FoldRules
) -> tuple[LegFacts, ...]:
    """Return the legs by number: last word for each attribute, ends implied by the next leg."""
    legs: dict[int, _Leg] = {}
    for event in events:
        said = event.leg
        if said is None:
            continue
        leg = legs.get(said.number)
        if leg is None:
            leg = legs[said.number] = _Leg(event.occurred_ms // 1000)
        if said.unit is not None:
            leg.unit = said.unit
        if said.started is not None:
            leg.started = said.started
        if said.due is not None:
            leg.due = said.due
        if said.limit_unit is not None:
            leg.limit_unit = said.limit_unit
        if said.ended is not None:
            leg.ended = said.ended
    facts: list[LegFacts] = []
    following: int | None = finished_at
    for number in sorted(legs, reverse=True):
        leg = legs[number]
        started = leg.first_at if leg.started is None else leg.started
        ended = following if leg.ended is None else leg.ended
        late = None if leg.due is None else late_from(leg.due, LIMIT_UNITS[leg.limit_unit])
        unit = rules.unit_on(leg.unit, unit_day)
        facts.append(LegFacts(number, unit, started, leg.due, ended, late))
        following = started
    return tuple(reversed(facts))
