"""Was an alert right when its deadline was crossed? Asked of all events that are known now."""

from __future__ import annotations

from collections.abc import Sequence

from ioc.alerts.engine.case import Case
from schemas.alerting.names import AlertRule
from schemas.events import EventRecord
from streams.fold import Facts, FoldRules, Phase, fold


def was_right(case: Case, events: Sequence[EventRecord], rules: FoldRules) -> bool:
    """Whether somebody who had known every event at once would have raised this alert.

    That is: from the crossing on there was an instant at which, by the events that had happened
    until then, it stood. What came about later (a late result, an apology with a new date) does
    not make an alert wrong; what had happened before and was only told later does. The crossing
    may lie before the first event: a file that is accepted an hour before it is due is due soon
    at once.

    Args:
        case: about one dossier.
        events: all of the dossier's, in order.
        rules: of the fold.
    """
    later = {event.occurred + 1 for event in events if event.occurred >= case.crossed_at}
    for instant in sorted({case.crossed_at, *later}):
        before = [event for event in events if event.occurred < instant]
        if before and _says(fold(before, rules), case, instant):
            return True
    return False


def reason(case: Case, events: Sequence[EventRecord], rules: FoldRules) -> str:
    """Return why an alert was wrong: what the message of its withdrawal says."""
    before = [event for event in events if event.occurred < case.crossed_at]
    if not before:
        return "not_late"
    facts = fold(before, rules)
    if facts.phase is Phase.RESOLVED:
        return "done_in_time"
    if not facts.live:
        return "not_received"
    return "due_changed" if facts.due != case.about_at else "not_late"


def _says(facts: Facts, case: Case, instant: int) -> bool:
    if not facts.live:
        return False
    if case.rule is AlertRule.LEG_OVERDUE:
        return facts.received and any(
            leg.number == case.leg and leg.due == case.about_at and leg.ended is None
            for leg in facts.legs
        )
    if facts.alarm is None:
        return False
    if case.rule is AlertRule.RECEIPT_OVERDUE:
        about = facts.receipt_due or facts.alarm
        return facts.phase is Phase.AWAITING and about == case.about_at
    if facts.phase is Phase.AWAITING or (facts.due or facts.alarm) != case.about_at:
        return False
    if case.rule in (AlertRule.DUE_SOON, AlertRule.APOLOGY_DUE) and facts.alarm <= instant:
        return False
    if case.rule in (AlertRule.APOLOGY_DUE, AlertRule.NO_APOLOGY):
        return not facts.apologised
    return True
