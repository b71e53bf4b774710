"""Due times, pauses, alarms, the national rule and legs, with the answers written out.

November 2026: Monday is the 2nd, no holiday before the 24th.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from schemas.calendar import CalendarSettings, LimitUnit, WorkingCalendar
from schemas.calendar.local_time import day_of_date
from schemas.events import EventRecord, LegRecord
from streams.deadlines import Crossing, Rule, crossings_of
from streams.fold import Facts, FoldRules, Verdict, fold, order_events

RULES = FoldRules(
    WorkingCalendar(CalendarSettings(_env_file=None)),
    {"huyen": (day_of_date(dt.date(2026, 11, 4)), "xa")},
    {"tt": (2, LimitUnit.WORKING_DAYS), "gio": (4, LimitUnit.WORKING_HOURS)},
)
HOURS, WORKING_DAYS, DAYS, MONTHS = range(4)


def at(text: str) -> int:
    """Epoch seconds of a local time, e.g. '04 17:00' or '04 17:00:01'."""
    return int(dt.datetime.fromisoformat(f"2026-11-{text}+07:00").timestamp())


def day(number: int) -> int:
    return day_of_date(dt.date(2026, 11, number))


def event(status: int, when: str, **said: Any) -> EventRecord:
    fields: dict[str, Any] = dict.fromkeys(EventRecord._fields)
    fields |= {"source": "s", "event_id": when, "content_hash": 1, "status": status}
    return EventRecord(**(fields | {"occurred_ms": at(when) * 1000} | said))


def folded(*events: EventRecord) -> Facts:
    return fold(order_events(list(events)), RULES)


def due(when: str, limit_unit: int = WORKING_DAYS, **said: Any) -> EventRecord:
    """Received on Monday at eight, promised for some time."""
    return event(2, "02 08:00", due=at(when), limit_unit=limit_unit, **said)


WEDNESDAY = due("04 10:00")


@pytest.mark.parametrize(
    ("unit", "result", "verdict"),
    [
        (WORKING_DAYS, "03 23:59:59", Verdict.EARLY),
        (WORKING_DAYS, "04 00:00", Verdict.ON_TIME),
        (WORKING_DAYS, "04 23:59:59", Verdict.ON_TIME),
        (WORKING_DAYS, "05 00:00", Verdict.LATE),
        (DAYS, "04 23:59:59", Verdict.ON_TIME),
        (MONTHS, "05 00:00", Verdict.LATE),
        (HOURS, "03 23:59:59", Verdict.EARLY),
        (HOURS, "04 09:00", Verdict.ON_TIME),
        (HOURS, "04 10:00", Verdict.ON_TIME),
        (HOURS, "04 10:00:01", Verdict.LATE),
    ],
)
def test_verdict(unit: int, result: str, verdict: Verdict) -> None:
    assert folded(due("04 10:00", unit), event(9, result)).verdict is verdict


@pytest.mark.parametrize(
    ("first", "pause", "seconds", "new_due"),
    [
        # Day-based: from the end of work of the due day.
        (due("04 10:00"), [(5, "02 09:00"), (4, "03 09:00")], 28_800, "05 17:00"),
        (due("04 10:00"), [(5, "02 09:00"), (4, "02 10:00")], 3_600, "05 08:00"),
        (due("04 10:00"), [(6, "02 11:00"), (4, "02 14:00")], 3_600, "05 08:00"),
        # Hour-based: from the instant, over the midday break.
        (due("04 10:00", HOURS), [(5, "02 09:00"), (4, "02 11:00")], 7_200, "04 14:00"),
        # Over a weekend, at night and at midday the clock stands anyway.
        (due("10 10:00"), [(5, "06 17:00"), (4, "09 07:00")], 0, "10 10:00"),
        (due("04 10:00", HOURS), [(5, "02 11:30"), (4, "02 13:30")], 0, "04 10:00"),
        # 5 after 5 goes on; 1 in between is left out; 5 and 6 are two runs.
        (due("04 10:00"), [(5, "02 09:00"), (5, "02 09:30"), (4, "02 10:00")], 3_600, "05 08:00"),
        (due("04 10:00"), [(5, "02 09:00"), (1, "02 09:30"), (4, "02 10:00")], 3_600, "05 08:00"),
        (due("04 10:00"), [(5, "02 09:00"), (6, "02 09:30"), (4, "02 10:00")], 3_600, "05 08:00"),
        # The result ends a pause; what comes after the result is no pause.
        (due("04 10:00"), [(5, "02 09:00"), (9, "02 10:00"), (6, "02 11:00")], 3_600, "05 08:00"),
        (due("04 10:00"), [(9, "02 09:00"), (6, "02 10:00"), (10, "02 11:00")], 0, "04 10:00"),
    ],
)
def test_pauses(
    first: EventRecord, pause: list[tuple[int, str]], seconds: int, new_due: str
) -> None:
    facts = folded(first, *(event(status, when) for status, when in pause))
    assert facts.supplement_seconds + facts.payment_seconds == seconds
    assert facts.due == at(new_due)
    assert facts.first_due == first.due


def test_a_pause_that_ends_before_it_begins_counts_as_none() -> None:
    """Numbered events keep their order although a clock jumped back."""
    facts = folded(
        due("04 10:00", sequence=1),
        event(5, "03 16:00", sequence=2),
        event(4, "03 10:00", sequence=3),
    )
    assert (facts.supplement_seconds, facts.supplements, facts.due) == (0, 1, at("04 10:00"))


@pytest.mark.parametrize(
    ("said", "new_due"),
    [
        ({"explicit_due": at("10 17:00")}, "10 17:00"),
        ({"explicit_due": at("03 17:00")}, "03 17:00"),  # earlier than the promise: still wins
    ],
)
def test_an_explicit_date_is_not_shifted(said: dict[str, Any], new_due: str) -> None:
    facts = folded(WEDNESDAY, event(5, "02 09:00"), event(4, "03 09:00", **said))
    assert (facts.due, facts.explicit, facts.first_due) == (at(new_due), True, at("04 10:00"))
    assert facts.supplement_seconds == 28_800


def test_the_last_explicit_date_and_the_last_promise_count() -> None:
    facts = folded(WEDNESDAY, event(4, "03 08:00", due=at("06 17:00")))
    assert (facts.due, facts.first_due) == (at("06 17:00"), at("04 10:00"))
    dates = [event(4, f"03 {hour}:00", explicit_due=at(f"{hour} 17:00")) for hour in (10, 12)]
    assert folded(WEDNESDAY, *dates).due == at("12 17:00")
    apology = event(4, "03 09:00", apology=at("03 09:00"))
    assert (folded(WEDNESDAY, apology).apologised, folded(WEDNESDAY).apologised) == (True, False)
    assert folded(WEDNESDAY, apology).explicit is False


@pytest.mark.parametrize(
    ("events", "alarm"),
    [
        ([WEDNESDAY], "05 00:00"),
        ([due("04 10:00", HOURS)], "04 10:00:01"),
        ([event(2, "02 08:00")], None),
        ([WEDNESDAY, event(9, "03 08:00")], None),
        # Paused: the clock stands, unless it was late before or a date was named.
        ([WEDNESDAY, event(5, "03 08:00")], None),
        ([WEDNESDAY, event(6, "04 23:59:59")], None),
        ([WEDNESDAY, event(5, "05 00:00")], "05 00:00"),
        ([WEDNESDAY, event(5, "03 08:00", explicit_due=at("06 10:00"))], "07 00:00"),
        # A pause that ended moved it.
        ([WEDNESDAY, event(5, "02 09:00"), event(4, "03 09:00")], "06 00:00"),
        # Awaiting receipt: eight working hours after an online registration.
        ([event(1, "02 08:00", channel=2)], "03 08:00:01"),
        ([event(1, "06 16:30", channel=2)], "09 16:30:01"),
        ([event(1, "02 08:00", channel=2, registered=at("02 07:00"))], "02 17:00:01"),
        ([event(1, "02 08:00")], None),
        ([event(1, "02 08:00", channel=3)], None),
    ],
)
def test_alarm(events: list[EventRecord], alarm: str | None) -> None:
    assert folded(*events).alarm == (None if alarm is None else at(alarm))


@pytest.mark.parametrize(
    ("events", "late"),
    [
        ([event(2, "03 08:00")], False),
        ([event(2, "03 08:00:01")], True),
        ([event(2, "03 09:00", received=at("02 09:00"))], False),
        ([event(3, "03 08:00:01")], True),
        ([event(7, "03 09:00")], False),  # withdrawn: nobody owed an answer any more
        ([event(2, "03 09:00"), event(3, "03 10:00")], True),
    ],
)
def test_late_receipt(events: list[EventRecord], late: bool) -> None:
    assert folded(event(1, "02 08:00", channel=2), *events).receipt_late is late


@pytest.mark.parametrize(
    ("events", "late_day"),
    [
        ([WEDNESDAY], 5),
        ([due("04 10:00", HOURS)], 4),
        ([event(2, "02 08:00")], None),
        ([event(2, "02 08:00", procedure="tt")], 5),
        ([event(2, "02 08:00", procedure="gio")], 2),
        ([event(2, "02 08:00", procedure="unknown")], None),
        ([due("06 10:00", procedure="tt")], 7),  # the promise, not the law's limit
        # Finished in time: never; too late: from the day on which it was due.
        ([WEDNESDAY, event(9, "04 23:59:59")], None),
        ([WEDNESDAY, event(9, "05 00:00")], 5),
        ([WEDNESDAY, event(8, "09 08:00")], 5),
        ([WEDNESDAY, event(7, "04 08:00")], None),
        # The end is the first 9; a late pick-up is no late result; reopened is open again.
        ([WEDNESDAY, event(9, "04 08:00"), event(10, "09 08:00")], None),
        ([WEDNESDAY, event(10, "09 08:00")], 5),
        ([WEDNESDAY, event(9, "04 08:00"), event(4, "04 09:00")], 5),
        # Only supplement time is subtracted.
        ([WEDNESDAY, event(5, "02 09:00"), event(4, "03 09:00"), event(9, "05 10:00")], None),
        ([WEDNESDAY, event(6, "02 09:00"), event(4, "03 09:00"), event(9, "05 10:00")], 5),
        # While a supplement request is open, its date is the end.
        ([WEDNESDAY, event(5, "04 23:59:59")], None),
        ([WEDNESDAY, event(5, "05 00:00")], 5),
        # More than one request without a result is late, from the second one on.
        ([WEDNESDAY, event(5, "02 09:00"), event(4, "02 10:00"), event(5, "03 09:00")], 3),
        ([event(5, "02 09:00"), event(4, "02 10:00"), event(5, "03 09:00")], 3),
        (
            [due("02 10:00"), event(5, "02 09:00"), event(4, "02 09:00:01"), event(5, "09 09:00")],
            4,  # one second of pause ran into Tuesday; late before the second request
        ),
        (
            [WEDNESDAY, event(5, "02 09:00"), event(4, "02 10:00"), event(5, "03 09:00"),
             event(4, "03 10:00"), event(9, "04 10:00")],
            None,
        ),
    ],
)  # fmt: skip
def test_national_rule(events: list[EventRecord], late_day: int | None) -> None:
    expected = None if late_day is None else day(late_day)
    assert folded(*events).national_late_from == expected


@pytest.mark.parametrize(
    "events", [[event(1, "02 08:00")], [WEDNESDAY, event(3, "03 08:00")], [event(7, "02 08:00")]]
)
def test_what_was_never_received_is_not_judged(events: list[EventRecord]) -> None:
    facts = folded(*events)
    assert (facts.received, facts.national_late_from) == (False, None)


def leg(number: int, **said: Any) -> LegRecord:
    return LegRecord(**(dict.fromkeys(LegRecord._fields) | {"number": number} | said))


def test_legs_begin_and_end_with_each_other() -> None:
    events = [
        event(2, "02 08:00", leg=leg(1, unit="a")),
        event(4, "03 08:00", leg=leg(3, unit="c", due=at("04 10:00"), limit_unit=HOURS)),
        event(4, "03 09:00", leg=leg(1, due=at("03 10:00"))),
        event(4, "03 10:00", leg=leg(7, unit="g", started=at("02 10:00"), ended=at("03 11:00"))),
    ]
    first, third, seventh = folded(*events).legs
    assert first == (1, "a", at("02 08:00"), at("03 10:00"), at("03 08:00"), at("04 00:00"))
    # The next higher number that is there ends it, whenever that one began.
    assert third == (3, "c", at("03 08:00"), at("04 10:00"), at("02 10:00"), at("04 10:00:01"))
    assert seventh == (7, "g", at("02 10:00"), None, at("03 11:00"), None)
    assert folded(*events[:2], event(9, "05 08:00")).legs[-1].ended == at("05 08:00")
    assert folded(*events[:2]).legs[-1].ended is None


@pytest.mark.parametrize(("received", "unit"), [("03 23:59:59", "huyen"), ("04 00:00", "xa")])
def test_units_are_those_of_the_day_of_receipt(received: str, unit: str) -> None:
    facts = folded(event(2, received, receiver="huyen", leg=leg(1, unit="huyen")))
    assert (facts.receiver, facts.authority, facts.handler) == (unit, unit, unit)
    assert facts.legs[0].unit == unit
    waiting = folded(event(1, "06 08:00", receiver="huyen", registered=at(received)))
    assert waiting.receiver == unit


@pytest.mark.parametrize(
    ("events", "crossings"),
    [
        (
            [WEDNESDAY],
            [
                Crossing(at("03 17:00"), Rule.DUE_SOON, at("04 10:00")),
                Crossing(at("05 00:00"), Rule.OVERDUE, at("04 10:00")),
            ],
        ),
        (
            [due("04 10:00", HOURS)],
            [
                Crossing(at("03 10:00:01"), Rule.DUE_SOON, at("04 10:00")),
                Crossing(at("04 10:00:01"), Rule.OVERDUE, at("04 10:00")),
            ],
        ),
        (
            [event(1, "02 08:00", channel=2)],
            [Crossing(at("03 08:00:01"), Rule.RECEIPT_OVERDUE, at("03 08:00"))],
        ),
        ([WEDNESDAY, event(5, "03 08:00")], []),
        ([WEDNESDAY, event(9, "03 08:00")], []),
        (
            [event(2, "02 08:00", leg=leg(2, due=at("04 10:00")))],
            [Crossing(at("05 00:00"), Rule.LEG_OVERDUE, at("04 10:00"), 2)],
        ),
        ([event(1, "02 08:00", leg=leg(2, due=at("04 10:00")))], []),  # not received yet
    ],
)
def test_crossings(events: list[EventRecord], crossings: list[Crossing]) -> None:
    assert list(crossings_of(folded(*events), RULES.calendar, 8 * 3600)) == crossings


def test_without_a_lead_nothing_is_due_soon() -> None:
    [only] = crossings_of(folded(WEDNESDAY), RULES.calendar, 0)
    assert only.rule is Rule.OVERDUE
