"""Who is told when: groups, rates, the chain, silences, stale feeds, working hours, deputies."""

from __future__ import annotations

import pytest
from planning_kit import (
    CALENDAR,
    DISTRICT,
    EVERYBODY,
    HEAD,
    HOUR,
    LEAD,
    LEADER,
    MONDAY,
    UNIT,
    away,
    board,
    late,
    plan,
    planner,
    rules,
    told,
)

from ioc.alerts.engine.feeds import Feeds
from ioc.alerts.engine.silences import Silence
from ioc.alerts.finding.digest_times import due_digests
from ioc.alerts.notice import AnswerKind, AnswerLine
from ioc.alerts.people import Role
from schemas.alerting.names import CaseState
from schemas.alerting.rules_model import RulesFile

NIGHT = MONDAY - 3 * HOUR
NEXT_DAY = MONDAY + 24 * HOUR


def test_few_come_singly_many_as_one_and_nobody_hears_twice() -> None:
    here, who = board(), planner()
    for name in ("A", "B", "C"):
        late(here, name)
    assert told(plan(who, here, MONDAY)) == [("single", "lead", 1)] * 3
    assert plan(who, here, MONDAY + 60) == []
    for name in ("D", "E", "F", "G"):
        late(here, name, MONDAY + 60)
    assert told(plan(who, here, MONDAY + 60)) == [("group", "lead", 4)]


def test_a_flood_gathers_for_a_moment() -> None:
    here, who = board(), planner(rules(settle_seconds=2, longest_settle_seconds=6))
    sent = []
    for second in range(8):
        late(here, f"F{second}", MONDAY + second)
        sent += [(second, *each) for each in told(plan(who, here, MONDAY + second))]
    assert sent == [(6, "group", "lead", 7)], "as one message, after the longest wait"


def test_beyond_the_rate_a_summary_tells_all() -> None:
    here, who = board(), planner(rules(group_above=100, rate={"messages": 3, "per_hours": 1}))
    for number in range(10):
        late(here, f"N{number}")
    assert told(plan(who, here, MONDAY)) == [
        ("single", "lead", 1), ("single", "lead", 1), ("summary", "lead", 8),
    ]  # fmt: skip
    late(here, "LATER", MONDAY + 60)
    assert plan(who, here, MONDAY + 60) == [], "no summary after the summary"
    assert told(plan(who, here, MONDAY + HOUR + 1)) == [("single", "lead", 1)]


def test_withdrawals_and_what_is_urgent_do_not_wait_for_the_rate() -> None:
    file = rules(group_above=100, rate={"messages": 1, "per_hours": 1}).model_dump(mode="json")
    file["rules"].insert(0, {**file["rules"][0], "id": "now", "units": ["04792"], "urgent": True})
    here, who = board(), planner(RulesFile.model_validate(file))
    for name in ("A", "B"):
        late(here, name)
    assert told(plan(who, here, MONDAY)) == [("summary", "lead", 2)]
    late(here, "LATER", MONDAY + 60)
    urgent = late(here, "NOW", MONDAY + 60)
    urgent.unit, urgent.handler = "04792", UNIT
    here.cases["overdue/A/1725843599"].state = CaseState.WITHDRAWN
    here.fresh.add("overdue/A/1725843599")
    assert told(plan(who, here, MONDAY + 60)) == [("withdrawal", "lead", 1), ("single", "lead", 1)]
    assert here.told["overdue/NOW/1725843659"].keys() == {"lead"}


def test_without_an_answer_the_next_one_up_hears_after_eight_working_hours_each() -> None:
    here, who = board(), planner()
    late(here, "A")
    heard = []
    for hour in range(24 * 7):
        now = MONDAY + hour * HOUR
        heard += [(person, hour) for _, person, _ in told(plan(who, here, now))]
    # A working day later each, at the same hour; the hierarchy of 2024 has districts.
    assert heard == [("lead", 0), ("head", 24), ("chair", 48), ("district", 72), ("leader", 96)]


def test_an_answer_keeps_it_from_going_up_until_its_promise_is_broken() -> None:
    here, who = board(), planner()
    case = late(here, "A")
    plan(who, here, MONDAY)
    here.answers[case.alert_id] = [
        AnswerLine(AnswerKind.EXPLAINED, Role.HANDLER_LEAD, "lead", MONDAY, None, "", "2024-09-11")
    ]
    case.state = CaseState.EXPLAINED
    heard = [
        (message.notice.person, hour, len(message.notice.items[0].answers))
        for hour in range(24 * 7)
        for message in plan(who, here, MONDAY + hour * HOUR)
    ]
    # Promised for Wednesday 11 September; Thursday's eight hours are over when work ends. On
    # Friday at 07:00 the next one up hears, and reads what was promised.
    assert heard[0] == ("head", 24 * 4 - 1, 1)


