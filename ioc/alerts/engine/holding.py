"""Reasons for which a case that somebody must hear of waits."""

from __future__ import annotations

from ioc.alerts.engine.board import Board
from ioc.alerts.engine.case import Case
from ioc.alerts.engine.rulebook import Rulebook
from ioc.alerts.people_book import PeopleBook
from schemas.alerting.names import AlertRule
from schemas.alerting.rules_model import Rule
from schemas.calendar.calendar import WorkingCalendar

_AHEAD = frozenset({AlertRule.DUE_SOON, AlertRule.APOLOGY_DUE})


def is_working_time(calendar: WorkingCalendar, now: int) -> bool:
    """Whether desks work in the second that begins now."""
    return calendar.working_seconds(now, now + 1) > 0


def stale_since(board: Board, case: Case) -> int:
    """Return since when nothing sure is known about a file, 0 = the alert is sure.

    Alerts about a unit's figures count as unsure while that unit is silent.
    """
    if case.rule is AlertRule.SILENT_DESK:
        return 0
    dossier = board.dossiers.get(case.dossier_id)
    return board.feeds.unknown_since(
        case.crossed_at,
        dossier.source if dossier is not None else "",
        case.receiver,
        case.unit,
        case.handler,
    )


def unheard_since(board: Board, case: Case, instant: int) -> int:
    """Return the last word of a file's desk if it came before an instant, else 0."""
    dossier = board.dossiers.get(case.dossier_id)
    if dossier is None:
        return 0
    return board.feeds.unheard_since(
        instant, dossier.source, case.receiver, awaiting=dossier.awaiting
    )


def is_held(
    board: Board,
    case: Case,
    rule: Rule,
    book: Rulebook,
    people: PeopleBook,
    calendar: WorkingCalendar,
    default_lead: int,
    now: int,
) -> bool:
    """Whether the first message about a case must wait; notes since when it is unknown."""
    dossier = board.dossiers.get(case.dossier_id)
    if case.dossier_id and dossier is None:
        return True  # its row is not read yet
    if case.rule is AlertRule.DUE_SOON and dossier is not None:
        lead = book.lead_seconds(rule, case.procedure, default_lead)
        if calendar.working_seconds(now, dossier.alarm_at) > lead:
            return True
    if not rule.urgent and not is_working_time(calendar, now):
        return True
    above = people.units_above(case.unit, now) or (case.unit,)
    if any(silence.covers(above, case.rule, now) for silence in board.silences):
        return True
    # What is still ahead accuses nobody, and is worth nothing when it comes too late.
    since = stale_since(board, case)
    if not since and case.rule not in _AHEAD:
        since = unheard_since(board, case, case.crossed_at)
    if not since:
        case.unknown_since = 0
        return False
    case.unknown_since = case.unknown_since or since
    waited = calendar.working_seconds(max(case.crossed_at, case.raised_ms // 1000), now)
    return waited < book.file.delivery.stale_wait_working_hours * 3600
