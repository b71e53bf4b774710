"""The national index rule (Decision 766/QĐ-TTg, indicator 2.1)."""

from __future__ import annotations

from schemas.calendar.deadline import late_from, shift_due
from schemas.calendar.limits import LimitUnit
from schemas.calendar.local_time import local_day
from streams.fold.pauses import Pauses
from streams.fold.rules import FoldRules


def national_late_from(
    received_at: int,
    base_due: int | None,
    limit_unit: LimitUnit,
    procedure: str | None,
    pauses: Pauses,
    live: bool,
    finished_at: int | None,
    rules: FoldRules,
) -> int | None:
    """Return the day from which a received dossier is late under the rule; None = never.

    A period that ends before that day sees the dossier in time, a later one sees it late: the
    verdict depends on the period, the day does not. Only supplement time is subtracted; an open
    supplement request is itself the end; more than one request without a result is late.
    """
    if base_due is None:
        limit = None if procedure is None else rules.statutory.get(procedure)
        if limit is not None:
            base_due, limit_unit = rules.calendar.due_from_limit(received_at, limit[0], limit[1])
    late: int | None = None
    if base_due is not None:
        due = shift_due(base_due, limit_unit, pauses.supplement_seconds, rules.calendar)
        late = late_from(due, limit_unit)
    day: int | None = None
    if late is not None:
        if not live:
            is_late = finished_at is not None and finished_at >= late
        elif pauses.open_status == 5 and pauses.open_since is not None:
            is_late = pauses.open_since >= late
        else:
            is_late = True
        day = local_day(late) if is_late else None
    if live and pauses.second_supplement_at is not None:
        second = local_day(pauses.second_supplement_at)
        day = second if day is None else min(day, second)
    return day
