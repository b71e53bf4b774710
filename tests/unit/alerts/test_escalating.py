"""Escalation: counted from what was sent, asked again before it goes, never from stale hours."""

from __future__ import annotations

import copy
from dataclasses import replace

from planning_kit import HOUR, MONDAY, UNIT, arrive, board, late, plan, planner, told

from ioc.alerts.engine.answers import state_of
from ioc.alerts.engine.feeds import Feeds
from ioc.alerts.engine.judging import judge
from ioc.alerts.engine.silences import Silence
from ioc.alerts.engine.truth import said_now, true_now
from ioc.alerts.notice import AnswerKind, AnswerLine, NoticeKind
from ioc.alerts.people import Role
from ioc.alerts.store.loading import ToldRow, restore_board
from schemas.alerting.names import CaseState

DAY = 24 * HOUR
SILENT = Feeds(MONDAY + 10**9, {}, {UNIT: MONDAY - HOUR})
HEARD = Feeds(MONDAY + 10**9)


def _late():
    here, who = board(), planner()
    return here, who, late(here, "A")


def _escalated():
    """A step up that was planned and waits in its lane; made on the day after."""
    here, who, case = _late()
    plan(who, here, MONDAY)
    (message,) = plan(who, here, MONDAY + DAY, arrives=False)
    assert message.notice.kind is NoticeKind.ESCALATION
    return here, who, case, message.notice


def test_nobody_hears_of_no_answer_while_the_first_message_is_on_its_way() -> None:
    here, who, _ = _late()
    (first,) = plan(who, here, MONDAY, arrives=False)
    days = range(1, 4)
    assert [plan(who, here, MONDAY + day * DAY) for day in days] == [[]] * 3, "the server is away"
    arrive(here, first, MONDAY + 3 * DAY)
    assert plan(who, here, MONDAY + 4 * DAY - 1) == []
    (step,) = plan(who, here, MONDAY + 4 * DAY, arrives=False)
    assert (step.notice.person, step.notice.items[0].waited_seconds) == ("head", 8 * HOUR)
    assert plan(who, here, MONDAY + 9 * DAY) == [], "nor the one above them"


def test_an_answer_given_while_the_step_up_waits_keeps_it_back() -> None:
    here, who, case, notice = _escalated()
    ids = [case.alert_id]
    assert true_now(who, here, notice, ids, MONDAY + DAY) == tuple(ids)
    answer = AnswerLine(AnswerKind.ACKNOWLEDGED, Role.HANDLER_LEAD, "lead", MONDAY + DAY)
    here.answers[case.alert_id] = [answer]
    case.state = state_of([answer])
    assert true_now(who, here, notice, ids, MONDAY + DAY + 60) == ()
    assert here.note_untold(ids, "head", notice.kind) == [case]
    assert (case.level, set(here.told[case.alert_id])) == (0, {"lead"}), "no step took place"


def test_a_silence_or_a_silent_feed_keeps_a_waiting_step_back_and_it_comes_when_they_end() -> None:
    here, who, case, notice = _escalated()
    here.silences = [Silence("s", UNIT, "", MONDAY, MONDAY + DAY + HOUR)]
    assert true_now(who, here, notice, [case.alert_id], MONDAY + DAY + 60) == ()
    here.note_untold([case.alert_id], "head", notice.kind)
    assert told(plan(who, here, MONDAY + DAY + HOUR)) == [("escalation", "head", 1)]
    here, who, case, notice = _escalated()
    here.feeds = SILENT
    assert true_now(who, here, notice, [case.alert_id], MONDAY + DAY + 60) == ()


def test_a_step_up_says_what_was_answered_until_it_goes() -> None:
    here, who, case, notice = _escalated()
    broken = AnswerLine(
        AnswerKind.EXPLAINED, Role.HANDLER_LEAD, "lead", MONDAY, None, "", "2024-09-06"
    )
    here.answers[case.alert_id] = [broken]
    assert notice.items[0].answers == ()
    now = MONDAY + DAY + 2 * HOUR
    assert true_now(who, here, notice, [case.alert_id], now) == (case.alert_id,)
    (item,) = said_now(who, here, notice, now)
    assert (item.answers, item.waited_seconds) == ((broken,), 10 * HOUR)


