"""Right before a message goes: what of it is still true."""

from __future__ import annotations

from collections.abc import Iterable

from ioc.alerts.engine.board import Board
from ioc.alerts.notice import NoticeKind
from schemas.alerting.names import CaseState


def true_now(board: Board, kind: NoticeKind, alert_ids: Iterable[str]) -> tuple[str, ...]:
    """Return the alerts of a message that may still be told, in their order.

    A withdrawal is true while its alert is withdrawn, everything else while its alert is not
    over.
    """
    return tuple(each for each in alert_ids if _is_true(board, kind, each))


def _is_true(board: Board, kind: NoticeKind, alert_id: str) -> bool:
    case = board.cases.get(alert_id)
    if case is None:
        return False
    if kind is NoticeKind.WITHDRAWAL:
        return case.state is CaseState.WITHDRAWN
    return not case.state.is_closed
