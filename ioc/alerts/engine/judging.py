"""A case against its dossier's present facts: does it stand, is it over, was it wrong?"""

from __future__ import annotations

from collections.abc import Sequence

from ioc.alerts.engine.answers import state_of
from ioc.alerts.engine.board import Board
from ioc.alerts.engine.case import Case
from ioc.alerts.engine.dossier import Dossier
from ioc.alerts.engine.history import reason, was_right
from schemas.alerting.names import AlertRule, CaseState
from schemas.events import EventRecord
from streams.fold import FoldRules


def needs_history(case: Case, dossier: Dossier, now: int) -> bool:
    """Whether only the dossier's events can tell what became of the case."""
    if case.seen == dossier.version and case.state.is_closed:
        return False
    return not dossier.stands(case.rule, case.about_at, case.leg, now)


def judge(
    board: Board,
    case: Case,
    dossier: Dossier,
    events: Sequence[EventRecord] | None,
    rules: FoldRules,
    now: int,
) -> bool:
    """Move a case to where its dossier's facts put it; return whether it changed.

    Args:
        board: for answers, and for who was told.
        case: about this dossier.
        dossier: facts as just read.
        events: the dossier's, in order; needed where `needs_history` says so.
        rules: of the fold.
        now: epoch seconds.
    """
    if dossier.stands(case.rule, case.about_at, case.leg, now):
        case.seen = dossier.version
        before = (case.unit, case.handler, case.receiver)
        if _moved(case, dossier):
            if before != (case.unit, case.handler, case.receiver):
                case.told_at = 0  # whoever has it now can act, and has not heard of it
            _stand(board, case)
            board.put(case)
            return True
        return _stand(board, case)
    if case.seen == dossier.version and case.state.is_closed:
        return False
    if events is None:
        return False
    case.seen = dossier.version
    if was_right(case, events, rules):
        return _close(board, case, CaseState.RESOLVED, _over(case, dossier), now)
    return _close(board, case, CaseState.WITHDRAWN, reason(case, events, rules), now)


def _moved(case: Case, dossier: Dossier) -> bool:
    """Follow a file to another authority or handler; who is told next depends on it."""
    handler = dossier.handler
    if case.rule is AlertRule.LEG_OVERDUE:
        handler = next((leg.unit for leg in dossier.legs if leg.number == case.leg), handler)
    now_at = (dossier.authority, handler, dossier.receiver, dossier.field, dossier.procedure)
    if now_at == (case.unit, case.handler, case.receiver, case.field, case.procedure):
        return False
    case.unit, case.handler, case.receiver, case.field, case.procedure = now_at
    return True


def _stand(board: Board, case: Case) -> bool:
    state = state_of(board.answers.get(case.alert_id, ()))
    if case.state is state:
        return False
    if case.state is CaseState.WITHDRAWN:
        # Those who were told that it is withdrawn hear anew; the others know of it.
        case.round += 1
        board.note_back(case.alert_id)
        case.level = case.told_at = 0
    elif not board.told.get(case.alert_id):
        case.level = case.told_at = 0  # its message was dropped while the alert was over
    case.state, case.why, case.closed_at, case.ready_at = state, "", 0, 0
    board.put(case)
    return True


def _over(case: Case, dossier: Dossier) -> str:
    if case.rule is AlertRule.LEG_OVERDUE:
        return "done"
    ahead = case.rule in (AlertRule.DUE_SOON, AlertRule.APOLOGY_DUE)
    if ahead and dossier.live and dossier.about() == case.about_at and not dossier.apologised:
        return "overtaken"
    if dossier.live:
        return "apologised" if dossier.apologised else "due_changed"
    return "done"


def _close(board: Board, case: Case, state: CaseState, why: str, now: int) -> bool:
    if case.state is state:
        return False
    case.state, case.why, case.ready_at = state, why, 0
    case.closed_at = case.closed_at or now
    if board.is_owed(case):
        board.fresh.add(case.alert_id)
    else:
        board.fresh.discard(case.alert_id)
    return True
