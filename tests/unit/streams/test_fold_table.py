"""Every cell of the transition table in docs/fold.md, and the deadline rules, by literals."""

from __future__ import annotations

import datetime as dt

import pytest

from schemas.calendar import CalendarSettings, LimitUnit, WorkingCalendar
from schemas.calendar.local_time import day_of_date
from schemas.events import EventRecord, LegRecord
from streams.cells import contribute
from streams.deadlines import Rule, crossings_of
from streams.fold import Facts, FoldRules, Phase, Verdict, fold, order_events

RULES = FoldRules(
    WorkingCalendar(CalendarSettings(_env_file=None)),
    {"04795": (day_of_date(dt.date(2025, 7, 1)), "NEW")},
    {"P5": (5, LimitUnit.WORKING_DAYS)},
)


def at(text: str) -> int:
    """Epoch seconds of a Vietnamese local time, e.g. '2024-09-04 08:00'."""
    return int(dt.datetime.fromisoformat(text + "+07:00").timestamp())


def event(number: int, status: int, when: str, **said: object) -> EventRecord:
    fields: dict[str, object] = dict.fromkeys(EventRecord._fields)
    fields |= {
        "source": "s",
        "event_id": f"{number:03d}",
        "content_hash": number,
        "status": status,
        "occurred_ms": at(when) * 1000,
    }
    return EventRecord(**(fields | said))  # type: ignore[arg-type]


def after(*statuses: int, **said: object) -> Facts:
    """Fold statuses that follow each other by an hour from 2024-09-04 08:00."""
    events = [
        event(n, status, f"2024-09-04 {8 + n:02d}:00", **(said if n == len(statuses) - 1 else {}))
        for n, status in enumerate(statuses)
    ]
    return fold(order_events(events), RULES)


A, P, S, F = Phase.AWAITING, Phase.PROCESSING, Phase.SUPPLEMENT, Phase.PAYMENT
R, X, W, T = Phase.RESOLVED, Phase.REFUSED, Phase.WITHDRAWN, Phase.STOPPED


@pytest.mark.parametrize(
    ("statuses", "phase", "received"),
    [
        # nothing yet
        ([1], A, False), ([2], P, True), ([4], P, True), ([5], S, True), ([6], F, True),
        ([9], R, True), ([10], R, True), ([3], X, False), ([7], W, False), ([8], T, True),
        # after 1
        ([1, 1], A, False), ([1, 2], P, True), ([1, 5], S, True), ([1, 6], F, True),
        ([1, 9], R, True), ([1, 10], R, True), ([1, 3], X, False), ([1, 7], W, False),
        ([1, 8], T, False), ([1, 7, 8], W, False),
        # after 2 and 4
        ([2, 1], P, True), ([2, 4], P, True), ([4, 5], S, True), ([2, 6], F, True),
        ([2, 9], R, True), ([2, 10], R, True), ([2, 3], X, False), ([2, 7], W, True),
        ([2, 8], T, True), ([2, 7, 8], W, True),
        # after 5 and 6
        ([5, 1], S, True), ([5, 4], P, True), ([5, 6], F, True), ([6, 5], S, True),
        ([5, 9], R, True), ([6, 10], R, True), ([5, 3], X, False), ([5, 7], W, True),
        ([6, 8], T, True),
        # after 9: reopened, or no change
        ([9, 1], R, True), ([9, 2], P, True), ([9, 4], P, True), ([9, 5], S, True),
        ([9, 6], R, True), ([9, 9], R, True), ([9, 10], R, True), ([9, 3], R, True),
        ([9, 7], R, True), ([9, 8], R, True), ([2, 9, 4, 9], R, True),
        # after 10
        ([10, 1], R, True), ([10, 4], P, True), ([10, 5], S, True), ([10, 6], R, True),
        ([10, 9], R, True), ([10, 3], R, True), ([10, 8], R, True),
        # after 3
        ([3, 1], A, False), ([3, 2], P, True), ([3, 5], S, True), ([3, 6], F, True),
        ([3, 9], R, True), ([3, 10], R, True), ([3, 3], X, False), ([3, 7], X, False),
        # after 7 and 8
        ([1, 7, 1], A, False), ([7, 4], P, True), ([8, 2], P, True), ([2, 8, 5], S, True),
        ([2, 8, 6], F, True), ([2, 7, 9], R, True), ([2, 8, 10], R, True), ([2, 8, 3], T, True),
        ([2, 8, 7], T, True),
    ],
)  # fmt: skip
def test_transition_table(statuses: list[int], phase: Phase, received: bool) -> None:
    facts = after(*statuses)
    assert (facts.phase, facts.received) == (phase, received)
    assert facts.live == (phase in (A, P, S, F))


