"""Right before a message goes: what of it is still true."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ioc.alerts.engine.board import Board
from ioc.alerts.engine.planning import Planner
from ioc.alerts.notice import AlertItem, Notice, NoticeKind
from schemas.alerting.names import CaseState


def true_now(
    planner: Planner, board: Board, notice: Notice, alert_ids: Iterable[str], now: int
) -> tuple[str, ...]:
    """Return the alerts of a message that may still be told, in their order.

    A withdrawal is true while its alert is withdrawn, and for those whom the alert has reached;
    everything else while its alert is not over. A step up is asked anew: somebody may have answered
    while the message waited.
    """
    return tuple(
        each
        for each in alert_ids
        if _is_true(planner, board, notice.kind, notice.person, each, now)
    )


def said_now(planner: Planner, board: Board, notice: Notice, now: int) -> tuple[AlertItem, ...]:
    """Return what a step up says, with what was answered and waited until now."""
    if notice.kind is not NoticeKind.ESCALATION:
        return notice.items
    return tuple(
        replace(
            planner.words.item(board, case, now, _level(board, item.alert_id, notice.person)),
            may_answer=item.may_answer,
        )
        if (case := board.cases.get(item.alert_id)) is not None
        else item
        for item in notice.items
    )


def _is_true(
    planner: Planner, board: Board, kind: NoticeKind, person: str, alert_id: str, now: int
) -> bool:
    case = board.cases.get(alert_id)
    if case is None:
        return False
    if kind is NoticeKind.WITHDRAWAL:
        before = board.taken_back.get(alert_id, {}).get(person)
        return case.state is CaseState.WITHDRAWN and before is not None and before.settled_at > 0
    if case.state.is_closed:
        return False
    one = board.told.get(alert_id, {}).get(person)
    if one is None:
        return False  # it was found untrue before, and is owed anew
    return not one.level or planner.may_go_up(board, case, one.level, now)


def _level(board: Board, alert_id: str, person: str) -> int:
    one = board.told.get(alert_id, {}).get(person)
    return one.level if one is not None else 0
