"""Deadlines crossed between a desk's last word and the moment at which its silence is noticed."""

from __future__ import annotations

import pytest
from planning_kit import HOUR, MONDAY, UNIT, board, late, plan, planner, rules, told

from ioc.alerts.engine.feeds import Feeds
from ioc.alerts.finding.units import unheard_signs
from schemas.alerting.names import AlertRule


def heard(at: int, source: str = "desk", **more: int) -> Feeds:
    return Feeds(MONDAY + 10**9, heard={UNIT: {source: at, **more}})


def test_an_alert_waits_for_a_word_of_its_desk_and_goes_at_once_with_it() -> None:
    here, who = board(), planner()
    case = late(here, "A")
    here.feeds = heard(MONDAY - 60)
    assert plan(who, here, MONDAY) == []
    assert case.unknown_since == MONDAY - 60, "and says so meanwhile"
    here.feeds = heard(MONDAY)
    (message,) = plan(who, here, MONDAY + HOUR)
    assert message.notice.items[0].unknown_since == 0
    assert message.due_ms == (MONDAY + HOUR) * 1000, "due since it is sure"


def test_a_desk_that_never_speaks_again_is_told_of_as_unknown_and_its_technician_hears() -> None:
    here, who = board(), planner(rules(stale_wait_working_hours=16))
    here.feeds = heard(MONDAY - 60)
    late(here, "A")
    assert list(unheard_signs(here)) == []
    sent = [(hour, each) for hour in range(72) for each in plan(who, here, MONDAY + hour * HOUR)]
    ((hour, message),) = sent
    assert (hour, message.notice.items[0].unknown_since) == (48, MONDAY - 60)
    (sign,) = unheard_signs(here)
    assert (sign.rule, sign.unit, sign.about_at) == (AlertRule.SILENT_DESK, UNIT, MONDAY - 60)
    here.feeds = heard(MONDAY + 60 * HOUR)
    assert list(unheard_signs(here)) == []


@pytest.mark.parametrize(
    ("awaiting", "feeds", "is_told"),
    [
        # A portal goes on registering files while the desk's own software is cut off.
        (False, heard(MONDAY - 60, portal=MONDAY + 60), False),
        (True, heard(MONDAY + 60, portal=MONDAY - 60), False),
        (True, heard(MONDAY - 60, portal=MONDAY + 60), True),
        # A software that is no longer named is not waited for: the one of now speaks.
        (False, heard(MONDAY + 60, source="new"), True),
        (False, Feeds(MONDAY + 10**9), True),
    ],
)
def test_whose_word_counts(awaiting: bool, feeds: Feeds, is_told: bool) -> None:
    here, who = board(), planner()
    late(here, "A")
    here.dossiers["A"] = here.dossiers["A"]._replace(awaiting=awaiting)
    here.feeds = feeds
    assert bool(told(plan(who, here, MONDAY))) is is_told


def test_what_is_still_ahead_does_not_wait_for_a_word() -> None:
    here = board()
    case = late(here, "A", MONDAY + 4 * HOUR)
    case.rule, case.crossed_at = AlertRule.APOLOGY_DUE, MONDAY
    here.feeds = heard(MONDAY - 60)
    file = rules().model_dump(mode="json")
    file["rules"][0] |= {"what": "apology_due", "escalate": None}
    assert plan(planner(type(rules()).model_validate(file)), here, MONDAY)