def test_a_seven_that_says_when_it_was_received_was_received() -> None:
    assert after(1, 7, received=at("2024-09-04 08:30")).received
    assert after(1, 8, received=at("2024-09-04 08:30")).received


@pytest.mark.parametrize(
    ("statuses", "hour"), [([2, 9, 9], 9), ([2, 10], 9), ([2, 10, 9], 10), ([2, 9, 4, 9], 11)]
)
def test_the_first_nine_of_the_last_round_counts(statuses: list[int], hour: int) -> None:
    assert after(*statuses).result_at == at(f"2024-09-04 {hour:02d}:00")


def received(due: str, *more: EventRecord, unit: int = 1, **said: object) -> Facts:
    first = event(0, 2, "2024-09-04 08:00", due=at(due), limit_unit=unit, **said)
    return fold(order_events([first, *more]), RULES)


def test_a_day_based_deadline_passes_at_the_end_of_the_day() -> None:
    on_time = received("2024-09-06 10:00", event(1, 9, "2024-09-06 15:00"))
    assert on_time.verdict is Verdict.ON_TIME
    assert received("2024-09-06 10:00", event(1, 9, "2024-09-05 23:59")).verdict is Verdict.EARLY
    assert received("2024-09-06 10:00", event(1, 9, "2024-09-07 00:00")).verdict is Verdict.LATE
    assert received("2024-09-06 10:00").alarm == at("2024-09-07 00:00")


def test_an_hour_based_deadline_passes_at_its_instant() -> None:
    assert received("2024-09-06 10:00", event(1, 9, "2024-09-06 10:00"), unit=0).verdict is (
        Verdict.ON_TIME
    )
    late = received("2024-09-06 10:00", event(1, 9, "2024-09-06 10:01"), unit=0)
    assert late.verdict is Verdict.LATE
    assert received("2024-09-06 10:00", unit=0).alarm == at("2024-09-06 10:00") + 1


def test_pauses_shift_by_working_time() -> None:
    """One working day in 5 moves a day-based due date by one working day, over the weekend."""
    facts = received(
        "2024-09-06 17:00", event(1, 5, "2024-09-05 08:00"), event(2, 4, "2024-09-06 08:00")
    )
    assert facts.supplement_seconds == 8 * 3600
    assert facts.due == at("2024-09-09 17:00")
    payment = received(
        "2024-09-06 17:00", event(1, 6, "2024-09-05 08:00"), event(2, 4, "2024-09-05 09:00")
    )
    assert (payment.payment_seconds, payment.due) == (3600, at("2024-09-09 08:00"))


def test_an_explicit_date_wins_over_shifts() -> None:
    facts = received(
        "2024-09-06 17:00",
        event(1, 5, "2024-09-05 08:00"),
        event(2, 4, "2024-09-06 08:00", explicit_due=at("2024-09-20 17:00")),
    )
    assert (facts.due, facts.explicit) == (at("2024-09-20 17:00"), True)
    assert facts.first_due == at("2024-09-06 17:00")


def test_the_clock_of_a_paused_dossier_stands() -> None:
    paused = received("2024-09-06 17:00", event(1, 5, "2024-09-05 08:00"))
    assert (paused.alarm, paused.paused_since) == (None, at("2024-09-05 08:00"))
    already_late = received("2024-09-06 17:00", event(1, 5, "2024-09-10 08:00"))
    assert already_late.alarm == at("2024-09-07 00:00")