def test_hours_in_which_a_desk_was_silent_are_nobodys_delay() -> None:
    here, who, case = _late()
    here.feeds = SILENT
    heard = [hour for hour in range(0, 72) if plan(who, here, MONDAY + hour * HOUR)]
    assert heard == [48] and case.unknown_since, "told as unknown"
    for hour in range(73, 121):
        assert plan(who, here, MONDAY + hour * HOUR) == []
    # Saturday 08:00 had passed: heard again on Monday, and nothing goes at the first look.
    here.feeds = HEARD
    monday = MONDAY + 7 * DAY
    assert plan(who, here, monday) == [] and case.unknown_since == 0
    assert plan(who, here, monday + DAY - 1) == []
    assert told(plan(who, here, monday + DAY)) == [("escalation", "head", 1)]


def test_a_lull_of_a_desk_is_taken_off_and_does_not_begin_the_hours_anew() -> None:
    here, who, _ = _late()
    plan(who, here, MONDAY)
    here.feeds = replace(SILENT, desks={UNIT: MONDAY + 2 * HOUR})
    plan(who, here, MONDAY + 2 * HOUR + 1800)
    here.feeds = HEARD
    plan(who, here, MONDAY + 3 * HOUR)  # silent since ten, heard at eleven
    assert plan(who, here, MONDAY + DAY + HOUR - 1) == []
    assert told(plan(who, here, MONDAY + DAY + HOUR)) == [("escalation", "head", 1)]


def _row(alert: str, person: str, kind: str, level: int, state: str, at: int) -> ToldRow:
    role = "handler_lead" if person == "lead" else "authority_head"
    name = f"{kind}/{person}/{level}/x"
    return ToldRow(alert, person, role, UNIT, kind, name, state, at * 1000, at * 1000 + 5000)


def test_whoever_takes_over_counts_from_what_was_sent() -> None:
    _, who, case = _late()
    case.told_at = MONDAY
    alert = case.alert_id

    def taken_over(state: str, *more: ToldRow):
        row = _row(alert, "lead", "single", 0, state, MONDAY)
        again = restore_board([copy.copy(case)], [row, *more])
        again.feeds = HEARD
        again.dossiers.update(_late()[0].dossiers)
        return again

    assert plan(who, taken_over("waiting"), MONDAY + 3 * DAY) == []
    after = MONDAY + DAY + 5
    assert plan(who, taken_over("sent"), after - 1) == []
    assert told(plan(who, taken_over("sent"), after)) == [("escalation", "head", 1)]
    case.level = 1
    dropped = _row(alert, "head", "escalation", 1, "dropped", MONDAY + DAY)
    assert taken_over("sent", dropped).cases[alert].level == 0
    stands = _row(alert, "head", "escalation", 1, "sent", MONDAY + DAY)
    assert taken_over("sent", stands).cases[alert].level == 1


def test_a_message_that_was_dropped_and_is_true_again_is_told() -> None:
    here, who, case = _late()
    (first,) = plan(who, here, MONDAY, arrives=False)
    case.state = CaseState.RESOLVED
    assert true_now(who, here, first.notice, [case.alert_id], MONDAY) == ()
    here.note_untold([case.alert_id], "lead", first.notice.kind)
    dossier = here.dossiers["A"]
    assert judge(here, case, dossier, None, None, MONDAY + DAY)
    assert told(plan(who, here, MONDAY + DAY)) == [("single", "lead", 1)], "and not the head"
    # Read back before anybody looked again: the row of the case says "told", the ledger does not.
    row = _row(case.alert_id, "lead", "single", 0, "dropped", MONDAY)
    assert case.told_at
    again = restore_board([case], [row])
    assert again.fresh == {case.alert_id} and not case.told_at