def test_nothing_in_the_night_but_what_is_urgent() -> None:
    here, who = board(), planner()
    late(here, "A", NIGHT)
    assert plan(who, here, NIGHT) == []
    urgent = RulesFile.model_validate(
        {
            "version": 1,
            "delivery": {"settle_seconds": 0},
            "rules": [{"id": "a", "what": "overdue", "tell": ["handler_lead"], "urgent": True}],
        }
    )
    assert told(plan(planner(urgent), here, NIGHT)) == [("single", "lead", 1)]


@pytest.mark.parametrize(
    ("silence", "is_told"),
    [
        (Silence("s", UNIT, "", MONDAY, MONDAY + 60), False),
        (Silence("s", DISTRICT, "overdue", MONDAY, MONDAY + 60), False),
        (Silence("s", "", "overdue", MONDAY, MONDAY + 60), False),
        (Silence("s", "", "due_soon", MONDAY, MONDAY + 60), True),
        (Silence("s", "04792", "", MONDAY, MONDAY + 60), True),
        (Silence("s", UNIT, "", MONDAY - 60, MONDAY), True),
        (Silence("s", UNIT, "", MONDAY, MONDAY + 60, ended_at=MONDAY), True),
    ],
)
def test_a_silence_covers_unit_rule_and_period(silence: Silence, is_told: bool) -> None:
    here, who = board(), planner()
    late(here, "A")
    here.silences = [silence]
    assert bool(plan(who, here, MONDAY)) is is_told
    assert bool(plan(who, here, MONDAY + 61)) is not is_told, "held, not forgotten"


def test_a_silent_feed_holds_alerts_and_escalation_but_not_for_ever() -> None:
    here, who = board(), planner(rules(stale_wait_working_hours=16))
    here.feeds = Feeds(MONDAY + 10**9, {}, {UNIT: MONDAY - HOUR})
    case = late(here, "A")
    heard = [
        (hour, message.notice)
        for hour in range(24 * 7)
        for message in plan(who, here, MONDAY + hour * HOUR)
    ]
    ((hour, notice),) = heard
    assert (notice.person, hour) == ("lead", 48), "after two working days"
    assert notice.items[0].unknown_since == MONDAY - HOUR, "and not as an accusation"
    assert case.level == 0, "nobody is escalated against for a feed"


def test_a_pipeline_that_is_behind_holds_alerts() -> None:
    here, who = board(), planner()
    here.feeds = Feeds(MONDAY - 60)
    late(here, "A")
    assert plan(who, here, MONDAY) == []
    here.feeds = Feeds(MONDAY)
    assert told(plan(who, here, MONDAY + 1)) == [("single", "lead", 1)]


def test_a_deputy_stands_in_and_two_who_are_away_leave_the_next_one_up() -> None:
    others = EVERYBODY[1:]
    gone = away(LEAD, MONDAY - HOUR, MONDAY + HOUR)
    here = board()
    late(here, "A")
    (message,) = plan(planner(people=(gone, *others)), here, MONDAY)
    assert (message.notice.person, message.notice.deputy_for) == ("head", "lead")
    here = board()
    late(here, "A")
    both = (gone, away(HEAD, MONDAY - HOUR, MONDAY + HOUR), *others[1:])
    assert told(plan(planner(people=both), here, MONDAY)) == [("single", "chair", 1)]


def test_after_the_districts_communes_answer_to_the_province() -> None:
    book = planner().people
    assert book.units_above(UNIT, MONDAY) == (UNIT, "148", "17")
    in_2026 = MONDAY + 2 * 365 * 86_400
    above = book.units_above(UNIT, in_2026)
    assert above[-1] == "25" and len(above) == 2


def test_whoever_gets_the_file_now_hears_of_it() -> None:
    here, who = board(), planner()
    case = late(here, "A")
    plan(who, here, MONDAY)
    case.handler, case.told_at = "04792", 0
    here.put(case)
    assert told(plan(who, here, MONDAY + 60)) == [], "nobody leads there; the old one has heard"


def test_digests_come_on_working_mornings_and_once_a_week() -> None:
    file = RulesFile.model_validate(
        {
            "version": 1,
            "morning_digest": {"at": "07:00"},
            "weekly_digest": {"on": "monday", "at": "07:30"},
            "rules": [{"id": "a", "what": "overdue", "tell": ["handler_lead"]}],
        }
    )
    people = planner().people

    def kinds(now: int) -> list[tuple[str, str]]:
        due = due_digests(file, people, CALENDAR, now)
        return sorted((each.kind.value, each.recipient.person.person_id) for each in due)

    seven = MONDAY - HOUR
    assert kinds(seven - 1) == []
    assert kinds(seven) == [("digest", who) for who in ("chair", "district", "head", "leader")]
    assert ("weekly", "leader") in kinds(MONDAY)
    assert not any(kind == "weekly" for kind, _ in kinds(NEXT_DAY))
    assert kinds(seven - 24 * HOUR) == [], "not on a Sunday"
    monday, tuesday = (
        {each.since_at for each in due_digests(file, people, CALENDAR, now)}
        for now in (seven, seven + 24 * HOUR)
    )
    assert monday == {seven - 3 * 24 * HOUR}, "compared with Friday"
    assert tuesday == {seven}
    assert LEADER in people