def test_an_online_file_must_be_received_within_eight_working_hours() -> None:
    registered = event(0, 1, "2024-09-04 16:00", channel=2)
    waiting = fold([registered], RULES)
    assert waiting.receipt_due == at("2024-09-05 16:00")
    assert waiting.alarm == at("2024-09-05 16:00") + 1
    in_time = fold([registered, event(1, 2, "2024-09-05 16:00")], RULES)
    late = fold([registered, event(1, 2, "2024-09-05 16:01")], RULES)
    refused_late = fold([registered, event(1, 3, "2024-09-05 16:01")], RULES)
    assert [f.receipt_late for f in (in_time, late, refused_late)] == [False, True, True]
    assert fold([event(0, 1, "2024-09-04 16:00", channel=1)], RULES).receipt_due is None


def day(text: str) -> int:
    return day_of_date(dt.date.fromisoformat(text))


def test_national_rule() -> None:
    assert received("2024-09-06 17:00").national_late_from == day("2024-09-07")
    done = received("2024-09-06 17:00", event(1, 9, "2024-09-06 18:00"))
    assert done.national_late_from is None
    asked = event(1, 5, "2024-09-05 08:00")
    assert received("2024-09-06 17:00", asked).national_late_from is None
    back, again = event(2, 4, "2024-09-05 09:00"), event(3, 5, "2024-09-05 10:00")
    assert received("2024-09-06 17:00", asked, back, again).national_late_from == day("2024-09-05")
    paid = event(1, 6, "2024-09-05 08:00"), event(2, 9, "2024-09-09 08:00")
    # Payment time is not subtracted here, but by the desk rule it is.
    facts = received("2024-09-06 17:00", *paid)
    assert facts.verdict is not Verdict.LATE
    assert facts.national_late_from == day("2024-09-07")
    limit = fold([event(0, 2, "2024-09-04 08:00", procedure="P5")], RULES)
    assert limit.national_late_from == day("2024-09-12")


def test_legs_follow_each_other() -> None:
    leg_a = LegRecord(1, "A", None, at("2024-09-05 17:00"), None, None)
    leg_b = LegRecord(2, "B", None, at("2024-09-10 17:00"), None, None)
    legs = [
        event(0, 2, "2024-09-04 08:00", leg=leg_a),
        event(1, 4, "2024-09-06 08:00", leg=leg_b),
    ]
    first, second = fold(legs, RULES).legs
    assert (first.unit, first.started, first.ended) == (
        "A", at("2024-09-04 08:00"), at("2024-09-06 08:00"),
    )  # fmt: skip
    assert (second.unit, second.ended, second.late_from) == ("B", None, at("2024-09-11 00:00"))
    facts = fold(legs, RULES)
    assert [c.rule for c in crossings_of(facts, RULES.calendar, 0)] == [Rule.LEG_OVERDUE]
    assert contribute(facts).leg_days == (
        (day("2024-09-04"), "A", "", 0), (day("2024-09-06"), "A", "", 2),
        (day("2024-09-06"), "B", "", 0),
    )  # fmt: skip


def test_units_follow_the_day_of_receipt() -> None:
    old = fold([event(0, 2, "2025-06-30 08:00", receiver="04795")], RULES)
    new = fold([event(0, 2, "2025-07-01 08:00", receiver="04795")], RULES)
    assert (old.receiver, new.receiver, new.authority, new.handler) == ("04795", *["NEW"] * 3)


def test_within_a_source_the_sequence_orders_before_time() -> None:
    """A clock that jumped back must not undo what its source said later."""
    resolved = event(1, 9, "2024-09-05 08:00", sequence=2)
    received_first = event(2, 2, "2024-09-06 08:00", sequence=1)
    assert fold(order_events([resolved, received_first]), RULES).phase is Phase.RESOLVED
