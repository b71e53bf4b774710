"""What people answered to an alert."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from ioc.alerts.notice import AnswerKind, AnswerLine
from schemas.alerting.names import CaseState
from schemas.calendar.local_time import day_end, day_of_date

#: Whoever acknowledges has taken the file over.
FOR_GOOD = 1 << 62


def state_of(answers: Sequence[AnswerLine]) -> CaseState:
    """Return where a live alert stands: an explanation says more than a receipt."""
    if any(answer.kind is AnswerKind.EXPLAINED for answer in answers):
        return CaseState.EXPLAINED
    return CaseState.ACKNOWLEDGED if answers else CaseState.OPEN


def quiet_until(answers: Sequence[AnswerLine]) -> int:
    """Return until when answers keep an alert from going up; 0 = there is none.

    An expected date is a promise: once its day has passed, the alert goes up as if nobody had
    answered, unless somebody answered after that.
    """
    if not answers:
        return 0
    promised = 0
    for answer in sorted(answers, key=lambda each: each.made_at):
        if answer.expected_on:
            promised = day_end(day_of_date(dt.date.fromisoformat(answer.expected_on)))
        elif not promised or answer.made_at >= promised:
            promised = FOR_GOOD
    return promised
