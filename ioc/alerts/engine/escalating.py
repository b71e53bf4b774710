"""May the next one up hear of a case? Asked when it is planned and right before it is sent."""

from __future__ import annotations

from enum import Enum

from ioc.alerts.engine.answers import quiet_until
from ioc.alerts.engine.board import Board
from ioc.alerts.engine.case import Case
from ioc.alerts.engine.holding import stale_since, unheard_since
from ioc.alerts.people_book import PeopleBook
from schemas.alerting.rules_model import Escalation
from schemas.calendar.calendar import WorkingCalendar

#: Above all levels of the chain.
ANY_LEVEL = 1 << 8


class Step(Enum):
    """Whether the next one up may hear now."""

    NOT_YET = "not_yet"
    STALE = "stale"
    NOW = "now"


def waiting_since(board: Board, case: Case, below: int = ANY_LEVEL) -> int:
    """Return since when those who were told last could have answered, epoch seconds.

    0 = they could not yet: the message is on its way, or nobody was told. Counted are those of
    the levels below one.
    """
    told = [one for one in board.told.get(case.alert_id, {}).values() if one.level < below]
    settled = max((one.settled_at for one in told), default=0)
    on_its_way = min((one.planned_at for one in told if not one.settled_at), default=0)
    if not settled or (on_its_way and settled < on_its_way):
        return 0
    return max(settled, case.told_at)


def next_step(
    board: Board,
    case: Case,
    escalation: Escalation,
    people: PeopleBook,
    calendar: WorkingCalendar,
    now: int,
    level: int = ANY_LEVEL,
) -> Step:
    """Say whether a case goes up, to a level: answers, silences and feeds of now."""
    if stale_since(board, case):
        return Step.STALE
    since, hours = waiting_since(board, case, level), round(escalation.after_working_hours * 3600)
    since = since and max(since, quiet_until(board.answers.get(case.alert_id, ())))
    if not since or now < since + hours:
        return Step.NOT_YET
    due = calendar.add_working_seconds(since, hours)
    if now < due:
        return Step.NOT_YET
    above = people.units_above(case.unit, now) or (case.unit,)
    if any(silence.covers(above, case.rule, now) for silence in board.silences):
        return Step.NOT_YET
    # What was done in time may still be with a desk that is not heard.
    return Step.NOT_YET if unheard_since(board, case, due) else Step.NOW


def heard_again(board: Board, case: Case, calendar: WorkingCalendar, now: int) -> None:
    """Note that a told case is sure again: the time in which it was not is nobody's delay."""
    since = waiting_since(board, case) or case.told_at
    stale = calendar.working_seconds(max(since, case.unknown_since), now)
    case.told_at = calendar.add_working_seconds(since, stale) if stale else since
    case.unknown_since = 0
